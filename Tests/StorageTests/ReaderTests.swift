import Ledger
import Primitives
import Storage
import Testing

@Suite struct ReaderTests {
    @Test func aSnapshotStaysAsItWasWhileTheWriterCommits() throws {
        let scratch = try Scratch()
        var model = ChainModel(seed: 71)
        let database = try create(scratch.path(), model)
        for _ in 0..<10 { try database.commit(model.step()) }
        let reader = try database.openReader()
        let before = model
        var batches: [StoreBatch] = []
        for _ in 0..<10 { batches.append(model.step()) }
        let agreed = try reader.snapshot { () throws(StorageFailure) in
            for batch in batches { try database.commit(batch) }
            return try agrees(reader, before)
        }
        #expect(agreed)
        #expect(model.finalHeight > before.finalHeight)
        #expect(try agrees(reader, model))
    }

    private func agrees(_ reader: ChainReader, _ model: ChainModel) throws(StorageFailure) -> Bool {
        do { return try reader.agrees(with: model) } catch let failure as StorageFailure {
            throw failure
        } catch {
            return false
        }
    }

    @Test func aReaderOnAnotherThreadSeesWholeCommitsOnly() async throws {
        let scratch = try Scratch()
        var model = ChainModel(seed: 72)
        let database = try create(scratch.path(), model)
        let reader = try database.openReader()
        let reading = Task.detached { () throws -> Int in
            var rounds = 0
            var height = Height.zero
            while height < Height(20) {
                try reader.snapshot { () throws(StorageFailure) in
                    let latest = try reader.latestFinal()
                    height = try reader.finalHeight()
                    #expect(latest?.header.height ?? .zero == height)
                    let id = latest?.transactions.last?.id
                    if let id { #expect(try reader.location(of: id)?.height == height) }
                    #expect(try reader.summaries(most: 3).first?.id == latest?.id)
                }
                rounds += 1
            }
            return rounds
        }
        while model.finalHeight < Height(20) { try database.commit(model.step()) }
        #expect(try await reading.value > 0)
    }

    @Test func aReaderWorksWithoutAWriter() throws {
        let scratch = try Scratch()
        var model = ChainModel(seed: 73)
        do {
            let database = try create(scratch.path(), model)
            for _ in 0..<10 { try database.commit(model.step()) }
        }
        let reader = try ChainReader(path: scratch.path(), chain: ChainModel.chain)
        #expect(try reader.agrees(with: model))
    }

    @Test func whatIsNotThereIsNil() throws {
        let scratch = try Scratch()
        var model = ChainModel(seed: 74)
        let database = try create(scratch.path(), model)
        for _ in 0..<10 { try database.commit(model.step()) }
        let reader = try database.openReader()
        let beyond = model.finalHeight.next
        #expect(try reader.block(at: beyond) == nil)
        #expect(try reader.block(at: .zero) == nil)
        #expect(try reader.block(at: Height(.max)) == nil)
        #expect(try reader.receipts(at: beyond) == nil)
        #expect(try reader.changes(at: beyond) == nil)
        #expect(try reader.certificate(at: beyond) == nil)
        #expect(try reader.location(of: .zero) == nil)
        #expect(
            try reader.summaries(from: Height(2), most: 5).map(\.header.height) == [Height(2), Height(1)])
        #expect(try reader.summaries(most: 0).isEmpty)
    }

    @Test func aSharedPrefixDoesNotConfuseTheLookup() throws {
        let scratch = try Scratch()
        var model = ChainModel(seed: 75)
        let database = try create(scratch.path(), model)
        for _ in 0..<10 { try database.commit(model.step()) }
        let id = try #require(model.final.last?.block.transactions.first?.id)
        let twin = TransactionID(Bytes32(id.bytes.a, id.bytes.b, id.bytes.c, id.bytes.d ^ 1))
        #expect(try database.queries.location(of: id) != nil)
        #expect(try database.queries.location(of: twin) == nil)
    }
}
