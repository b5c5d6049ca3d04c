/// Splits Swift source into code and comments, byte for byte: what belongs to neither becomes a space.
///
/// Strings belong to neither, interpolations included, so that no rule mistakes text for code.
struct SwiftLexer {
    private let source: [UInt8]
    private var position = 0
    private(set) var code: [UInt8]
    private(set) var comments: [UInt8]

    init(_ source: [UInt8]) {
        self.source = source
        code = source.map { $0 == Byte.newline ? $0 : Byte.space }
        comments = code
        while position < source.count { step() }
    }

    private mutating func step() {
        switch source[position] {
        case Byte.slash where peek(1) == Byte.slash: lineComment()
        case Byte.slash where peek(1) == Byte.star: blockComment()
        case Byte.quote: string(hashes: 0)
        case Byte.hash where startsRawString(): string(hashes: skipHashes())
        default:
            code[position] = source[position]
            position += 1
        }
    }

    private func peek(_ distance: Int) -> UInt8 {
        position + distance < source.count ? source[position + distance] : 0
    }

    private mutating func lineComment() {
        while position < source.count, source[position] != Byte.newline {
            comments[position] = source[position]
            position += 1
        }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            let opens = source[position] == Byte.slash && peek(1) == Byte.star
            let closes = source[position] == Byte.star && peek(1) == Byte.slash
            let width = opens || closes ? 2 : 1
            if opens { depth += 1 }
            if closes { depth -= 1 }
            for index in position..<min(position + width, source.count) { comments[index] = source[index] }
            position += width
        } while depth > 0 && position < source.count
    }

    private func startsRawString() -> Bool {
        var distance = 0
        while peek(distance) == Byte.hash { distance += 1 }
        return peek(distance) == Byte.quote
    }

    private mutating func skipHashes() -> Int {
        let start = position
        while peek(0) == Byte.hash { position += 1 }
        return position - start
    }

    private mutating func string(hashes: Int) {
        let isLong = peek(1) == Byte.quote && peek(2) == Byte.quote
        position += isLong ? 3 : 1
        while position < source.count {
            if source[position] == Byte.backslash, hasHashes(hashes, at: position + 1) {
                escape(hashes: hashes)
            } else if source[position] == Byte.quote, closes(isLong: isLong, hashes: hashes) {
                position += (isLong ? 3 : 1) + hashes
                return
            } else {
                position += 1
            }
        }
    }

    private func closes(isLong: Bool, hashes: Int) -> Bool {
        if isLong, peek(1) != Byte.quote || peek(2) != Byte.quote { return false }
        return hasHashes(hashes, at: position + (isLong ? 3 : 1))
    }

    private func hasHashes(_ count: Int, at start: Int) -> Bool {
        start + count <= source.count && source[start..<start + count].allSatisfy { $0 == Byte.hash }
    }

    private mutating func escape(hashes: Int) {
        position += 1 + hashes
        guard peek(0) == Byte.openParenthesis else {
            position += 1
            return
        }
        var depth = 0
        repeat {
            switch source[position] {
            case Byte.openParenthesis: depth += 1
            case Byte.closeParenthesis: depth -= 1
            case Byte.quote:
                string(hashes: 0)
                continue
            default: break
            }
            position += 1
        } while depth > 0 && position < source.count
    }
}

/// The bytes that the rules look for.
enum Byte {
    static let newline = UInt8(ascii: "\n")
    static let space = UInt8(ascii: " ")
    static let slash = UInt8(ascii: "/")
    static let star = UInt8(ascii: "*")
    static let quote = UInt8(ascii: "\"")
    static let hash = UInt8(ascii: "#")
    static let backslash = UInt8(ascii: "\\")
    static let dot = UInt8(ascii: ".")
    static let colon = UInt8(ascii: ":")
    static let comma = UInt8(ascii: ",")
    static let bang = UInt8(ascii: "!")
    static let openParenthesis = UInt8(ascii: "(")
    static let closeParenthesis = UInt8(ascii: ")")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")

    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
            true
        default: false
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
