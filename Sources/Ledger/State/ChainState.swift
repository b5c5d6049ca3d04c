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
    // In the order of staging.
    private var children: [BlockID: [BlockID]] = [:]

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
        guard block != finalBlock, let base = version(at: parent) else { return nil }
        if let known = branches[block] { return known.version.digest }
        let version = tree.update(base, with: changes)
        branches[block] = Branch(
            parent: parent, changes: changes, version: version, transactions: Set(transactions))
        children[parent, default: []].append(block)
        return version.digest
    }

    /// Forgets a staged block that can no longer become final, and everything staged on it.
    public mutating func abandon(_ block: BlockID) {
        guard let parent = branches[block]?.parent else { return }
        let siblings = children[parent]?.filter { $0 != block } ?? []
        children[parent] = siblings.isEmpty ? nil : siblings
        discard(block)
    }

    // A list instead of recursion: nothing bounds the length of an unfinal chain.
    private mutating func discard(_ block: BlockID) {
        var doomed = [block]
        while let next = doomed.popLast() {
            if let branch = branches.removeValue(forKey: next) { tree.discard(branch.version) }
            doomed += children.removeValue(forKey: next) ?? []
        }
    }

    /// Folds a staged child of the last final block into the records; its rivals are abandoned.
    ///
    /// Returns the block's changes, or nil when it is not staged on the last final block.
    public mutating func finalise(_ block: BlockID, at height: Height) -> ChangeSet? {
        guard let branch = branches[block], branch.parent == finalBlock else { return nil }
        for rival in children.removeValue(forKey: finalBlock) ?? [] where rival != block { discard(rival) }
        branches[block] = nil
        records.apply(branch.changes)
        tree.commit(branch.version)
        finalVersion = branch.version
        finalBlock = block
        recent.add(branch.transactions.sorted(), at: height)
        return branch.changes
    }

    /// How many blocks are staged above the last final one.
    package var stagedCount: Int { branches.count }

    /// How many slots of the tree hold a node; equal states need equally many once nothing is staged.
    package var treeNodeCount: Int { tree.nodeCount }

    /// A proof of a record, or of its absence, under the last final state root.
    public func finalProof(of key: StateKey) -> StateProof { tree.proof(of: key, in: finalVersion) }

    private func version(at block: BlockID) -> SparseMerkleTree.Version? {
        block == finalBlock ? finalVersion : branches[block]?.version
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
