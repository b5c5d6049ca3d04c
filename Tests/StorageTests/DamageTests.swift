import Ledger
import Primitives
import Storage
import Testing

@Suite struct DamageTests {
    private func closedDatabase(_ path: String, seed: UInt64) throws -> ChainModel {
        var model = ChainModel(seed: seed)
        let database = try create(path, model)
        for round in 0..<25 {
            try database.commit(model.step())
            if round == 12 { try database.flush() }
        }
        try database.checkpoint()
        return model
    }

    /// True when the file was refused by name, false when it opened with the model's very contents.
    private func isRefused(_ path: String, _ model: ChainModel) throws -> Bool {
        do throws(StorageFailure) {
            let database = try ChainDatabase(path: path, chain: ChainModel.chain, genesis: ChainModel.genesis)
            let contents = try database.restore().contents
            #expect(contents == model.contents)
            let agrees = try queriesAgree(database, model)
            #expect(agrees)
            return false
        } catch {
            #expect(error.file == path)
            #expect(error.description.contains(path))
            return true
        }
    }

    private func queriesAgree(_ database: ChainDatabase, _ model: ChainModel) throws(StorageFailure) -> Bool {
        do { return try database.queries.agrees(with: model) } catch let failure as StorageFailure {
            throw failure
        } catch { return false }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func aFlippedByteIsRefusedOrChangesNothing(seed: UInt64) throws {
        let scratch = try Scratch()
        let model = try closedDatabase(scratch.path(), seed: 61)
        let image = Image(of: scratch.path())
        #expect(image.log.isEmpty)
        var generator = SeededGenerator(seed: seed)
        var refused = 0
        for round in 0..<40 {
            var copy = image
            // A third of the positions lie in the first bytes of a page, where the structure is.
            let page = Int(generator.below(UInt64(image.main.count / 4_096))) * 4_096
            let spread: UInt64 = round % 3 == 0 ? 16 : 4_096
            copy.main[page + Int(generator.below(spread))] ^= UInt8(1 + generator.below(255))
            refused += try isRefused(try scratch.place(copy, as: "flip.db"), model) ? 1 : 0
            scratch.clear("flip.db")
        }
        #expect(refused > 10)
    }

    @Test func everyByteOfTheHeaderIsRefusedOrChangesNothing() throws {
        let scratch = try Scratch()
        let model = try closedDatabase(scratch.path(), seed: 62)
        let image = Image(of: scratch.path())
        for offset in 0..<100 {
            var copy = image
            copy.main[offset] ^= 0x41
            _ = try isRefused(try scratch.place(copy, as: "flip.db"), model)
            scratch.clear("flip.db")
        }
    }

    @Test func aFileCutAtAnyPageIsRefused() throws {
        let scratch = try Scratch()
        let model = try closedDatabase(scratch.path(), seed: 63)
        let image = Image(of: scratch.path())
        for length in [0, 1, 99, 100, 4_095] + Array(stride(from: 4_096, to: image.main.count, by: 4_096)) {
            var copy = image
            copy.main = Array(image.main.prefix(length))
            #expect(try isRefused(try scratch.place(copy, as: "cut.db"), model), "cut at \(length)")
            scratch.clear("cut.db")
        }
    }

    @Test func aFlippedByteInTheLogCostsAtMostTheLastCommit() throws {
        let scratch = try Scratch()
        var model = ChainModel(seed: 64)
        let database = try create(scratch.path(), model)
        try database.checkpoint()
        var models = [model]
        for _ in 0..<8 {
            try database.commit(model.step())
            models.append(model)
        }
        let image = Image(of: scratch.path())
        var generator = SeededGenerator(seed: 64)
        for round in 0..<120 {
            var copy = image
            let offset = round < 32 ? round : Int(generator.below(UInt64(image.log.count)))
            copy.log[offset] ^= UInt8(1 + generator.below(255))
            let path = try scratch.place(copy, as: "flip.db")
            do throws(StorageFailure) {
                let contents = try ChainDatabase(
                    path: path, chain: ChainModel.chain, genesis: ChainModel.genesis
                )
                .restore().contents
                #expect(models.suffix(2).contains { $0.contents == contents }, "flipped at \(offset)")
            } catch {
                #expect(error.file == path)
            }
            scratch.clear("flip.db")
        }
    }
}
