package import JSON

/// Help pages, all at most 80 columns wide and led by two examples.
package struct HelpText: Sendable {
    private let table: CommandTable

    /// Help for a table.
    package init(_ table: CommandTable = .standard) { self.table = table }

    /// The page for these words; fails with a suggestion when nothing has that name.
    package func page(for words: [String]) throws(CommandFailure) -> Outcome {
        if words.isEmpty { return Outcome(data: listing, lines: overview) }
        if words == ["exit-codes"] { return Outcome(data: exitCodesJSON, lines: exitCodes) }
        if let command = table.command(words) {
            return Outcome(data: Self.json(of: command), lines: page(of: command))
        }
        if words.count == 1, let group = table.group(words[0]) {
            return Outcome(data: .array(group.commands.map(Self.json)), lines: page(of: group))
        }
        let names = table.firstWords + table.commands.map(\.name) + ["exit-codes"]
        let asked = words.joined(separator: " ")
        throw CommandFailure(
            "UNKNOWN_TOPIC", "there is no help on \"\(asked)\"" + Suggestion.phrase(for: asked, among: names),
            hint: "etm help", exit: .usage)
    }

    /// What `etm` without words prints.
    package var overview: [String] {
        var lines = ["etm runs, uses and builds for chains of the En-Tan-Mo network.", "", "Examples"]
        lines += Self.lines(of: [
            .init("etm devnet up", "start a local network with funded accounts"),
            .init("etm dapp new hello --template hello", "make a DApp to deploy on it"),
        ])
        lines += ["", "Commands"]
        for group in table.groups {
            guard !group.name.isEmpty else { continue }
            lines += TextLayout.entry(group.name, group.summary, column: 12)
        }
        for command in table.commands where command.path.count == 1 && table.group(command.path[0]) == nil {
            guard !table.groups.contains(where: { $0.name == command.path[0] }) else { continue }
            lines += TextLayout.entry(command.path[0], command.summary, column: 12)
        }
        lines += ["", "More: etm help COMMAND · etm help --all · etm help exit-codes"]
        return lines
    }

    /// Every page one after the other, for documentation.
    package var everything: [String] {
        var lines = overview + [""] + Self.globalFlags
        for command in table.commands {
            lines += ["", String(repeating: "─", count: TextLayout.helpWidth), ""] + page(of: command)
        }
        return lines + ["", String(repeating: "─", count: TextLayout.helpWidth), ""] + exitCodes
    }

    /// Every command for programs.
    package var listing: JSONValue {
        ["commands": .array(table.commands.map(Self.json)), "exitCodes": exitCodesJSON]
    }

    private func page(of group: CommandGroup) -> [String] {
        var lines = ["etm \(group.name): \(group.summary)", "", "Examples"]
        lines += Self.lines(of: Array(group.commands.compactMap(\.examples.first).prefix(2)))
        lines += ["", "Commands"]
        for command in group.commands {
            lines += TextLayout.entry(
                command.path.dropFirst().joined(separator: " "), command.summary, column: 12)
        }
        return lines + ["", "More: etm help \(group.name) COMMAND"]
    }

    private func page(of command: Command) -> [String] {
        var lines = TextLayout.wrap("etm \(command.name): \(command.summary)") + ["", "Examples"]
        lines += Self.lines(of: command.examples)
        lines += ["", "Usage"] + TextLayout.wrap(Self.usage(of: command), indent: 2)
        if !command.flags.isEmpty {
            lines += ["", "Flags"]
            for flag in command.flags { lines += Self.line(of: flag) }
        }
        if !command.details.isEmpty { lines += [""] + TextLayout.wrap(command.details) }
        return lines + ["", "Global flags: etm help --all"]
    }

    private static func usage(of command: Command) -> String {
        var text = "etm \(command.name)"
        if let argument = command.argument {
            text += argument.isRequired ? " \(argument.placeholder)" : " [\(argument.placeholder)]"
        }
        return text + (command.flags.isEmpty ? "" : " [flags]")
    }

    private static func line(of flag: Flag) -> [String] {
        let standard = flag.standard.map { " [\($0)]" } ?? ""
        return TextLayout.entry(flag.usage, flag.summary + standard, column: 26)
    }

    // Side by side when every line fits, else each note below its line.
    private static func lines(of examples: [Command.Example]) -> [String] {
        let width = examples.map(\.line.count).max() ?? 0
        let fits = examples.allSatisfy { 2 + width + 4 + $0.note.count <= TextLayout.helpWidth }
        return examples.flatMap { example in
            fits
                ? ["  \(example.line.padded(to: width))  # \(example.note)"]
                : ["  \(example.line)"] + TextLayout.wrap("# \(example.note)", indent: 6)
        }
    }

    /// The flags that every command has.
    package static var globalFlags: [String] {
        ["Global flags"] + GlobalFlags.all.flatMap(line(of:))
    }

    /// The table of exit codes.
    package var exitCodes: [String] {
        ["Exit codes"] + ExitCode.allCases.map { "  \(String($0.rawValue).leftPadded(to: 3))  \($0.meaning)" }
    }

    private var exitCodesJSON: JSONValue {
        .array(
            ExitCode.allCases.map {
                ["exit": JSONValue(Int($0.rawValue)), "meaning": .string($0.meaning)]
            })
    }

    private static func json(of command: Command) -> JSONValue {
        [
            "name": .string(command.name), "summary": .string(command.summary),
            "argument": command.argument.map { .string($0.placeholder) } ?? .null,
            "flags": .array(command.flags.map(json(of:))),
            "examples": .array(
                command.examples.map { ["line": .string($0.line), "note": .string($0.note)] }),
            "details": .string(command.details),
        ]
    }

    private static func json(of flag: Flag) -> JSONValue {
        [
            "name": .string(flag.name), "short": flag.short.map { .string(String($0)) } ?? .null,
            "value": flag.value.map { .string($0.placeholder) } ?? .null, "summary": .string(flag.summary),
            "default": flag.standard.map { .string($0) } ?? .null,
        ]
    }
}
