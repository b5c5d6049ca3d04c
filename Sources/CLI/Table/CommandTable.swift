/// Every command of the program: parsing, help, suggestions and completions all derive from it.
package struct CommandTable: Sendable {
    /// The groups in the order of help.
    package let groups: [CommandGroup]

    /// The table of these groups.
    package init(_ groups: [CommandGroup]) { self.groups = groups }

    /// What `etm` knows.
    package static let standard = CommandTable([
        DevnetCommands.group, AccountCommands.group, TransferCommands.group, TransactionCommands.group,
        BlockCommands.group, LockCommands.group, VoteCommands.group, ValidatorCommands.group,
        AssetCommands.group, StorageCommands.group, DAppCommands.group, ChainCommands.group,
        RandomCommands.group, AnalyzeCommands.group,
        GeneralCommands.group,
    ])

    /// All commands in order.
    package var commands: [Command] { groups.flatMap(\.commands) }

    /// The command of exactly these words.
    package func command(_ path: [String]) -> Command? { commands.first { $0.path == path } }

    /// The group whose first word this is.
    package func group(_ name: String) -> CommandGroup? {
        groups.first { $0.name == name && $0.commands.contains { $0.path.count > 1 } }
    }

    /// Every word that may come first.
    package var firstWords: [String] {
        var words: [String] = []
        for command in commands where !words.contains(command.path[0]) { words.append(command.path[0]) }
        return words
    }

    /// Whether a flag of this name takes a value, in whichever command; nil for a name that no command has.
    package func takesValue(_ flag: String) -> Bool? {
        for candidate in GlobalFlags.all + commands.flatMap(\.flags) where candidate.name == flag {
            return candidate.value != nil
        }
        return nil
    }

    /// The long name for a letter, in whichever command.
    package func longName(_ letter: Character) -> String? {
        (GlobalFlags.all + commands.flatMap(\.flags)).first { $0.short == letter }?.name
    }
}

/// The flags that every command has.
package enum GlobalFlags {
    /// All of them in the order of help.
    package static let all: [Flag] = [
        .toggle("json", "print one JSON document and nothing else"),
        .toggle("quiet", short: "q", "print the result only"),
        .toggle("verbose", short: "v", "print timings of each step; repeat for more"),
        .toggle("no-color", "no colours; also NO_COLOR, TERM=dumb or no terminal"),
        .toggle("no-input", "never ask; implied when there is no terminal"),
        .toggle("yes", short: "y", "consent to what the plan shows"),
        .toggle("dry-run", "show the plan and stop; needs no password"),
        .option("chain", .name("NAME", .chains), "the chain to work on", standard: "main"),
        .option("node", .text("URL"), "the node to speak to", standard: "the running devnet"),
        .option("profile", .name("NAME", .devnets), "which devnet to speak to", standard: "default"),
        .option("config", .file("FILE"), "read settings from this file"),
        .option("home", .file("DIR"), "keys, devnets and settings live here"),
        .option("from", .name("ACCOUNT", .accounts), "who sends and signs"),
        .option("timeout", .duration, "how long to wait", standard: "60s"),
        .option("password-file", .file("FILE|-"), "read the password from the first line of a file"),
        .option("password-fd", .integer("N", 0...1023), "read the password from an open descriptor"),
        .toggle("help", short: "h", "show help for a command"),
        .toggle("version", short: "V", "print the version"),
    ]
}
