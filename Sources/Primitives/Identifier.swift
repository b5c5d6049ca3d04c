/// A kind of 32-byte value with its own type, so that mixing two kinds does not compile.
public protocol Identifier32: Sendable, Hashable, Comparable, Canonical, CustomStringConvertible {
    /// The contents.
    var bytes: Bytes32 { get }
    /// Wraps the contents.
    init(_ bytes: Bytes32)
}

extension Identifier32 {
    /// All zero: the value that stands for "none" in fixed-width layouts.
    public static var zero: Self { Self(Bytes32.zero) }

    /// Wraps exactly 32 bytes, or nil when the count differs.
    @inlinable
    public init?(bytes: some Collection<UInt8>) {
        guard let contents = Bytes32(bytes) else { return nil }
        self.init(contents)
    }

    /// Reads 64 lower-case hexadecimal digits, or nil.
    public init?(hex: String) {
        guard let raw = Hex.decode(hex) else { return nil }
        self.init(bytes: raw)
    }

    /// The 32 bytes in order.
    public var array: [UInt8] { bytes.array }

    /// 64 lower-case hexadecimal digits.
    public var hex: String { Hex.encode(bytes.array) }

    /// 64 lower-case hexadecimal digits.
    public var description: String { hex }

    /// Byte order.
    public static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }

    /// Writes the 32 bytes.
    @inlinable
    public func encode(to writer: inout ByteWriter) { writer.write(bytes) }

    /// Reads 32 bytes.
    @inlinable
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(try reader.readBytes32())
    }
}

/// The result of a hash function.
public struct Digest: Identifier32 {
    /// The contents.
    public let bytes: Bytes32
    /// Wraps the contents.
    public init(_ bytes: Bytes32) { self.bytes = bytes }
}

/// Names a block: the tagged hash of its header.
public struct BlockID: Identifier32 {
    /// The contents.
    public let bytes: Bytes32
    /// Wraps the contents.
    public init(_ bytes: Bytes32) { self.bytes = bytes }
}

/// Names a transaction: the tagged hash of what its sender signed.
public struct TransactionID: Identifier32 {
    /// The contents.
    public let bytes: Bytes32
    /// Wraps the contents.
    public init(_ bytes: Bytes32) { self.bytes = bytes }
}

/// Names a chain, main or side.
public struct ChainID: Identifier32 {
    /// The contents.
    public let bytes: Bytes32
    /// Wraps the contents.
    public init(_ bytes: Bytes32) { self.bytes = bytes }
}

/// An Ed25519 public key (RFC 8032 encoding).
public struct PublicKey: Identifier32 {
    /// The contents.
    public let bytes: Bytes32
    /// Wraps the contents.
    public init(_ bytes: Bytes32) { self.bytes = bytes }
}

/// An Ed25519 signature: 64 bytes, R then S (RFC 8032).
public struct Signature: Sendable, Hashable, Comparable, Canonical, CustomStringConvertible {
    /// The encoded point R and the scalar S.
    public let r, s: Bytes32

    /// Bytes of an encoded signature.
    public static let byteCount = 64
    /// Sixty-four zero bytes: stands for "unsigned" in fixed-width layouts.
    public static let zero = Signature(r: .zero, s: .zero)

    /// Joins the two halves.
    public init(r: Bytes32, s: Bytes32) {
        self.r = r
        self.s = s
    }

    /// Wraps exactly 64 bytes, or nil when the count differs.
    public init?(bytes: some RandomAccessCollection<UInt8>) {
        guard bytes.count == 64, let r = Bytes32(bytes.prefix(32)), let s = Bytes32(bytes.suffix(32)) else {
            return nil
        }
        self.init(r: r, s: s)
    }

    /// Reads 128 lower-case hexadecimal digits, or nil.
    public init?(hex: String) {
        guard let raw = Hex.decode(hex) else { return nil }
        self.init(bytes: raw)
    }

    /// The 64 bytes in order.
    public var array: [UInt8] {
        var out = [UInt8]()
        out.reserveCapacity(64)
        r.append(to: &out)
        s.append(to: &out)
        return out
    }

    /// 128 lower-case hexadecimal digits.
    public var hex: String { Hex.encode(array) }

    /// 128 lower-case hexadecimal digits.
    public var description: String { hex }

    /// Byte order.
    public static func < (left: Signature, right: Signature) -> Bool {
        left.r == right.r ? left.s < right.s : left.r < right.r
    }

    /// Writes the 64 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(r)
        writer.write(s)
    }

    /// Reads 64 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(r: try reader.readBytes32(), s: try reader.readBytes32())
    }
}

/// The 20-byte payload of an account address: RIPEMD-160 of SHA-256 of the public key.
///
/// Its text form, "A" and Base58Check, is made in `Crypto` because the checksum needs a hash.
public struct Address: Sendable, Hashable, Comparable, Canonical {
    /// The words, most significant first; `c` holds the last four bytes.
    public let a, b: UInt64
    /// The last four bytes.
    public let c: UInt32

    /// Twenty zero bytes; no key is known for it.
    public static let zero = Address(0, 0, 0)

    /// Makes the value from its big-endian words.
    @inlinable
    public init(_ a: UInt64, _ b: UInt64, _ c: UInt32) {
        self.a = a
        self.b = b
        self.c = c
    }

    /// Wraps exactly 20 bytes, or nil when the count differs.
    @inlinable
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 20 else { return nil }
        var a: UInt64 = 0
        var b: UInt64 = 0
        var c: UInt32 = 0
        var index = 0
        for byte in bytes {
            if index < 8 {
                a = a << 8 | UInt64(byte)
            } else if index < 16 {
                b = b << 8 | UInt64(byte)
            } else {
                c = c << 8 | UInt32(byte)
            }
            index += 1
        }
        self.init(a, b, c)
    }

    /// The 20 bytes in order.
    public var array: [UInt8] {
        var out = [UInt8]()
        out.reserveCapacity(20)
        append(to: &out)
        return out
    }

    /// Appends the 20 bytes in order.
    public func append(to out: inout [UInt8]) {
        out.appendBigEndian(a)
        out.appendBigEndian(b)
        out.appendBigEndian(c)
    }

    /// Hashes the first word only; addresses are digests.
    public func hash(into hasher: inout Hasher) { hasher.combine(a) }

    /// Byte order.
    public static func < (left: Address, right: Address) -> Bool {
        if left.a != right.a { return left.a < right.a }
        if left.b != right.b { return left.b < right.b }
        return left.c < right.c
    }

    /// Writes the 20 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(a)
        writer.write(b)
        writer.write(c)
    }

    /// Reads 20 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            try reader.readInteger(UInt64.self), try reader.readInteger(UInt64.self),
            try reader.readInteger(UInt32.self))
    }
}
