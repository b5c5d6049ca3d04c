public import Ledger
public import Primitives

/// The payload of a withdrawal on a side chain.
public struct WithdrawPayload: Sendable, Hashable, Canonical {
    /// Who is paid on the main chain.
    public let recipient: Address
    /// Base units of ETM, above zero.
    public let amount: Amount

    /// Joins the parts.
    public init(recipient: Address, amount: Amount) {
        self.recipient = recipient
        self.amount = amount
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(recipient)
        writer.write(amount)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        recipient = try reader.read()
        amount = try reader.read()
    }
}

/// Burns ETM on a side chain and appends the claim to the outbox (`consensus.md` 7).
public struct WithdrawHandler: TransactionHandler {
    /// The least amount: below it the main chain's claim fee would eat the withdrawal.
    private let least: Amount

    /// Refuses withdrawals of less than this.
    public init(least: Amount) { self.least = least }

    /// Withdrawals.
    public var kind: TransactionKind { .withdraw }

    /// The base fee.
    public func minimumFee(for payload: [UInt8], fees: FeeSchedule) -> Amount {
        fees.minimum(base: fees.base, payloadBytes: payload.count)
    }

    /// The payload must decode and move more than the claim on the main chain costs.
    public func check(_ payload: [UInt8]) throws(AdmissionRejection) {
        guard let withdrawal = try? WithdrawPayload(decoding: payload) else {
            throw .badPayload(kind, reason: "it does not decode")
        }
        guard withdrawal.amount > least else {
            throw .badPayload(
                kind, reason: "the amount must be above \(least) base units, the fee of its claim")
        }
    }

    /// Burns the amount and emits the message.
    public func execute(
        _ transaction: TransactionContext, in block: BlockContext, state: inout StateOverlay
    ) throws(ExecutionError) -> HandlerOutcome {
        guard let withdrawal = try? WithdrawPayload(decoding: transaction.payload) else {
            throw .notAllowed("the payload does not decode")
        }
        try Bank.debit(withdrawal.amount, from: transaction.sender, in: &state)
        guard let burnt = (state.read(Amount.self, Inbox.burntKey) ?? .zero).adding(withdrawal.amount) else {
            throw .overflow
        }
        state.write(Inbox.burntKey, burnt)
        let sequence = Outbox.next(in: state)
        let message = OutboxMessage(
            sequence: sequence, recipient: withdrawal.recipient, amount: withdrawal.amount,
            source: transaction.id)
        state.write(Outbox.cursorKey, Inbox.Cursor(next: sequence + 1))
        state.write(Outbox.key(sequence), Outbox.Entry(message: message, height: block.height))
        let text =
            "{\"sequence\":\(sequence),\"recipient\":\"\(withdrawal.recipient)\",\"amount\":\"\(withdrawal.amount)\"}"
        return HandlerOutcome(events: [Event(name: "withdrawn", data: Array(text.utf8))], outbox: [message])
    }
}

/// The withdrawals of a side chain, in its own state.
public enum Outbox {
    /// A withdrawal and the height that included it.
    public struct Entry: Sendable, Hashable, Canonical {
        /// The message.
        public let message: OutboxMessage
        /// The side chain's height.
        public let height: Height

        init(message: OutboxMessage, height: Height) {
            self.message = message
            self.height = height
        }

        /// Writes the parts.
        public func encode(to writer: inout ByteWriter) {
            writer.write(message)
            writer.write(height)
        }

        /// Reads the parts.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            message = try reader.read()
            height = try reader.read()
        }
    }

    /// The record of the next withdrawal's sequence number.
    public static let cursorKey = StateKey(.chain, Array("outbox".utf8))

    /// The record of one withdrawal.
    public static func key(_ sequence: UInt64) -> StateKey {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(sequence)
        return StateKey(.outbox, bytes)
    }

    /// The next withdrawal's sequence number.
    public static func next(in state: some StateReader) -> UInt64 {
        state.read(Inbox.Cursor.self, cursorKey)?.next ?? 0
    }
}
