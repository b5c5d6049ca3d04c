internal import Crypto
public import JSON
internal import Primitives

/// What is wrong with a field of a version 0 transaction's JSON.
///
/// Blame: whoever built the JSON. Consequence: nothing is sent on.
public struct HistoricalFieldRejection: Error, Equatable, Sendable {
    /// Where it is.
    public let path: JSONPath
    /// What it must be; nil where it is missing.
    public let expected: String?

    /// What is wrong, as the rest of a sentence that begins with the field.
    public var problem: String { expected.map { "must be \($0)" } ?? "is missing" }
}

/// One object of a version 0 transaction's JSON: what is absent and what is null is the same there.
struct HistoricalFields {
    private let object: JSONObject
    private let path: JSONPath

    init(_ value: JSONValue?, at path: JSONPath) throws(HistoricalFieldRejection) {
        guard let value, !value.isNull else { throw HistoricalFieldRejection(path: path, expected: nil) }
        guard let object = value.object else {
            throw HistoricalFieldRejection(path: path, expected: "an object")
        }
        self.object = object
        self.path = path
    }

    func refusal(_ key: String, _ expected: String) -> HistoricalFieldRejection {
        HistoricalFieldRejection(path: path.appending(.key(key)), expected: expected)
    }

    func optional(_ key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    private func value(_ key: String) throws(HistoricalFieldRejection) -> JSONValue {
        guard let value = optional(key) else {
            throw HistoricalFieldRejection(path: path.appending(.key(key)), expected: nil)
        }
        return value
    }

    func object(_ key: String) throws(HistoricalFieldRejection) -> HistoricalFields {
        try HistoricalFields(optional(key), at: path.appending(.key(key)))
    }

    func text(_ key: String) throws(HistoricalFieldRejection) -> String {
        guard let text = try value(key).string else { throw refusal(key, "a string") }
        return text
    }

    /// Empty where the field is absent.
    func optionalText(_ key: String) throws(HistoricalFieldRejection) -> String {
        optional(key) == nil ? "" : try text(key)
    }

    /// A whole number, as a number or as decimal digits.
    func integer(_ key: String, most: UInt64) throws(HistoricalFieldRejection) -> UInt64 {
        guard let number = Self.integer(try value(key)), number <= most else {
            throw refusal(key, "a whole number from 0 to \(most)")
        }
        return number
    }

    /// Flags are numbers or truth values in the historical interface.
    func byte(_ key: String) throws(HistoricalFieldRejection) -> UInt8 {
        if let flag = optional(key)?.bool { return flag ? 1 : 0 }
        return UInt8(try integer(key, most: 255))
    }

    func key(_ key: String) throws(HistoricalFieldRejection) -> PublicKey {
        guard let found = PublicKey(hex: try text(key)) else {
            throw refusal(key, "32 bytes in lower-case hexadecimal")
        }
        return found
    }

    func signature(_ key: String) throws(HistoricalFieldRejection) -> Signature {
        guard let found = Signature(hex: try text(key)) else {
            throw refusal(key, "64 bytes in lower-case hexadecimal")
        }
        return found
    }

    func bytes(_ key: String) throws(HistoricalFieldRejection) -> [UInt8] {
        guard let found = Hex.decode(try text(key)) else {
            throw refusal(key, "bytes in lower-case hexadecimal")
        }
        return found
    }

    /// Elements that are read one by one; an absent list is empty.
    func list<Element>(
        _ key: String, most: Int, of expected: String, _ read: (JSONValue) -> Element?
    ) throws(HistoricalFieldRejection) -> [Element] {
        guard let value = optional(key) else { return [] }
        guard let array = value.array, array.count <= most else {
            throw refusal(key, "a list of at most \(most)")
        }
        var list: [Element] = []
        for (place, element) in array.enumerated() {
            guard let read = read(element) else {
                throw HistoricalFieldRejection(
                    path: path.appending(.key(key)).appending(.index(place)), expected: expected)
            }
            list.append(read)
        }
        return list
    }

    func texts(_ key: String, most: Int) throws(HistoricalFieldRejection) -> [String] {
        try list(key, most: most, of: "a string") { $0.string }
    }

    static func integer(_ value: JSONValue) -> UInt64? {
        value.uint64 ?? value.string.flatMap { Call.number($0) }
    }
}
