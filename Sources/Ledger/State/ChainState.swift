internal import Crypto
public import Primitives

/// A chain's final records, their tree, and the unfinal blocks above them.
///
/// There is nothing to undo when the chain switches between unfinal blocks: each has its changes and
/// its root beside the others, and only finality folds one of them into the records.
public struct ChainState: Sendable {
    private struct Branch: Sendable {
        let parent: BlockID
        let changes: ChangeSet
        let version: SparseMerkleTree.Version
        let transactions: Set<TransactionID>
    }

    /// The final records.
    public private(set) var records = OrderedRecords()
    /// The last final block.
    public private(set) var finalBlock: BlockID
    /// The ids that may not enter again.
    public private(set) var recent: RecentTransactions
    private var tree = SparseMerkleTree()
    private var finalVersion = SparseMerkleTree.emptyVersion
    private var branches: [BlockID: Branch] = [:]

    /// Loads the records of a final block.
    public init(
        records loaded: [(StateKey, [UInt8])], finalBlock: BlockID,
        recent: RecentTransactions = RecentTransactions()
    ) {
        self.finalBlock = finalBlock
        self.recent = recent
        let changes = ChangeSet(loaded.map { Change(key: $0.0, old: nil, new: $0.1) })
        records.apply(changes)
        finalVersion = tree.update(finalVersion, with: changes)
    }

    /// The state root of the last final block.
    public var finalRoot: Digest { finalVersion.digest }

    /// The records as a block left them; nil when the block is neither final nor staged.
    public func view(at block: BlockID) -> StateView? {
        guard let chain = layers(to: block) else { return nil }
        return StateView(records: records, layers: chain.map(\.changes))
    }

    /// The state root that a block left; nil when it is neither final nor staged.
    public func root(at block: BlockID) -> Digest? { version(at: block)?.digest }

    /// True when the block is the last final one or staged above it.
    public func holds(_ block: BlockID) -> Bool { block == finalBlock || branches[block] != nil }

    /// True when a transaction is already in the chain that ends in `block`, as far as ids are remembered.
    public func contains(_ transaction: TransactionID, on block: BlockID) -> Bool {
        var cursor = block
        while cursor != finalBlock {
            guard let branch = branches[cursor] else { return false }
            if branch.transactions.contains(transaction) { return true }
            cursor = branch.parent
        }
        return recent.contains(transaction)
    }

    /// The state root that changes would give on top of a block, without keeping anything.
    public mutating func rootAfter(_ changes: ChangeSet, on parent: BlockID) -> Digest? {
        guard let base = version(at: parent) else { return nil }
        let version = tree.update(base, with: changes)
        tree.discard(version)
        return version.digest
    }

    /// Keeps an executed block above its parent and returns its state root; nil when the parent is unknown.
    public mutating func stage(
        _ block: BlockID, on parent: BlockID, changes: ChangeSet, transactions: [TransactionID]
    ) -> Digest? {
        guard let base = version(at: parent) else { return nil }
        if let known = branches[block] { return known.version.digest }
        let version = tree.update(base, with: changes)
        branches[block] = Branch(
            parent: parent, changes: changes, version: version, transactions: Set(transactions))
        return version.digest
    }

    /// Forgets a staged block that can no longer become final, and everything staged on it.
    public mutating func abandon(_ block: BlockID) {
        guard let branch = branches.removeValue(forKey: block) else { return }
        tree.discard(branch.version)
        for child in children(of: block) { abandon(child) }
    }

    /// Folds a staged child of the last final block into the records; its rivals are abandoned.
    ///
    /// Returns the block's changes, or nil when it is not staged on the last final block.
    public mutating func finalise(_ block: BlockID, at height: Height) -> ChangeSet? {
        guard let branch = branches[block], branch.parent == finalBlock else { return nil }
        for rival in children(of: finalBlock) where rival != block { abandon(rival) }
        branches[block] = nil
        records.apply(branch.changes)
        tree.commit(branch.version)
        finalVersion = branch.version
        finalBlock = block
        recent.add(branch.transactions.sorted(), at: height)
        return branch.changes
    }

    /// A proof of a record, or of its absence, under the last final state root.
    public func finalProof(of key: StateKey) -> StateProof { tree.proof(of: key, in: finalVersion) }

    private func version(at block: BlockID) -> SparseMerkleTree.Version? {
        block == finalBlock ? finalVersion : branches[block]?.version
    }

    // Order does not matter to the callers: they abandon every one of them.
    private func children(of block: BlockID) -> [BlockID] {
        branches.keys.filter { branches[$0]?.parent == block }.sorted()
    }

    private func layers(to block: BlockID) -> [Branch]? {
        var chain: [Branch] = []
        var cursor = block
        while cursor != finalBlock {
            guard let branch = branches[cursor] else { return nil }
            chain.append(branch)
            cursor = branch.parent
        }
        return chain.reversed()
    }
}
