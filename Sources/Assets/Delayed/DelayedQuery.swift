public import Ledger
public import Primitives

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
