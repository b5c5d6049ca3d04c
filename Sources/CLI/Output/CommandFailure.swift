package import JSON

/// Why a command did not do what it was asked, with the next command to type.
package struct CommandFailure: Error, Sendable, Equatable {
    /// A stable upper-case word.
    package var code: String
    /// One sentence.
    package var message: String
    /// What to type next; empty when nothing helps.
    package var hint: String
    /// What the shell is told.
    package var exit: ExitCode
    /// Where in a DApp's source it happened.
    package var place: SourcePlace?
    /// Further members of the error in JSON, in order.
    package var facts: JSONObject
    /// Lines for standard output in text mode: findings of a check, a receipt.
    package var report: [String]

    /// Joins the parts.
    package init(
        _ code: String, _ message: String, hint: String = "", exit: ExitCode, place: SourcePlace? = nil,
        facts: JSONObject = JSONObject(), report: [String] = []
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.exit = exit
        self.place = place
        self.facts = facts
        self.report = report
    }

    /// Where the code is explained in the documentation.
    package var doc: String { "errors#\(code.lowercased())" }

    /// A command line that does not follow the table.
    package static func usage(_ code: String, _ message: String, hint: String = "") -> CommandFailure {
        CommandFailure(code, message, hint: hint, exit: .usage)
    }

    /// Something that should not be possible: the program writes a report and asks for it.
    package static func bug(_ message: String) -> CommandFailure {
        CommandFailure("INTERNAL", message, exit: .bug)
    }
}

/// A place in a source file, counted from 1.
package struct SourcePlace: Sendable, Equatable, CustomStringConvertible {
    /// The path within the DApp.
    package var file: String
    /// The line, or 0 when unknown.
    package var line: Int
    /// The column, or 0 when unknown.
    package var column: Int

    /// Joins the parts.
    package init(file: String, line: Int = 0, column: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// Reads the member "at" of an error; nil when it is absent or names no file.
    package init?(_ value: JSONValue?) {
        guard let file = value?["file"]?.string, !file.isEmpty else { return nil }
        self.init(file: file, line: value?["line"]?.int ?? 0, column: value?["column"]?.int ?? 0)
    }

    /// As compilers write it: file:line:column without unknown parts.
    package var description: String {
        if line == 0 { return file }
        return column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)"
    }

    /// The members for JSON.
    package var json: JSONValue {
        ["file": .string(file), "line": JSONValue(line), "column": JSONValue(column)]
    }
}
