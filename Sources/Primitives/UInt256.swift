/// A whole number below 2^256; every operation is checked.
public struct UInt256: Sendable, Hashable, Comparable, Canonical, CustomStringConvertible {
    /// The upper and the lower half.
    public let high, low: UInt128

    /// Nothing.
    public static let zero = UInt256(high: 0, low: 0)
    /// 2^256 - 1.
    public static let max = UInt256(high: .max, low: .max)

    /// Joins two halves.
    public init(high: UInt128, low: UInt128) {
        self.high = high
        self.low = low
    }

    /// A number that fits into 64 bits.
    public init(_ value: UInt64) { self.init(high: 0, low: UInt128(value)) }

    /// The sum, or nil when it does not fit.
    public func adding(_ other: UInt256) -> UInt256? {
        let (low, carry) = low.addingReportingOverflow(other.low)
        let (sum, overflow) = high.addingReportingOverflow(other.high)
        let (high, overflowAgain) = sum.addingReportingOverflow(carry ? 1 : 0)
        return overflow || overflowAgain ? nil : UInt256(high: high, low: low)
    }

    /// The difference, or nil when it would be negative.
    public func subtracting(_ other: UInt256) -> UInt256? {
        guard self >= other else { return nil }
        let (low, borrow) = low.subtractingReportingOverflow(other.low)
        return UInt256(high: high &- other.high &- (borrow ? 1 : 0), low: low)
    }

    /// The product, or nil when it does not fit.
    public func multiplied(by factor: UInt64) -> UInt256? {
        let lower = low.multipliedFullWidth(by: UInt128(factor))
        let (upper, overflow) = high.multipliedReportingOverflow(by: UInt128(factor))
        let (sum, carry) = upper.addingReportingOverflow(lower.high)
        return overflow || carry ? nil : UInt256(high: sum, low: lower.low)
    }

    /// The quotient and the remainder of a division by a number above zero.
    public func quotientAndRemainder(dividingBy divisor: UInt64) -> (quotient: UInt256, remainder: UInt64) {
        let wide = UInt128(divisor)
        // A remainder is below the divisor, so it and the next 64 bits fit into 128.
        let upper = high.quotientAndRemainder(dividingBy: wide)
        let middle = (upper.remainder << 64 | low >> 64).quotientAndRemainder(dividingBy: wide)
        let lower = (middle.remainder << 64 | low & UInt128(UInt64.max))
            .quotientAndRemainder(dividingBy: wide)
        return (
            UInt256(high: upper.quotient, low: middle.quotient << 64 | lower.quotient),
            UInt64(truncatingIfNeeded: lower.remainder)
        )
    }

    /// Reads an exact decimal such as "10" or, with places, "0.05"; nil for signs, exponents, more places or overflow.
    public init?(decimal text: some StringProtocol, decimals: Int = 0) {
        guard let digits = DecimalText.digits(of: text, decimals: decimals) else { return nil }
        var value = UInt256.zero
        for digit in digits {
            guard let next = value.multiplied(by: 10)?.adding(UInt256(UInt64(digit))) else { return nil }
            value = next
        }
        self = value
    }

    /// The exact decimal with `decimals` places, thousands separated by commas.
    public func formatted(decimals: Int) -> String { DecimalText.grouped(description, decimals: decimals) }

    // The largest power of ten in 64 bits, and its number of zeros.
    private static let chunk: (divisor: UInt64, digits: Int) = (10_000_000_000_000_000_000, 19)

    /// The number in decimal.
    public var description: String {
        var text = ""
        var rest = self
        while rest > UInt256(UInt64.max) {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: Self.chunk.divisor)
            let digits = String(remainder)
            text = String(repeating: "0", count: Self.chunk.digits - digits.utf8.count) + digits + text
            rest = quotient
        }
        return String(rest.low) + text
    }

    /// By size.
    public static func < (left: UInt256, right: UInt256) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }

    /// Writes 32 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(high)
        writer.write(low)
    }

    /// Reads 32 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        high = try reader.readInteger()
        low = try reader.readInteger()
    }
}
