public import Primitives

/// The transactions that wait for a block, ordered by what they pay for their size.
///
/// Bounds: `count` transactions, `bytes` bytes, `perSender` of one account. When full, the lowest
/// payer makes room for a better one; when nobody pays less, the newcomer is refused. A transaction
/// of the same sender and salt replaces an earlier one if it pays at least a tenth more.
public struct Mempool: Sendable {
    /// The stated bounds.
    public struct Limits: Sendable {
        /// The most transactions.
        public var count: Int
        /// The most bytes of all transactions together.
        public var bytes: Int
        /// The most transactions of one account.
        public var perSender: Int

        /// The defaults: 10,000 transactions, 32 MiB, 2,000 of one account.
        public init(count: Int = 10_000, bytes: Int = 33_554_432, perSender: Int = 2_000) {
            self.count = count
            self.bytes = bytes
            self.perSender = perSender
        }
    }

    /// Why a transaction does not wait here.
    public enum Rejection: Error, Equatable, Sendable {
        /// It waits already. Blame: nobody. Consequence: ignored.
        case duplicate(TransactionID)
        /// Another one of the same sender and salt pays too much to be replaced. Blame: the sender.
        case replacementTooCheap(needed: Amount, got: Amount)
        /// Everything here pays at least as much for its size. Blame: nobody. Consequence: try later or pay more.
        case full(count: Int, bytes: Int)
        /// The account has too many waiting. Blame: the sender. Consequence: wait for a block.
        case tooManyOfSender(most: Int)

        /// A stable upper-case word for the interface.
        public var code: String {
            switch self {
            case .duplicate: "DUPLICATE"
            case .replacementTooCheap: "REPLACEMENT_TOO_CHEAP"
            case .full: "MEMPOOL_FULL"
            case .tooManyOfSender: "TOO_MANY_PENDING"
            }
        }

        /// One sentence that says what is wrong.
        public var message: String {
            switch self {
            case .duplicate(let id): "transaction \(id) is already waiting"
            case .replacementTooCheap(let needed, let got):
                "a transaction with this salt waits; replacing it takes a fee of \(needed), this one pays \(got)"
            case .full(let count, let bytes): "the mempool is full: \(count) transactions, \(bytes) bytes"
            case .tooManyOfSender(let most): "the account has \(most) transactions waiting"
            }
        }
    }

    private struct Entry: Sendable {
        let checked: CheckedTransaction
        let arrival: UInt64
        let slot: Slot?
    }

    // Two transactions in one slot are alternatives.
    private struct Slot: Hashable {
        let sender: Address
        let salt: UInt64
    }

    // Best payer first; the earlier arrival wins a tie. fee / size is compared without division.
    private struct Rank: Sendable, Comparable {
        let fee: UInt64
        let size: UInt64
        let arrival: UInt64
        let id: TransactionID

        static func < (left: Rank, right: Rank) -> Bool {
            let a = left.fee.multipliedFullWidth(by: right.size)
            let b = right.fee.multipliedFullWidth(by: left.size)
            if a.high != b.high { return a.high > b.high }
            if a.low != b.low { return a.low > b.low }
            return left.arrival < right.arrival
        }
    }

    private let limits: Limits
    private var entries: [TransactionID: Entry] = [:]
    private var ranking: [Rank] = []
    private var slots: [Slot: TransactionID] = [:]
    private var senders: [Address: Int] = [:]
    private var arrivals: UInt64 = 0

    /// Bytes of all waiting transactions.
    public private(set) var bytes = 0

    /// Starts empty.
    public init(limits: Limits = Limits()) { self.limits = limits }

    /// How many wait.
    public var count: Int { entries.count }

    /// True when a transaction waits here.
    public func contains(_ id: TransactionID) -> Bool { entries[id] != nil }

    /// The waiting transaction with this id.
    public subscript(id: TransactionID) -> CheckedTransaction? { entries[id]?.checked }

    /// Takes a transaction; returns those that had to leave for it.
    @discardableResult
    public mutating func add(_ checked: CheckedTransaction) throws(Rejection) -> [TransactionID] {
        guard entries[checked.id] == nil else { throw .duplicate(checked.id) }
        let slot = Mempool.slot(of: checked)
        let rival = slot.flatMap { slots[$0] }
        if let rival, let old = entries[rival]?.checked.transaction.fee {
            let needed = Mempool.replacementFee(for: old)
            guard let needed, checked.transaction.fee >= needed else {
                throw .replacementTooCheap(
                    needed: needed ?? Amount(units: .max), got: checked.transaction.fee)
            }
        } else if senders[checked.sender, default: 0] >= limits.perSender {
            throw .tooManyOfSender(most: limits.perSender)
        }
        let rank = rank(of: checked)
        let leaving = try room(for: rank, besides: rival)
        for id in leaving { remove(id) }
        insert(checked, rank, slot)
        return leaving
    }

    /// Forgets transactions, for example those of a final block.
    public mutating func remove(_ ids: some Sequence<TransactionID>) {
        // One pass for all: taking thousands out of the ranking one by one would be quadratic.
        let known = ids.filter { entries[$0] != nil }
        for id in known { forget(id) }
        if !known.isEmpty { ranking.removeAll { entries[$0.id] == nil } }
    }

    /// Forgets every transaction that `isStale` names; returns their ids.
    @discardableResult
    public mutating func prune(_ isStale: (CheckedTransaction) -> Bool) -> [TransactionID] {
        let stale = ranking.compactMap { rank in
            entries[rank.id].flatMap { isStale($0.checked) ? rank.id : nil }
        }
        remove(stale)
        return stale
    }

    /// The best payers that fit into `bytes`, best first, at most `count`.
    public func candidates(count: Int, bytes: Int) -> [CheckedTransaction] {
        var chosen: [CheckedTransaction] = []
        var total = 0
        for rank in ranking where chosen.count < count {
            guard total + Int(rank.size) <= bytes, let entry = entries[rank.id] else { continue }
            chosen.append(entry.checked)
            total += Int(rank.size)
        }
        return chosen
    }

    // A tenth more, rounded up; nil when the fee cannot grow by a tenth: nothing replaces it.
    private static func replacementFee(for old: Amount) -> Amount? {
        old.adding(Amount(units: max(1, old.units / 10 + (old.units.isMultiple(of: 10) ? 0 : 1))))
    }

    private func rank(of checked: CheckedTransaction) -> Rank {
        Rank(
            fee: checked.transaction.fee.units, size: UInt64(checked.transaction.bytes.count),
            arrival: arrivals,
            id: checked.id)
    }

    // Who must leave: the rival, then the worst payers, as long as they pay less than the newcomer.
    private func room(for rank: Rank, besides rival: TransactionID?) throws(Rejection) -> [TransactionID] {
        var leaving: [TransactionID] = rival.map { [$0] } ?? []
        var freeCount = limits.count - entries.count + leaving.count
        var freeBytes =
            limits.bytes - bytes + (rival.flatMap { entries[$0]?.checked.transaction.bytes.count } ?? 0)
        for worst in ranking.reversed() {
            if freeCount >= 1, freeBytes >= Int(rank.size) { break }
            if worst.id == rival { continue }
            guard rank < worst else { break }
            leaving.append(worst.id)
            freeCount += 1
            freeBytes += Int(worst.size)
        }
        guard freeCount >= 1, freeBytes >= Int(rank.size) else {
            throw .full(count: entries.count, bytes: bytes)
        }
        return leaving
    }

    private mutating func insert(_ checked: CheckedTransaction, _ rank: Rank, _ slot: Slot?) {
        entries[checked.id] = Entry(checked: checked, arrival: arrivals, slot: slot)
        ranking.insert(rank, at: position(of: rank))
        if let slot { slots[slot] = checked.id }
        senders[checked.sender, default: 0] += 1
        bytes += checked.transaction.bytes.count
        arrivals += 1
    }

    private mutating func remove(_ id: TransactionID) {
        guard let entry = forget(id) else { return }
        let rank = Rank(
            fee: entry.checked.transaction.fee.units, size: UInt64(entry.checked.transaction.bytes.count),
            arrival: entry.arrival, id: id)
        let position = position(of: rank)
        if position < ranking.count, ranking[position].id == id { ranking.remove(at: position) }
    }

    // Everything but the ranking.
    @discardableResult
    private mutating func forget(_ id: TransactionID) -> Entry? {
        guard let entry = entries.removeValue(forKey: id) else { return nil }
        if let slot = entry.slot, slots[slot] == id { slots[slot] = nil }
        let left = senders[entry.checked.sender, default: 1] - 1
        senders[entry.checked.sender] = left > 0 ? left : nil
        bytes -= entry.checked.transaction.bytes.count
        return entry
    }

    private func position(of rank: Rank) -> Int {
        var low = 0
        var high = ranking.count
        while low < high {
            let middle = (low + high) / 2
            if ranking[middle] < rank { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func slot(of checked: CheckedTransaction) -> Slot? {
        guard case .v1(let transaction, _) = checked.transaction.content else { return nil }
        return Slot(sender: checked.sender, salt: transaction.salt)
    }
}
