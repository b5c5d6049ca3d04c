internal import Analysis
internal import JSON
internal import Primitives

/// `etm analyze …`: how decentralised a chain is, from its own blocks.
enum AnalyzeCommands {
    static let group = CommandGroup(
        "analyze", "how decentralised a chain is, from its own data",
        [decentralization, AnalyzeStake.command, production])

    private static let blocks = Flag.option(
        "blocks", .integer("N", 1...10_000), "how many of the latest blocks", standard: "1000")

    private static let decentralization = Command(
        "analyze decentralization", "entropy and concentration of who makes blocks", flags: [blocks],
        examples: [
            .init("etm analyze decentralization", "the last thousand blocks"),
            .init("etm analyze decentralization --blocks 101 --json", "for programs"),
        ],
        details:
            "Nakamoto coefficients count the fewest producers with more than a third, or half, of the blocks.",
        handler: showDecentralization)

    private static let production = Command(
        "analyze production", "who made how many blocks, and in which views", flags: [blocks],
        examples: [
            .init("etm analyze production", "the last thousand blocks"),
            .init("etm analyze production --chain hello", "of a DApp's chain"),
        ], handler: showProduction)

    /// Counts of blocks by producer, most first, and how many views they took.
    private struct Production {
        var producers: [(key: String, blocks: UInt64)] = []
        var blocks = 0
        var failedViews: UInt64 = 0
        var members = 0
        var first: UInt64 = 0
        var last: UInt64 = 0

        var counts: [UInt64] { producers.map(\.blocks) }
    }

    private static func read(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Production {
        let wanted = Int(invocation.integer("blocks", default: 1_000))
        let node = try session.node
        let path = "/v1/chains/\(session.chain.percentEncoded)"
        var production = Production()
        production.members = try node.get(path)["members"]?.array?.count ?? 0
        var counts: [String: UInt64] = [:]
        var before: UInt64?
        // The view of a block in the same round shows how many views failed below it.
        var above: (round: UInt64, view: UInt64)?
        while production.blocks < wanted {
            let limit = min(100, wanted - production.blocks)
            let query = "limit=\(limit)" + (before.map { "&before=\($0)" } ?? "")
            let page = try node.get("\(path)/blocks?\(query)")["blocks"]?.array ?? []
            for block in page {
                guard let leader = block["leader"]?.string, let height = block["height"]?.uint64, height > 0,
                    let round = block["round"]?.uint64, let view = block["view"]?.uint64
                else { continue }
                counts[leader, default: 0] += 1
                production.blocks += 1
                if production.last == 0 { production.last = height }
                production.first = height
                if let above, above.round == round {
                    production.failedViews += above.view - min(above.view, view + 1)
                }
                above = (round, view)
            }
            guard page.count == limit, let lowest = page.last?["height"]?.uint64, lowest > 1 else { break }
            before = lowest
        }
        guard production.blocks > 0 else {
            throw CommandFailure(
                "NO_BLOCKS", "the chain has no final blocks yet", hint: "etm status", exit: .notFound)
        }
        production.producers = counts.map { ($0.key, $0.value) }
            .sorted { ($1.blocks, $0.key) < ($0.blocks, $1.key) }
        return production
    }

    private static func showDecentralization(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        let production = try read(invocation, session)
        let counts = production.counts
        let shares = Entropy.shares(of: counts) ?? []
        let members = max(production.members, 1)
        let data: JSONValue = [
            "chain": .string(session.chain), "blocks": JSONValue(production.blocks),
            "from": JSONValue(production.first), "to": JSONValue(production.last),
            "members": JSONValue(production.members), "producers": JSONValue(counts.count),
            "expectedDistinct": JSONValue(
                figure: Seats.expectedDistinct(members: members, draws: production.blocks)),
            "entropy": JSONValue(figure: Entropy.shannon(shares)),
            "normalized": JSONValue(figure: Entropy.normalized(shares)),
            "divergenceFromUniform": JSONValue(figure: Entropy.divergenceFromUniform(shares)),
            "nakamotoThird": JSONValue(Concentration.nakamoto(counts, over: 1, of: 3)),
            "nakamotoHalf": JSONValue(Concentration.nakamoto(counts, over: 1, of: 2)),
            "gini": JSONValue(figure: Concentration.gini(counts)),
            "herfindahl": JSONValue(figure: Concentration.herfindahl(counts)),
            "lorenz": .array((Concentration.lorenz(counts) ?? []).map { JSONValue(figure: $0) }),
        ]
        let shown = JSONObject((data.object?.members ?? []).filter { $0.key != "lorenz" }) ?? JSONObject()
        return Outcome(data: data, lines: StatusText.members(.object(shown)))
    }

    private static func showProduction(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        let production = try read(invocation, session)
        let total = Double(production.blocks)
        let data: JSONValue = [
            "chain": .string(session.chain), "blocks": JSONValue(production.blocks),
            "from": JSONValue(production.first), "to": JSONValue(production.last),
            "failedViews": JSONValue(production.failedViews),
            "producers": .array(
                production.producers.map { producer in
                    [
                        "key": .string(producer.key), "blocks": JSONValue(producer.blocks),
                        "share": JSONValue(figure: Double(producer.blocks) / total),
                    ]
                }),
        ]
        let rows = production.producers.map { [$0.key, $0.blocks.grouped] }
        let head = TextLayout.pairs([
            ("blocks", "\(production.blocks), heights \(production.first) to \(production.last)"),
            ("failed views", production.failedViews.grouped),
        ])
        return Outcome(
            data: data, lines: head + [""] + TextLayout.table(["PRODUCER", "BLOCKS"], rows, right: [1]))
    }
}
