package import Primitives

/// The test files of a DApp and what they may import: `test/**/*.js` and `lib/**/*.js`.
package struct TestFiles: Canonical, Equatable, Sendable {
    /// Most files.
    package static let mostModules = 256
    /// Most bytes of one file, so that an offset and a file's number fit into one place.
    package static let mostModuleBytes = 262_144
    /// Most bytes of one JSON text between a test and its host.
    package static let mostTextBytes = 16 << 20
    /// Longest seed in bytes.
    package static let longestSeed = 64

    /// The files by path.
    package let modules: [DAppModule]
    /// JSON of what the tests are told about the chain under test: accounts, models, methods.
    package let settings: [UInt8]

    /// Joins files and what they are told.
    package init(modules: [DAppModule], settings: [UInt8]) {
        self.modules = modules
        self.settings = settings
    }

    /// Reads at most `mostModules` files.
    package init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            modules: try reader.readList(most: Self.mostModules),
            settings: try reader.readByteString(most: Self.mostTextBytes))
    }

    /// Writes the files, then the settings.
    package func encode(to writer: inout ByteWriter) {
        writer.write(list: modules)
        writer.write(bytes: settings)
    }
}

/// A place in covered code and how often it was reached.
package struct CoverageSite: Canonical, Equatable, Sendable {
    /// Most sites of one DApp: more than a full bundle has characters.
    package static let most = 524_288

    /// Path of the module.
    package let file: String
    /// Line counted from 1.
    package let line: UInt32
    /// The decision that this is a side of; nil for a statement.
    package let group: UInt32?
    /// Which side; nil counts all visits of a decision whose other side has no code of its own.
    package let arm: UInt32?
    /// How often it was reached.
    package let hits: UInt64

    /// Describes one site.
    package init(file: String, line: UInt32, group: UInt32?, arm: UInt32?, hits: UInt64) {
        self.file = file
        self.line = line
        self.group = group
        self.arm = arm
        self.hits = hits
    }

    /// Reads the fields in order.
    package init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            file: try reader.readString(most: DAppBundle.longestPath), line: try reader.readInteger(),
            group: try Self.readNumber(&reader), arm: try Self.readNumber(&reader),
            hits: try reader.readInteger())
    }

    /// Writes the fields in order.
    package func encode(to writer: inout ByteWriter) {
        writer.write(file)
        writer.write(line)
        for number in [group, arm] {
            writer.write(number != nil)
            if let number { writer.write(number) }
        }
        writer.write(hits)
    }

    private static func readNumber(_ reader: inout ByteReader) throws(CodecRejection) -> UInt32? {
        try reader.readBool() ? try reader.readInteger() : nil
    }
}
