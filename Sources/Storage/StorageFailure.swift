public import Primitives

/// Why a chain's database could not do what was asked; every case names the file.
///
/// A failure while committing stops the node: it commits or it exits.
public enum StorageFailure: Error, Equatable, Sendable {
    /// Another process, or another part of this one, has the database open for writing.
    ///
    /// Blame: the operator. Consequence: stop the holder (its process id, where known) and start again.
    case locked(file: String, holder: Int32?)
    /// The contents are not what was written.
    ///
    /// Blame: the disk or whoever edited the file. Consequence: restore a copy, or delete it and synchronise anew.
    case damaged(file: String, Damage)
    /// The file belongs to another chain.
    case wrongChain(file: String, expected: ChainID, got: ChainID)
    /// The file belongs to a chain of the same id with another genesis block.
    case wrongGenesis(file: String, expected: BlockID, got: BlockID)
    /// A later version of this program wrote the file. Consequence: update the program.
    case newerFormat(file: String, supported: UInt32, got: UInt32)
    /// The caller asked for something that would break the chain's history. Blame: this program.
    case invalidBatch(file: String, BatchFault)
    /// The disk is full; nothing of the operation was kept.
    case full(file: String, operation: String)
    /// The operating system refused, with its error number.
    case system(operation: String, file: String, code: Int32)
    /// SQLite refused, with its extended result code.
    case engine(operation: String, file: String, code: Int32)

    /// The file that the failure is about.
    public var file: String {
        switch self {
        case .locked(let file, _), .damaged(let file, _), .wrongChain(let file, _, _),
            .wrongGenesis(let file, _, _), .newerFormat(let file, _, _), .invalidBatch(let file, _),
            .full(let file, _), .system(_, let file, _), .engine(_, let file, _):
            file
        }
    }
}

extension StorageFailure: CustomStringConvertible {
    /// One sentence that names the file and says what to do.
    public var description: String {
        switch self {
        case .locked(let file, let holder):
            "\(file) is in use\(holder.map { " by process \($0)" } ?? ""); stop that node first"
        case .damaged(let file, let damage):
            "\(file) is damaged: \(damage); restore a copy, or delete it and synchronise again"
        case .wrongChain(let file, let expected, let got):
            "\(file) belongs to chain \(got), not to \(expected)"
        case .wrongGenesis(let file, let expected, let got):
            "\(file) starts from genesis block \(got), not from \(expected)"
        case .newerFormat(let file, let supported, let got):
            "\(file) has format \(got) and this program reads up to \(supported); update the program"
        case .invalidBatch(let file, let fault):
            "\(file) refused a change that would break its history: \(fault)"
        case .full(let file, let operation):
            "no space left for \(file) (\(operation)); free some space and start again"
        case .system(let operation, let file, let code):
            "\(file): the operating system refused to \(operation) (error \(code))"
        case .engine(let operation, let file, let code):
            "\(file): SQLite refused to \(operation) (code \(code))"
        }
    }
}

/// What is wrong with a damaged file.
public enum Damage: Equatable, Sendable {
    /// The byte of the file header at `offset` is not one that this program writes.
    case header(offset: Int)
    /// The tables are not the ones that this program creates.
    case schema
    /// The file ends before the pages that it says it has.
    case truncated(expected: Int, got: Int)
    /// SQLite found its own structure broken, with its extended result code.
    case structure(code: Int32)
    /// SQLite's integrity check reported this.
    case integrity(report: String)
    /// A row's contents do not match its checksum or its form; `row` is its number, height or round.
    case row(StoredTable, row: Int64)
    /// Rows of a table are missing, repeated or out of order.
    case rows(StoredTable)
    /// The changes of the block at this height do not fit the state before it.
    case history(Height)
    /// The write-ahead log lost commits that had been made durable.
    case log(lostCommits: Int)
    /// The write-ahead log is there and the database that it belongs to is not.
    case orphanLog
}

extension Damage: CustomStringConvertible {
    /// A clause for the end of a sentence.
    public var description: String {
        switch self {
        case .header(let offset): "unexpected byte at offset \(offset) of the header"
        case .schema: "unexpected tables"
        case .truncated(let expected, let got): "\(got) bytes instead of at least \(expected)"
        case .structure(let code): "broken structure (code \(code))"
        case .integrity(let report): report
        case .row(let table, let row): "row \(row) of \(table.rawValue) does not match its checksum"
        case .rows(let table): "the rows of \(table.rawValue) are not the ones that were written"
        case .history(let height): "the changes of block \(height) do not follow from those before it"
        case .log(let lost): "its write-ahead log lost \(lost) commits"
        case .orphanLog: "the main file is missing although its write-ahead log exists"
        }
    }
}

/// The tables of a chain's database.
public enum StoredTable: String, Sendable, CaseIterable {
    /// Names the chain and holds the totals of all other tables.
    case meta
    /// Headers, transactions and receipts.
    case blocks
    /// Which block is final at each height.
    case final
    /// Blocks that are neither final nor abandoned.
    case unfinal
    /// What each block does to the state.
    case changes
    /// Transaction ids of the blocks whose ids may not be used again.
    case ids
    /// Where a transaction is, by the first 8 bytes of its id.
    case transactions
    /// What this node has signed.
    case journal
    /// Finality certificates.
    case certificates
    /// The state at the snapshot height.
    case state
}

/// Why a batch or a flush was refused as a whole.
public enum BatchFault: Equatable, Sendable {
    /// The block belongs to another chain.
    case wrongChain(ChainID)
    /// A height, round or view is above 2^63 - 1, or a height is 0.
    case outOfRange(UInt64)
    /// A list, row or table would grow above its bound.
    case tooLarge(StoredTable, got: Int, most: Int)
    /// The block is not stored.
    case unknownBlock(BlockID)
    /// Blocks become final one height after the other.
    case notNextHeight(expected: Height, got: Height)
    /// The block does not extend the final block below it.
    case wrongParent(expected: BlockID, got: BlockID)
    /// A final block cannot be abandoned.
    case isFinal(BlockID)
    /// Another record was already signed for this round, view and kind.
    case conflictingRecord(Round, View, kind: UInt8)
    /// The round lies below the journal's low-water mark.
    case belowFloor(Round, floor: Round)
    /// The first flush must bring the genesis state before any block becomes final.
    case noSnapshot
    /// A snapshot lies at or above the last one and at or below the final height.
    case snapshotOutOfOrder(lowest: Height, highest: Height, got: Height)
    /// The records of a flush are not in ascending key order, each once.
    case recordsOutOfOrder(index: Int)
    /// The undo data that the operation needs was pruned.
    case pruned(Height)
}
