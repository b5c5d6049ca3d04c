internal import Primitives

/// How the keys of one prefix are written; the layout is described in `runtime-models.js`.
struct RecordTable {
    /// The order of a key's values.
    enum Order: Int {
        /// A whole number from 0: 8 big-endian bytes.
        case unsigned = 0
        /// A whole number of either sign: 8 big-endian bytes with the sign bit turned.
        case signed = 1
        /// UTF-8 text.
        case text = 2
        /// A large number as 64 hexadecimal digits.
        case big = 3
    }

    /// A key part as the runtime gives it.
    enum Part {
        case number(Double)
        case text([UInt8])
    }

    let prefix: [UInt8]
    let order: Order
    /// Order of the primary key that follows in an index; nil for tables and unique indexes.
    let keyOrder: Order?

    /// The key of a row, or of a unique value.
    func key(_ part: Part) -> [UInt8] { prefix + Self.bytes(part, order) }

    /// What all entries of one indexed value begin with.
    func entries(of part: Part) -> [UInt8] {
        let value = key(part)
        switch order {
        case .unsigned, .signed: return value
        case .text, .big: return value + [0]
        }
    }

    /// The key of one entry of an index.
    func entry(_ part: Part, key primary: Part) -> [UInt8] {
        guard let keyOrder else { return key(part) }
        return entries(of: part) + Self.bytes(primary, keyOrder)
    }

    /// The primary key in a record's key, as JSON text.
    func keyText(in key: [UInt8]) -> String {
        let suffix = Array(key.dropFirst(prefix.count))
        switch order {
        case .unsigned: return String(Self.integer(suffix))
        case .signed: return String(Int64(bitPattern: Self.integer(suffix) ^ (1 << 63)))
        case .big: return "\"0x\(String(decoding: suffix, as: UTF8.self))\""
        case .text: return Self.quoted(String(decoding: suffix, as: UTF8.self))
        }
    }

    private static func bytes(_ part: Part, _ order: Order) -> [UInt8] {
        switch part {
        case .text(let bytes): return bytes
        case .number(let value):
            let whole = Int64(exactly: value) ?? 0
            let bits = order == .signed ? UInt64(bitPattern: whole) ^ (1 << 63) : UInt64(bitPattern: whole)
            var result: [UInt8] = []
            result.appendBigEndian(bits)
            return result
        }
    }

    private static func integer(_ bytes: [UInt8]) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
