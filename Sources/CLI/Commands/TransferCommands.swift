internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// `etm transfer`: moves tokens from one account to another.
enum TransferCommands {
    static let group = CommandGroup("transfer", "send tokens to an account", [transfer])

    private static let transfer = Command(
        "transfer", "send tokens to an account",
        flags: [
            .option("to", .name("ADDRESS|NAME", .accounts), "who receives"),
            .option("amount", .amount, "how much, such as 10, 0.5etm or 3XCT"),
            .option("memo", .text("TEXT"), "a public note of at most 256 bytes"),
        ] + Sender.flags,
        examples: [
            .init("etm transfer --to bob --amount 10", "asks before it sends"),
            .init("etm transfer --to bob --amount 10 --from alice --yes", "for scripts"),
        ],
        details:
            "The transfer is simulated first and the plan shown. Off a terminal it needs --yes. It waits until "
            + "the transfer is final, except on a devnet that makes blocks by hand.",
        handler: run)

    private static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let word = try invocation.required("to")
        guard let text = AmountText(try invocation.required("amount")) else {
            throw .bug("an unchecked amount")
        }
        let memo = invocation.text("memo") ?? ""
        guard memo.utf8.count <= 256 else {
            throw .usage(
                "BAD_VALUE", "--memo takes at most 256 bytes, not \(memo.utf8.count)", hint: "shorten it")
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
}
