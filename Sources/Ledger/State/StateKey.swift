public import Primitives

/// Names one record: a table byte, then the table's primary key.
public struct StateKey: Sendable, Hashable, Comparable, Canonical {
    // The first 23 bytes lie in three words, padded with zeros, and the last byte of the third holds the
    // length; so the words of keys up to that length, balances above all, compare and hash without
    // touching memory elsewhere. A longer key has 255 there and the rest of its bytes in `tail`.
    private let first, second, third: UInt64
    private let tail: [UInt8]?

    /// The most bytes in a key.
    public static let longest = 512
    private static let inlineBytes = 23
    private static let isLong: UInt64 = 255

    /// Joins a table and a primary key.
    public init(_ table: StateTable, _ primary: [UInt8] = []) {
        self.init(bytes: [table.rawValue] + primary)
    }

    /// Joins a table, an address and one more byte, without touching the heap.
    init(_ table: StateTable, _ address: Address, _ last: UInt8) {
        first = UInt64(table.rawValue) << 56 | address.a >> 8
        second = address.a << 56 | address.b >> 8
        third = address.b << 56 | UInt64(address.c) << 24 | UInt64(last) << 16 | 22
        tail = nil
    }

    /// Joins a table and an address, without touching the heap.
    init(_ table: StateTable, _ address: Address) {
        first = UInt64(table.rawValue) << 56 | address.a >> 8
        second = address.a << 56 | address.b >> 8
        third = address.b << 56 | UInt64(address.c) << 24 | 21
        tail = nil
    }

    /// Wraps the whole key.
    public init(bytes: [UInt8]) {
        func word(_ start: Int) -> UInt64 {
            var word: UInt64 = 0
            for index in start..<start + 8 {
                word = word << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0)
            }
            return word
        }
        let isInline = bytes.count <= StateKey.inlineBytes
        first = word(0)
        second = word(8)
        third = word(16) & ~0xff | (isInline ? UInt64(bytes.count) : StateKey.isLong)
        tail = isInline ? nil : Array(bytes[StateKey.inlineBytes...])
    }

    /// How many bytes the key has.
    public var count: Int {
        tail.map { StateKey.inlineBytes + $0.count } ?? Int(third & 0xff)
    }

    /// The table byte and the primary key.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(max(count, 24))
        append(to: &bytes)
        return bytes
    }

    /// Appends the bytes.
    public func append(to out: inout [UInt8]) {
        out.appendBigEndian(first)
        out.appendBigEndian(second)
        out.appendBigEndian(third)
        // The length byte is no part of the key, nor is the padding before it.
        out.removeLast(max(1, 24 - count))
        if let tail { out.append(contentsOf: tail) }
    }

    /// The table byte, or 0 for an empty key.
    public var table: UInt8 { UInt8(truncatingIfNeeded: first >> 56) }

    /// True when the key begins with these bytes.
    public func hasPrefix(_ other: [UInt8]) -> Bool {
        other.count <= count && other.indices.allSatisfy { byte(at: $0) == other[$0] }
    }

    private func byte(at index: Int) -> UInt8 {
        if let tail, index >= StateKey.inlineBytes { return tail[index - StateKey.inlineBytes] }
        let word = index < 8 ? first : index < 16 ? second : third
        return UInt8(truncatingIfNeeded: word >> UInt64(56 - index % 8 * 8))
    }

    /// Compares the bytes.
    public static func == (left: StateKey, right: StateKey) -> Bool {
        left.first == right.first && left.second == right.second && left.third == right.third
            && left.tail == right.tail
    }

    /// Hashes all bytes: a DApp chooses its keys, so no part of them is random.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(first)
        hasher.combine(second)
        hasher.combine(third)
        if let tail { hasher.combine(tail) }
    }

    /// Byte order.
    public static func < (left: StateKey, right: StateKey) -> Bool {
        if left.first != right.first { return left.first < right.first }
        if left.second != right.second { return left.second < right.second }
        if left.third != right.third { return left.third < right.third }
        guard let leftTail = left.tail, let rightTail = right.tail else { return false }
        return leftTail.lexicographicallyPrecedes(rightTail)
    }

    /// Writes the bytes with a length.
    public func encode(to writer: inout ByteWriter) {
        writer.write(UInt32(count))
        append(to: &writer.bytes)
    }

    /// Reads bytes with a length.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(bytes: try reader.readByteString(most: StateKey.longest))
    }
}
