internal import JSON
internal import Ledger
internal import Primitives
internal import Staking

/// `etm validator rewards`: explains what an account earned in a round, part by part.
enum RewardActions {
    static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        _ = try StakingView.load(session)
        let account = try StakingView.account(invocation, session)
        let query = invocation.text("round").map { "?round=\($0)" } ?? ""
        let data = try session.node.get("/v1/stakes/\(account.address)/rewards\(query)")
        try check(data)
        let head =
            "\(account.text)  round \(StatusText.number(data["round"])), settled by block "
            + StatusText.number(data["settledAt"])
        return Outcome(
            data: data,
            lines: [head] + forging(data["forging"]) + voting(data) + ["total  \(exact(data["total"]))"])
    }

    /// Computes the parts again; a figure that does not follow from the others is no explanation.
    private static func check(_ data: JSONValue) throws(CommandFailure) {
        var sum: UInt64 = 0
        for part in [
            data["forging"]?["reward"], data["forging"]?["fees"], data["voting"]?["share"],
            data["voting"]?["lucky"],
        ] { sum = sum &+ StakingView.units(part) }
        var isRight = sum == StakingView.units(data["total"])
        if let voting = data["voting"], !voting.isNull {
            let weight = StakingView.units(voting["weight"])
            let votes = StakingView.units(voting["votes"])
            let share = BonusSplit.part(of: amount(voting["memberShare"]), weight: weight, total: votes)
            let half = BonusSplit.part(of: amount(voting["luckyHalf"]), weight: weight, total: votes)
            let lucky = isLucky(data) ? half : .zero
            isRight = isRight && share == amount(voting["share"]) && lucky == amount(voting["lucky"])
        }
        guard isRight else {
            throw CommandFailure(
                "REWARD_DIFFERS", "the parts that the node gives do not follow from one another",
                exit: .checksFailed, report: StatusText.members(data))
        }
    }

    private static func amount(_ value: JSONValue?) -> Amount { ChainView.amount(value) ?? .zero }

    private static func isLucky(_ data: JSONValue) -> Bool {
        data["settlement"]?["lucky"]?["key"]?.string == data["voting"]?["key"]?.string
    }

    private static func forging(_ part: JSONValue?) -> [String] {
        guard let part, !part.isNull else { return ["as a validator  no seat"] }
        let blocks = part["blocks"]?.uint64 ?? 0
        let turns =
            "\(blocks.grouped) block\(blocks == 1 ? "" : "s"), \(StatusText.number(part["missed"])) missed"
        return ["as a validator  \(turns)"]
            + TextLayout.pairs(
                [("block rewards", exact(part["reward"])), ("part of the fees", exact(part["fees"]))],
                indent: 2)
    }

    private static func voting(_ data: JSONValue) -> [String] {
        guard let part = data["voting"], !part.isNull else {
            return ["as a voter  no vote for a member of the round"]
        }
        let settlement = data["settlement"]
        let fraction = "\(StakingView.units(part["weight"])) / \(StakingView.units(part["votes"]))"
        let lucky = StakingView.name(settlement?["lucky"])
        var pairs = [
            (
                "bonus of the round",
                "\(exact(settlement?["pool"])), carried in \(StakingView.display(settlement?["carryIn"]))"
            ),
            (
                "equal share",
                "\(StakingView.units(part["memberShare"])) × \(fraction) = \(exact(part["share"]))"
            ),
        ]
        pairs.append(
            (
                "lucky half",
                isLucky(data)
                    ? "\(StakingView.units(part["luckyHalf"])) × \(fraction) = \(exact(part["lucky"]))"
                    : "chance named \(lucky): nothing"
            ))
        if let height = part["paidAt"]?.uint64 { pairs.append(("paid by block", height.grouped)) }
        pairs.append(
            ("time gain", part["isHalved"]?.bool == true ? "halved: the validator produced" : "kept"))
        return ["as a voter  for \(StakingView.name(part))"] + TextLayout.pairs(pairs, indent: 2)
    }

    // For people, and the base units in which it is exact.
    private static func exact(_ value: JSONValue?) -> String {
        "\(StakingView.display(value)) (\(StakingView.units(value)) units)"
    }
}
