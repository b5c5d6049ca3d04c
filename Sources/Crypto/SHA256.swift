internal import COpenSSL
public import Primitives

/// SHA-256 (FIPS 180-4) by OpenSSL's direct functions, which need no allocation and use the CPU's SHA extensions.
public struct SHA256: ~Copyable, Sendable {
    private var context = SHA256_CTX()

    /// Starts an empty message.
    public init() { unsafe SHA256_Init(&context) }

    /// Starts where another message is now.
    init(after other: borrowing SHA256) { context = other.context }

    /// Appends bytes to the message.
    public mutating func update(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe _ = SHA256_Update(&context, $0.baseAddress, $0.count) }
    }

    /// Appends a part of a buffer to the message.
    public mutating func update(_ bytes: ArraySlice<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe _ = SHA256_Update(&context, $0.baseAddress, $0.count) }
    }

    /// Appends 32 bytes to the message.
    public mutating func update(_ value: Bytes32) {
        var words = (value.a.bigEndian, value.b.bigEndian, value.c.bigEndian, value.d.bigEndian)
        unsafe withUnsafeBytes(of: &words) { unsafe _ = SHA256_Update(&context, $0.baseAddress, 32) }
    }

    /// Appends 64 bytes to the message in one step, which trees do for every node.
    public mutating func update(_ left: Bytes32, _ right: Bytes32) {
        var words = (
            left.a.bigEndian, left.b.bigEndian, left.c.bigEndian, left.d.bigEndian,
            right.a.bigEndian, right.b.bigEndian, right.c.bigEndian, right.d.bigEndian
        )
        unsafe withUnsafeBytes(of: &words) { unsafe _ = SHA256_Update(&context, $0.baseAddress, 64) }
    }

    /// Appends an integer to the message, most significant byte first.
    public mutating func update(_ value: some FixedWidthInteger & UnsignedInteger) {
        unsafe withUnsafeBytes(of: value.bigEndian) {
            unsafe _ = SHA256_Update(&context, $0.baseAddress, $0.count)
        }
    }

    /// Appends one byte to the message.
    public mutating func update(byte: UInt8) {
        var byte = byte
        unsafe SHA256_Update(&context, &byte, 1)
    }

    /// Ends the message and returns its digest.
    public consuming func finish() -> Digest {
        var out: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &out) { raw in
            unsafe _ = SHA256_Final(raw.bindMemory(to: UInt8.self).baseAddress, &context)
        }
        return Digest(Bytes32(out.0.bigEndian, out.1.bigEndian, out.2.bigEndian, out.3.bigEndian))
    }

    /// The digest of one buffer.
    public static func hash(_ bytes: [UInt8]) -> Digest {
        var state = SHA256()
        state.update(bytes)
        return state.finish()
    }

    /// The digest of 32 bytes.
    public static func hash(_ value: Bytes32) -> Digest {
        var state = SHA256()
        state.update(value)
        return state.finish()
    }

    /// The value after hashing 32 bytes `count` times; one step after another, so time grows with `count`.
    ///
    /// The one block that 32 bytes fill is padded once (FIPS 180-4, 5.1.1): each step is then one compression
    /// from the initial state and nothing else.
    public static func iterate(_ value: Bytes32, count: UInt64) -> Bytes32 {
        guard count > 0 else { return value }
        var context = SHA256_CTX()
        unsafe SHA256_Init(&context)
        let initial = context.h
        var block: PaddedBlock = (
            value.a.bigEndian, value.b.bigEndian, value.c.bigEndian, value.d.bigEndian,
            Self.endMark, 0, 0, Self.bitCount
        )
        var left = count
        while left > 0 {
            context.h = initial
            unsafe withUnsafeBytes(of: &block) { raw in
                unsafe SHA256_Transform(&context, raw.bindMemory(to: UInt8.self).baseAddress)
            }
            let h = context.h
            block.0 = join(h.0, h.1)
            block.1 = join(h.2, h.3)
            block.2 = join(h.4, h.5)
            block.3 = join(h.6, h.7)
            left -= 1
        }
        return Bytes32(block.0.bigEndian, block.1.bigEndian, block.2.bigEndian, block.3.bigEndian)
    }

    // What follows 32 bytes in their block: a one bit, zeros, and the length in bits.
    private static let endMark = (UInt64(1) << 63).bigEndian
    private static let bitCount = UInt64(256).bigEndian

    // One SHA-256 block as eight words in the order of memory.
    private typealias PaddedBlock = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

    // Two words of the state as eight bytes of the next message.
    @inline(__always)
    private static func join(_ high: UInt32, _ low: UInt32) -> UInt64 {
        (UInt64(high) << 32 | UInt64(low)).bigEndian
    }
}

/// A hash whose domain is separated by a tag: SHA-256(tag, one zero byte, message) (`mathematics.md` 0).
public final class HashTag: Sendable {
    // Has read the tag, so that a hash needs not read it again.
    private let prefix: SHA256

    /// The tag is ASCII text that no other use of the hash shares, such as "ETM/vote/1".
    public init(_ tag: StaticString) {
        var prefix = SHA256()
        prefix.update(Array(tag.description.utf8))
        prefix.update(byte: 0)
        self.prefix = prefix
    }

    /// The tagged hash of one buffer.
    public func hash(_ bytes: [UInt8]) -> Digest {
        var state = begin()
        state.update(bytes)
        return state.finish()
    }

    /// The tagged hash of a part of a buffer.
    public func hash(_ bytes: ArraySlice<UInt8>) -> Digest {
        var state = begin()
        state.update(bytes)
        return state.finish()
    }

    /// The tagged hash of a value's canonical bytes.
    public func hash(_ value: some Canonical) -> Digest { hash(value.encoded) }

    /// The tagged hash of two 32-byte values.
    public func hash(_ left: Bytes32, _ right: Bytes32) -> Digest {
        var state = begin()
        state.update(left, right)
        return state.finish()
    }

    /// A hasher that has read the tag.
    public func begin() -> SHA256 { SHA256(after: prefix) }
}
