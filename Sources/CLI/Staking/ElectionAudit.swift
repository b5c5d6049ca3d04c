internal import Crypto
package import JSON
internal import Ledger
internal import Primitives
internal import Staking

/// `etm validator election`: shows a round's draw and, when asked, draws again.
enum ElectionAudit {
    static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        _ = try StakingView.load(session)
        let word = invocation.text("round") ?? "current"
        let round = try session.node.get("/v1/rounds/\(word)")
        var outcome = Outcome(data: round, lines: lines(round))
        guard invocation.has("verify") else { return outcome }
        let findings = try Draw(round).findings()
        guard findings.isEmpty else {
            throw CommandFailure(
                "ELECTION_DIFFERS", "round \(StatusText.number(round["round"])) was not drawn like that",
                exit: .checksFailed, report: findings)
        }
        var data = round.object ?? JSONObject()
        data["recomputed"] = true
        outcome.data = .object(data)
        let count = StatusText.number(round["candidateCount"])
        outcome.lines.append(
            "verified: the draw from \(count) candidates was computed again here and gives these members")
        return outcome
    }

    private static func lines(_ round: JSONValue) -> [String] {
        let members = round["members"]?.array ?? []
        let sitting = Set(members.compactMap { $0["key"]?.string })
        let opened = Clock.text(Instant(milliseconds: round["opened"]?.uint64 ?? 0))
        var lines = TextLayout.pairs([
            ("round", "\(StatusText.number(round["round"])), \(round["state"]?.string ?? "")"),
            (
                "blocks",
                "\(StatusText.number(round["firstHeight"])) to \(StatusText.number(round["lastHeight"]))"
            ),
            ("opened", "\(opened) UTC"),
            ("seats", "\(members.count) of \(StatusText.number(round["seats"]))"),
            ("beacon", round["beacon"]?.string ?? ""), ("seed", round["seed"]?.string ?? "none"),
        ])
        let candidates = round["candidates"]?.array ?? []
        guard !candidates.isEmpty else {
            return lines + ["not drawn: the members are those of genesis, or of the round before"]
                + members.map { "  \(StakingView.name($0))" }
        }
        let rows = candidates.map {
            [
                StakingView.name($0), sitting.contains($0["key"]?.string ?? "") ? "sits" : "-",
                StakingView.display($0["votes"]), ValidatorActions.share($0["coefficient"]),
                StakingView.display($0["weight"]),
            ]
        }
        lines += TextLayout.table(
            ["CANDIDATE", "SEAT", "VOTES", "COEFFICIENT", "WEIGHT"], rows, right: [2, 3, 4])
        return lines
    }
}

/// A draw as a node describes it, to be repeated.
package struct Draw: Sendable {
    private let data: JSONValue

    /// Takes what the node says of a round.
    package init(_ data: JSONValue) { self.data = data }

    /// What does not agree with the rules, a line each; empty when everything does.
    package func findings() throws(CommandFailure) -> [String] {
        guard let round = data["round"]?.uint64.map({ Round($0) }),
            let beacon = data["beacon"]?.string.flatMap({ Digest(hex: $0) }),
            let seats = data["seats"]?.uint64.flatMap({ Int(exactly: $0) })
        else { throw .bug("the node described a round without beacon or seats") }
        let entries = data["candidates"]?.array ?? []
        guard !entries.isEmpty else {
            throw CommandFailure(
                "NOT_DRAWN", "round \(round) was not drawn: its members are those before it",
                hint: "etm validator election", exit: .refused)
        }
        guard data["candidatesLeftOut"]?.uint64 ?? 0 == 0 else {
            throw CommandFailure(
                "TOO_MANY_CANDIDATES", "the node does not list all candidates in one answer", exit: .refused)
        }
        var findings: [String] = []
        if data["candidateCount"]?.uint64 != UInt64(entries.count) {
            findings.append(
                "the round counts \(StatusText.number(data["candidateCount"])) candidates, not \(entries.count)"
            )
        }
        let seed = Election.seed(round: round, beacon: beacon)
        if data["seed"]?.string != seed.hex { findings.append("the seed is \(seed.hex)") }
        var candidates: [Candidate] = []
        for entry in entries { candidates.append(try candidate(entry, &findings)) }
        return findings + differences(candidates, seed, seats)
    }

    // A candidate with the weight that follows from its figures.
    private func candidate(
        _ entry: JSONValue, _ findings: inout [String]
    ) throws(CommandFailure) -> Candidate {
        let name = StakingView.name(entry)
        guard let key = entry["key"]?.string.flatMap({ PublicKey(hex: $0) }),
            let produced = number(entry["produced"]), let drawn = number(entry["drawn"]),
            let average = number(data["average"]), let votes = ChainView.amount(entry["votes"])?.units,
            let weight = ChainView.amount(entry["weight"])?.units
        else { throw .bug("the node described a candidate without its figures") }
        guard produced <= drawn else {
            findings.append("\(name) produced \(produced) of \(drawn) turns")
            return Candidate(key: key, weight: weight)
        }
        let v = Coefficient(produced: produced, drawn: drawn, average: Coefficient(units: average))
        if number(entry["coefficient"]) != v.units {
            findings.append("the coefficient of \(name) is \(v.units)")
        }
        guard let right = v.weight(of: votes) else {
            findings.append("the weight of \(name) leaves 64 bits")
            return Candidate(key: key, weight: weight)
        }
        if right != weight { findings.append("the weight of \(name) is \(right), not \(weight)") }
        return Candidate(key: key, weight: right)
    }

    private func differences(_ candidates: [Candidate], _ seed: Digest, _ seats: Int) -> [String] {
        let chosen: [PublicKey]
        do throws(ElectionRejection) {
            chosen = try Election.draw(candidates, seed: seed, seats: seats)
        } catch {
            return ["the draw cannot be held: \(error)"]
        }
        let sitting = (data["members"]?.array ?? []).compactMap { $0["key"]?.string }
        let drawn = Set(chosen.map(\.hex))
        let missing = chosen.map(\.hex).filter { !sitting.contains($0) }.sorted()
        return missing.map { "\($0) was drawn and does not sit" }
            + sitting.filter { !drawn.contains($0) }.map { "\($0) sits and was not drawn" }
            + (sitting.count == drawn.count ? [] : ["\(drawn.count) are drawn and \(sitting.count) sit"])
    }

    // Whole numbers beyond 2^53 - 1 come as text.
    private func number(_ value: JSONValue?) -> UInt64? {
        value?.uint64 ?? value?.string.flatMap { UInt64($0) }
    }
}
