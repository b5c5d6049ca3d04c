internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// Carries an order out: simulate, show the plan, ask, sign, send, wait.
struct Sender {
    private let session: Session
    private let invocation: Invocation

    init(_ session: Session, _ invocation: Invocation) {
        self.session = session
        self.invocation = invocation
    }

    /// How long to stay with a transaction.
    enum Wait: String, CaseIterable {
        case none, included, final

        static let flag = Flag.option(
            "wait", .choice(allCases.map(\.rawValue)), "how long to stay with it", standard: "final")
    }

    /// Flags of every command that sends and does not wait for something of its own.
    static let flags = [Wait.flag] + Signing.flags

    /// What became of an order.
    struct Sent {
        let id: String
        let chain: String
        let receipt: ReceiptView?
        let data: JSONObject
        let lines: [String]
    }

    /// The prepared transaction with its plan.
    private struct Prepared {
        var transaction: Transaction
        var plan: Plan
        var receipt: ReceiptView
        let signing: Signing
    }

    /// Nil after a dry run, whose outcome is the plan, and when the transaction was written into a file.
    func carryOut(_ order: Order, on chain: ChainView) throws(CommandFailure) -> (sent: Sent?, plan: Outcome)
    {
        let account = try AccountBook(session).sender()
        let prepared = try prepare(order, on: chain, by: account)
        let outcome = Outcome(
            data: ["dryRun": true, "plan": prepared.plan.json, "receipt": prepared.receipt.data],
            lines: prepared.plan.lines + prepared.receipt.lines.map { "  \($0)" })
        if session.settings.isDryRun { return (nil, outcome) }
        session.terminal.notes(prepared.plan.lines)
        let file = invocation.text("save")
        try prepared.signing.refuseStrangers()
        if file == nil, let objection = prepared.signing.objection {
            throw prepared.signing.failure(objection)
        }
        if order.asksTestAccounts || !account.isPublicTestKey { try Consent.given(for: "Send it?", session) }
        let signed = try prepared.signing.sign(
            prepared.transaction, seal: order.seal, PasswordSource(session, invocation), session)
        if let file { return (nil, try save(signed, to: file, prepared)) }
        return (try submit(signed, plan: prepared.plan.json, on: chain), outcome)
    }

    private func save(
        _ signed: SignedTransaction, to file: String, _ prepared: Prepared
    ) throws(CommandFailure) -> Outcome {
        try OrderFile.create(signed, at: file)
        var data = JSONObject()
        data["file"] = .string(Files.absolute(file))
        data["id"] = .string(signed.id.hex)
        data["transaction"] = .string(Hex.encode(signed.bytes))
        data["plan"] = prepared.plan.json
        data["signing"] = prepared.signing.json
        let next: String
        if let objection = prepared.signing.objection {
            next = prepared.signing.failure(objection, file: file).hint
        } else {
            next = "etm tx send \(file)"
        }
        return Outcome(
            data: .object(data), lines: ["wrote \(file)  \(signed.id)"],
            notes: ["nothing was sent", "Next  \(next)"])
    }

    // The node knows the least fee: when it names one that is higher than ours, ours follows.
    private func prepare(
        _ order: Order, on chain: ChainView, by account: Account
    ) throws(CommandFailure) -> Prepared {
        var transaction = Transaction(
            chain: chain.id, kind: order.kind, expiry: Height(chain.height + Transaction.longestLife / 2),
            fee: order.fee ?? chain.leastFee(gas: 0), salt: UInt64.random(in: 0...UInt64.max),
            sender: account.publicKey, payload: order.payload)
        let standing = try chain.standing(of: account.address, session)
        let signing = try Signing.of(
            order, by: account, policy: standing.policy, invocation, session)
        for _ in 0..<3 {
            var plan = try plan(order, transaction.fee, chain, account, standing.balances)
            plan.facts += signing.facts
            do throws(CommandFailure) {
                let receipt = try simulate(transaction, on: chain)
                guard receipt.isOK else { throw receipt.failure(transaction: nil, hint: order.remedy) }
                return Prepared(transaction: transaction, plan: plan, receipt: receipt, signing: signing)
            } catch {
                guard error.code == "FEE_TOO_LOW", let needed = ChainView.amount(error.facts["needed"]),
                    needed > transaction.fee
                else { throw error }
                transaction.fee = needed
            }
        }
        throw .bug("the node asked for a higher fee three times")
    }

    private func plan(
        _ order: Order, _ fee: Amount, _ chain: ChainView, _ account: Account, _ balances: [Amount]
    ) throws(CommandFailure) -> Plan {
        var leaving = chain.currencies.map { _ in Amount.zero }
        for item in order.leaves {
            leaving[item.asset] = leaving[item.asset].adding(item.amount) ?? item.amount
        }
        let changes = try Plan.changes(
            balances: balances, leaving: leaving, fee: fee, feeAsset: chain.feeCurrency,
            currencies: chain.currencies, who: account.name)
        let mark = account.isPublicTestKey ? "  (public test key)" : ""
        return Plan(
            title: "\(order.title) · chain \(chain.name)",
            sender: "\(account.name)  \(account.address)\(mark)",
            facts: order.facts.map { Plan.Fact($0.0, $0.1) }, fee: fee,
            feeCurrency: chain.currencies[chain.feeCurrency], balances: changes)
    }

    /// The receipt that a transaction would get now; its signature is not looked at.
    func simulate(_ transaction: Transaction, on chain: ChainView) throws(CommandFailure) -> ReceiptView {
        let bytes = SignedTransaction(transaction, signature: .zero).bytes
        let data = try session.node.post(
            "/v1/chains/\(chain.name.percentEncoded)/simulate", ["transaction": .string(Hex.encode(bytes))])
        return ReceiptView(data)
    }

    /// Hands a signed transaction to the node and stays with it.
    func submit(
        _ signed: SignedTransaction, plan: JSONValue?, on chain: ChainView
    ) throws(CommandFailure) -> Sent {
        let node = try session.node
        let answer = try node.post(
            "/v1/chains/\(chain.name.percentEncoded)/transactions",
            ["transaction": .string(Hex.encode(signed.bytes))])
        let id = answer["id"]?.string ?? signed.id.hex
        LastTransaction(chain: chain.name, id: id, node: node.url).write(session)
        var data = JSONObject()
        data["id"] = .string(id)
        data["chain"] = .string(chain.name)
        if let plan { data["plan"] = plan }
        let wait = try waitKind()
        guard wait != .none else {
            data["state"] = "pending"
            return Sent(
                id: id, chain: chain.name, receipt: nil, data: data, lines: ["sent  \(id)"])
        }
        let found = try TransactionWait(session, node).wait(for: id, on: chain.name, until: wait)
        data["state"] = found["state"] ?? .null
        data["height"] = found["height"] ?? .null
        data["receipt"] = found["receipt"] ?? .null
        let height = found["height"]?.uint64.map { " in block \($0.grouped)" } ?? ""
        return Sent(
            id: id, chain: chain.name, receipt: ReceiptView(found), data: data,
            lines: ["\(found["state"]?.string ?? "sent")\(height)  \(id)"])
    }

    // On a devnet that makes blocks by hand nothing would come of waiting, unless it was asked for.
    private func waitKind() throws(CommandFailure) -> Wait {
        if let word = invocation.text("wait") { return Wait(rawValue: word) ?? .final }
        guard try session.node.find("/v1/devnet")?["mine"]?.string == "manual" else { return .final }
        session.terminal.notes(["this devnet makes blocks by hand: etm devnet mine\(session.flags())"])
        return .none
    }
}

/// Stays with a transaction until it is included or final.
struct TransactionWait {
    private let session: Session
    private let node: NodeClient

    init(_ session: Session, _ node: NodeClient) {
        self.session = session
        self.node = node
    }

    /// The transaction once it is that far; a failed one becomes a failure with its reason.
    func wait(
        for id: String, on chain: String, until wait: Sender.Wait
    ) throws(CommandFailure) -> JSONValue {
        let path = "/v1/chains/\(chain.percentEncoded)/transactions/\(id.percentEncoded)"
        let goals = wait == .included ? ["included", "final"] : ["final"]
        let found = try session.wait(
            for: "waiting until \(String(id.prefix(8)))… is \(wait.rawValue)",
            hint: "etm tx wait \(id)\(session.flags(chain: chain))"
        ) { () throws(CommandFailure) -> JSONValue? in
            guard let data = try node.find(path), let state = data["state"]?.string,
                goals.contains(state)
            else { return nil }
            return data
        }
        if let receipt = found["receipt"], receipt["status"]?.string == "failed" {
            throw ReceiptView(receipt).failure(transaction: id)
        }
        return found
    }
}
