/// Layers 1 and 2 decide: they neither wait, nor look at clocks, nor draw chance, nor use inexact numbers.
enum PurityRules {
    static let all = [words, chance, inexact, hashOrder]

    static func isPure(_ file: SourceFile) -> Bool {
        guard file.isSource, file.isSwift, let layer = LayerRules.layers[file.target ?? ""] else {
            return false
        }
        return layer == 1 || layer == 2
    }

    /// The one pure target with inexact numbers: it describes chains and no rule of a chain depends on it.
    private static let inexactTarget = "Analysis"

    private static let inexactTypes: Set<String> = [
        "Double", "Float", "Float16", "Float32", "Float64", "Float80", "CGFloat", "TimeInterval",
    ]

    private static let banned: Set<String> = [
        "async", "await", "Task", "actor", "Actor", "MainActor", "AsyncStream", "AsyncSequence",
        "print", "debugPrint", "dump", "readLine", "SystemRandomNumberGenerator", "Date", "ContinuousClock",
        "SuspendingClock", "Mutex", "Atomic", "NSLock", "DispatchQueue", "Thread", "sleep", "usleep",
        "ProcessInfo", "CommandLine", "FileManager", "hashValue",
    ]

    static let words = HouseRule(
        "layers 1 and 2 are pure", at: "Sources/Ledger/Sample.swift",
        bad: [
            "func f() async {}", "let t = Task {}", "actor A {}", "var x: Double = 0", "print(1)",
            "let d = Date()", "let g = SystemRandomNumberGenerator()", "let m = Mutex(0)",
        ],
        good: ["// print, async and Double are words here\nlet text = \"Task\"\nlet prints = 1"]
    ) { file in
        guard isPure(file) else { return [] }
        let words = file.target == inexactTarget ? banned : banned.union(inexactTypes)
        return file.words.filter { words.contains($0.text) && file.byte(before: $0) != Byte.dot }
            .map { file.finding($0.line, "layers 1 and 2 do without \($0.text)") }
    }

    static let chance = HouseRule(
        "chance is an argument in layers 1 and 2", at: "Sources/Consensus/Sample.swift",
        bad: ["let a = Int.random(in: 0..<9)", "let b = list.shuffled()", "let c = list.randomElement()"],
        good: ["let a = Int.random(in: 0..<9, using: &generator)\nlet b = list.shuffled(using: &g)"]
    ) { file in
        guard isPure(file) else { return [] }
        return file.words
            .filter {
                ["shuffled", "shuffle", "randomElement"].contains($0.text) || drawsFromRange(file, $0)
            }
            .filter { file.byte(before: $0) == Byte.dot && file.byte(after: $0) == Byte.openParenthesis }
            .filter { !file.codeLines[$0.line - 1].contains("using:") }
            .map { file.finding($0.line, "\($0.text) draws from the system") }
    }

    // A type's own `random()` is an entropy source with an address; a draw from a range is not.
    private static func drawsFromRange(_ file: SourceFile, _ word: SourceFile.Word) -> Bool {
        word.text == "random" && file.codeLines[word.line - 1].contains("random(in:")
    }

    static let inexact = HouseRule(
        "layers 1 and 2 have no floating point literals", at: "Sources/Randomness/Sample.swift",
        bad: ["let a = 0.5", "let b = f(1.25e3)"], good: ["let a = pair.0.1 + 7\nlet b = $0.1\nlet c = 0...9"]
    ) { file in
        guard isPure(file), file.target != inexactTarget else { return [] }
        return zip(file.words, file.words.dropFirst()).filter { number, fraction in
            number.text.utf8.allSatisfy(Byte.isDigit) && fraction.start == number.end + 1
                && file.code[number.end] == Byte.dot && fraction.text.utf8.first.map(Byte.isDigit) == true
                && (number.start == 0 || file.code[number.start - 1] != Byte.dot)
        }
        .map { file.finding($0.0.line, "\($0.0.text).\($0.1.text) is a floating point number") }
    }

    static let hashOrder = HouseRule(
        "layers 1 and 2 do not depend on the order of a hash table", at: "Sources/Ledger/Sample.swift",
        bad: [
            "var seen: Set<Int> = []\nfor one in seen { use(one) }",
            "var map: [Int: Int] = [:]\nlet list = map.map { $0.key }",
            "var map: [Key: [Value]] = [:]\nfor (key, value) in map {}",
            "let map = Dictionary(grouping: x) { $0 }\nlet list = map.keys.map { $0 }",
        ],
        good: [
            "var map: [Int: Int] = [:]\nlet list = map.keys.sorted()",
            "var map: [Int: Int] = [:]\n// Order does not matter: it is a sum.\nlet sum = map.reduce(0) { $0 }",
            "var list: [Int] = []\nfor one in list {}",
            "let map: [Int: Int]\ninit(_ map: [Int]) { for one in map {} }",
            "var map: [Int: Int] = [:]\nlet n = map.count\nlet x = map[3]",
        ]
    ) { file in
        guard isPure(file) else { return [] }
        let tables = hashTables(of: file)
        return file.words.indices.filter { index in
            tables.contains(file.words[index].text) && iterates(file, index) && !isJustified(file, index)
        }
        .map { file.finding(file.words[$0].line, "\(file.words[$0].text) is walked in no fixed order") }
    }

    private static let walks: Set<String> = [
        "map", "compactMap", "flatMap", "forEach", "reduce", "keys", "values", "first", "randomElement",
        "enumerated", "prefix", "lazy", "popFirst", "mapValues",
    ]

    // The names that a file declares as a dictionary or a set.
    private static func hashTables(of file: SourceFile) -> Set<String> {
        var names: Set<String> = []
        for index in file.words.indices.dropLast() {
            guard file.words[index].text == "var" || file.words[index].text == "let" else { continue }
            let name = file.words[index + 1]
            let rest = file.codeLines[name.line - 1].utf8.map { $0 }
            let tail = String(decoding: rest, as: UTF8.self)
            guard let range = tail.firstRange(of: name.text) else { continue }
            let after = tail[range.upperBound...].drop { $0 == " " }
            if isHashTable(after) { names.insert(name.text) }
        }
        // A parameter of the same name that is a list hides the table.
        return names.filter { name in
            !file.codeLines.contains { line in
                guard let range = line.firstRange(of: " \(name): [") else { return false }
                return !isHashTable(line[range.lowerBound...].dropFirst(name.count + 1))
            }
        }
    }

    private static func isHashTable(_ declaration: Substring) -> Bool {
        if declaration.hasPrefix("= Dictionary") || declaration.hasPrefix("= Set") { return true }
        if declaration.hasPrefix("= [:]") { return true }
        guard declaration.hasPrefix(":") else { return false }
        let type = declaration.dropFirst().drop { $0 == " " }
        if type.hasPrefix("Set<") || type.hasPrefix("Dictionary<") { return true }
        guard type.hasPrefix("[") else { return false }
        var depth = 0
        for character in type {
            if character == "[" || character == "(" { depth += 1 }
            if character == "]" || character == ")" { depth -= 1 }
            if depth == 0 { return false }
            if depth == 1, character == ":" { return true }
        }
        return false
    }

    private static func iterates(_ file: SourceFile, _ index: Int) -> Bool {
        let word = file.words[index]
        if index > 0, file.words[index - 1].text == "in", file.byte(after: word) == Byte.space {
            return true
        }
        guard file.byte(after: word) == Byte.dot, index + 1 < file.words.count else { return false }
        return walks.contains(file.words[index + 1].text)
    }

    // A sort or a test in the same statement, or a comment above that speaks of the order.
    private static func isJustified(_ file: SourceFile, _ index: Int) -> Bool {
        let line = file.words[index].line - 1
        let statement = file.codeLines[line..<min(line + 3, file.codeLines.count)].joined(separator: " ")
        let orderless = [
            ".sorted", ".sort(", ".max", ".min", ".allSatisfy", ".contains", ".count", ".isEmpty",
        ]
        if orderless.contains(where: statement.contains) { return true }
        let above = file.commentLines[max(0, line - 3)...line].joined(separator: " ")
        return above.contains("rder")
    }
}
