internal import Crypto
internal import Ledger
internal import Primitives
internal import Storage

/// A validator's state and store, and the steps that a proposed block takes through them.
struct TransferNode {
    let spec: ChainSpec
    let rules: AdmissionRules
    private let executor: BlockExecutor
    private let database: ChainDatabase
    private(set) var state: ChainState
    /// Bytes of memory that the records and their tree took.
    let stateBytes: Double

    /// Opens an empty database in a folder and flushes the genesis state into it.
    init(_ chain: TransferChain, in folder: ScratchFolder) throws {
        spec = chain.spec
        rules = AdmissionRules(spec: chain.spec, registry: chain.registry)
        executor = BlockExecutor(spec: chain.spec, registry: chain.registry)
        let records = chain.spec.genesis.records
        let before = Memory.resident
        state = ChainState(records: records, finalBlock: chain.tip)
        stateBytes = Memory.resident - before
        database = try ChainDatabase(
            path: folder.path + "/chain.db", chain: chain.spec.id, genesis: chain.tip)
        try database.flush(
            changesUpTo: .zero,
            records: state.records.scan(prefix: [], after: nil, limit: .max).map {
                StateWrite(key: $0.key, value: $0.value)
            })
    }

    /// Executes a checked block on its parent.
    func execute(_ block: Block, _ checked: [CheckedTransaction]) throws -> ExecutedBlock {
        let parent = block.header.parent
        guard let view = state.view(at: parent) else { throw BenchmarkFailure("the parent is unknown") }
        let frame = BlockExecutor.Frame(
            context: BlockContext(
                chain: block.header.chain, height: block.header.height, time: block.header.timestamp,
                leader: block.header.leader),
            reveal: .zero, inbox: [])
        let executed = try executor.verify(
            checked, frame: frame, on: view, isKnown: { state.contains($0, on: parent) },
            contracts: NoContracts())
        guard executed.receipts.allSatisfy({ $0.error == nil }) else {
            throw BenchmarkFailure("a transfer failed")
        }
        return executed
    }

    /// Computes the roots of transactions and receipts, and compares what the header commits to.
    func compareRoots(_ block: Block, _ executed: ExecutedBlock) throws {
        let roots = (Block.transactionsRoot(block.transactions), executed.receiptsRoot)
        guard roots.0 == block.header.transactionsRoot else { throw BenchmarkFailure("a root differs") }
    }

    /// Computes the state root.
    mutating func stage(_ block: Block, _ executed: ExecutedBlock) throws {
        let root = state.stage(
            block.id, on: block.header.parent, changes: executed.changes,
            transactions: executed.transactions.map(\.id))
        guard root != nil else { throw BenchmarkFailure("the block was not staged") }
    }

    /// Stores the block and its finality with one fsync.
    func persist(_ block: Block, _ executed: ExecutedBlock, certificate: [UInt8]) throws {
        var batch = StoreBatch()
        batch.blocks = [StoredBlock(block: block, receipts: executed.receipts, changes: executed.changes)]
        batch.finalized = [BlockReference(height: block.header.height, id: block.id)]
        batch.certificates = [StoredCertificate(height: block.header.height, bytes: certificate)]
        try database.commit(batch)
    }

    /// Folds the block into the final state.
    mutating func finalise(_ block: Block) { _ = state.finalise(block.id, at: block.header.height) }
}
