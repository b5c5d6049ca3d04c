internal import Glibc
internal import JSON
internal import Node
internal import Primitives

/// The whole program: from words to an exit code.
public enum Program {
    /// Runs the process's own command line and gives what the shell is told.
    public static func main() -> Int32 {
        let arguments = Array(CommandLine.arguments.dropFirst())
        Interruption.install(json: CommandLineParser.wantsJSON(arguments))
        return run(arguments, environment: .current(), streams: StandardStreams()).rawValue
    }

    /// Runs a command line with the given environment and streams.
    package static func run(
        _ arguments: [String], environment: Environment, streams: any Streams, table: CommandTable = .standard
    ) -> ExitCode {
        let terminal = Terminal(streams)
        terminal.manner = manner(arguments, environment, streams)
        do throws(CommandFailure) {
            terminal.finish(try outcome(arguments, environment, terminal, table))
            return .done
        } catch {
            let failure = error.exit == .bug ? BugReport.written(for: error, arguments, environment) : error
            terminal.fail(failure)
            return failure.exit
        }
    }

    private static func outcome(
        _ arguments: [String], _ environment: Environment, _ terminal: Terminal, _ table: CommandTable
    ) throws(CommandFailure) -> Outcome {
        switch try CommandLineParser.parse(arguments, table: table) {
        case .help(let words): return try HelpText(table).page(for: words)
        case .version: return GeneralCommands.version
        case .run(let invocation):
            let settings = try Settings(invocation, environment)
            terminal.manner.verbosity = invocation.count("verbose")
            terminal.manner.isQuiet = invocation.has("quiet")
            let session = Session(environment: environment, settings: settings, terminal: terminal)
            return try invocation.command.handler(invocation, session)
        }
    }

    // Known before parsing, because a wrong command line must be answered in the same manner.
    private static func manner(
        _ arguments: [String], _ environment: Environment, _ streams: any Streams
    ) -> Terminal.Manner {
        var manner = Terminal.Manner()
        manner.isJSON = CommandLineParser.wantsJSON(arguments)
        manner.hasColors =
            streams.showsProgress && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
            && !arguments.contains("--no-color")
        return manner
    }
}

/// A file about a failure that should not be possible; it holds no values that the user typed.
enum BugReport {
    static func written(
        for failure: CommandFailure, _ arguments: [String], _ environment: Environment
    ) -> CommandFailure {
        var failure = failure
        let home = HomeDirectory(path: Settings.home(flag: nil, environment))
        let path = "\(home.reports)/\(Clock.now.milliseconds)-\(getpid()).txt"
        // Values may be private: only the names of commands and flags are kept.
        let names =
            arguments.prefix { !$0.hasPrefix("-") }.prefix(2)
            + arguments.filter { $0.hasPrefix("--") }.map {
                String($0.prefix { $0 != "=" })
            }
        let text = """
            etm \(Software.version)
            command: etm \(names.joined(separator: " "))
            error: \(failure.code) \(failure.message)

            """
        do throws(CommandFailure) {
            try Files.makeDirectory(home.reports)
            try Files.write(Array(text.utf8), to: path, mode: 0o600)
            failure.facts["report"] = .string(path)
            failure.message += " (report: \(path))"
        } catch {
            failure.message += " (no report: \(error.message))"
        }
        return failure
    }
}
