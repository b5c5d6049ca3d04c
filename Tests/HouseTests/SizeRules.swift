/// Files and functions stay small enough to hold in the head.
enum SizeRules {
    static let all = [files, median, functions, parameters, documented]

    private static let longestSource = 500
    private static let longestTest = 700
    private static let largestMedian = 110
    private static let longestFunction = 70
    private static let mostParameters = 6

    private static func lines(_ count: Int) -> String { String(repeating: "let a = 1\n", count: count) }

    static let files = HouseRule(
        "files keep their bound",
        bad: [
            SourceTree([SourceFile("Sources/Node/A.swift", lines(longestSource + 1))]),
            SourceTree([SourceFile("Tests/NodeTests/A.swift", lines(longestTest + 1))]),
        ],
        good: [
            SourceTree([SourceFile("Sources/Node/A.swift", lines(longestSource))]),
            SourceTree([SourceFile("Tests/NodeTests/A.swift", lines(longestTest))]),
        ]
    ) { tree in
        (tree.sources + tree.tests).compactMap { file in
            let most = file.isTest ? longestTest : longestSource
            return file.lineCount > most
                ? file.finding(most, "\(file.lineCount) lines, at most \(most)") : nil
        }
    }

    static let median = HouseRule(
        "the median source file is short",
        bad: [SourceTree([SourceFile("Sources/Node/A.swift", lines(largestMedian + 1))])],
        good: [SourceTree([SourceFile("Sources/Node/A.swift", lines(largestMedian))])]
    ) { tree in
        let counts = tree.sources.map(\.lineCount).sorted()
        guard !counts.isEmpty, counts[counts.count / 2] > largestMedian else { return [] }
        let message = "the median file has \(counts[counts.count / 2]) lines, at most \(largestMedian)"
        return [Finding(path: "Sources", line: 1, message: message)]
    }

    static let functions = HouseRule(
        "functions keep their bound", at: "Sources/Node/Sample.swift",
        bad: [
            "func f() {\n" + lines(longestFunction - 1) + "}\n",
            "protocol P {\n    func g()\n    init?(a: Int)\n}\ninit<T>(\n    a: T\n) {\n"
                + lines(longestFunction) + "}",
        ],
        good: ["func f() {\n" + lines(longestFunction - 2) + "}\n", "self.init(a: { \(lines(80)) })"]
    ) { file in
        bodies(of: file).filter { $0.lines > longestFunction }
            .map { file.finding($0.line, "\($0.lines) lines in one function, at most \(longestFunction)") }
    }

    static let parameters = HouseRule(
        "functions take few parameters", at: "Sources/Node/Sample.swift",
        bad: ["func f(a: A, b: B, c: C, d: D, e: E, f: F, g: G) {}"],
        good: ["func f(a: (A, B), b: [A: B], c: C<A, B>, d: D, e: E, f: F) {}", "func a<B>() {}"]
    ) { file in
        guard file.isSource else { return [] }
        return file.words.indices.dropLast().filter { file.words[$0].text == "func" }
            .compactMap { index in
                let count = parameterCount(file.code, from: file.words[index + 1].end)
                return count > mostParameters
                    ? file.finding(file.words[index].line, "\(count) parameters, at most \(mostParameters)")
                    : nil
            }
    }

    /// The formatter sees to public declarations; this sees to package ones.
    static let documented = HouseRule(
        "package declarations are documented", at: "Sources/Node/Sample.swift",
        bad: ["package struct A {}", "\npackage func f() {}"],
        good: ["/// Sums.\n@inlinable\npackage func f() {}", "package import Ledger", "let a = package"]
    ) { file in
        guard file.isSource, file.isSwift else { return [] }
        return file.words.indices.dropLast().filter { index in
            file.words[index].text == "package" && file.words[index + 1].text != "import"
                && file.words[index + 1].text != "set"
                && !"(=".utf8.contains(file.byte(after: file.words[index]))
                && startsLine(file, file.words[index])
                && !isWitness(file.codeLines[file.words[index].line - 1])
                && !isDocumented(file, file.words[index].line - 1)
        }
        .map { file.finding(file.words[$0].line, "say in one sentence what it is for") }
    }

    // Requirements of `Canonical` are documented there, memberwise initialisers by their members.
    private static func isWitness(_ line: Substring) -> Bool {
        ["init(from reader", "encode(to writer", "package init("].contains { line.contains($0) }
    }

    private static func startsLine(_ file: SourceFile, _ word: SourceFile.Word) -> Bool {
        let before = file.codeLines[word.line - 1].prefix { $0 == " " }.utf8.count
        return word.start == 0 || file.code[max(0, word.start - before - 1)] == Byte.newline
            || word.start == before
    }

    private static func isDocumented(_ file: SourceFile, _ line: Int) -> Bool {
        var above = line - 1
        while above >= 0 {
            let text = file.lines[above].drop { $0 == " " }
            if text.hasPrefix("///") { return true }
            guard text.hasPrefix("@") else { return false }
            above -= 1
        }
        return false
    }

    // Every function and initialiser with a body: its first line and how many lines it has.
    private static func bodies(of file: SourceFile) -> [(line: Int, lines: Int)] {
        file.words.filter { word in
            guard word.text == "init" || word.text == "func" else { return false }
            let before = file.byte(before: word)
            return word.text == "func" || before != Byte.dot
        }
        .compactMap { word in
            guard let open = bodyStart(file.code, from: word.end),
                let close = matching(file.code, from: open)
            else { return nil }
            return (word.line, newlines(file.code[word.start...close]) + 1)
        }
    }

    // The brace that opens the body, or nil for a requirement of a protocol.
    private static func bodyStart(_ code: [UInt8], from start: Int) -> Int? {
        var depth = 0
        var word: [UInt8] = []
        for index in start..<code.count {
            switch code[index] {
            case Byte.openParenthesis, Byte.openBracket: depth += 1
            case Byte.closeParenthesis, Byte.closeBracket: depth -= 1
            case Byte.openBrace where depth == 0: return index
            case Byte.closeBrace where depth == 0: return nil
            default: break
            }
            if depth < 0 { return nil }
            if Byte.isWord(code[index]) {
                word.append(code[index])
            } else {
                if depth == 0, requirementEnds.contains(word) { return nil }
                word = []
            }
        }
        return nil
    }

    private static let requirementEnds = Set(
        ["func", "var", "let", "init", "static", "associatedtype", "mutating", "subscript"].map {
            Array($0.utf8)
        })

    private static func matching(_ code: [UInt8], from open: Int) -> Int? {
        var depth = 0
        for index in open..<code.count {
            if code[index] == Byte.openBrace { depth += 1 }
            if code[index] == Byte.closeBrace {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return nil
    }

    private static func newlines(_ code: ArraySlice<UInt8>) -> Int {
        code.reduce(0) { $1 == Byte.newline ? $0 + 1 : $0 }
    }

    // Counts the colons at the list's own level: every parameter has exactly one.
    private static func parameterCount(_ code: [UInt8], from start: Int) -> Int {
        guard let open = code[start...].firstIndex(of: Byte.openParenthesis) else { return 0 }
        var depth = 0
        var colons = 0
        for byte in code[open...] {
            switch byte {
            case Byte.openParenthesis, Byte.openBracket, Byte.openBrace: depth += 1
            case Byte.closeParenthesis, Byte.closeBracket, Byte.closeBrace: depth -= 1
            case Byte.colon where depth == 1: colons += 1
            default: break
            }
            if depth == 0 { break }
        }
        return colons
    }
}
