public import Ledger
public import Primitives

/// An executed block: what it holds, what became of it and what it does to the state.
public struct StoredBlock: Sendable, Equatable {
    /// The header and the transactions.
    public let block: Block
    /// What became of each transaction.
    public let receipts: [Receipt]
    /// Old and new values, so that the block can be done and undone.
    public let changes: ChangeSet

    /// Joins the parts.
    public init(block: Block, receipts: [Receipt], changes: ChangeSet) {
        self.block = block
        self.receipts = receipts
        self.changes = changes
    }
}

/// One thing that this node is about to sign (`consensus.md` 4).
public struct JournalRecord: Sendable, Hashable {
    /// The round that it belongs to.
    public let round: Round
    /// The view that it is about.
    public let view: View
    /// What is signed; at most one record for each round, view and kind is ever kept.
    public let kind: UInt8
    /// The record itself, at most `largest` bytes.
    public let bytes: [UInt8]

    /// The most bytes in a record.
    public static let largest = 1 << 20

    /// Joins the parts.
    public init(round: Round, view: View, kind: UInt8, bytes: [UInt8]) {
        self.round = round
        self.view = view
        self.kind = kind
        self.bytes = bytes
    }
}

/// A block named by height and id.
public struct BlockReference: Sendable, Hashable {
    /// Its height.
    public let height: Height
    /// Its id.
    public let id: BlockID

    /// Joins the parts.
    public init(height: Height, id: BlockID) {
        self.height = height
        self.id = id
    }
}

/// The bytes of the certificate that made a height final.
public struct StoredCertificate: Sendable, Hashable {
    /// The height of the block that it names.
    public let height: Height
    /// Its canonical bytes, at most `largest`.
    public let bytes: [UInt8]

    /// The most bytes in a certificate.
    public static let largest = 1 << 20

    /// Joins the parts.
    public init(height: Height, bytes: [UInt8]) {
        self.height = height
        self.bytes = bytes
    }
}

/// What one step of a chain makes durable: all of it or nothing, with one synchronisation of the disk.
public struct StoreBatch: Sendable, Equatable {
    /// Newly executed blocks, at most `mostBlocks`; a block that is stored already is skipped.
    public var blocks: [StoredBlock] = []
    /// What this node will sign next.
    public var journal: [JournalRecord] = []
    /// Blocks that became final, in height order without gaps; each is stored or part of `blocks`.
    public var finalized: [BlockReference] = []
    /// Certificates to keep.
    public var certificates: [StoredCertificate] = []
    /// Blocks that can never become final; ids that are not stored are skipped.
    public var abandoned: [BlockID] = []
    /// The journal's new low-water mark: records of earlier rounds are dropped and refused from now on.
    public var journalFloor: Round?

    /// The most blocks, certificates, records or ids in one batch.
    public static let mostBlocks = 4_096

    /// Nothing to do.
    public init() {}

    /// True when there is nothing to write.
    public var isEmpty: Bool {
        blocks.isEmpty && journal.isEmpty && finalized.isEmpty && certificates.isEmpty && abandoned.isEmpty
            && journalFloor == nil
    }
}

/// A record's new value for the snapshot, or nil when it no longer exists.
public struct StateWrite: Sendable, Hashable {
    /// Which record.
    public let key: StateKey
    /// Its value, or nil.
    public let value: [UInt8]?

    /// Joins the parts.
    public init(key: StateKey, value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}

/// One record of the state.
public struct StateRecord: Sendable, Hashable {
    /// Which record.
    public let key: StateKey
    /// Its value.
    public let value: [UInt8]

    /// Joins the parts.
    public init(key: StateKey, value: [UInt8]) {
        self.key = key
        self.value = value
    }
}

/// A transaction id that may not be used again, and where it was used.
public struct IncludedTransaction: Sendable, Hashable {
    /// The id.
    public let id: TransactionID
    /// The final block that holds it.
    public let height: Height

    /// Joins the parts.
    public init(id: TransactionID, height: Height) {
        self.id = id
        self.height = height
    }
}

/// Where a final transaction is.
public struct TransactionLocation: Sendable, Hashable {
    /// The height of its block.
    public let height: Height
    /// Its position in the block, from 0.
    public let index: Int

    /// Joins the parts.
    public init(height: Height, index: Int) {
        self.height = height
        self.index = index
    }
}

/// A block without its transactions, for lists.
public struct BlockSummary: Sendable, Hashable {
    /// The header.
    public let header: BlockHeader
    /// The header's id.
    public let id: BlockID
    /// How many transactions the block holds.
    public let transactionCount: Int

    /// Joins the parts.
    public init(header: BlockHeader, id: BlockID, transactionCount: Int) {
        self.header = header
        self.id = id
        self.transactionCount = transactionCount
    }
}

/// All that a node needs to go on where it stopped.
public struct RestoredChain: Sendable, Equatable {
    /// The height of the flushed snapshot, or nil before the genesis state was flushed.
    public let snapshotHeight: Height?
    /// The last final height, 0 for genesis.
    public let finalHeight: Height
    /// The header of the last final block, or nil at genesis.
    public let finalHeader: BlockHeader?
    /// The state at the final height in key order.
    public let records: [StateRecord]
    /// Blocks neither final nor abandoned, in the order in which they were stored.
    public let unfinalBlocks: [StoredBlock]
    /// What this node signed in rounds from `journalFloor` on, by round, view and kind.
    public let journal: [JournalRecord]
    /// The journal's low-water mark.
    public let journalFloor: Round
    /// Ids in final blocks at most `Transaction.longestLife` below the last one, by height and position.
    public let recentTransactions: [IncludedTransaction]
}
