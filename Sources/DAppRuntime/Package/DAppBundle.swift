public import Primitives

/// One source file of a DApp.
public struct DAppModule: Canonical, Equatable, Sendable {
    /// Path inside the package, such as "contract/hello.js".
    public let path: String
    /// UTF-8 text.
    public let source: [UInt8]

    /// Joins a path and its text; `DAppBundle` checks both.
    public init(path: String, source: [UInt8]) {
        self.path = path
        self.source = source
    }

    /// Reads a path and a source within the bounds of a bundle.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            path: try reader.readString(most: DAppBundle.longestPath),
            source: try reader.readByteString(most: DAppBundle.mostBytes))
    }

    /// Writes the path, then the source.
    public func encode(to writer: inout ByteWriter) {
        writer.write(path)
        writer.write(bytes: source)
    }
}

/// The JavaScript of a DApp as it goes on chain: modules sorted by path, each path once.
///
/// Only `contract/*.js`, `model/*.js`, `interface/*.js` and `lib/**/*.js` enter a bundle; tests, pages and
/// documentation stay with the author.
public struct DAppBundle: Canonical, Equatable, Sendable {
    /// Most bytes of the canonical form.
    public static let mostBytes = 262_144
    /// Most modules.
    public static let mostModules = 256
    /// Longest path in bytes.
    public static let longestPath = 128

    /// The modules, by path.
    public let modules: [DAppModule]

    /// Sorts files into a bundle, or says which file does not belong in one.
    public init(files: [(path: String, bytes: [UInt8])]) throws(BundleRejection) {
        let sorted = files.map { DAppModule(path: $0.path, source: $0.bytes) }
            .sorted { Array($0.path.utf8).lexicographicallyPrecedes(Array($1.path.utf8)) }
        for (index, module) in sorted.enumerated() {
            guard Self.isAllowed(path: module.path) else { throw .path(module.path) }
            guard index == 0 || sorted[index - 1].path != module.path else { throw .duplicate(module.path) }
            guard String(validating: module.source, as: UTF8.self) != nil else { throw .notUTF8(module.path) }
        }
        guard !sorted.isEmpty else { throw .empty }
        guard sorted.count <= Self.mostModules else {
            throw .tooManyModules(got: sorted.count, most: Self.mostModules)
        }
        modules = sorted
        let size = Self.size(of: sorted)
        guard size <= Self.mostBytes else { throw .tooLarge(bytes: size, most: Self.mostBytes) }
    }

    /// Reads sorted modules; a bundle that `init(files:)` would refuse is not canonical.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let modules: [DAppModule] = try reader.readList(most: Self.mostModules)
        let bundle: DAppBundle
        do {
            bundle = try DAppBundle(files: modules.map { (path: $0.path, bytes: $0.source) })
        } catch {
            throw .notCanonical(offset: start)
        }
        guard bundle.modules == modules else { throw .notCanonical(offset: start) }
        self = bundle
    }

    /// Writes the modules in order.
    public func encode(to writer: inout ByteWriter) { writer.write(list: modules) }

    /// Whether a file of the package is part of the bundle: folder, extension and characters fit.
    public static func isAllowed(path: String) -> Bool {
        let bytes = Array(path.utf8)
        guard bytes.count <= longestPath, bytes.suffix(3) == [0x2E, 0x6A, 0x73] else { return false }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let folder = parts.first, parts.count >= 2, parts.allSatisfy(isAllowed(component:)) else {
            return false
        }
        switch folder {
        case "contract", "model", "interface": return parts.count == 2
        case "lib": return true
        default: return false
        }
    }

    private static func isAllowed(component: Substring) -> Bool {
        guard component.utf8.first != 0x2E, component != ".js" else { return false }
        return !component.isEmpty
            && component.utf8.allSatisfy { byte in
                switch byte {
                case 0x61...0x7A, 0x30...0x39, 0x5F, 0x2E, 0x2D: true
                default: false
                }
            }
    }

    private static func size(of modules: [DAppModule]) -> Int {
        modules.reduce(4) { $0 + 8 + $1.path.utf8.count + $1.source.count }
    }
}

/// Why files do not make a bundle.
///
/// Blame: the author of the package. Consequence: it is not deployed.
public enum BundleRejection: Error, Equatable, Sendable {
    /// There is no module at all.
    case empty
    /// The path is too long, holds other characters than `[a-z0-9_./-]`, or lies in no folder of a bundle.
    case path(String)
    /// The path occurs twice.
    case duplicate(String)
    /// The source is not UTF-8.
    case notUTF8(String)
    /// There are too many modules.
    case tooManyModules(got: Int, most: Int)
    /// The canonical form is too long.
    case tooLarge(bytes: Int, most: Int)
}
