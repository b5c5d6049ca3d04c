public import Primitives

/// One order of the current format, by which a version 0 transaction is carried out.
public struct HistoricalOrder: Sendable, Hashable {
    /// Which rules apply.
    public let kind: TransactionKind
    /// The canonical bytes of the kind's own fields.
    public let payload: [UInt8]

    /// Joins the parts.
    public init(_ kind: TransactionKind, _ payload: some Canonical) {
        self.kind = kind
        self.payload = payload.encoded
    }
}

extension TransactionRegistry {
    /// The orders that carry out a version 0 transaction, with their payloads checked.
    public func orders(
        of historical: HistoricalTransaction
    ) throws(AdmissionRejection) -> [HistoricalOrder] {
        let kind = historical.kind.transactionKind
        guard let handler = self[kind] else { throw .unknownKind(kind) }
        let orders = try handler.orders(of: historical)
        for order in orders {
            guard let handler = self[order.kind] else { throw .unknownKind(order.kind) }
            try handler.check(order.payload)
        }
        return orders
    }
}

/// Orders whose group signatures were used, remembered as long as such an order can enter a block.
///
/// The group's members sign the bytes without the first signature, and whoever makes that one can make it anew:
/// each time under another id (`etm-formats.md` 1.3). Without this record, one member could use the consent of
/// the others as often as it likes.
enum UsedConsents {
    // Long enough to keep up: every transaction adds one record at most.
    private static let forgottenAtOnce = 4

    private static func key(_ historical: HistoricalTransaction) -> StateKey {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(historical.timestamp)
        return StateKey(.consents, bytes + historical.signingDigest.array)
    }

    static func contains(_ historical: HistoricalTransaction, in state: some StateReader) -> Bool {
        !historical.endorsements.isEmpty && state.value(for: key(historical)) != nil
    }

    /// Remembers an order, and forgets some that are too old to come again.
    static func add(_ historical: HistoricalTransaction, at time: Instant, in state: inout StateOverlay) {
        guard !historical.endorsements.isEmpty else { return }
        let rows = state.scan(prefix: [StateTable.consents.rawValue], after: nil, limit: forgottenAtOnce)
        for row in rows where isOver(row.key, at: time) { state.set(row.key, to: nil) }
        state.set(key(historical), to: [])
    }

    private static func isOver(_ key: StateKey, at time: Instant) -> Bool {
        let seconds = key.bytes.dropFirst().prefix(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let made = HistoricalTransaction.epoch.advanced(by: .seconds(seconds))
        return made.advanced(by: HistoricalTransaction.longestLife) < time
    }
}
