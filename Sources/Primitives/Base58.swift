/// Base 58 text with the Bitcoin alphabet, without a checksum.
public enum Base58 {
    private static let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 128)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()

    /// Texts longer than this are refused, because decoding takes quadratic time.
    public static let longestText = 128

    /// Base 58 digits, most significant first; each leading zero byte becomes "1".
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        appendDigits(of: bytes, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the digits that `encode` gives, as ASCII.
    public static func appendDigits(of bytes: [UInt8], to text: inout [UInt8]) {
        let zeros = bytes.prefix { $0 == 0 }.count
        // Least significant character first, reversed at the end.
        let start = text.count
        var words = bigEndianWords(bytes)
        var first = 0
        while first < words.count {
            guard words[first] != 0 else {
                first += 1
                continue
            }
            append(divide(&words, from: first), to: &text)
        }
        // The last group was padded with zero digits.
        while text.count > start, text.last == alphabet[0] { text.removeLast() }
        text.append(contentsOf: repeatElement(alphabet[0], count: zeros))
        text[start...].reverse()
    }

    // Five digits fit a word: 58^5 < 2^32. One division of the whole number yields them all.
    private static let groupDigits = 5
    private static let groupSize: UInt64 = 58 * 58 * 58 * 58 * 58

    private static func append(_ group: Int, to text: inout [UInt8]) {
        let start = text.count
        text.append(contentsOf: repeatElement(0, count: groupDigits))
        var digits = text.mutableSpan
        let symbols = alphabet.span
        var rest = group
        for place in start..<start + groupDigits {
            digits[place] = symbols[rest % 58]
            rest /= 58
        }
    }

    // The bytes as a number in 32-bit words, the most significant first.
    private static func bigEndianWords(_ bytes: [UInt8]) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: (bytes.count + 3) / 4)
        var place = words.count * 4 - bytes.count
        for byte in bytes {
            words[place / 4] = words[place / 4] << 8 | UInt64(byte)
            place += 1
        }
        return words
    }

    // Divides the number by `groupSize` and returns the remainder.
    private static func divide(_ words: inout [UInt64], from first: Int) -> Int {
        var remainder: UInt64 = 0
        for index in first..<words.count {
            let value = remainder << 32 | words[index]
            words[index] = value / groupSize
            remainder = value % groupSize
        }
        return Int(remainder)
    }

    /// The bytes of a text of at most `longestText` characters, or nil.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count <= longestText else { return nil }
        let zeros = characters.prefix { $0 == alphabet[0] }.count
        var bytes: [UInt8] = []
        for character in characters.dropFirst(zeros) {
            guard character < 128, values[Int(character)] != 255 else { return nil }
            var carry = Int(values[Int(character)])
            for index in bytes.indices {
                carry += Int(bytes[index]) * 58
                bytes[index] = UInt8(carry & 255)
                carry >>= 8
            }
            while carry > 0 {
                bytes.append(UInt8(carry & 255))
                carry >>= 8
            }
        }
        return [UInt8](repeating: 0, count: zeros) + bytes.reversed()
    }
}
