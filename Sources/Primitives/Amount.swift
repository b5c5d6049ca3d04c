/// A quantity of a chain's native token in base units; every operation is checked.
public struct Amount: Sendable, Hashable, Comparable, Canonical, CustomStringConvertible {
    /// Base units.
    public let units: UInt64

    /// Nothing.
    public static let zero = Amount(units: 0)
    /// Base units in one ETM.
    public static let unitsPerETM: UInt64 = 100_000_000
    /// Decimal places of ETM.
    public static let decimals = 8

    /// A number of base units.
    public init(units: UInt64) { self.units = units }

    /// A whole number of ETM; the argument must be below 2^64 / 10^8.
    public static func etm(_ whole: UInt64) -> Amount { Amount(units: whole * unitsPerETM) }

    /// The sum, or nil when it does not fit.
    public func adding(_ other: Amount) -> Amount? {
        let (sum, overflow) = units.addingReportingOverflow(other.units)
        return overflow ? nil : Amount(units: sum)
    }

    /// The difference, or nil when it would be negative.
    public func subtracting(_ other: Amount) -> Amount? {
        units >= other.units ? Amount(units: units - other.units) : nil
    }

    /// The product, or nil when it does not fit.
    public func multiplied(by factor: UInt64) -> Amount? {
        let (product, overflow) = units.multipliedReportingOverflow(by: factor)
        return overflow ? nil : Amount(units: product)
    }

    /// Reads an exact decimal such as "10", "0.05"; nil for signs, exponents, more than `decimals` places or overflow.
    public init?(decimal text: some StringProtocol, decimals: Int = Amount.decimals) {
        guard let digits = DecimalText.digits(of: text, decimals: decimals) else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, carry) = shifted.addingReportingOverflow(UInt64(digit))
            guard !overflow, !carry else { return nil }
            value = next
        }
        self.init(units: value)
    }

    /// The exact decimal with `decimals` places, thousands separated by commas.
    public func formatted(decimals: Int = Amount.decimals) -> String {
        DecimalText.grouped(String(units), decimals: decimals)
    }

    /// Base units in decimal.
    public var description: String { String(units) }

    /// By number of base units.
    public static func < (left: Amount, right: Amount) -> Bool { left.units < right.units }

    /// Writes 8 bytes.
    public func encode(to writer: inout ByteWriter) { writer.write(units) }

    /// Reads 8 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(units: try reader.readInteger())
    }
}
