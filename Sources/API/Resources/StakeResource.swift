internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Staking
internal import Transport

/// What accounts have locked, whom they vote for and what that earned.
enum StakeResource {
    /// Amounts on their way back that one answer shows.
    private static let mostReleases = 100
    /// The furthest that a preview looks ahead: a hundred years.
    private static let furthest: UInt64 = 36_525 * 86_400_000

    static func show(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let elections = try Elections(call)
            let address = try address(call)
            let query = elections.query
            let stake = query.stake(of: address, at: elections.now)
            var object = head(address, elections)
            object["locks"] = .array(
                (stake?.locks ?? []).map { StakeShape.lock($0, elections.rules, now: elections.now) })
            object["total"] = Shape.amount(stake?.total ?? .zero, .etm)
            object["concave"] = Shape.amount(stake?.concave ?? .zero, .etm)
            object["weight"] = StakeShape.weight(stake?.weight ?? 0)
            object["vote"] =
                stake?.vote.map { StakeShape.named($0, elections.name(of: $0, call)) } ?? .null
            object["counted"] = counted(stake, elections, call)
            object["due"] = Shape.amount(stake?.due ?? .zero, .etm)
            object["releases"] = .array(
                query.releases(to: address, most: mostReleases).map {
                    StakeShape.release($0.time, $0.release)
                })
            return .object(object)
        }
    }

    private static func counted(
        _ stake: StakeQuery<StateOverlay>.Stake?, _ elections: Elections, _ call: Call
    ) -> JSONValue {
        guard let counted = stake?.counted else { return .null }
        var object =
            StakeShape.named(counted.miner, elections.name(of: counted.miner, call)).object ?? JSONObject()
        object["weight"] = StakeShape.weight(counted.weight)
        return .object(object)
    }

    private static func head(_ address: Address, _ elections: Elections) -> JSONObject {
        var object = JSONObject()
        object["address"] = .string(address.description)
        object["height"] = JSONValue(elections.snapshot.finalHeader.height.value)
        object["round"] = JSONValue(elections.openRound.value)
        object["time"] = JSONValue(elections.now.milliseconds)
        return object
    }

    static func preview(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let elections = try Elections(call)
            let address = try address(call)
            guard let units = call.request.queryValue("amount").flatMap(Call.number) else {
                throw .badRequest("\"amount\" must be base units as decimal text")
            }
            let amount = Amount(units: units)
            let least = elections.rules.parameters.leastLock
            guard amount >= least else {
                let refusal = StakingRefusal.lockTooSmall(least: least, got: amount)
                throw Refusal(code: refusal.code, message: refusal.message)
            }
            let after = try call.number("after", standard: 0, in: 0...furthest)
            let then = elections.now.advanced(by: Instant.Span(milliseconds: after))
            guard
                let forecast = elections.query.forecast(
                    lock: amount, by: address, made: elections.now, at: then)
            else { throw .badRequest("no account can lock as much: the weight leaves 64 bits") }
            var object = head(address, elections)
            object["amount"] = Shape.amount(amount, .etm)
            object["at"] = JSONValue(then.milliseconds)
            object["timeGain"] = JSONValue(forecast.timeGain)
            object["without"] = StakeShape.weight(forecast.without)
            object["with"] = StakeShape.weight(forecast.with)
            object["halved"] = StakeShape.weight(forecast.halved)
            return .object(object)
        }
    }

    static func rewards(_ call: Call) {
        call.attempt { () throws(Refusal) in
            var elections = try Elections(call)
            let address = try address(call)
            let round = try settledRound(call.request.queryValue("round"), elections)
            let end = elections.snapshot.spec.consensus.lastHeight(of: round)
            try elections.rewind(to: end)
            guard let explanation = elections.query.explain(address, in: round) else {
                throw .notFound("round \(round) left no settlement")
            }
            var object = head(address, elections)
            object["round"] = JSONValue(round.value)
            object["settledAt"] = JSONValue(end.value)
            object["forging"] = explanation.forging.map(forging) ?? .null
            object["voting"] =
                explanation.voting.map {
                    voting(
                        $0, explanation, elections.query.paymentHeight(of: address, settled: round),
                        elections, call)
                } ?? .null
            object["total"] = Shape.amount(explanation.total, .etm)
            let members = elections.rules.members(of: round, in: elections.query.state)?.keys ?? []
            object["settlement"] = StakeShape.settlement(
                explanation.settlement, members: members, names: members.map { elections.name(of: $0, call) })
            return .object(object)
        }
    }

    private static func settledRound(_ text: String?, _ elections: Elections) throws(Refusal) -> Round {
        guard let last = elections.openRound.previous, last > .zero else {
            throw .notFound(
                "no round is settled yet: the first ends with block \(elections.snapshot.spec.consensus.roundLength)"
            )
        }
        guard let text, text != "last" else { return last }
        let round = try elections.round(text)
        guard round <= last else {
            throw .notFound("round \(round) is open: round \(last) is the last settled")
        }
        return round
    }

    private static func forging(_ part: RewardExplanation.Forging) -> JSONValue {
        [
            "blocks": JSONValue(UInt64(part.blocks)), "missed": JSONValue(UInt64(part.missed)),
            "reward": Shape.amount(part.reward, .etm), "fees": Shape.amount(part.fees, .etm),
        ]
    }

    private static func voting(
        _ part: RewardExplanation.Voting, _ explanation: RewardExplanation, _ paidAt: Height?,
        _ elections: Elections, _ call: Call
    ) -> JSONValue {
        var object =
            StakeShape.named(part.member, elections.name(of: part.member, call)).object ?? JSONObject()
        object["weight"] = StakeShape.weight(part.weight)
        object["votes"] = StakeShape.weight(part.votes)
        object["memberShare"] = Shape.amount(explanation.settlement.share, .etm)
        object["share"] = Shape.amount(part.share, .etm)
        object["luckyHalf"] = Shape.amount(explanation.settlement.luckyHalf, .etm)
        object["lucky"] = Shape.amount(part.lucky, .etm)
        object["isHalved"] = .bool(part.isHalved)
        object["paidAt"] = paidAt.map { JSONValue($0.value) } ?? .null
        return .object(object)
    }

    private static func address(_ call: Call) throws(Refusal) -> Address {
        guard let address = call.parameters["address"].flatMap({ Address(text: $0) }) else {
            throw .badRequest("an address is the letter A and Base58Check text")
        }
        return address
    }
}
