internal import Analysis
internal import JSON
internal import Primitives

/// `etm analyze stake`: how votes are spread over the miners that stand, and what a coalition of the largest could do.
enum AnalyzeStake {
    static let command = Command(
        "analyze stake", "entropy and concentration of votes and election weights",
        examples: [
            .init("etm analyze stake", "of all miners that stand"),
            .init("etm analyze stake --json", "for programs"),
        ],
        details:
            "Votes are the sums of the voters' weights; an election's weight is votes times the coefficient of "
            + "performance. Blocking takes a third of the seats, deciding two thirds.",
        handler: show)

    private struct Standing {
        var votes: [UInt64] = []
        var weights: [UInt64] = []
        var round: UInt64 = 0
        var seats = 0
    }

    private static func read(_ session: Session) throws(CommandFailure) -> Standing {
        let node = try session.node
        var standing = Standing()
        var next: UInt64? = 0
        while let after = next {
            let page = try node.get("/v1/miners?after=\(after)")
            standing.round = page["round"]?.uint64 ?? 0
            for miner in page["miners"]?.array ?? [] {
                if miner["seat"]?.uint64 != nil { standing.seats += 1 }
                guard miner["status"]?.string == "registered" else { continue }
                standing.votes.append(number(miner["votes"]))
                standing.weights.append(number(miner["weight"]))
            }
            next = page["next"]?.uint64
        }
        guard standing.votes.contains(where: { $0 > 0 }) else {
            throw CommandFailure(
                "NO_VOTES", "no miner has votes", hint: "etm vote for MINER", exit: .notFound)
        }
        return standing
    }

    private static func number(_ value: JSONValue?) -> UInt64 {
        value?["units"]?.string.flatMap { UInt64($0) } ?? 0
    }

    private static func show(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        let standing = try read(session)
        let largest = Concentration.top(1, of: standing.votes) ?? 0
        let seats = max(standing.seats, 1)
        let data: JSONValue = [
            "round": JSONValue(standing.round), "miners": JSONValue(standing.votes.count),
            "seats": JSONValue(standing.seats), "votes": spread(standing.votes),
            "weights": spread(standing.weights), "largestShare": JSONValue(figure: largest),
            // As if every seat were drawn by itself: an upper view of what the largest miner's votes can buy.
            "largestBlocks": JSONValue(
                figure: Seats.binomial(share: largest, seats: seats, atLeast: seats / 3 + 1)),
        ]
        return Outcome(data: data, lines: StatusText.members(data))
    }

    private static func spread(_ values: [UInt64]) -> JSONValue {
        let shares = Entropy.shares(of: values) ?? []
        return [
            "entropy": JSONValue(figure: Entropy.shannon(shares)),
            "normalized": JSONValue(figure: Entropy.normalized(shares)),
            "divergenceFromUniform": JSONValue(figure: Entropy.divergenceFromUniform(shares)),
            "nakamotoThird": JSONValue(Concentration.nakamoto(values, over: 1, of: 3)),
            "nakamotoHalf": JSONValue(Concentration.nakamoto(values, over: 1, of: 2)),
            "gini": JSONValue(figure: Concentration.gini(values)),
            "herfindahl": JSONValue(figure: Concentration.herfindahl(values)),
        ]
    }
}
