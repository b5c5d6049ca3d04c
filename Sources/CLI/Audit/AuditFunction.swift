internal import JSON

/// One consensus function that anybody may compute: its name, what it takes, what it gives.
struct AuditFunction: Sendable {
    typealias Run = @Sendable (InputRecord) throws(CommandFailure) -> JSONValue

    let name: String
    let summary: String
    /// The fields it takes, in the notation of help.
    let input: [String]
    /// The fields it gives.
    let output: [String]
    let run: Run

    init(
        _ name: String, _ summary: String, input: [String], output: [String], run: @escaping Run
    ) {
        self.name = name
        self.summary = summary
        self.input = input
        self.output = output
        self.run = run
    }

    /// Computes; a field outside the list is refused, because a misspelt one would be ignored.
    func compute(_ record: InputRecord) throws(CommandFailure) -> JSONValue {
        // "locks:[{amount, anchor}]" is the field "locks".
        try record.allow(input.map { String($0.prefix { $0 != ":" }) })
        return try run(record)
    }

    /// "index {id, slot, limit} → {index}".
    var signature: String {
        "\(name) {\(input.joined(separator: ", "))} → {\(output.joined(separator: ", "))}"
    }

    /// Every function in the order of the list.
    static let all = RandomnessAudits.all + StakingAudits.all + AnalysisAudits.all
}
