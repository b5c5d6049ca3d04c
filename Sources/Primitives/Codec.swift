/// A value with exactly one byte form.
///
/// Integers are fixed width and big-endian, lists and strings carry a 32-bit count with a stated
/// bound, an optional is one byte that is 0 or 1, and a decoder refuses whatever its encoder would
/// not have written.
public protocol Canonical {
    /// Appends the byte form.
    func encode(to writer: inout ByteWriter)
    /// Reads the byte form and nothing more.
    init(from reader: inout ByteReader) throws(CodecRejection)
}

extension Canonical {
    /// The byte form.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        encode(to: &writer)
        return writer.bytes
    }

    /// Decodes a whole buffer; trailing bytes are refused.
    public init(decoding bytes: [UInt8]) throws(CodecRejection) {
        var reader = ByteReader(bytes)
        self = try Self(from: &reader)
        try reader.finish()
    }
}

/// Why bytes were not the canonical form of a value.
///
/// Blame: whoever sent the bytes. Consequence: the message is refused and its sender penalised.
public enum CodecRejection: Error, Equatable, Sendable {
    /// The buffer ended at `offset` before `needed` more bytes.
    case truncated(offset: Int, needed: Int)
    /// `count` bytes follow a complete value.
    case trailingBytes(count: Int)
    /// A count or length at `offset` is above its bound.
    case tooLong(offset: Int, got: Int, most: Int)
    /// The byte or number at `offset` is not one that an encoder writes.
    case notCanonical(offset: Int)
    /// The version, tag or kind at `offset` is not known.
    case unknownTag(offset: Int, got: Int)
    /// The text at `offset` is not UTF-8.
    case notUTF8(offset: Int)
}

/// Appends canonical encodings to a growing buffer.
public struct ByteWriter: Sendable {
    /// What has been written.
    public var bytes: [UInt8] = []

    /// Starts empty, with room for `capacity` bytes.
    public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Appends an unsigned integer, most significant byte first.
    @inlinable
    public mutating func write<T: FixedWidthInteger & UnsignedInteger>(_ value: T) {
        bytes.appendBigEndian(value)
    }

    /// Appends 32 bytes.
    public mutating func write(_ value: Bytes32) { value.append(to: &bytes) }

    /// Appends one byte, 0 or 1.
    public mutating func write(_ value: Bool) { bytes.append(value ? 1 : 0) }

    /// Appends bytes without a length: the layout fixes it.
    public mutating func writeRaw(_ value: some Sequence<UInt8>) { bytes.append(contentsOf: value) }

    /// Appends a 32-bit length and the bytes.
    public mutating func write(bytes value: [UInt8]) {
        write(UInt32(value.count))
        bytes.append(contentsOf: value)
    }

    /// Appends a 32-bit length and the UTF-8 form.
    public mutating func write(_ value: String) {
        write(UInt32(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    /// Appends one value.
    @inlinable
    public mutating func write(_ value: some Canonical) { value.encode(to: &self) }

    /// Appends a 32-bit count and the elements.
    @inlinable
    public mutating func write<Element: Canonical>(list: [Element]) {
        write(UInt32(list.count))
        // Iterating over the array would copy each element out of it, and retain all that it holds.
        let elements = list.span
        for index in elements.indices { elements[index].encode(to: &self) }
    }

    /// Appends a presence byte and, if there is one, the value.
    @inlinable
    public mutating func write<Wrapped: Canonical>(optional value: Wrapped?) {
        write(value != nil)
        if let value { value.encode(to: &self) }
    }
}

/// Reads canonical encodings from a buffer, never past its end.
public struct ByteReader: Sendable {
    @usableFromInline
    let bytes: [UInt8]
    private let end: Int

    /// Where the next byte is read.
    public private(set) var offset: Int

    /// Reads the whole of `bytes`.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        offset = 0
        end = bytes.count
    }

    /// How many bytes are left.
    public var remaining: Int { end - offset }

    /// Throws unless everything was read.
    public func finish() throws(CodecRejection) {
        guard offset == end else { throw .trailingBytes(count: end - offset) }
    }

    /// Reads an unsigned integer, most significant byte first.
    @inlinable
    public mutating func readInteger<T: FixedWidthInteger & UnsignedInteger>(
        _ type: T.Type = T.self
    ) throws(CodecRejection) -> T {
        let start = try advance(T.bitWidth / 8)
        // `advance` proved that the integer lies within the buffer.
        return unsafe bytes.withUnsafeBytes { raw in
            unsafe T(bigEndian: raw.loadUnaligned(fromByteOffset: start, as: T.self))
        }
    }

    /// Reads 32 bytes.
    public mutating func readBytes32() throws(CodecRejection) -> Bytes32 {
        Bytes32(
            try readInteger(UInt64.self), try readInteger(UInt64.self),
            try readInteger(UInt64.self), try readInteger(UInt64.self))
    }

    /// Reads one byte that must be 0 or 1.
    public mutating func readBool() throws(CodecRejection) -> Bool {
        let start = offset
        switch try readInteger(UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw .notCanonical(offset: start)
        }
    }

    /// The bytes from `start` up to what is read next.
    public func bytesRead(since start: Int) -> ArraySlice<UInt8> { bytes[start..<offset] }

    /// Reads `count` bytes.
    public mutating func readRaw(_ count: Int) throws(CodecRejection) -> [UInt8] {
        let start = try advance(count)
        return Array(bytes[start..<start + count])
    }

    /// Reads a 32-bit length of at most `most`, then that many bytes.
    public mutating func readByteString(most: Int) throws(CodecRejection) -> [UInt8] {
        let count = try readCount(most: most)
        return try readRaw(count)
    }

    /// Reads UTF-8 text of at most `most` bytes.
    public mutating func readString(most: Int) throws(CodecRejection) -> String {
        let start = offset
        let count = try readCount(most: most)
        guard count > 0 else { return "" }
        let raw = try readRaw(count)
        guard let text = String(validating: raw, as: UTF8.self) else { throw .notUTF8(offset: start) }
        return text
    }

    /// Reads a 32-bit count of at most `most`.
    public mutating func readCount(most: Int) throws(CodecRejection) -> Int {
        let start = offset
        let count = Int(try readInteger(UInt32.self))
        guard count <= most else { throw .tooLong(offset: start, got: count, most: most) }
        return count
    }

    /// Reads one value.
    @inlinable
    public mutating func read<Value: Canonical>(_ type: Value.Type = Value.self) throws(CodecRejection)
        -> Value
    {
        try Value(from: &self)
    }

    /// Reads a list of at most `most` elements.
    public mutating func readList<Element: Canonical>(
        of type: Element.Type = Element.self, most: Int
    ) throws(CodecRejection) -> [Element] {
        let count = try readCount(most: most)
        var list: [Element] = []
        list.reserveCapacity(min(count, 1024))
        for _ in 0..<count { list.append(try Element(from: &self)) }
        return list
    }

    /// Reads a presence byte and, if it is 1, the value.
    public mutating func readOptional<Wrapped: Canonical>(
        _ type: Wrapped.Type = Wrapped.self
    ) throws(CodecRejection) -> Wrapped? {
        try readBool() ? try Wrapped(from: &self) : nil
    }

    @usableFromInline
    mutating func advance(_ count: Int) throws(CodecRejection) -> Int {
        guard count >= 0, count <= end - offset else {
            throw .truncated(offset: offset, needed: count)
        }
        let start = offset
        offset += count
        return start
    }
}
