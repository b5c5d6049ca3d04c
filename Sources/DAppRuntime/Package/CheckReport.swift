public import Primitives

/// What a check of a bundle found: everything wrong with it, and everything it offers.
public struct CheckReport: Canonical, Equatable, Sendable {
    /// Most findings that are reported; the rest repeat after these are fixed.
    public static let mostDiagnostics = 200
    /// Most entries of each list.
    public static let mostEntries = 4_096

    /// What is wrong, by file and place; none means the bundle can be deployed.
    public let diagnostics: [Diagnostic]
    /// The callable methods.
    public let contracts: [ContractEntry]
    /// The models.
    public let models: [ModelEntry]
    /// The query routes.
    public let routes: [RouteEntry]
    /// Hash over engine behaviour, parser and runtime sources; equal on every node of a chain.
    public let engineFingerprint: Digest

    /// Joins the findings.
    public init(
        diagnostics: [Diagnostic], contracts: [ContractEntry], models: [ModelEntry], routes: [RouteEntry],
        engineFingerprint: Digest
    ) {
        self.diagnostics = diagnostics
        self.contracts = contracts
        self.models = models
        self.routes = routes
        self.engineFingerprint = engineFingerprint
    }

    /// Reads bounded lists and the fingerprint.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            diagnostics: try reader.readList(most: Self.mostDiagnostics),
            contracts: try reader.readList(most: Self.mostEntries),
            models: try reader.readList(most: Self.mostEntries),
            routes: try reader.readList(most: Self.mostEntries), engineFingerprint: try reader.read())
    }

    /// Writes the lists and the fingerprint.
    public func encode(to writer: inout ByteWriter) {
        writer.write(list: diagnostics)
        writer.write(list: contracts)
        writer.write(list: models)
        writer.write(list: routes)
        writer.write(engineFingerprint)
    }
}

/// A name and its declared type, such as `round` and `uint`.
public struct TypedName: Canonical, Equatable, Sendable {
    /// The name.
    public let name: String
    /// The type as the author wrote it.
    public let type: String

    /// Pairs a name and a type.
    public init(name: String, type: String) {
        self.name = name
        self.type = type
    }

    /// Reads two texts of at most 128 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(name: try reader.readString(most: 128), type: try reader.readString(most: 128))
    }

    /// Writes name and type.
    public func encode(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(type)
    }
}

/// One callable method.
public struct ContractEntry: Canonical, Equatable, Sendable {
    /// File name without folder and extension.
    public let contract: String
    /// Exported name.
    public let method: String
    /// Named arguments in the order of declaration.
    public let arguments: [TypedName]
    /// Least fee as a decimal of the fee currency; nil when the manifest's applies.
    public let fee: String?

    /// Describes one method.
    public init(contract: String, method: String, arguments: [TypedName], fee: String?) {
        self.contract = contract
        self.method = method
        self.arguments = arguments
        self.fee = fee
    }

    /// Reads names, at most 64 arguments and the fee.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            contract: try reader.readString(most: 128), method: try reader.readString(most: 128),
            arguments: try reader.readList(most: 64),
            fee: try reader.readBool() ? try reader.readString(most: 64) : nil)
    }

    /// Writes the fields in order.
    public func encode(to writer: inout ByteWriter) {
        writer.write(contract)
        writer.write(method)
        writer.write(list: arguments)
        writer.write(fee != nil)
        if let fee { writer.write(fee) }
    }
}

/// One model.
public struct ModelEntry: Canonical, Equatable, Sendable {
    /// Name given to `model()`.
    public let name: String
    /// Field that is the primary key.
    public let key: String
    /// Fields in the order of declaration.
    public let fields: [TypedName]
    /// Fields with at most one row a value.
    public let unique: [String]
    /// Fields with an index.
    public let index: [String]

    /// Describes one model.
    public init(name: String, key: String, fields: [TypedName], unique: [String], index: [String]) {
        self.name = name
        self.key = key
        self.fields = fields
        self.unique = unique
        self.index = index
    }

    /// Reads names and at most 64 fields.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            name: try reader.readString(most: 128), key: try reader.readString(most: 128),
            fields: try reader.readList(most: 64), unique: try Self.readNames(&reader),
            index: try Self.readNames(&reader))
    }

    /// Writes the fields in order.
    public func encode(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(key)
        writer.write(list: fields)
        for names in [unique, index] {
            writer.write(UInt32(names.count))
            for name in names { writer.write(name) }
        }
    }

    private static func readNames(_ reader: inout ByteReader) throws(CodecRejection) -> [String] {
        var names: [String] = []
        for _ in 0..<(try reader.readCount(most: 64)) { names.append(try reader.readString(most: 128)) }
        return names
    }
}

/// One read-only route.
public struct RouteEntry: Canonical, Equatable, Sendable {
    /// Exported name.
    public let name: String
    /// Path with `:name` segments.
    public let path: String
    /// Parameters in the order of declaration.
    public let parameters: [TypedName]

    /// Describes one route.
    public init(name: String, path: String, parameters: [TypedName]) {
        self.name = name
        self.path = path
        self.parameters = parameters
    }

    /// Reads name, path and at most 64 parameters.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            name: try reader.readString(most: 128), path: try reader.readString(most: 512),
            parameters: try reader.readList(most: 64))
    }

    /// Writes the fields in order.
    public func encode(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(path)
        writer.write(list: parameters)
    }
}
