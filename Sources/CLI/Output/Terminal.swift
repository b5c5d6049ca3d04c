package import JSON

/// The one place where anything is printed.
///
/// Standard output carries the result only: lines for people, or with JSON exactly one document (one a
/// line while following). Everything else goes to standard error and is silent in JSON mode.
package final class Terminal {
    /// How the user wants to be spoken to.
    package struct Manner: Sendable, Equatable {
        /// One JSON document instead of text.
        package var isJSON = false
        /// Nothing but the result.
        package var isQuiet = false
        /// Timings of each step.
        package var verbosity = 0
        /// Colours on standard error.
        package var hasColors = false

        /// The manner without any flag.
        package init() {}
    }

    private let streams: any Streams
    /// How to speak.
    package var manner: Manner
    /// False when whoever read standard output has gone: endless commands end then.
    package private(set) var isOutputOpen = true
    private var spinnerStep = 0
    private var isSpinning = false

    /// A terminal over streams.
    package init(_ streams: any Streams, manner: Manner = Manner()) {
        self.streams = streams
        self.manner = manner
    }

    /// Whether a person can be asked.
    package var canAsk: Bool { streams.canAsk }
    /// Whether standard error is a terminal.
    package var showsProgress: Bool { streams.showsProgress }

    /// Prints what a command found.
    package func finish(_ outcome: Outcome) {
        stopSpinner()
        if outcome.isPrinted { return }
        if manner.isJSON { return document(Envelope.success(outcome.data)) }
        print(outcome.lines)
        notes(outcome.notes)
    }

    /// Prints why a command failed.
    package func fail(_ failure: CommandFailure) {
        stopSpinner()
        if manner.isJSON { return document(Envelope.failure(failure)) }
        print(failure.report)
        var lines = [colored("error[\(failure.code)]", "31;1") + " \(failure.message)"]
        if let place = failure.place { lines.append("  at    \(place)") }
        if !failure.hint.isEmpty { lines.append("  next  \(failure.hint)") }
        streams.writeError(lines.joined(separator: "\n") + "\n")
    }

    /// Prints one entry of a stream: a line of JSON or lines of text.
    package func stream(_ data: JSONValue, _ lines: [String]) {
        stopSpinner()
        if manner.isJSON { document(data) } else { print(lines) }
    }

    /// Prints lines about the work, for people only.
    package func notes(_ lines: [String]) {
        guard !manner.isJSON, !manner.isQuiet, !lines.isEmpty else { return }
        stopSpinner()
        streams.writeError(lines.joined(separator: "\n") + "\n")
    }

    /// Prints a line when the user asked for details.
    package func detail(_ line: @autoclosure () -> String, level: Int = 1) {
        guard manner.verbosity >= level, !manner.isJSON else { return }
        stopSpinner()
        streams.writeError("· \(line())\n")
    }

    /// Turns the spinner by one step on a terminal; prints nothing anywhere else.
    package func spin(_ text: String) {
        guard showsProgress, !manner.isJSON, !manner.isQuiet else { return }
        let frames = Array("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
        streams.writeError("\r\u{1B}[K\(frames[spinnerStep % frames.count]) \(text)")
        spinnerStep += 1
        isSpinning = true
    }

    /// Asks a yes-or-no question on standard error; only a "y" or "yes" is a yes.
    package func confirm(_ question: String) -> Bool {
        stopSpinner()
        streams.writeError("\(question) [y/N] ")
        guard let line = streams.readLine() else { return false }
        return ["y", "yes"].contains(String(decoding: line, as: UTF8.self).trimmed().lowercased())
    }

    /// Asks for a line of text on standard error.
    package func ask(_ question: String) -> String {
        stopSpinner()
        streams.writeError("\(question): ")
        return String(decoding: streams.readLine() ?? [], as: UTF8.self).trimmed()
    }

    /// Asks for a line that is not shown.
    package func askHidden(_ question: String) -> [UInt8]? {
        stopSpinner()
        streams.writeError("\(question): ")
        return streams.readHiddenLine()
    }

    /// Reads standard input to its end; nil when it cannot be read or is longer than `most` bytes.
    package func readInput(most: Int) -> [UInt8]? { streams.readAll(most: most) }

    /// Shows something once to a person at a terminal, never in JSON and never into a pipe.
    package func showSecret(_ write: ((String) -> Void) -> Void) {
        stopSpinner()
        write { streams.writeError($0) }
    }

    /// The text in colour when colours are welcome.
    package func colored(_ text: String, _ code: String) -> String {
        manner.hasColors ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    private func print(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        isOutputOpen = streams.writeOutput(lines.joined(separator: "\n") + "\n") && isOutputOpen
    }

    private func document(_ value: JSONValue) {
        let text = String(decoding: JSONWriter.compact(value), as: UTF8.self) + "\n"
        isOutputOpen = streams.writeOutput(text) && isOutputOpen
    }

    private func stopSpinner() {
        guard isSpinning else { return }
        isSpinning = false
        streams.writeError("\r\u{1B}[K")
    }
}
