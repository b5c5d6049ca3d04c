internal import Crypto
public import Ledger
public import Primitives

/// The payload of a delayed transfer.
public struct DelayedTransferPayload: Sendable, Hashable, JudgedPayload {
    /// Who receives.
    public let recipient: Address
    /// Base units of ETM, above zero.
    public let amount: Amount
    /// From when on it is paid.
    public let due: Instant
    /// At most 256 bytes of UTF-8; may be empty.
    public let message: String

    /// It must be due at least this long after its block (`etm-formats.md` 1.2).
    public static let leastDelay = Instant.Span.seconds(3_600)
    /// It must be due at most this long after its block: ten years of 365 days.
    public static let mostDelay = Instant.Span.seconds(3_650 * 86_400)

    /// Joins the parts.
    public init(recipient: Address, amount: Amount, due: Instant, message: String = "") {
        self.recipient = recipient
        self.amount = amount
        self.due = due
        self.message = message
    }

    /// What is wrong with the fields, or nil.
    public var defect: String? { amount == .zero ? "the amount is zero" : nil }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(recipient)
        writer.write(amount)
        writer.write(due)
        writer.write(message)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        recipient = try reader.read()
        amount = try reader.read()
        due = try reader.read()
        message = try reader.readString(most: TransferPayload.longestMessage)
    }
}

/// A delayed transfer that waits; its message is in its transaction.
public struct DelayedRecord: Sendable, Hashable, Canonical {
    /// Who sent it.
    public let sender: Address
    /// Who will be paid.
    public let recipient: Address
    /// How much.
    public let amount: Amount

    init(sender: Address, recipient: Address, amount: Amount) {
        self.sender = sender
        self.recipient = recipient
        self.amount = amount
    }

    /// The record of a transfer: those that are due first come first.
    public static func key(due: Instant, _ transaction: TransactionID) -> StateKey {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(due.milliseconds)
        return StateKey(.delayed, bytes + transaction.array)
    }

    /// When the transfer of a record is due, and its transaction; nil for another table's key.
    public static func parts(of key: StateKey) -> (due: Instant, transaction: TransactionID)? {
        var reader = ByteReader(Array(key.bytes.dropFirst()))
        guard key.table == StateTable.delayed.rawValue, let due: Instant = try? reader.read(),
            let id: TransactionID = try? reader.read(), reader.remaining == 0
        else { return nil }
        return (due, id)
    }

    /// Writes 48 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(sender)
        writer.write(recipient)
        writer.write(amount)
    }

    /// Reads 48 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        sender = try reader.read()
        recipient = try reader.read()
        amount = try reader.read()
    }
}

/// Takes an amount from the sender at once; the block's end pays it when its time has come.
struct DelayedTransferHandler: PayloadHandler {
    var kind: TransactionKind { .delayedTransfer }
    var event: String { "transferDelayed" }

    func execute(
        _ payload: DelayedTransferPayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        guard payload.recipient != transaction.sender else { throw .sameAccount }
        let earliest = block.time.advanced(by: DelayedTransferPayload.leastDelay)
        let latest = block.time.advanced(by: DelayedTransferPayload.mostDelay)
        guard payload.due >= earliest, payload.due <= latest else {
            throw .dueOutOfRange(earliest: earliest, latest: latest, got: payload.due)
        }
        try Bank.debit(payload.amount, from: transaction.sender, in: &state)
        try Vault.delayed.put(payload.amount, in: &state)
        let record = DelayedRecord(
            sender: transaction.sender, recipient: payload.recipient, amount: payload.amount)
        state.write(DelayedRecord.key(due: payload.due, transaction.id), record)
        return "\"from\":\"\(transaction.sender)\",\"to\":\"\(payload.recipient)\","
            + "\"amount\":\"\(payload.amount)\",\"due\":\(payload.due)"
    }
}

/// Pays delayed transfers in the first block at or after their time, the earliest first.
public struct DelayedPayments: BlockFinisher {
    /// The most that one block pays; the others wait for the next.
    public static let mostInBlock = 600

    init() {}

    /// Pays what is due at the block's time.
    public func finish(_ block: BlockContext, state: inout StateOverlay) throws(ExecutionError) {
        let rows = state.scan(
            prefix: [StateTable.delayed.rawValue], after: nil, limit: DelayedPayments.mostInBlock)
        for row in rows {
            guard let parts = DelayedRecord.parts(of: row.key), parts.due <= block.time,
                let record = state.read(DelayedRecord.self, row.key)
            else { return }
            state.set(row.key, to: nil)
            try Vault.delayed.take(record.amount, in: &state)
            try Bank.credit(record.amount, to: record.recipient, in: &state)
        }
    }
}

/// Delayed transfers that wait.
public struct DelayedQuery<State: StateReader>: Sendable {
    /// The state that is asked.
    public let state: State

    /// Asks a state.
    public init(_ state: State) { self.state = state }

    /// A waiting transfer.
    public struct Pending: Sendable, Hashable {
        /// The transaction that made it.
        public let transaction: TransactionID
        /// From when on it is paid.
        public let due: Instant
        /// Between whom, and how much.
        public let record: DelayedRecord
    }

    /// The most records that one answer looks at.
    public static var mostLooked: Int { 10_000 }

    /// Whether a block of this time would pay one.
    public func isDue(at time: Instant) -> Bool {
        let first = state.scan(prefix: [StateTable.delayed.rawValue], after: nil, limit: 1).first
        return first.flatMap { DelayedRecord.parts(of: $0.key) }.map { $0.due <= time } ?? false
    }

    /// At most `limit` waiting transfers after a mark, those due first; of one account, or of all.
    ///
    /// `next` is the mark to go on from, nil when nothing is left to look at.
    public func pending(
        with account: Address? = nil, after mark: StateKey?, limit: Int
    ) -> (found: [Pending], next: StateKey?) {
        let most = account == nil ? limit : Self.mostLooked
        let rows = state.scan(prefix: [StateTable.delayed.rawValue], after: mark, limit: most)
        var found: [Pending] = []
        for row in rows {
            guard let parts = DelayedRecord.parts(of: row.key),
                let record = try? DelayedRecord(decoding: row.value)
            else { continue }
            if let account, record.sender != account, record.recipient != account { continue }
            found.append(Pending(transaction: parts.transaction, due: parts.due, record: record))
            if found.count == limit { return (found, row.key) }
        }
        return (found, rows.count == most ? rows.last?.key : nil)
    }
}
