internal import Assets
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// What the transfer command does.
enum TransferActions {
    static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let word = try invocation.required("to")
        guard let text = AmountText(try invocation.required("amount")) else {
            throw .bug("an unchecked amount")
        }
        let memo = try memo(invocation)
        if invocation.has("at") || invocation.has("delay") {
            return try DelayedActions.send(text, to: word, memo, invocation, session)
        }
        let chain = try ChainView.load(session.chain, session)
        let asset = try chain.asset(text.symbol)
        let amount = try text.amount(of: chain.currencies[asset])
        let (name, address) = try AccountBook(session).address(word)
        let payload = TransferPayload(
            recipient: address, asset: AssetNumber(UInt8(clamping: asset)), amount: amount, message: memo)
        let shown = chain.currencies[asset].display(amount)
        var facts = [("to", "\(name.map { "\($0)  " } ?? "")\(address)"), ("amount", shown)]
        if !memo.isEmpty { facts.append(("memo", memo)) }
        let order = Order(
            title: "Transfer", kind: .transfer, payload: payload.encoded, leaves: [(asset, amount)],
            facts: facts)
        let (sent, plan) = try Sender(session, invocation).carryOut(order, on: chain)
        guard let sent else { return plan }
        return Outcome(
            data: .object(sent.data), lines: ["sent \(shown) to \(name ?? address.description)"] + sent.lines)
    }

    /// The note of a transfer.
    static func memo(_ invocation: Invocation) throws(CommandFailure) -> String {
        let memo = invocation.text("memo") ?? ""
        guard memo.utf8.count <= TransferPayload.longestMessage else {
            throw .usage(
                "BAD_VALUE", "--memo takes at most 256 bytes, not \(memo.utf8.count)", hint: "shorten it")
        }
        return memo
    }
}

/// What is sent now and arrives later.
enum DelayedActions {
    // A list for people ends somewhere.
    private static let mostShown = 10_000

    static func send(
        _ text: AmountText, to word: String, _ memo: String, _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        let chain = try AssetView.chain(session)
        let amount = try text.amount(of: chain.currencies[0])
        let due = try due(invocation, session)
        let (name, address) = try AccountBook(session).address(word)
        let shown = chain.currencies[0].display(amount)
        var facts = [
            ("to", "\(name.map { "\($0)  " } ?? "")\(address)"), ("amount", shown),
            ("arrives", "\(Clock.text(due)) UTC, in the first block then"),
            ("until then", "nobody has it, and it cannot be taken back"),
        ]
        if !memo.isEmpty { facts.append(("memo", memo)) }
        let payload = DelayedTransferPayload(recipient: address, amount: amount, due: due, message: memo)
        let order = Order(
            title: "Delayed transfer", kind: .delayedTransfer, payload: payload.encoded,
            leaves: [(0, amount)], facts: facts, remedy: "etm transfer --delay 65m")
        let (sent, plan) = try Sender(session, invocation).carryOut(order, on: chain)
        guard let sent else { return plan }
        return Outcome(
            data: .object(sent.data),
            lines: ["sent \(shown) to \(name ?? address.description), arriving \(Clock.text(due)) UTC"]
                + sent.lines)
    }

    // By the network's clock: a devnet's may be days ahead of this machine's.
    private static func due(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Instant {
        guard !invocation.has("at") || !invocation.has("delay") else {
            throw .usage("CONFLICTING_FLAGS", "--at and --delay say the same thing", hint: "give one of them")
        }
        let facts = try session.node.get("/v1/delayed?limit=1")
        guard let now = facts["time"]?.uint64.map(Instant.init(milliseconds:)) else {
            throw .bug("the node did not say its time")
        }
        let least = Instant.Span(milliseconds: facts["leastDelay"]?.uint64 ?? 0)
        let most = Instant.Span(milliseconds: facts["mostDelay"]?.uint64 ?? .max)
        let due: Instant
        if let text = invocation.text("at") {
            guard let time = TimeText.parse(text) else {
                throw .usage(
                    "BAD_VALUE", "--at wants a time in UTC such as \"2027-01-31 18:00\", not \"\(text)\"",
                    hint: "or --delay 2h")
            }
            due = time
        } else {
            due = now.advanced(by: invocation.duration("delay") ?? .zero)
        }
        // Its block is made later than now, and the time counts from there.
        guard due > now.advanced(by: least), due <= now.advanced(by: most) else {
            throw .usage(
                "BAD_VALUE",
                "a delayed transfer arrives more than \(DurationText.format(least)) and at most "
                    + "\(DurationText.format(most)) after its block; now it is \(Clock.text(now)) UTC",
                hint: "--delay 65m")
        }
        return due
    }

    static func pending(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        _ = try AssetView.chain(session)
        var path = "/v1/delayed"
        if let word = invocation.text("account") {
            path += "?account=\(try AccountBook(session).address(word).address)"
        }
        let transfers = try AssetView.pages(path, "transfers", most: mostShown, session)
        let known = (try? AccountBook(session).all()) ?? []
        func name(_ value: JSONValue?) -> String {
            let text = value?.string ?? "?"
            return known.first { $0.address.description == text }?.name ?? text
        }
        let rows = transfers.map {
            [
                Clock.text(Instant(milliseconds: $0["due"]?.uint64 ?? 0)), name($0["sender"]),
                name($0["recipient"]), $0["amount"]?["display"]?.string ?? "-",
                String(($0["id"]?.string ?? "").prefix(16)),
            ]
        }
        let table = TextLayout.table(["DUE (UTC)", "FROM", "TO", "AMOUNT", "ID"], rows, right: [3])
        return Outcome(
            data: ["transfers": .array(transfers)], lines: rows.isEmpty ? ["no transfer waits"] : table)
    }
}
