internal import Primitives

/// One option of a command: a name, what its value may be, and a line of help.
package struct Flag: Sendable {
    /// The long name without dashes.
    package let name: String
    /// The one-letter name.
    package let short: Character?
    /// What follows the name; nil for a switch.
    package let value: ValueKind?
    /// One line of help.
    package let summary: String
    /// The value when the flag is absent, as shown in help.
    package let standard: String?

    /// A switch.
    package static func toggle(_ name: String, short: Character? = nil, _ summary: String) -> Flag {
        Flag(name: name, short: short, value: nil, summary: summary, standard: nil)
    }

    /// An option that takes a value.
    package static func option(
        _ name: String, short: Character? = nil, _ value: ValueKind, _ summary: String,
        standard: String? = nil
    ) -> Flag {
        Flag(name: name, short: short, value: value, summary: summary, standard: standard)
    }

    /// How help shows it: "-q, --quiet", "--port N".
    package var usage: String {
        let long = short.map { "-\($0), --\(name)" } ?? "--\(name)"
        return value.map { "\(long) \($0.placeholder)" } ?? long
    }
}

/// What a value may be; the parser refuses everything else.
package enum ValueKind: Sendable {
    /// Any text that is not empty.
    case text(String)
    /// One of these words.
    case choice([String])
    /// A whole number in this range.
    case integer(String, ClosedRange<UInt64>)
    /// An exact decimal with an optional symbol.
    case amount
    /// A length of time with its unit.
    case duration
    /// A path of an existing or future file.
    case file(String)
    /// A name that shells can complete from what exists on this machine.
    case name(String, CompletionSource)

    /// How help shows it.
    package var placeholder: String {
        switch self {
        case .text(let word), .integer(let word, _), .file(let word), .name(let word, _): word
        case .choice(let words): words.joined(separator: "|")
        case .amount: "AMOUNT"
        case .duration: "TIME"
        }
    }

    /// Nil when the text is such a value, else what is expected.
    package func expectation(violatedBy text: String) -> String? {
        switch self {
        case .text, .file, .name: text.isEmpty ? "a text that is not empty" : nil
        case .choice(let words): words.contains(text) ? nil : "one of \(words.joined(separator: ", "))"
        case .integer(_, let range): Self.violates(text, range)
        case .amount: AmountText(text) == nil ? "an amount such as 10, 0.5 or 10etm" : nil
        case .duration: DurationText.parse(text) == nil ? "a time such as 500ms, 3s or 2m" : nil
        }
    }

    private static func violates(_ text: String, _ range: ClosedRange<UInt64>) -> String? {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if isPlain, let number = UInt64(text), range.contains(number) { return nil }
        if range.upperBound == .max { return "a whole number of at least \(range.lowerBound)" }
        return "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }
}

/// Where shells look up names while completing.
package enum CompletionSource: String, Sendable, CaseIterable {
    /// Accounts of the keystore and of the devnet.
    case accounts
    /// Devnets of this home.
    case devnets
    /// Templates that can be copied.
    case templates
    /// Chains that the node runs.
    case chains
}
