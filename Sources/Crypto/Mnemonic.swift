/// BIP-39 with twelve English words: 128 bits of entropy and 4 bits of checksum, 11 bits a word.
enum Mnemonic {
    static let entropyBytes = 16
    private static let wordCount = 12

    /// The words of 16 bytes, separated by single spaces; never held outside locked memory.
    static func words(encoding entropy: SecretBytes) -> SecretBytes {
        let digest = entropy.sha256()
        let bits = SecretBytes(count: entropyBytes + 1)
        bits.fill { target in
            entropy.reveal { for index in 0..<entropyBytes { target[index] = $0[index] } }
            digest.reveal { target[entropyBytes] = $0[0] }
        }
        return bits.reveal { bits in
            var length = wordCount - 1
            for place in 0..<wordCount { length += MnemonicWords.word(number(place, in: bits)).count }
            let text = SecretBytes(count: length)
            text.fill { target in
                var end = 0
                for place in 0..<wordCount {
                    if place > 0 {
                        target[end] = 0x20
                        end += 1
                    }
                    for letter in MnemonicWords.word(number(place, in: bits)) {
                        target[end] = letter
                        end += 1
                    }
                }
            }
            return text
        }
    }

    /// True for exactly twelve listed words, single spaces between them, whose checksum is right.
    static func isValid(_ text: Span<UInt8>) -> Bool {
        let bits = SecretBytes(count: entropyBytes + 1)
        var isListed = true
        bits.fill { target in
            var start = 0
            for place in 0..<wordCount {
                var end = start
                while end < text.count, text[end] != 0x20 { end += 1 }
                let isLast = place == wordCount - 1
                guard (end == text.count) == isLast, let number = number(of: text, start..<end) else {
                    isListed = false
                    return
                }
                store(number, at: place, in: &target)
                start = end + 1
            }
        }
        guard isListed else { return false }
        // The last word's low four bits sit in the high half of byte 16.
        let digest = bits.sha256(prefix: entropyBytes)
        return bits.reveal { bits in digest.reveal { $0[0] >> 4 == bits[entropyBytes] >> 4 } }
    }

    /// True when the bytes are well-formed UTF-8; decided without making a copy.
    static func isUTF8(_ bytes: Span<UInt8>) -> Bool {
        do throws(Unicode.UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes)
            return true
        } catch {
            return false
        }
    }

    private static func number(_ place: Int, in bits: Span<UInt8>) -> Int {
        var value = 0
        for bit in 11 * place..<11 * place + 11 {
            value = value << 1 | Int(bits[bit >> 3] >> UInt8(7 - bit & 7) & 1)
        }
        return value
    }

    private static func store(_ number: Int, at place: Int, in bits: inout MutableSpan<UInt8>) {
        for offset in 0..<11 where number >> (10 - offset) & 1 == 1 {
            let bit = 11 * place + offset
            bits[bit >> 3] |= 1 << UInt8(7 - bit & 7)
        }
    }

    /// Which word stands in `range`; the list is sorted, so eleven comparisons decide.
    private static func number(of text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var low = 0
        var high = MnemonicWords.count
        while low < high {
            let middle = (low + high) / 2
            let order = compare(text, range, MnemonicWords.word(middle))
            if order == 0 { return middle }
            if order < 0 { high = middle } else { low = middle + 1 }
        }
        return nil
    }

    private static func compare(_ text: Span<UInt8>, _ range: Range<Int>, _ word: ArraySlice<UInt8>) -> Int {
        var index = range.lowerBound
        for letter in word {
            guard index < range.upperBound else { return -1 }
            if text[index] != letter { return text[index] < letter ? -1 : 1 }
            index += 1
        }
        return index == range.upperBound ? 0 : 1
    }
}
