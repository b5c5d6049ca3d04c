import Ledger
import Primitives
import Storage
import Testing

@Suite struct BatchRuleTests {
    private let scratch: Scratch
    private let database: ChainDatabase
    private var model = ChainModel(seed: 3)

    init() throws {
        scratch = try Scratch()
        database = try create(scratch.path(), model)
    }

    private func expectRefused(_ fault: BatchFault, _ batch: StoreBatch) throws {
        let before = try database.restore()
        #expect(throws: StorageFailure.invalidBatch(file: database.file, fault)) {
            try database.commit(batch)
        }
        #expect(try database.restore() == before)
    }

    private func record(_ round: UInt64, _ view: UInt64, _ bytes: [UInt8]) -> StoreBatch {
        var batch = StoreBatch()
        batch.journal = [JournalRecord(round: Round(round), view: View(view), kind: 1, bytes: bytes)]
        return batch
    }

    @Test func anEmptyBatchWritesNothing() throws {
        let before = Image(of: scratch.path())
        try database.commit(StoreBatch())
        #expect(Image(of: scratch.path()).log == before.log)
    }

    @Test func theSameRecordMayBeWrittenAgainAndAnotherOneIsRefused() throws {
        try database.commit(record(1, 1, [1]))
        try database.commit(record(1, 1, [1]))
        #expect(try database.restore().journal.count == 1)
        try expectRefused(.conflictingRecord(Round(1), View(1), kind: 1), record(1, 1, [2]))
    }

    @Test func aRefusedRecordTakesTheWholeBatchWithIt() throws {
        var model = model
        try database.commit(record(1, 1, [1]))
        var batch = record(1, 1, [2])
        batch.blocks = [model.block(on: model.tip, height: Height(1), transactions: 2)]
        try expectRefused(.conflictingRecord(Round(1), View(1), kind: 1), batch)
    }

    @Test func recordsAtTheFloorAreKeptAndThoseBelowAreRefused() throws {
        try database.commit(record(1, 1, [1]))
        try database.commit(record(2, 1, [2]))
        var batch = StoreBatch()
        batch.journalFloor = Round(2)
        try database.commit(batch)
        #expect(try database.restore().journal.map(\.round) == [Round(2)])
        try database.commit(record(2, 2, [3]))
        try expectRefused(.belowFloor(Round(1), floor: Round(2)), record(1, 9, [1]))
    }

    @Test func aRecordOfTheLargestSizeIsKeptAndALongerOneRefused() throws {
        let most = JournalRecord.largest
        try database.commit(record(1, 1, [UInt8](repeating: 7, count: most)))
        try expectRefused(
            .tooLarge(.journal, got: most + 1, most: most),
            record(1, 2, [UInt8](repeating: 7, count: most + 1)))
    }

    @Test func viewsUpToTheSignedLimitAreKeptAndTheNextRefused() throws {
        try database.commit(record(1, UInt64(Int64.max), [1]))
        try expectRefused(.outOfRange(1 << 63), record(1, 1 << 63, [1]))
    }

    @Test func heightsBecomeFinalOneAfterTheOther() throws {
        var model = model
        let first = model.block(on: model.tip, height: Height(1), transactions: 1)
        let second = model.block(on: first.block.id, height: Height(2), transactions: 1)
        let rival = model.block(on: model.tip, height: Height(2), transactions: 1)
        var batch = StoreBatch()
        batch.blocks = [first, second, rival]
        try database.commit(batch)
        batch = StoreBatch()
        batch.finalized = [BlockReference(height: Height(2), id: second.block.id)]
        try expectRefused(.notNextHeight(expected: Height(1), got: Height(2)), batch)
        batch.finalized = [BlockReference(height: Height(1), id: second.block.id)]
        try expectRefused(.notNextHeight(expected: Height(1), got: Height(2)), batch)
        batch.finalized = [BlockReference(height: Height(1), id: BlockID(Bytes32(0, 0, 0, 1)))]
        try expectRefused(.unknownBlock(BlockID(Bytes32(0, 0, 0, 1))), batch)
        batch.finalized = [BlockReference(height: Height(1), id: first.block.id)]
        try database.commit(batch)
        batch.finalized = [BlockReference(height: Height(2), id: rival.block.id)]
        try expectRefused(.wrongParent(expected: first.block.id, got: ChainModel.genesis), batch)
        batch = StoreBatch()
        batch.abandoned = [first.block.id]
        try expectRefused(.isFinal(first.block.id), batch)
        batch.abandoned = [rival.block.id]
        try database.commit(batch)
        try database.commit(batch)
        #expect(try database.restore().unfinalBlocks == [second])
        #expect(try database.queries.block(rival.block.id) == nil)
    }

    @Test func aStoredBlockIsNotStoredTwice() throws {
        var model = model
        var batch = StoreBatch()
        batch.blocks = [model.block(on: model.tip, height: Height(1), transactions: 1)]
        try database.commit(batch)
        try database.commit(batch)
        #expect(try database.restore().unfinalBlocks == batch.blocks)
    }

    @Test func aBlockOfAnotherChainIsRefused() throws {
        let other = ChainID(Bytes32(9, 9, 9, 9))
        let header = BlockHeader(chain: other, height: Height(1), round: Round(1), view: View(1))
        var batch = StoreBatch()
        batch.blocks = [
            StoredBlock(block: Block(header: header, transactions: []), receipts: [], changes: .empty)
        ]
        try expectRefused(.wrongChain(other), batch)
    }

    @Test func nothingBecomesFinalBeforeTheGenesisStateIsFlushed() throws {
        var model = model
        let fresh = try open(scratch.path("fresh.db"))
        let block = model.block(on: model.tip, height: Height(1), transactions: 1)
        var batch = StoreBatch()
        batch.blocks = [block]
        batch.finalized = [BlockReference(height: Height(1), id: block.block.id)]
        #expect(throws: StorageFailure.invalidBatch(file: fresh.file, .noSnapshot)) {
            try fresh.commit(batch)
        }
        try fresh.flush(changesUpTo: .zero, records: model.genesisState)
        try fresh.commit(batch)
        #expect(try fresh.restore().finalHeight == Height(1))
    }

    @Test func aFlushAboveTheFinalHeightOrOutOfOrderIsRefused() throws {
        let file = database.file
        #expect(
            throws: StorageFailure.invalidBatch(
                file: file, .snapshotOutOfOrder(lowest: .zero, highest: .zero, got: Height(1)))
        ) { try database.flush(changesUpTo: Height(1), records: []) }
        let write = StateWrite(key: ChainModel.key(1), value: [1])
        #expect(throws: StorageFailure.invalidBatch(file: file, .recordsOutOfOrder(index: 1))) {
            try database.flush(changesUpTo: .zero, records: [write, write])
        }
        try database.flush(changesUpTo: .zero, records: [write])
        #expect(try database.restore().records.contains(StateRecord(key: write.key, value: [1])))
    }
}
