internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Staking

/// Rounds: who sat, from whom they were drawn, and how the round was settled.
enum RoundResource {
    /// Candidates that one answer lists; with more of them nobody can draw again from the answer alone.
    private static let mostCandidates = 20_000

    static func show(_ call: Call) {
        call.attempt { () throws(Refusal) in
            var elections = try Elections(call)
            let round = try elections.round(call.parameters["round"] ?? "")
            let settlement = try settlement(of: round, &elections)
            try elections.rewind(to: elections.heightBefore(round))
            let query = elections.query
            guard let record = elections.rules.record(of: round, in: query.state) else {
                throw .notFound("the state does not name the members of round \(round)")
            }
            let names = record.members.keys.map { elections.name(of: $0, call) }
            var object = JSONObject()
            object["round"] = JSONValue(round.value)
            object["state"] = round == elections.openRound ? "open" : "settled"
            object["openRound"] = JSONValue(elections.openRound.value)
            object["opened"] = JSONValue(record.opened.milliseconds)
            object["firstHeight"] = JSONValue(elections.heightBefore(round).value + 1)
            object["lastHeight"] = JSONValue(elections.snapshot.spec.consensus.lastHeight(of: round).value)
            object["members"] = .array(zip(record.members.keys, names).map(member))
            draw(round, record, elections, into: &object)
            object["settlement"] =
                settlement.map {
                    StakeShape.settlement($0, members: record.members.keys, names: names)
                } ?? .null
            return .object(object)
        }
    }

    private static func settlement(
        of round: Round, _ elections: inout Elections
    ) throws(Refusal) -> SettlementRecord? {
        guard round < elections.openRound else { return nil }
        let key = SettlementRecord.key(round)
        if let record = elections.snapshot.state.read(SettlementRecord.self, key) { return record }
        try elections.rewind(to: elections.snapshot.spec.consensus.lastHeight(of: round))
        return elections.query.state.read(SettlementRecord.self, key)
    }

    private static func member(_ key: PublicKey, _ name: String?) -> JSONValue {
        var object = StakeShape.named(key, name).object ?? JSONObject()
        object["address"] = .string(Address(of: key).description)
        return .object(object)
    }

    // A round that nobody stood for keeps the members of the one before.
    private static func draw(
        _ round: Round, _ record: RoundRecord, _ elections: Elections, into object: inout JSONObject
    ) {
        let query = elections.query
        object["seats"] = JSONValue(UInt64(elections.rules.parameters.seats))
        object["beacon"] = .string(record.beacon.hex)
        object["candidateCount"] = JSONValue(UInt64(record.candidates))
        guard record.candidates > 0 else {
            object["candidates"] = []
            object["verified"] = .null
            return
        }
        let average = StakingState(in: query.state).average
        let candidates = query.candidates()
        object["seed"] = .string(Election.seed(round: round, beacon: record.beacon).hex)
        object["average"] = .string(String(average.units))
        object["candidates"] = .array(
            candidates.prefix(mostCandidates).map { miner in
                var item = JSONObject()
                let name = query.state.read(MinerRecord.self, MinerRecord.key(miner.key))?.name
                item["key"] = .string(miner.key.hex)
                item["name"] = name.map { .string($0) } ?? .null
                for (name, value) in StakeShape.tally(miner, average) where name != "stood" {
                    item[name] = value
                }
                return .object(item)
            })
        object["candidatesLeftOut"] = JSONValue(UInt64(max(0, candidates.count - mostCandidates)))
        object["verified"] = query.audit(of: round).map { .bool($0.isRight) } ?? .null
    }
}
