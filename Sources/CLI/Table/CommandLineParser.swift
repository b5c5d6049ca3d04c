/// Turns words into an invocation of a command, or says what is wrong and what was meant.
package struct CommandLineParser: Sendable {
    /// What a command line asks for.
    package enum Request: Sendable {
        /// Carry out a command.
        case run(Invocation)
        /// Show help for these words; none is the whole program.
        case help([String])
        /// Print the version.
        case version
    }

    private let table: CommandTable
    private var words: [String] = []
    private var flags: [(name: String, value: String?)] = []

    /// A parser for a table.
    package init(_ table: CommandTable = .standard) { self.table = table }

    /// Reads the words behind the program's name.
    package static func parse(
        _ arguments: [String], table: CommandTable = .standard
    ) throws(CommandFailure) -> Request {
        var parser = CommandLineParser(table)
        try parser.split(arguments)
        return try parser.request()
    }

    /// Whether JSON is asked for, which must be known even when the line is wrong.
    package static func wantsJSON(_ arguments: [String]) -> Bool {
        arguments.prefix { $0 != "--" }.contains("--json")
    }

    // Which words are values depends on the flags only: a name takes a value in all commands or in none.
    private mutating func split(_ arguments: [String]) throws(CommandFailure) {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word == "--" {
                words += rest
                return
            }
            if word.hasPrefix("--") {
                try long(word.dropFirst(2), &rest)
            } else if word.hasPrefix("-"), word.count > 1 {
                try short(word.dropFirst(), &rest)
            } else {
                words.append(word)
            }
        }
    }

    private mutating func long(_ text: Substring, _ rest: inout ArraySlice<String>) throws(CommandFailure) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        if parts.count == 2 {
            if table.takesValue(name) == false {
                throw .usage("UNEXPECTED_VALUE", "--\(name) takes no value", hint: "--\(name)")
            }
            flags.append((name, String(parts[1])))
        } else {
            flags.append((name, table.takesValue(name) == true ? try value(of: name, &rest) : nil))
        }
    }

    private mutating func short(_ letters: Substring, _ rest: inout ArraySlice<String>) throws(CommandFailure)
    {
        for letter in letters {
            let name = table.longName(letter) ?? String(letter)
            flags.append((name, table.takesValue(name) == true ? try value(of: name, &rest) : nil))
        }
    }

    private func value(of name: String, _ rest: inout ArraySlice<String>) throws(CommandFailure) -> String {
        guard let value = rest.popFirst() else {
            throw .usage("MISSING_VALUE", "--\(name) needs a value", hint: "etm help")
        }
        return value
    }

    private func request() throws(CommandFailure) -> Request {
        let wantsHelp = flags.contains { $0.name == "help" }
        if words.isEmpty {
            if flags.contains(where: { $0.name == "version" }) { return .version }
            try check(flags: [], of: nil)
            return .help([])
        }
        let longest = table.command(Array(words.prefix(3))) ?? table.command(Array(words.prefix(2)))
        if let command = longest ?? table.command([words[0]]) {
            if wantsHelp { return .help(command.path) }
            return .run(try invocation(of: command))
        }
        guard let group = table.group(words[0]) else { throw unknownFirstWord() }
        guard words.count > 1 else { return .help([group.name]) }
        throw unknownSecondWord(in: group)
    }

    private func invocation(of command: Command) throws(CommandFailure) -> Invocation {
        try check(flags: command.flags, of: command)
        let arguments = Array(words.dropFirst(command.path.count))
        let most = command.argument?.most ?? 0
        guard arguments.count <= most else {
            throw .usage(
                "UNEXPECTED_ARGUMENT", "\(command.name) takes \(Self.count(most)), not \(arguments.count)",
                hint: "etm \(command.name) --help")
        }
        if let argument = command.argument { try check(arguments, against: argument, of: command) }
        var values: [String: [String]] = [:]
        for flag in flags { values[flag.name, default: []].append(flag.value ?? "") }
        return Invocation(command: command, arguments: arguments, flags: values)
    }

    // The words themselves are not repeated: a recovery phrase may be among them.
    private static func count(_ most: Int) -> String {
        most == 0 ? "no argument" : most == 1 ? "one argument" : "at most \(most) arguments"
    }

    private func check(
        _ words: [String], against argument: Command.Argument, of command: Command
    ) throws(CommandFailure) {
        if words.isEmpty, argument.isRequired {
            throw .usage(
                "MISSING_ARGUMENT", "\(command.name) needs \(argument.placeholder)",
                hint: command.examples.first?.line ?? "etm \(command.name) --help")
        }
        for word in words {
            guard let expected = argument.kind.expectation(violatedBy: word) else { continue }
            throw badValue(word, of: argument.placeholder, kind: argument.kind, expected: expected, command)
        }
    }

    private func check(flags own: [Flag], of command: Command?) throws(CommandFailure) {
        let known = own + GlobalFlags.all
        for flag in flags {
            guard let definition = known.first(where: { $0.name == flag.name }) else {
                throw unknownFlag(flag.name, among: known, of: command)
            }
            guard let kind = definition.value else { continue }
            let value = flag.value ?? ""
            guard let expected = kind.expectation(violatedBy: value) else { continue }
            throw badValue(value, of: "--\(flag.name)", kind: kind, expected: expected, command)
        }
    }
}

extension CommandLineParser {
    private func unknownFirstWord() -> CommandFailure {
        let word = words[0]
        let elsewhere = table.commands.first { $0.path.count == 2 && $0.path[1] == word }
        let nearest = Suggestion.nearest(to: word, among: table.firstWords)
        guard let meant = nearest ?? elsewhere?.name else {
            return .usage("UNKNOWN_COMMAND", "unknown command \"\(word)\"", hint: "etm help")
        }
        let rest = nearest == nil ? [] : words.dropFirst()
        return .usage(
            "UNKNOWN_COMMAND", "unknown command \"\(word)\"; did you mean \"\(meant)\"?",
            hint: (["etm", meant] + rest).joined(separator: " "))
    }

    private func unknownSecondWord(in group: CommandGroup) -> CommandFailure {
        if let failure = unknownThirdWord(in: group) { return failure }
        let word = words[1]
        let verbs = group.commands.compactMap { $0.path.dropFirst().first }
        let meant = Suggestion.nearest(to: word, among: verbs)
        return .usage(
            "UNKNOWN_COMMAND",
            "unknown command \"\(group.name) \(word)\""
                + (meant.map { "; did you mean \"\(group.name) \($0)\"?" } ?? ""),
            hint: meant.map { "etm \(group.name) \($0)" } ?? "etm help \(group.name)")
    }

    private func unknownThirdWord(in group: CommandGroup) -> CommandFailure? {
        let start = Array(words.prefix(2))
        let verbs = group.commands.filter { $0.path.count == 3 && $0.path.starts(with: start) }
            .map { $0.path[2] }
        guard !verbs.isEmpty else { return nil }
        let name = start.joined(separator: " ")
        let meant = words.count > 2 ? Suggestion.nearest(to: words[2], among: verbs) : nil
        return .usage(
            "UNKNOWN_COMMAND",
            "\(name) wants one of \(verbs.joined(separator: ", "))"
                + (meant.map { "; did you mean \"\(name) \($0)\"?" } ?? ""),
            hint: "etm \(name) \(meant ?? verbs[0])")
    }

    private func unknownFlag(_ name: String, among known: [Flag], of command: Command?) -> CommandFailure {
        let dashes = name.count == 1 ? "-" : "--"
        let phrase = Suggestion.phrase(for: name, among: known.map(\.name), prefix: "--")
        let place = command.map { " for \($0.name)" } ?? ""
        return .usage(
            "UNKNOWN_FLAG", "unknown flag \(dashes)\(name)\(place)\(phrase)",
            hint: command.map { "etm \($0.name) --help" } ?? "etm help")
    }

    private func badValue(
        _ value: String, of what: String, kind: ValueKind, expected: String, _ command: Command?
    ) -> CommandFailure {
        var phrase = ""
        if case .choice(let words) = kind { phrase = Suggestion.phrase(for: value, among: words) }
        return .usage(
            "BAD_VALUE", "\(what) wants \(expected), not \"\(value)\"\(phrase)",
            hint: command.map { "etm \($0.name) --help" } ?? "etm help")
    }
}
