/// Writes JSON text straight into bytes, with commas and escapes in the right places.
///
/// The calls must nest as the grammar does: inside an object each value follows its `key`.
public struct JSONWriter: Sendable {
    /// What has been written so far.
    public private(set) var bytes: [UInt8] = []

    private var needsComma = false
    private let isPretty: Bool
    private var level = 0

    /// A writer; pretty text puts each member and element on a line of its own, two blanks deeper per level.
    public init(pretty: Bool = false, capacity: Int = 256) {
        isPretty = pretty
        bytes.reserveCapacity(capacity)
    }

    /// The value without any blanks.
    public static func compact(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(value)
        return writer.bytes
    }

    /// The value with indentation, without a line feed at the end.
    public static func pretty(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter(pretty: true)
        writer.value(value)
        return writer.bytes
    }

    /// Writes a whole value.
    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .decimal(let value): scalar(Array(value.text.utf8))
        case .string(let value): string(value)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object):
            beginObject()
            for member in object.members {
                key(member.key)
                self.value(member.value)
            }
            endObject()
        }
    }

    /// Opens an object.
    public mutating func beginObject() {
        begin(0x7B)
    }

    /// Closes the innermost object.
    public mutating func endObject() {
        end(0x7D, opened: 0x7B)
    }

    /// Opens an array.
    public mutating func beginArray() {
        begin(0x5B)
    }

    /// Closes the innermost array.
    public mutating func endArray() {
        end(0x5D, opened: 0x5B)
    }

    /// Writes the key of the member whose value comes next.
    public mutating func key(_ key: String) {
        separate()
        quote(key)
        bytes.append(0x3A)
        if isPretty { bytes.append(0x20) }
        afterKey = true
    }

    private var afterKey = false
}

extension JSONWriter {
    /// Writes a text with the escapes it needs.
    public mutating func string(_ text: String) {
        separate()
        quote(text)
        needsComma = true
    }

    /// Writes a whole number of at most 64 bits.
    public mutating func integer(_ value: JSONInteger) {
        separate()
        if value.isNegative { bytes.append(0x2D) }
        digits(of: value.magnitude)
        needsComma = true
    }

    /// Writes a whole number without sign.
    public mutating func integer(_ value: UInt64) {
        integer(JSONInteger(value))
    }

    /// Writes a whole number with sign.
    public mutating func integer(_ value: Int) {
        integer(JSONInteger(Int64(value)))
    }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) {
        scalar(value ? [0x74, 0x72, 0x75, 0x65] : [0x66, 0x61, 0x6C, 0x73, 0x65])
    }

    /// Writes `null`.
    public mutating func null() {
        scalar([0x6E, 0x75, 0x6C, 0x6C])
    }

    /// Writes a value that is JSON text already; the caller answers for its grammar.
    public mutating func encoded(_ text: [UInt8]) {
        scalar(text)
    }

    private mutating func scalar(_ text: [UInt8]) {
        separate()
        bytes.append(contentsOf: text)
        needsComma = true
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        level += 1
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8, opened: UInt8) {
        precondition(level > 0 && !afterKey, "A JSON writer closed what it had not opened.")
        level -= 1
        if bytes.last != opened { breakLine() }
        bytes.append(bracket)
        needsComma = true
    }

    // What stands between two values: nothing after a key, a comma after a value.
    private mutating func separate() {
        if afterKey {
            afterKey = false
            needsComma = false
            return
        }
        if needsComma { bytes.append(0x2C) }
        needsComma = false
        if level > 0 { breakLine() }
    }

    private mutating func breakLine() {
        guard isPretty else { return }
        bytes.append(0x0A)
        for _ in 0..<(2 * level) { bytes.append(0x20) }
    }

    private mutating func digits(of value: UInt64) {
        guard value >= 10 else {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: value))
            return
        }
        var rest = value
        let start = bytes.count
        while rest > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            bytes.append(0x30 + UInt8(truncatingIfNeeded: digit))
            rest = quotient
        }
        bytes[start...].reverse()
    }

    private mutating func quote(_ text: String) {
        bytes.append(0x22)
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        if bytes[start...].contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) {
            let raw = Array(bytes[start...])
            bytes.removeSubrange(start...)
            for byte in raw { escape(byte) }
        }
        bytes.append(0x22)
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22, 0x5C: bytes.append(contentsOf: [0x5C, byte])
        case 0x08: bytes.append(contentsOf: [0x5C, 0x62])
        case 0x0C: bytes.append(contentsOf: [0x5C, 0x66])
        case 0x0A: bytes.append(contentsOf: [0x5C, 0x6E])
        case 0x0D: bytes.append(contentsOf: [0x5C, 0x72])
        case 0x09: bytes.append(contentsOf: [0x5C, 0x74])
        case 0..<0x20:
            let low = byte & 0x0F
            let digit = low < 10 ? 0x30 + low : 0x57 + low
            bytes.append(contentsOf: [0x5C, 0x75, 0x30, 0x30, 0x30 + byte >> 4, digit])
        default: bytes.append(byte)
        }
    }
}
