/// One text file of the project and, for Swift, its code, comments and words.
struct SourceFile: Sendable {
    /// A run of letters, digits and underscores outside strings and comments.
    struct Word: Sendable {
        let text: String
        let line: Int
        let start: Int
        let end: Int
    }

    /// Relative to the project's root.
    let path: String
    let text: String
    let lines: [Substring]
    /// The source with strings and comments blanked; empty for other languages.
    let code: [UInt8]
    let codeLines: [Substring]
    let commentLines: [Substring]
    let words: [Word]

    init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard path.hasSuffix(".swift") else {
            code = []
            codeLines = []
            commentLines = []
            words = []
            return
        }
        let lexer = SwiftLexer(Array(text.utf8))
        code = lexer.code
        codeLines = SourceFile.lines(of: lexer.code)
        commentLines = SourceFile.lines(of: lexer.comments)
        words = SourceFile.words(of: lexer.code)
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    var folders: [Substring] { path.split(separator: "/").dropLast() }
    /// The number of lines, without the empty one after the last newline.
    var lineCount: Int { lines.last?.isEmpty == true ? lines.count - 1 : lines.count }
    /// The target that a file under Sources or Tests belongs to.
    var target: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && (parts[0] == "Sources" || parts[0] == "Tests") ? String(parts[1]) : nil
    }
    var isSource: Bool { path.hasPrefix("Sources/") }
    var isTest: Bool { path.hasPrefix("Tests/") }

    func finding(_ line: Int, _ message: String) -> Finding {
        Finding(path: path, line: line, message: message)
    }

    /// The byte of code before a word, blanks skipped; 0 at the start.
    func byte(before word: Word) -> UInt8 {
        var index = word.start - 1
        while index >= 0, code[index] == Byte.space || code[index] == Byte.newline { index -= 1 }
        return index >= 0 ? code[index] : 0
    }

    /// The byte of code right after a word, blanks not skipped; 0 at the end.
    func byte(after word: Word) -> UInt8 { word.end < code.count ? code[word.end] : 0 }

    private static func lines(of bytes: [UInt8]) -> [Substring] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static func words(of code: [UInt8]) -> [Word] {
        var words: [Word] = []
        var line = 1
        var start: Int?
        for index in 0...code.count {
            let byte = index < code.count ? code[index] : Byte.newline
            if Byte.isWord(byte) {
                start = start ?? index
                continue
            }
            if let first = start {
                let text = String(decoding: code[first..<index], as: UTF8.self)
                words.append(Word(text: text, line: line, start: first, end: index))
                start = nil
            }
            if byte == Byte.newline { line += 1 }
        }
        return words
    }
}

/// One place where the house is not in order.
struct Finding: Sendable, CustomStringConvertible {
    let path: String
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}
