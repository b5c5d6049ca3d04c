/// One JSON value as RFC 8259 describes it, with integers and texts kept exactly.
///
/// Two values are equal exactly when their compact texts are the same bytes: members keep their order, and
/// strings are compared by UTF-8 bytes, never by Unicode equivalence.
public enum JSONValue: Sendable {
    /// The literal `null`.
    case null

    /// One of the literals `true` and `false`.
    case bool(Bool)

    /// A whole number between −2⁶³ and 2⁶⁴ − 1, written without fraction or exponent.
    case integer(JSONInteger)

    /// Every other number, as the text it was written in.
    case decimal(JSONDecimal)

    /// A text without lone surrogates.
    case string(String)

    /// The elements in order.
    case array([JSONValue])

    /// The members in the order written, each key once.
    case object(JSONObject)

    /// A whole number; nil when it lies outside −2⁶³ … 2⁶⁴ − 1.
    public init?(exactly value: some BinaryInteger) {
        guard let integer = JSONInteger(exactly: value) else { return nil }
        self = .integer(integer)
    }

    /// A whole number of 64 bits without sign.
    public init(_ value: UInt64) {
        self = .integer(JSONInteger(value))
    }

    /// A whole number of 64 bits with sign.
    public init(_ value: Int) {
        self = .integer(JSONInteger(Int64(value)))
    }
}

extension JSONValue: Equatable {
    /// Whether both would be written as the same compact text.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.decimal(let left), .decimal(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

extension JSONValue {
    /// The text when this is a string.
    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The truth value when this is one.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The number when it is whole and between 0 and 2⁶⁴ − 1.
    public var uint64: UInt64? {
        guard case .integer(let value) = self else { return nil }
        return value.uint64
    }

    /// The number when it is whole and between −2⁶³ and 2⁶³ − 1.
    public var int64: Int64? {
        guard case .integer(let value) = self else { return nil }
        return value.int64
    }

    /// The number when it is whole and fits the machine's signed word.
    public var int: Int? {
        int64.flatMap { Int(exactly: $0) }
    }

    /// The elements when this is an array.
    public var array: [JSONValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    /// The members when this is an object.
    public var object: JSONObject? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// Whether this is the literal `null`.
    public var isNull: Bool {
        guard case .null = self else { return false }
        return true
    }

    /// What kind of value this is, in a word for messages ("a number", "an object", …).
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "a whole number"
        case .decimal: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The member with exactly this key; nil when this is no object or has no such member.
    public subscript(key: String) -> JSONValue? {
        object?[key]
    }

    /// The element at this place; nil when this is no array or is shorter.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}

// Not by `nil`: in `found ? value : nil` it would silently make a JSON null where nothing was meant.
extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringInterpolation, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// One of the literals `true` and `false`.
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    /// A whole number; literals beyond Int64 are written `JSONValue(UInt64)`.
    public init(integerLiteral value: Int64) {
        self = .integer(JSONInteger(value))
    }

    /// A text.
    public init(stringLiteral value: String) {
        self = .string(value)
    }

    /// The elements in order.
    public init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }

    /// The members in order; a key written twice is a mistake in the source and stops the program.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(literal: elements))
    }
}

extension JSONValue: CustomStringConvertible {
    /// The compact text.
    public var description: String {
        String(decoding: JSONWriter.compact(self), as: UTF8.self)
    }
}

extension String {
    // String's own == calls canonically equivalent texts equal, which JSON does not. It is asked first because
    // it is quick and never calls equal bytes different.
    func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
    }
}
