public import Primitives

/// The ids of the last final blocks' transactions; an id may enter a chain once.
///
/// A transaction expires at most `Transaction.longestLife` blocks after it may first enter, so ids
/// older than that can be forgotten and the set is bounded by the chain's block limits.
public struct RecentTransactions: Sendable, Equatable {
    private var ids: Set<TransactionID> = []
    private var byHeight: [(height: Height, ids: [TransactionID])] = []
    private var head = 0

    /// Starts empty.
    public init() {}

    /// True when the id is remembered.
    public func contains(_ id: TransactionID) -> Bool { ids.contains(id) }

    /// How many ids are remembered.
    public var count: Int { ids.count }

    /// Remembers a final block's ids and forgets those that can no longer matter; heights must ascend.
    public mutating func add(_ new: [TransactionID], at height: Height) {
        ids.formUnion(new)
        if !new.isEmpty { byHeight.append((height, new)) }
        let oldest = height.value - min(height.value, Transaction.longestLife)
        while head < byHeight.count, byHeight[head].height.value < oldest {
            for id in byHeight[head].ids { ids.remove(id) }
            head += 1
        }
        if head > 256, head * 2 > byHeight.count {
            byHeight.removeFirst(head)
            head = 0
        }
    }

    /// Compares the remembered ids.
    public static func == (left: RecentTransactions, right: RecentTransactions) -> Bool {
        left.ids == right.ids
    }
}
