public import Primitives

/// Names one record: a table byte, then the table's primary key.
public struct StateKey: Sendable, Hashable, Comparable, Canonical {
    /// The table byte and the primary key.
    public let bytes: [UInt8]
    // The first eight bytes as a number: it settles nearly every comparison without touching the array.
    private let prefix: UInt64

    /// The most bytes in a key.
    public static let longest = 512

    /// Joins a table and a primary key.
    public init(_ table: StateTable, _ primary: [UInt8] = []) {
        var bytes = [UInt8]()
        bytes.reserveCapacity(1 + primary.count)
        bytes.append(table.rawValue)
        bytes.append(contentsOf: primary)
        self.init(bytes: bytes)
    }

    /// Wraps the whole key.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
        var prefix: UInt64 = 0
        for index in 0..<8 { prefix = prefix << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0) }
        self.prefix = prefix
    }

    /// The table byte, or 0 for an empty key.
    public var table: UInt8 { bytes.first ?? 0 }

    /// True when the key begins with these bytes.
    public func hasPrefix(_ other: [UInt8]) -> Bool { bytes.starts(with: other) }

    /// Compares the bytes.
    public static func == (left: StateKey, right: StateKey) -> Bool {
        left.prefix == right.prefix && left.bytes == right.bytes
    }

    /// Hashes all bytes: a DApp chooses its keys, so no part of them is random.
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    /// Byte order.
    public static func < (left: StateKey, right: StateKey) -> Bool {
        if left.prefix != right.prefix { return left.prefix < right.prefix }
        return left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// Writes the bytes with a length.
    public func encode(to writer: inout ByteWriter) { writer.write(bytes: bytes) }

    /// Reads bytes with a length.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(bytes: try reader.readByteString(most: StateKey.longest))
    }
}
