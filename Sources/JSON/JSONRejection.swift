/// The bounds a text must keep to be read at all.
public struct JSONLimits: Sendable, Equatable {
    /// The greatest length of the text in bytes.
    public var maximumBytes: Int

    /// How many arrays and objects may stand inside one another.
    public var maximumDepth: Int

    /// Bounds of one's own; depths above 512 are lowered to it, because reading recurses.
    public init(maximumBytes: Int = 1 << 20, maximumDepth: Int = 64) {
        self.maximumBytes = maximumBytes
        self.maximumDepth = min(maximumDepth, 512)
    }

    /// One mebibyte and 64 levels.
    public static let standard = JSONLimits()
}

/// A place in a text: what an editor shows.
public struct JSONPosition: Sendable, Equatable {
    /// Bytes before the place.
    public let offset: Int

    /// The line, from 1; lines end with a line feed.
    public let line: Int

    /// The column, from 1, counting Unicode scalars.
    public let column: Int

    init(offset: Int, in bytes: [UInt8]) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        (self.offset, self.line, self.column) = (offset, line, column)
    }

    init(offset: Int, line: Int, column: Int) {
        (self.offset, self.line, self.column) = (offset, line, column)
    }
}

/// Why a text is not JSON as this module reads it, and where.
///
/// Blame: the author of the text. Consequence: the text is refused whole.
public struct JSONRejection: Error, Sendable, Equatable, CustomStringConvertible {
    /// The rule that was broken.
    public enum Reason: Sendable, Equatable {
        /// The text is longer than the reader's limit; both in bytes.
        case tooLarge(limit: Int, got: Int)
        /// More arrays and objects are open than the reader's limit.
        case tooDeep(limit: Int)
        /// The text stops inside a value.
        case unexpectedEnd
        /// A byte that cannot stand here; `expected` says what could.
        case unexpectedByte(UInt8, expected: String)
        /// The text begins with a byte order mark, which RFC 8259 section 8.1 forbids.
        case byteOrderMark
        /// A key occurs a second time in its object.
        case duplicateKey(String)
        /// Bytes that are not UTF-8 (RFC 3629).
        case invalidUTF8
        /// Half of a surrogate pair, which is no character.
        case loneSurrogate
        /// A backslash before something that has no meaning.
        case invalidEscape
        /// A raw control character inside a string.
        case controlCharacter(UInt8)
        /// A number with a zero before its first digit.
        case leadingZero
        /// A number without digits where the grammar wants one.
        case missingDigit
        /// Text after the end of the value.
        case trailingText
    }

    /// The rule that was broken.
    public let reason: Reason

    /// Where it was broken.
    public let position: JSONPosition

    /// One sentence for the author of the text, with line and column.
    public var description: String {
        "line \(position.line), column \(position.column): \(reason.sentence)"
    }
}

extension JSONRejection.Reason {
    /// One sentence for the author of the text, without the place.
    public var sentence: String {
        switch self {
        case .tooLarge(let limit, let got): "The text has \(got) bytes; at most \(limit) are read."
        case .tooDeep(let limit): "More than \(limit) arrays and objects stand inside one another."
        case .unexpectedEnd: "The text stops inside a value."
        case .unexpectedByte(let byte, let expected):
            "Here stands \(JSONRejection.Reason.show(byte)) where \(expected) belongs."
        case .byteOrderMark: "The text begins with a byte order mark; remove it."
        case .duplicateKey(let key): "The key \(JSONValue.string(key)) stands twice in one object."
        case .invalidUTF8: "These bytes are not UTF-8."
        case .loneSurrogate: "A surrogate escape stands alone; two of them make one character."
        case .invalidEscape: "A backslash must stand before \" \\ / b f n r t, or u with four hex digits."
        case .controlCharacter(let byte):
            "The control character \(JSONRejection.Reason.show(byte)) must be written as an escape."
        case .leadingZero: "A number must not begin with a superfluous zero."
        case .missingDigit: "A digit is missing in this number."
        case .trailingText: "Text follows the end of the value."
        }
    }

    private static func show(_ byte: UInt8) -> String {
        if byte > 0x20 && byte < 0x7F { return "'\(Character(Unicode.Scalar(byte)))'" }
        let digits = String(byte, radix: 16, uppercase: true)
        return "the byte 0x" + (digits.utf8.count < 2 ? "0" : "") + digits
    }
}
