/// One command: its words, its help, its flags and the function that carries it out.
package struct Command: Sendable {
    /// Carries the command out.
    package typealias Handler = @Sendable (Invocation, Session) throws(CommandFailure) -> Outcome

    /// The words that name it, one to three.
    package let path: [String]
    /// One line.
    package let summary: String
    /// The thing it is applied to, if any.
    package let argument: Argument?
    /// Its own flags; the global ones apply as well.
    package let flags: [Flag]
    /// At least two lines that work as printed.
    package let examples: [Example]
    /// A few sentences below the flags.
    package let details: String
    /// Carries it out.
    package let handler: Handler

    /// Joins the parts.
    package init(
        _ path: String, _ summary: String, argument: Argument? = nil, flags: [Flag] = [], examples: [Example],
        details: String = "", handler: @escaping Handler
    ) {
        self.path = path.split(separator: " ").map(String.init)
        self.summary = summary
        self.argument = argument
        self.flags = flags
        self.examples = examples
        self.details = details
        self.handler = handler
    }

    /// The words in one text: "devnet up".
    package var name: String { path.joined(separator: " ") }

    /// A line that works as printed, with what it does.
    package struct Example: Sendable {
        /// What to type, without the prompt.
        package let line: String
        /// What it does.
        package let note: String

        /// Joins the parts.
        package init(_ line: String, _ note: String) {
            self.line = line
            self.note = note
        }
    }

    /// What may follow the command's words.
    package struct Argument: Sendable {
        /// How help shows it.
        package let placeholder: String
        /// What it may be.
        package let kind: ValueKind
        /// True when the command cannot run without it.
        package let isRequired: Bool
        /// The most words; one for everything but `help`.
        package let most: Int

        /// An argument that must be given.
        package static func required(_ placeholder: String, _ kind: ValueKind) -> Argument {
            Argument(placeholder: placeholder, kind: kind, isRequired: true, most: 1)
        }

        /// An argument that may be left out.
        package static func optional(_ placeholder: String, _ kind: ValueKind, most: Int = 1) -> Argument {
            Argument(placeholder: placeholder, kind: kind, isRequired: false, most: most)
        }
    }
}

/// Commands that share their first word, or that stand alone.
package struct CommandGroup: Sendable {
    /// The first word; empty for commands of one word.
    package let name: String
    /// One line.
    package let summary: String
    /// Its commands in the order of help.
    package let commands: [Command]

    /// Joins the parts.
    package init(_ name: String, _ summary: String, _ commands: [Command]) {
        self.name = name
        self.summary = summary
        self.commands = commands
    }
}
