internal import JSON
internal import Ledger
internal import Primitives
internal import Staking

/// `etm vote …`: an account's one vote, weighed by its locks.
enum VoteCommands {
    static let group = CommandGroup("vote", "give an account's vote to a validator", [vote, withdraw, list])

    private static let vote = Command(
        "vote for", "vote for a validator from the next round on",
        argument: .required("NAME|KEY", .text("NAME|KEY")),
        flags: Sender.flags,
        examples: [
            .init("etm vote for validator-2", "asks before it votes"),
            .init("etm vote for validator-2 --from alice --yes", "for scripts"),
        ],
        details: "An account has one vote; a new one replaces it. It needs a lock and costs the fee only.",
        handler: VoteActions.vote)

    private static let withdraw = Command(
        "vote withdraw", "take the vote back; the locks stay", flags: Sender.flags,
        examples: [
            .init("etm vote withdraw", "asks first"),
            .init("etm vote withdraw --from alice --yes", "for scripts"),
        ], handler: VoteActions.withdraw)

    private static let list = Command(
        "vote list", "whom an account votes for, and what the open round counts",
        argument: .optional("ACCOUNT", .name("ADDRESS|NAME", .accounts)),
        examples: [
            .init("etm vote list", "of the first account"),
            .init("etm vote list bob --json", "of another, for programs"),
        ], handler: VoteActions.list)
}

/// What the vote commands do.
enum VoteActions {
    static func vote(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let staking = try StakingView.load(session)
        let miner = try StakingView.miner(try invocation.requiredArgument(), session)
        guard let key = miner["key"]?.string.flatMap({ PublicKey(hex: $0) }) else {
            throw .bug("the node described a miner without its key")
        }
        let stake = try StakingView.stake(of: try AccountBook(session).sender().address, session)
        var facts = [
            ("validator", "\(StakingView.name(miner))  \(key.hex)"),
            ("weight", "\(StakingView.display(stake["weight"])) as of now"),
            ("counts from", "the next round"),
        ]
        if let before = stake["vote"], !before.isNull { facts.append(("replaces", StakingView.name(before))) }
        let order = Order(
            title: "Vote", kind: .vote, payload: MinerPayload(miner: key).encoded, leaves: [], facts: facts,
            remedy: "etm lock add --amount 100")
        let (sent, plan) = try Sender(session, invocation).carryOut(order, on: staking.chain)
        guard let sent else { return plan }
        return Outcome(
            data: .object(sent.data), lines: ["voted for \(StakingView.name(miner))"] + sent.lines)
    }

    static func withdraw(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let staking = try StakingView.load(session)
        let stake = try StakingView.stake(of: try AccountBook(session).sender().address, session)
        let order = Order(
            title: "Withdraw the vote", kind: .withdrawVote, payload: WithdrawVotePayload().encoded,
            leaves: [],
            facts: [("validator", StakingView.name(stake["vote"])), ("locks", "stay")])
        let (sent, plan) = try Sender(session, invocation).carryOut(order, on: staking.chain)
        guard let sent else { return plan }
        return Outcome(data: .object(sent.data), lines: ["withdrew the vote"] + sent.lines)
    }

    static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        _ = try StakingView.load(session)
        let account = try StakingView.account(invocation, session)
        let data = try StakingView.stake(of: account.address, session)
        let weight = [("weight", StakingView.display(data["weight"]))]
        return Outcome(
            data: data,
            lines: ["\(account.text)  round \(StatusText.number(data["round"]))"]
                + TextLayout.pairs(weight + pairs(data), indent: 2))
    }

    /// The vote, what the open round counts, and bonus on its way.
    static func pairs(_ data: JSONValue) -> [(String, String)] {
        var pairs = [("vote", StakingView.name(data["vote"]))]
        if let counted = data["counted"], !counted.isNull {
            pairs.append(
                (
                    "this round",
                    "\(StakingView.name(counted)) with \(StakingView.display(counted["weight"]))"
                ))
        } else {
            pairs.append(("this round", "counts no vote of this account"))
        }
        if StakingView.units(data["due"]) > 0 {
            pairs.append(("on its way", StakingView.display(data["due"])))
        }
        return pairs
    }
}
