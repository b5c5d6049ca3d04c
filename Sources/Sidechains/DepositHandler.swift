public import Ledger
public import Primitives

/// The payload of a deposit.
public struct DepositPayload: Sendable, Hashable, Canonical {
    /// The side chain.
    public let chain: ChainID
    /// Who is credited there.
    public let recipient: Address
    /// Base units of ETM, above zero.
    public let amount: Amount

    /// Joins the parts.
    public init(chain: ChainID, recipient: Address, amount: Amount) {
        self.chain = chain
        self.recipient = recipient
        self.amount = amount
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(chain)
        writer.write(recipient)
        writer.write(amount)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        chain = try reader.read()
        recipient = try reader.read()
        amount = try reader.read()
    }
}

/// Locks ETM in a side chain's escrow and leaves a message for that chain (`consensus.md` 7).
public struct DepositHandler: TransactionHandler {
    /// There is nothing to set up.
    public init() {}

    /// Deposits.
    public var kind: TransactionKind { .deposit }

    /// The base fee.
    public func minimumFee(for payload: [UInt8], fees: FeeSchedule) -> Amount {
        fees.minimum(base: fees.base, payloadBytes: payload.count)
    }

    /// The payload must decode and move something.
    public func check(_ payload: [UInt8]) throws(AdmissionRejection) {
        guard let deposit = try? DepositPayload(decoding: payload) else {
            throw .badPayload(kind, reason: "it does not decode")
        }
        guard deposit.amount != .zero else { throw .badPayload(kind, reason: "the amount is zero") }
    }

    /// Moves the amount into the escrow and appends the message.
    public func execute(
        _ transaction: TransactionContext, in block: BlockContext, state: inout StateOverlay
    ) throws(ExecutionError) -> HandlerOutcome {
        guard let deposit = try? DepositPayload(decoding: transaction.payload) else {
            throw .notAllowed("the payload does not decode")
        }
        guard var escrow = state.read(Escrow.self, Escrow.key(deposit.chain)) else {
            throw .unknownChain(deposit.chain)
        }
        try Bank.debit(deposit.amount, from: transaction.sender, in: &state)
        guard let balance = escrow.balance.adding(deposit.amount),
            let deposited = escrow.deposited.adding(deposit.amount)
        else { throw .overflow }
        let message = InboxMessage(
            sequence: escrow.nextDeposit, height: block.height, recipient: deposit.recipient,
            amount: deposit.amount, source: transaction.id)
        escrow.balance = balance
        escrow.deposited = deposited
        escrow.nextDeposit += 1
        state.write(Escrow.key(deposit.chain), escrow)
        state.write(Escrow.inboxKey(deposit.chain, message.sequence), message)
        let text =
            "{\"chain\":\"\(deposit.chain)\",\"sequence\":\(message.sequence),\"recipient\":\"\(deposit.recipient)\","
            + "\"amount\":\"\(deposit.amount)\"}"
        return HandlerOutcome(events: [Event(name: "deposited", data: Array(text.utf8))])
    }
}
