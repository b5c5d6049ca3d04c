internal import Analysis
internal import JSON

/// Audits of figures that describe safety and decentralisation (mathematics 8).
enum AnalysisAudits {
    static let all = [doubleSpend, seats, entropy]

    private static let doubleSpend = AuditFunction(
        "doubleSpend", "the chance to undo z confirmations with part q of the work", input: ["q", "z"],
        output: ["exact"]
    ) { record throws(CommandFailure) in
        let share = try record.number("q", in: 0...1)
        let count = try record.count("z", in: 0...DoubleSpend.limit)
        return ["exact": JSONValue(figure: DoubleSpend.probability(share: share, confirmations: count))]
    }

    private static let seats = AuditFunction(
        "seats", "the chance of a coalition with part share to get atLeast of seats",
        input: ["share", "seats", "atLeast"], output: ["probability"]
    ) { record throws(CommandFailure) in
        let share = try record.number("share", in: 0...1)
        let seats = try record.count("seats", in: 0...Seats.limit)
        let least = try record.count("atLeast", in: 0...Seats.limit)
        return ["probability": JSONValue(figure: Seats.binomial(share: share, seats: seats, atLeast: least))]
    }

    private static let entropy = AuditFunction(
        "entropy", "how evenly values are spread", input: ["values"],
        output: ["entropy", "normalized", "nakamotoHalf"]
    ) { record throws(CommandFailure) in
        let values = try record.integers("values", in: 1...1_000_000)
        guard let shares = Entropy.shares(of: values) else {
            throw record.refusal("values", "must have a sum above 0")
        }
        return [
            "entropy": JSONValue(figure: Entropy.shannon(shares)),
            "normalized": JSONValue(figure: Entropy.normalized(shares)),
            "nakamotoHalf": JSONValue(Concentration.nakamoto(values, over: 1, of: 2)),
        ]
    }
}

extension JSONValue {
    /// The shortest decimal that reads back as the same number; null when there is none.
    init(figure: Double?) {
        guard let figure, figure.isFinite else {
            self = .null
            return
        }
        // A negative zero would be no figure for people.
        let text = figure == 0 ? "0.0" : figure.description
        self = JSONDecimal(text).map { .decimal($0) } ?? .string(text)
    }
}
