/// What a user calls a key: 1 to 32 letters, digits, ".", "_" and "-", beginning with a letter or digit.
///
/// So every name is also a safe file name and needs no escape in JSON.
public struct KeyName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The most characters of a name.
    public static let longest = 32

    /// The name itself.
    public let description: String

    /// Nil when the text breaks the rule.
    public init?(_ text: some StringProtocol) {
        let letters = Array(text.utf8)
        guard (1...Self.longest).contains(letters.count), let first = letters.first, Self.isWord(first) else {
            return nil
        }
        let marks = Array("._-".utf8)
        for letter in letters where !Self.isWord(letter) && !marks.contains(letter) { return nil }
        description = String(text)
    }

    /// By bytes.
    public static func < (left: KeyName, right: KeyName) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }

    private static func isWord(_ letter: UInt8) -> Bool {
        switch letter {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: false
        }
    }
}
