import Ledger
import Primitives
import Testing

@Suite struct RecordsTests {
    @Test(arguments: 0..<6 as Range<UInt64>)
    func orderedRecordsBehaveLikeADictionary(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var model = ModelState()
        var records = OrderedRecords()
        for step in 0..<3_000 {
            let key = stateKey(random.below(600))
            // Growth, then decay: chunks must split and vanish.
            let value: [UInt8]? = random.below(10) < (step < 1_500 ? 2 : 7) ? nil : random.bytes(most: 3)
            records.set(key, to: value)
            model.records[key] = value
            #expect(records.count == model.records.count)
            #expect(records[key] == value)
            #expect(records[stateKey(600 + random.below(600))] == nil)
        }
        for number in 0..<600 as Range<UInt64> {
            #expect(records[stateKey(number)] == model.records[stateKey(number)])
        }
        for _ in 0..<30 {
            let prefix = Array(stateKey(random.below(700)).bytes.prefix(Int(random.below(10))))
            let after = random.below(3) == 0 ? nil : stateKey(random.below(700))
            let limit = Int(random.below(200))
            #expect(
                same(
                    records.scan(prefix: prefix, after: after, limit: limit),
                    model.scan(prefix: prefix, after: after, limit: limit)))
        }
        #expect(
            same(
                records.scan(prefix: [], after: nil, limit: .max),
                model.scan(prefix: [], after: nil, limit: .max)))
        for key in model.records.keys.sorted() { records.set(key, to: nil) }
        #expect(records.count == 0)
        #expect(records.scan(prefix: [], after: nil, limit: 1).isEmpty)
    }

    @Test func aCopyOfTheRecordsKeepsItsContent() {
        var records = OrderedRecords()
        for number in 0..<500 as Range<UInt64> { records.set(stateKey(number), to: [1]) }
        let copy = records
        for number in 0..<500 as Range<UInt64> {
            records.set(stateKey(number), to: number % 2 == 0 ? nil : [2])
        }
        #expect(copy.count == 500 && records.count == 250)
        #expect(copy.scan(prefix: [], after: nil, limit: .max).allSatisfy { $0.value == [1] })
    }

    @Test func scansStopAtTheLimitAndAtThePrefix() {
        var records = OrderedRecords()
        for byte in 0..<200 as Range<UInt8> { records.set(StateKey(.dapp, [1, byte]), to: [byte]) }
        records.set(StateKey(.dapp, [2]), to: [0])
        let prefix = StateKey(.dapp, [1]).bytes
        #expect(records.scan(prefix: prefix, after: nil, limit: 0).isEmpty)
        #expect(records.scan(prefix: prefix, after: nil, limit: -1).isEmpty)
        #expect(records.scan(prefix: prefix, after: nil, limit: 200).count == 200)
        #expect(records.scan(prefix: prefix, after: nil, limit: 201).count == 200)
        #expect(
            records.scan(prefix: prefix, after: StateKey(.dapp, [1, 198]), limit: 9).map(\.value) == [[199]])
        #expect(records.scan(prefix: prefix, after: StateKey(.dapp, [1, 199]), limit: 9).isEmpty)
        #expect(records.scan(prefix: prefix, after: StateKey(.dapp, [3]), limit: 9).isEmpty)
        #expect(records.scan(prefix: prefix, after: StateKey(.dapp, [0]), limit: 9).count == 9)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func keysCompareLikeTheirBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let arrays = (0..<60).map { _ in random.bytes(most: 12).map { $0 & 1 } }
        for left in arrays {
            for right in arrays {
                let (one, two) = (StateKey(bytes: left), StateKey(bytes: right))
                #expect((one < two) == left.lexicographicallyPrecedes(right))
                #expect((one == two) == (left == right))
            }
        }
    }
}

@Suite struct OverlayTests {
    @Test(arguments: 0..<8 as Range<UInt64>)
    func anOverlayBehavesLikeADictionaryWithSavepoints(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var base = ModelState()
        base.apply(random.changes(of: base, keys: 60, count: 50))
        var overlay = StateOverlay(base)
        var model = base
        var saved: [(Int, ModelState)] = []
        for _ in 0..<600 {
            switch random.below(12) {
            case 0: saved.append((overlay.savepoint, model))
            case 1:
                guard let (savepoint, before) = saved.popLast() else { continue }
                overlay.rollBack(to: savepoint)
                model = before
            case 2:
                let prefix = Array(stateKey(random.below(60)).bytes.prefix(Int(random.below(10))))
                let after = random.below(2) == 0 ? nil : stateKey(random.below(60))
                let limit = Int(random.below(20))
                #expect(
                    same(
                        overlay.scan(prefix: prefix, after: after, limit: limit),
                        model.scan(prefix: prefix, after: after, limit: limit)))
            default:
                let key = stateKey(random.below(60))
                let value: [UInt8]? = random.below(3) == 0 ? nil : random.bytes(most: 4)
                overlay.set(key, to: value)
                model.records[key] = value
                #expect(overlay.value(for: key) == value)
            }
        }
        #expect(
            same(
                overlay.scan(prefix: [], after: nil, limit: .max),
                model.scan(prefix: [], after: nil, limit: .max)))
        let changes = overlay.changeSet()
        var applied = base
        applied.apply(changes)
        #expect(applied.records == model.records)
        #expect(changes.changes.allSatisfy { $0.old == base.records[$0.key] && $0.old != $0.new })
    }

    @Test func writingBackTheOldValueIsNoChange() {
        var overlay = StateOverlay(ModelState(records: [stateKey(1): [1]]))
        overlay.set(stateKey(1), to: [2])
        overlay.set(stateKey(2), to: [2])
        overlay.set(stateKey(1), to: [1])
        overlay.set(stateKey(2), to: nil)
        #expect(overlay.changeSet() == .empty)
    }

    @Test func theOrderOfWritesDoesNotReachTheChangeSet() {
        var forward = StateOverlay(ModelState())
        var backward = StateOverlay(ModelState())
        for number in 0..<100 as Range<UInt64> {
            forward.set(stateKey(number), to: [UInt8(number)])
            backward.set(stateKey(99 - number), to: [UInt8(99 - number)])
        }
        #expect(forward.changeSet() == backward.changeSet())
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func aViewOfLayersIsWhatApplyingThemGives(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var model = ModelState()
        var records = OrderedRecords()
        let first = random.changes(of: model, keys: 60, count: 60)
        model.apply(first)
        records.apply(first)
        var layers: [ChangeSet] = []
        for _ in 0..<5 {
            layers.append(random.changes(of: model, keys: 60, count: 20))
            model.apply(layers[layers.count - 1])
        }
        let view = StateView(records: records, layers: layers)
        for number in 0..<70 as Range<UInt64> {
            #expect(view.value(for: stateKey(number)) == model.records[stateKey(number)])
        }
        for _ in 0..<60 {
            let prefix = Array(stateKey(random.below(60)).bytes.prefix(Int(random.below(10))))
            let after = random.below(2) == 0 ? nil : stateKey(random.below(60))
            let limit = Int(random.below(40))
            #expect(
                same(
                    view.scan(prefix: prefix, after: after, limit: limit),
                    model.scan(prefix: prefix, after: after, limit: limit)))
        }
        #expect(
            same(
                view.scan(prefix: [], after: nil, limit: .max),
                model.scan(prefix: [], after: nil, limit: .max)))
    }
}

@Suite struct ChangeSetTests {
    private func encoded(_ changes: [Change]) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(list: changes)
        return writer.bytes
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func everyChangeSetComesBackFromItsBytes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let changes = random.changes(of: ModelState(), keys: 50, count: 40)
        #expect(try ChangeSet(decoding: changes.encoded) == changes)
        for change in changes.changes { #expect(changes[change.key] == change) }
        #expect(changes[stateKey(50)] == nil)
    }

    @Test func changesOutOfOrderTwiceOrWithoutEffectAreRefused() {
        let one = Change(key: stateKey(1), old: nil, new: [1])
        let two = Change(key: stateKey(2), old: [1], new: nil)
        let idle = Change(key: stateKey(3), old: [1], new: [1])
        #expect(throws: Never.self) { try ChangeSet(decoding: encoded([one, two])) }
        for wrong in [[two, one], [one, one], [one, idle], [Change(key: stateKey(3), old: nil, new: nil)]] {
            #expect(throws: CodecRejection.notCanonical(offset: 0)) {
                try ChangeSet(decoding: encoded(wrong))
            }
        }
    }

    @Test func aValueMayBeAsLargeAsStatedAndNoLarger() {
        for (extra, fits) in [(0, true), (1, false)] {
            let value = [UInt8](repeating: 1, count: Change.largestValue + extra)
            let bytes = Change(key: stateKey(1), old: nil, new: value).encoded
            #expect(((try? Change(decoding: bytes)) != nil) == fits)
            let key = StateKey(bytes: [UInt8](repeating: 1, count: StateKey.longest + extra))
            #expect(((try? StateKey(decoding: key.encoded)) != nil) == fits)
        }
    }

    @Test func namingAKeyTwiceIsABug() async {
        await #expect(processExitsWith: .failure) {
            _ = ChangeSet([
                Change(key: StateKey(bytes: [1]), old: nil, new: [1]),
                Change(key: StateKey(bytes: [1]), old: nil, new: [2]),
            ])
        }
    }
}

@Suite struct RecentTransactionsTests {
    @Test func anIDIsRememberedForExactlyTheLongestLife() {
        var recent = RecentTransactions()
        recent.add([transactionID(1)], at: Height(10))
        recent.add([transactionID(2)], at: Height(11))
        recent.add([], at: Height(10 + Transaction.longestLife))
        #expect(recent.contains(transactionID(1)))
        recent.add([], at: Height(11 + Transaction.longestLife))
        #expect(!recent.contains(transactionID(1)))
        #expect(recent.contains(transactionID(2)))
    }

    @Test func theMemoryStaysBounded() {
        var recent = RecentTransactions()
        for height in 1...5_000 as ClosedRange<UInt64> {
            recent.add([transactionID(2 * height), transactionID(2 * height + 1)], at: Height(height))
            #expect(recent.count == 2 * Int(min(height, Transaction.longestLife + 1)))
        }
        #expect(recent.contains(transactionID(2 * 3_800)))
        #expect(!recent.contains(transactionID(2 * 3_799)))
    }

    @Test func heightsAtTheEndOfTheRangeDoNotOverflow() {
        var recent = RecentTransactions()
        recent.add([transactionID(1)], at: Height(.max - 1))
        recent.add([transactionID(2)], at: Height(.max))
        #expect(recent.count == 2)
    }
}
