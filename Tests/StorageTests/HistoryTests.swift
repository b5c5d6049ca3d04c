import Ledger
import Primitives
import Storage
import Testing

@Suite struct HistoryTests {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func aRandomHistoryIsRestoredAsItWas(seed: UInt64) throws {
        let scratch = try Scratch()
        var model = ChainModel(seed: seed)
        var generator = SeededGenerator(seed: seed)
        var database: ChainDatabase? = try create(scratch.path(), model)
        for _ in 0..<40 {
            try database?.commit(model.step())
            if generator.chance(perMille: 150) { try database?.flush() }
            if generator.chance(perMille: 100) {
                // The old one must let go of the file before the new one can have it.
                database = nil
                database = try open(scratch.path())
            }
            #expect(try database?.restore().contents == model.contents)
        }
        let last = try #require(database)
        #expect(try last.queries.agrees(with: model))
        try last.verify()
        try last.flush()
        #expect(try last.restore().contents == model.contents)
        #expect(try last.restore().snapshotHeight == model.finalHeight)
    }

    @Test func undoingUnfinalBlocksLeadsBackToTheFinalRecords() throws {
        let scratch = try Scratch()
        var model = ChainModel(seed: 77)
        let database = try create(scratch.path(), model)
        repeat {
            try database.commit(model.step())
        } while model.finalHeight < Height(9) || model.unfinal.count < 3
        let restored = try database.restore()
        #expect(restored.unfinalBlocks == model.unfinal)
        for stored in restored.unfinalBlocks where stored.block.header.parent == model.tip {
            var state: [StateKey: [UInt8]] = [:]
            for record in restored.records { state[record.key] = record.value }
            for change in stored.changes.changes { state[change.key] = change.new }
            for change in stored.changes.inverse.changes { state[change.key] = change.new }
            #expect(ChainModel.sorted(state) == restored.records)
        }
    }

    @Test func recordsGivenToAFlushReplaceTheReplay() throws {
        let scratch = try Scratch()
        var model = ChainModel(seed: 5)
        let database = try create(scratch.path(), model)
        var before = model.records
        for _ in 0..<20 {
            try database.commit(model.step())
            let after = model.records
            let old = Dictionary(uniqueKeysWithValues: before.map { ($0.key, $0.value) })
            let new = Dictionary(uniqueKeysWithValues: after.map { ($0.key, $0.value) })
            let keys = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
            try database.flush(
                changesUpTo: model.finalHeight, records: keys.map { StateWrite(key: $0, value: new[$0]) })
            before = after
            #expect(try database.restore().records == after)
        }
    }

    @Test func idsAreRestoredForTheLongestLifeOfATransactionOnly() throws {
        let scratch = try Scratch()
        var model = ChainModel(seed: 9)
        let database = try create(scratch.path(), model)
        var batch = StoreBatch()
        for _ in 0..<(Transaction.longestLife + 4) {
            let block = model.block(on: model.tip, height: model.finalHeight.next, transactions: 1)
            batch.blocks.append(block)
            model.finalize(block, &batch)
        }
        try database.commit(batch)
        let recent = try database.restore().recentTransactions
        #expect(recent.count == Int(Transaction.longestLife) + 1)
        #expect(recent.first?.height == Height(4))
        let first = model.final[0].block.transactions[0].id
        #expect(try database.queries.location(of: first) == TransactionLocation(height: Height(1), index: 0))
        try database.verify()
    }

    @Test func prunedChangesAreGoneAndTheRestStays() throws {
        let scratch = try Scratch()
        var model = ChainModel(seed: 21)
        let database = try create(scratch.path(), model)
        for _ in 0..<30 { try database.commit(model.step()) }
        try database.flush()
        let floor = Height(model.finalHeight.value - 2)
        try database.pruneUndo(below: floor)
        #expect(try database.queries.changes(at: floor) == nil)
        #expect(try database.queries.changes(at: floor.next) == model.final[Int(floor.value)].changes)
        #expect(try database.queries.block(at: floor) == model.final[Int(floor.value) - 1].block)
        #expect(throws: StorageFailure.invalidBatch(file: database.file, .pruned(Height(1)))) {
            try database.queries.finalBlocks(above: .zero, most: 1)
        }
        try database.vacuum()
        try database.verify()
        #expect(try database.restore().contents == model.contents)
    }
}
