internal import JSON
internal import Ledger
internal import Primitives
internal import Sidechains

/// What the chain commands do.
enum ChainActions {
    static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let answer = try session.node.get("/v1/chains")
        let chains = answer["chains"] ?? answer
        return Outcome(data: ["chains": chains], lines: StatusText.chains(["chains": chains]))
    }

    static func inspect(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let chain = try ChainView.load(try invocation.requiredArgument(), session)
        return Outcome(data: chain.data, lines: StatusText.members(chain.data))
    }

    static func start(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let name = try invocation.requiredArgument()
        _ = try session.node.post("/v1/chains/\(name.percentEncoded)/start")
        let chain = try ChainView.awaitRunning(name, session)
        return Outcome(data: chain, lines: ["chain \(name) is running"])
    }

    static func stop(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let name = try invocation.requiredArgument()
        let data = try session.node.post("/v1/chains/\(name.percentEncoded)/stop")
        return Outcome(
            data: data, lines: ["chain \(name) is \(data["state"]?.string ?? "stopped")"],
            notes: ["Next  etm chain start \(name)"])
    }

    static func deposit(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let side = try sideChain(invocation, session)
        let main = try ChainView.load("main", session)
        let amount = try amount(invocation)
        let recipient = try recipient(invocation, session)
        let payload = DepositPayload(chain: side.id, recipient: recipient.address, amount: amount)
        let order = Order(
            title: "Deposit into \(side.name)", kind: .deposit, payload: payload.encoded,
            leaves: [(0, amount)],
            facts: [("to", recipient.text), ("amount", Currency.etm.display(amount))])
        return try carryOut(
            order, on: main, Arrival(side: side.name, path: "deposits", last: "credited"), invocation, session
        )
    }

    static func withdraw(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let side = try sideChain(invocation, session)
        let amount = try amount(invocation)
        let recipient = try recipient(invocation, session)
        let payload = WithdrawPayload(recipient: recipient.address, amount: amount)
        let order = Order(
            title: "Withdraw to the main chain", kind: .withdraw, payload: payload.encoded,
            leaves: [(0, amount)],
            facts: [
                ("to", recipient.text), ("amount", Currency.etm.display(amount)),
                ("arrives", arrival(of: amount)),
            ])
        return try carryOut(
            order, on: side, Arrival(side: side.name, path: "withdrawals", last: "paid"), invocation, session)
    }

    // Whoever brings the proof to the main chain is repaid the fee of that out of the withdrawal.
    private static func arrival(of amount: Amount) -> String {
        let claim = FeeSchedule.main.base
        let rest = amount.subtracting(claim) ?? .zero
        return
            "\(Currency.etm.display(rest)); \(Currency.etm.display(claim)) pay for the proof on the main chain"
    }

    /// Where value goes after its transaction is final.
    private struct Arrival {
        let side: String
        let path: String
        let last: String
    }

    private static func carryOut(
        _ order: Order, on chain: ChainView, _ arrival: Arrival, _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        let asked = invocation.text("wait")
        let (sent, plan) = try Sender(session, invocation).carryOut(order, on: chain)
        guard let sent else { return plan }
        var data = sent.data
        guard asked == arrival.last || asked == nil, sent.receipt != nil else {
            return Outcome(data: .object(data), lines: sent.lines)
        }
        let path = "/v1/chains/\(arrival.side.percentEncoded)/\(arrival.path)/\(sent.id)"
        let found = try session.wait(
            for: "waiting until it is \(arrival.last)", hint: "etm chain inspect \(arrival.side)"
        ) { () throws(CommandFailure) -> JSONValue? in
            guard let data = try session.node.find(path), data["state"]?.string == arrival.last else {
                return nil
            }
            return data
        }
        data["arrival"] = found
        return Outcome(
            data: .object(data),
            lines: sent.lines + ["\(arrival.last) on \(arrival.last == "paid" ? "main" : arrival.side)"])
    }

    private static func sideChain(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> ChainView {
        let chain = try ChainView.load(try invocation.requiredArgument(), session)
        guard !chain.isMain else {
            throw .usage(
                "NOT_A_SIDE_CHAIN", "\(chain.name) is the main chain: value goes to and from side chains",
                hint: "etm chain list")
        }
        return chain
    }

    private static func amount(_ invocation: Invocation) throws(CommandFailure) -> Amount {
        guard let text = AmountText(try invocation.required("amount")) else {
            throw .bug("an unchecked amount")
        }
        return try text.amount()
    }

    private static func recipient(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> (text: String, address: Address) {
        let book = AccountBook(session)
        guard let word = invocation.text("to") else {
            let sender = try book.sender()
            return ("\(sender.name)  \(sender.address)", sender.address)
        }
        let (name, address) = try book.address(word)
        return (name.map { "\($0)  \(address)" } ?? "\(address)", address)
    }
}
