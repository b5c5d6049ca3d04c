/// Thirty-two bytes held as four inline big-endian words.
///
/// Comparing the words in order equals comparing the bytes, and a dictionary needs to hash only
/// the first word because the contents are digests or keys.
public struct Bytes32: Sendable, Hashable, Comparable {
    /// The words, most significant first.
    public let a, b, c, d: UInt64

    /// Thirty-two zero bytes.
    public static let zero = Bytes32(0, 0, 0, 0)

    /// Makes the value from its four big-endian words.
    @inlinable
    public init(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) {
        self.a = a
        self.b = b
        self.c = c
        self.d = d
    }

    /// Makes the value from exactly 32 bytes, or nil when the count differs.
    @inlinable
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var index = 0
        for byte in bytes {
            switch index >> 3 {
            case 0: words.0 = words.0 << 8 | UInt64(byte)
            case 1: words.1 = words.1 << 8 | UInt64(byte)
            case 2: words.2 = words.2 << 8 | UInt64(byte)
            default: words.3 = words.3 << 8 | UInt64(byte)
            }
            index += 1
        }
        self.init(words.0, words.1, words.2, words.3)
    }

    /// The 32 bytes in order.
    public var array: [UInt8] {
        var out = [UInt8]()
        out.reserveCapacity(32)
        append(to: &out)
        return out
    }

    /// Appends the 32 bytes in order.
    public func append(to out: inout [UInt8]) {
        let words = (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)
        unsafe withUnsafeBytes(of: words) { unsafe out.append(contentsOf: $0) }
    }

    /// Bit `index` counted from the most significant bit of the first byte.
    public func bit(_ index: Int) -> Bool {
        let word =
            switch index >> 6 {
            case 0: a
            case 1: b
            case 2: c
            default: d
            }
        return word >> UInt64(63 - (index & 63)) & 1 == 1
    }

    /// Hashes the first word only: the contents are digests, and Swift keys its hasher per process.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(a)
    }

    /// Byte order.
    public static func < (left: Bytes32, right: Bytes32) -> Bool {
        if left.a != right.a { return left.a < right.a }
        if left.b != right.b { return left.b < right.b }
        if left.c != right.c { return left.c < right.c }
        return left.d < right.d
    }
}

extension [UInt8] {
    /// Appends an integer, most significant byte first.
    @inlinable
    public mutating func appendBigEndian<T: FixedWidthInteger & UnsignedInteger>(_ value: T) {
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
    }

    /// Appends an integer, least significant byte first.
    @inlinable
    public mutating func appendLittleEndian<T: FixedWidthInteger & UnsignedInteger>(_ value: T) {
        unsafe Swift.withUnsafeBytes(of: value.littleEndian) { unsafe append(contentsOf: $0) }
    }
}
