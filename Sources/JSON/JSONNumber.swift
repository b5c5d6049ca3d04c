/// A whole number between −2⁶³ and 2⁶⁴ − 1: everything a signed or unsigned 64-bit word can hold, exactly.
public struct JSONInteger: Sendable, Hashable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// The distance from zero.
    public let magnitude: UInt64

    /// Whether the number is below zero.
    public let isNegative: Bool

    /// Any number of 64 bits without sign.
    public init(_ value: UInt64) {
        magnitude = value
        isNegative = false
    }

    /// Any number of 64 bits with sign.
    public init(_ value: Int64) {
        magnitude = value.magnitude
        isNegative = value < 0
    }

    /// The same number; nil when it lies outside −2⁶³ … 2⁶⁴ − 1.
    public init?(exactly value: some BinaryInteger) {
        if let unsigned = UInt64(exactly: value) {
            self.init(unsigned)
        } else if let signed = Int64(exactly: value) {
            self.init(signed)
        } else {
            return nil
        }
    }

    /// A literal; larger ones than Int64 are written `JSONInteger(UInt64)`.
    public init(integerLiteral value: Int64) {
        self.init(value)
    }

    // Nil for −0, which no integer can tell from 0, and below −2⁶³.
    init?(magnitude: UInt64, isNegative: Bool) {
        guard !isNegative || (magnitude > 0 && magnitude <= Int64.min.magnitude) else { return nil }
        self.magnitude = magnitude
        self.isNegative = isNegative
    }

    /// The number when it is not below zero.
    public var uint64: UInt64? {
        isNegative ? nil : magnitude
    }

    /// The number when it is at most 2⁶³ − 1.
    public var int64: Int64? {
        guard isNegative else { return Int64(exactly: magnitude) }
        return Int64(truncatingIfNeeded: 0 &- magnitude)
    }

    /// The decimal digits, with a minus sign below zero.
    public var description: String {
        isNegative ? "-\(magnitude)" : "\(magnitude)"
    }
}

/// A number that is no 64-bit integer — a fraction, an exponent, −0, or too many digits — as its exact text.
///
/// Nothing is rounded: `1.0` and `1e0` stay two different texts. Whoever wants arithmetic decides how to round.
public struct JSONDecimal: Sendable, CustomStringConvertible {
    /// The number as written, in the grammar of RFC 8259 section 6.
    public let text: String

    /// A number from its text; nil when the text is no JSON number, or is a 64-bit integer.
    public init?(_ text: String) {
        guard let value = try? JSONParser.parse(Array(text.utf8)), case .decimal(let number) = value,
            number.text.utf8.count == text.utf8.count
        else { return nil }
        self = number
    }

    // The scanner has checked the grammar.
    init(scanned text: String) {
        self.text = text
    }

    /// The number as written.
    public var description: String {
        text
    }
}

extension JSONDecimal: Equatable {
    /// Whether both were written alike.
    public static func == (left: JSONDecimal, right: JSONDecimal) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }
}
