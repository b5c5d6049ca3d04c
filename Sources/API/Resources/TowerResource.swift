internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Randomness
internal import Staking

/// The main chain's time towers: what they stand on, their checkpoints, and where the state holds their outputs.
enum TowerResource {
    /// The most blocks of a round whose tower is shown.
    private static let longestRound: UInt64 = 4_096

    static func show(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let chain = try call.chain()
            let snapshot = chain.snapshot
            guard let towers = RoundTowers(spec: snapshot.spec) else {
                throw Refusal(
                    code: "NO_TOWERS", message: "this chain builds no time towers",
                    hint: "etm random tower --tower standard")
            }
            let round = try round(call, snapshot)
            let input = try input(of: round, chain)
            guard let tower = chain.tower(over: input, profile: towers.profile) else {
                throw Refusal(
                    code: "TOWER_NOT_READY",
                    message:
                        "the tower of round \(round) is being built: \(towers.profile.totalHashes) hashes",
                    hint: "try again later")
            }
            return json(round, input, tower, towers, snapshot)
        }
    }

    private static func round(_ call: Call, _ snapshot: ChainSnapshot) throws(Refusal) -> Round {
        let consensus = snapshot.spec.consensus
        let complete = snapshot.finalHeader.height.value / consensus.roundLength
        let text = call.parameters["round"] ?? ""
        guard let number = text == "latest" ? complete : Call.number(text), number > 0 || text == "latest"
        else { throw .badRequest("a round is a whole number from 1, or \"latest\"") }
        guard number > 0, number <= complete else {
            throw .notFound("round \(max(number, 1)) is not final yet; \(complete) are", hint: "etm status")
        }
        guard consensus.roundLength <= longestRound else {
            throw .badRequest("a round of more than \(longestRound) blocks is not shown")
        }
        return Round(number)
    }

    private static func input(of round: Round, _ chain: any ChainQueries) throws(Refusal) -> TowerInput {
        let length = chain.snapshot.spec.consensus.roundLength
        let last = Height(round.value * length)
        var values: [Bytes32] = []
        while values.count < Int(length) {
            let next = Height(last.value - UInt64(values.count))
            let page = chain.summaries(from: next, most: Int(length) - values.count)
            guard page.first?.header.height == next else {
                throw .notFound("this node does not keep block \(next)")
            }
            values += page.map(\.header.beacon.bytes)
        }
        guard let input = TowerInput(values: values.reversed(), height: last) else {
            throw .notFound("round \(round) has no blocks")
        }
        return input
    }

    private static func json(
        _ round: Round, _ input: TowerInput, _ tower: TimeTower, _ towers: RoundTowers,
        _ snapshot: ChainSnapshot
    ) -> JSONValue {
        let key = TowerRecord.key(round)
        var object = JSONObject()
        object["round"] = JSONValue(round.value)
        object["height"] = JSONValue(input.height.value)
        object["tower"] = snapshot.spec.consensus.tower.map(TowerShape.parameters) ?? .null
        object["values"] = .array(input.values.map { .string(Digest($0).hex) })
        object["checkpoints"] = .array(tower.checkpoints.map { .string(Digest($0).hex) })
        object["output"] = .string(Digest(tower.output).hex)
        object["key"] = .string(Hex.encode(key.bytes))
        object["record"] = snapshot.state.read(TowerRecord.self, key).map(record) ?? .null
        return .object(object)
    }

    private static func record(_ record: TowerRecord) -> JSONValue {
        [
            "opened": JSONValue(record.opened.milliseconds), "closed": JSONValue(record.closed.milliseconds),
            "known": JSONValue(record.known.value), "output": .string(record.output.hex),
        ]
    }
}
