internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Staking

/// What the lock commands do.
enum LockActions {
    static func add(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let amount = try amount(invocation)
        let staking = try StakingView.load(session)
        let sender = try AccountBook(session).sender()
        let forecast = try forecast(amount, by: sender.address, after: .zero, session)
        let order = Order(
            title: "Lock", kind: .lock, payload: LockPayload(amount: amount).encoded,
            leaves: [(0, amount)],
            facts: [
                ("amount", Currency.etm.display(amount)),
                (
                    "weight",
                    "\(StakingView.display(forecast["without"])) → \(StakingView.display(forecast["with"])), growing for 32 days"
                ),
                ("comes back", "\(staking.unbonding) after  etm lock release"),
            ])
        let (sent, plan) = try Sender(session, invocation).carryOut(order, on: staking.chain)
        guard let sent else { return plan }
        return Outcome(
            data: .object(sent.data), lines: ["locked \(Currency.etm.display(amount))"] + sent.lines,
            notes: ["Next  etm vote for VALIDATOR\(session.flags())"])
    }

    static func release(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let staking = try StakingView.load(session)
        let sender = try AccountBook(session).sender()
        let lock = try find(try invocation.requiredArgument().lowercased(), of: sender, session)
        guard let id = lock["id"]?.string.flatMap({ TransactionID(hex: $0) }) else {
            throw .bug("the node described a lock without its id")
        }
        let days = lock["ageDays"]?.uint64 ?? 0
        let order = Order(
            title: "Release a lock", kind: .unlock, payload: UnlockPayload(lock: id).encoded, leaves: [],
            facts: [
                ("lock", id.hex), ("amount", StakingView.display(lock["amount"])),
                ("gives up", "an age of \(days) d, time gain ×\(lock["timeGain"]?.uint64 ?? 0)"),
                ("comes back", "\(staking.unbonding) after its block"),
            ])
        let (sent, plan) = try Sender(session, invocation).carryOut(order, on: staking.chain)
        guard let sent else { return plan }
        return Outcome(
            data: .object(sent.data), lines: ["released \(StakingView.display(lock["amount"]))"] + sent.lines)
    }

    private static func find(
        _ word: String, of account: Account, _ session: Session
    ) throws(CommandFailure) -> JSONValue {
        let locks = try StakingView.stake(of: account.address, session)["locks"]?.array ?? []
        let found = locks.filter { $0["id"]?.string?.hasPrefix(word) ?? false }
        if found.count == 1 { return found[0] }
        guard found.isEmpty else {
            throw .usage(
                "AMBIGUOUS_LOCK", "\(found.count) locks of \(account.name) begin with \(word)",
                hint: "etm lock list \(account.name)")
        }
        throw CommandFailure(
            "NO_LOCK", "\(account.name) has no active lock \(word)",
            hint: "etm lock list \(account.name)\(session.flags())", exit: .notFound)
    }

    static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        _ = try StakingView.load(session)
        let account = try StakingView.account(invocation, session)
        let data = try StakingView.stake(of: account.address, session)
        let locks = data["locks"]?.array ?? []
        let rows = locks.map {
            [
                String(($0["id"]?.string ?? "").prefix(16)), StakingView.display($0["amount"]),
                Clock.text(Instant(milliseconds: $0["anchorTime"]?.uint64 ?? 0)),
                "\($0["ageDays"]?.uint64 ?? 0) d", "×\($0["timeGain"]?.uint64 ?? 0)",
            ]
        }
        let table = TextLayout.table(
            ["ID", "AMOUNT", "AGE COUNTS FROM (UTC)", "AGE", "TIME GAIN"], rows, right: [1, 3, 4])
        let head = ["\(account.text)  round \(StatusText.number(data["round"]))"]
        return Outcome(
            data: data, lines: head + (rows.isEmpty ? ["  no active locks"] : table) + summary(data))
    }

    /// The lines below a list of locks.
    static func summary(_ data: JSONValue) -> [String] {
        var pairs = [
            ("locked", StakingView.display(data["total"])),
            ("counts as", "\(StakingView.display(data["concave"])), by the brackets of the chain"),
            ("weight", StakingView.display(data["weight"])),
        ]
        pairs += VoteActions.pairs(data)
        for release in data["releases"]?.array ?? [] {
            let time = Clock.text(Instant(milliseconds: release["time"]?.uint64 ?? 0))
            pairs.append(
                (
                    "comes back",
                    "\(StakingView.display(release["amount"])) on \(time), \(release["kind"]?.string ?? "")"
                ))
        }
        return TextLayout.pairs(pairs)
    }

    static func preview(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let amount = try amount(invocation)
        _ = try StakingView.load(session)
        let sender = try AccountBook(session).sender()
        let days: [Instant.Span] = [.zero, .seconds(86_400), .seconds(7 * 86_400), .seconds(32 * 86_400)]
        let spans = invocation.duration("after").map { [$0] } ?? days
        var answers: [JSONValue] = []
        for span in spans { answers.append(try forecast(amount, by: sender.address, after: span, session)) }
        let rows = zip(spans, answers).map { span, answer in
            [
                span == .zero ? "now" : "after \(DurationText.format(span))",
                "×\(answer["timeGain"]?.uint64 ?? 0)", StakingView.display(answer["without"]),
                StakingView.display(answer["with"]), StakingView.display(answer["halved"]),
            ]
        }
        return Outcome(
            data: ["address": .string(sender.address.description), "previews": .array(answers)],
            lines: ["\(sender.name)  with \(Currency.etm.display(amount)) more locked; nothing was sent"]
                + TextLayout.table(
                    ["WHEN", "GAIN", "WEIGHT WITHOUT", "WITH THE LOCK", "WITH, HALVED FIRST"], rows,
                    right: [1, 2, 3, 4]))
    }

    private static func forecast(
        _ amount: Amount, by address: Address, after span: Instant.Span, _ session: Session
    ) throws(CommandFailure) -> JSONValue {
        try session.node.get("/v1/stakes/\(address)/preview?amount=\(amount)&after=\(span.milliseconds)")
    }

    private static func amount(_ invocation: Invocation) throws(CommandFailure) -> Amount {
        guard let text = AmountText(try invocation.required("amount")) else {
            throw .bug("an unchecked amount")
        }
        return try text.amount()
    }
}
