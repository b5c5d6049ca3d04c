package import Primitives

/// A command line that follows the table: every value has been checked against its kind.
package struct Invocation: Sendable {
    /// The command.
    package let command: Command
    /// What follows its words.
    package let arguments: [String]
    private let flags: [String: [String]]

    /// Joins parts that the parser has checked.
    package init(command: Command, arguments: [String], flags: [String: [String]]) {
        self.command = command
        self.arguments = arguments
        self.flags = flags
    }

    /// The first word after the command's own, if any.
    package var argument: String? { arguments.first }

    /// The argument of a command that requires one.
    package func requiredArgument() throws(CommandFailure) -> String {
        guard let argument else {
            throw .usage(
                "MISSING_ARGUMENT", "\(command.name) needs \(command.argument?.placeholder ?? "an argument")",
                hint: "etm \(command.name) --help")
        }
        return argument
    }

    /// How often a switch was given.
    package func count(_ flag: String) -> Int { flags[flag]?.count ?? 0 }

    /// Whether the flag was given.
    package func has(_ flag: String) -> Bool { count(flag) > 0 }

    /// The value last given.
    package func text(_ flag: String) -> String? { flags[flag]?.last }

    /// Every value given, in order.
    package func values(_ flag: String) -> [String] { flags[flag] ?? [] }

    /// The value of a flag that the command cannot do without.
    package func required(_ flag: String) throws(CommandFailure) -> String {
        guard let value = text(flag) else {
            throw .usage(
                "MISSING_FLAG", "\(command.name) needs --\(flag)", hint: "etm \(command.name) --help")
        }
        return value
    }

    /// The whole number given, or this one.
    package func integer(_ flag: String, default standard: UInt64) -> UInt64 {
        text(flag).flatMap { UInt64($0) } ?? standard
    }

    /// The time given, or nil.
    package func duration(_ flag: String) -> Instant.Span? { text(flag).flatMap(DurationText.parse) }
}
