internal import Crypto
public import Ledger
internal import Primitives

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
