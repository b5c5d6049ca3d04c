internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Staking

/// What the validator commands do that send or list.
enum ValidatorActions {
    static func register(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let name = try invocation.requiredArgument()
        guard MinerRecord.isName(name) else {
            throw .usage(
                "BAD_NAME", "a validator's name has 2 to 32 of a-z, 0-9 and \"-\" and begins with a letter",
                hint: "etm validator register north")
        }
        let staking = try StakingView.load(session)
        let sender = try AccountBook(session).sender()
        let known = try session.node.find("/v1/miners/\(sender.publicKey.hex)")
        let work = try HashingTest.pass(by: sender.publicKey, staking, session)
        func payload(_ anchor: Digest) -> [UInt8] {
            RegisterMinerPayload(
                miner: sender.publicKey, name: name, anchor: anchor, block: work.block, nonce: work.nonce
            ).encoded
        }
        var order = Order(
            title: "Register as validator", kind: .registerMiner, payload: payload(.zero),
            leaves: [(0, staking.minerDeposit)],
            facts: [
                ("name", name), ("key", sender.publicKey.hex),
                ("deposit", "\(Currency.etm.display(staking.minerDeposit)), lost to who signs twice"),
                ("comes back", "\(staking.unbonding) after  etm validator resign"),
                ("work", "nonce \(work.nonce) for \(work.bits) bits"),
            ], remedy: "etm validator list\(session.flags())")
        order.fee = ChainView.amount(staking.chain.data["fees"]?["registerDApp"])
        order.seal = { key throws(CommandFailure) in payload(try NextOnion.anchor(of: key, known: known)) }
        let (sent, plan) = try Sender(session, invocation).carryOut(order, on: staking.chain)
        guard let sent else { return plan }
        return Outcome(data: .object(sent.data), lines: ["registered \(name)"] + sent.lines)
    }

    static func resign(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let staking = try StakingView.load(session)
        let sender = try AccountBook(session).sender()
        let miner = try StakingView.miner(sender.publicKey.hex, session)
        let order = Order(
            title: "Resign as validator", kind: .resignMiner,
            payload: MinerPayload(miner: sender.publicKey).encoded, leaves: [],
            facts: [
                ("name", StakingView.name(miner)),
                (
                    "comes back",
                    "\(StakingView.display(miner["deposit"])) \(staking.unbonding) after its block"
                ),
            ])
        let (sent, plan) = try Sender(session, invocation).carryOut(order, on: staking.chain)
        guard let sent else { return plan }
        return Outcome(data: .object(sent.data), lines: ["resigned \(StakingView.name(miner))"] + sent.lines)
    }

    static func anchor(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let staking = try StakingView.load(session)
        let sender = try AccountBook(session).sender()
        let miner = try StakingView.miner(sender.publicKey.hex, session)
        let revealed = miner["onion"]?["revealed"]?.uint64 ?? 0
        var order = Order(
            title: "Announce a hash onion", kind: .newAnchor,
            payload: NewAnchorPayload(miner: sender.publicKey, anchor: .zero).encoded, leaves: [],
            facts: [
                ("name", StakingView.name(miner)), ("layers used", revealed.grouped),
                ("in force", "two rounds later"),
            ])
        order.seal = { key throws(CommandFailure) in
            NewAnchorPayload(miner: key.publicKey, anchor: try NextOnion.anchor(of: key, known: miner))
                .encoded
        }
        let (sent, plan) = try Sender(session, invocation).carryOut(order, on: staking.chain)
        guard let sent else { return plan }
        return Outcome(
            data: .object(sent.data), lines: ["announced an onion of \(StakingView.name(miner))"] + sent.lines
        )
    }

    static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        _ = try StakingView.load(session)
        let miners = try StakingView.miners(session)
        let rows = miners.map {
            [
                StakingView.name($0), $0["status"]?.string ?? "?",
                $0["seat"]?.uint64.map(String.init) ?? "-",
                "\(StatusText.number($0["produced"])) of \(StatusText.number($0["drawn"]))",
                share($0["coefficient"]), StakingView.display($0["votes"]), StakingView.display($0["weight"]),
                String(($0["key"]?.string ?? "").prefix(12)),
            ]
        }
        let table = TextLayout.table(
            ["NAME", "STATUS", "SEAT", "PRODUCED", "COEFFICIENT", "VOTES", "WEIGHT", "KEY"], rows,
            right: [2, 3, 4, 5, 6])
        return Outcome(data: ["miners": .array(miners)], lines: rows.isEmpty ? ["nobody stands"] : table)
    }

    static func show(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        _ = try StakingView.load(session)
        let miner = try StakingView.miner(try invocation.requiredArgument(), session)
        let pairs = [
            ("name", StakingView.name(miner)), ("key", miner["key"]?.string ?? ""),
            ("address", miner["address"]?.string ?? ""), ("status", miner["status"]?.string ?? ""),
            (
                "seat",
                miner["seat"]?.uint64.map { "\($0) in round \(StatusText.number(miner["round"]))" } ?? "none"
            ),
            (
                "produced",
                "\(StatusText.number(miner["produced"])) of \(StatusText.number(miner["drawn"])) turns"
            ),
            ("coefficient", share(miner["coefficient"])), ("votes", StakingView.display(miner["votes"])),
            ("weight", "\(StakingView.display(miner["weight"])) in the last draw"),
            ("deposit", StakingView.display(miner["deposit"])),
            ("onion", onion(miner)),
        ]
        return Outcome(data: miner, lines: TextLayout.pairs(pairs))
    }

    private static func onion(_ miner: JSONValue) -> String {
        let state = miner["onion"]
        let used = state?["revealed"]?.uint64.map { "\($0.grouped) layers used" }
        let next = state?["pending"]?[0]?["from"]?.uint64.map { "a new one from round \($0.grouped)" }
        return [used, next].compactMap(\.self).joined(separator: ", ")
    }

    /// A coefficient in hundredths of a per cent, rounded down.
    static func share(_ value: JSONValue?) -> String {
        let units = value?.string.flatMap { UInt64($0) } ?? 0
        let parts = UInt64(truncatingIfNeeded: (UInt128(units) * 10_000) >> 32)
        return "\(Amount(units: parts).formatted(decimals: 2)) %"
    }
}
