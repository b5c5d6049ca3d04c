package import JSON

/// What a command found or did: one value for programs, the same facts as lines for people.
package struct Outcome: Sendable, Equatable {
    /// The member "data" of the JSON document.
    package var data: JSONValue
    /// Lines for standard output in text mode.
    package var lines: [String]
    /// Lines for standard error in text mode: what to type next.
    package var notes: [String]
    /// True when a stream was printed already and nothing is left to print.
    package var isPrinted = false

    /// Joins the parts.
    package init(data: JSONValue, lines: [String], notes: [String] = []) {
        self.data = data
        self.lines = lines
        self.notes = notes
    }

    /// The end of a stream whose lines were printed one by one.
    package static var printed: Outcome {
        var outcome = Outcome(data: [:], lines: [])
        outcome.isPrinted = true
        return outcome
    }
}
