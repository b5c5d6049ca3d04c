internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Staking

/// Who stands in elections.
enum MinerResource {
    static func list(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let elections = try Elections(call)
            let after = try call.number("after", standard: 0, in: 0...UInt64(UInt32.max))
            let limit = Int(try call.number("limit", standard: 1_000, in: 1...1_000))
            let query = elections.query
            let all = query.miners()
            let page = all.enumerated().dropFirst(Int(after)).prefix(limit)
            let members = elections.rules.members(of: elections.openRound, in: query.state)
            let average = StakingState(in: query.state).average
            let end = page.last.map { $0.offset + 1 } ?? all.count
            return [
                "round": JSONValue(elections.openRound.value),
                "height": JSONValue(elections.snapshot.finalHeader.height.value),
                "count": JSONValue(UInt64(all.count)),
                "miners": .array(
                    page.map { _, entry in
                        .object(
                            StakeShape.miner(
                                entry.name, entry.miner, average: average,
                                seat: members?.seat(of: entry.miner.key)))
                    }),
                "next": end < all.count ? JSONValue(UInt64(end)) : .null,
            ]
        }
    }

    static func show(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let elections = try Elections(call)
            let query = elections.query
            let word = call.parameters["miner"] ?? ""
            guard let key = PublicKey(hex: word) ?? query.miner(named: word),
                let facts = query.miner(key, in: elections.openRound)
            else { throw .notFound("no miner has the name or key \"\(word)\"", hint: "etm validator list") }
            let average = StakingState(in: query.state).average
            var object = StakeShape.miner(
                facts.record.name, facts.miner, average: average, seat: facts.seat)
            object["number"] = JSONValue(UInt64(facts.record.number))
            object["registeredAt"] = JSONValue(facts.record.registered.value)
            object["deposit"] = Shape.amount(facts.record.deposit, .etm)
            object["round"] = JSONValue(elections.openRound.value)
            object["onion"] = onion(of: key, elections)
            return .object(object)
        }
    }

    private static func onion(of key: PublicKey, _ elections: Elections) -> JSONValue {
        let head = elections.snapshot.state.read(OnionHead.self, OnionHead.key(key))
        let pending = elections.query.pendingAnchors(of: key, in: elections.openRound)
        return [
            "layer": head.map { .string($0.layer.hex) } ?? .null,
            "revealed": head.map { Shape.integer($0.revealed) } ?? .null,
            "pending": .array(
                pending.map { ["from": JSONValue($0.from.value), "anchor": .string($0.anchor.hex)] }),
        ]
    }
}
