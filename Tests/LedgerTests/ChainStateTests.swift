import Crypto
import Ledger
import Primitives
import Testing

private func fresh(_ model: ModelState) -> ChainState {
    ChainState(
        records: model.records.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, finalBlock: .zero)
}

private func content(_ records: OrderedRecords) -> [StateKey: [UInt8]] {
    Dictionary(
        uniqueKeysWithValues: records.scan(prefix: [], after: nil, limit: .max).map { ($0.key, $0.value) })
}

@Suite struct ChainStateTests {
    @Test(arguments: 0..<12 as Range<UInt64>)
    func theRootDependsOnTheRecordsAloneNotOnTheirHistory(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var model = ModelState()
        var state = ChainState(records: [], finalBlock: .zero)
        for height in 1...25 as ClosedRange<UInt64> {
            let changes = random.changes(of: model, keys: 60, count: random.pick(0...30))
            let parent = state.finalBlock
            let expected = state.rootAfter(changes, on: parent)
            model.apply(changes)
            let root = state.stage(blockID(height), on: parent, changes: changes, transactions: [])
            #expect(root == expected)
            #expect(state.finalise(blockID(height), at: Height(height)) == changes)
            let rebuilt = fresh(model)
            #expect(state.finalRoot == root)
            #expect(state.finalRoot == rebuilt.finalRoot)
            #expect(state.treeNodeCount == rebuilt.treeNodeCount)
            #expect(content(state.records) == model.records)
        }
        for key in (0..<70 as Range<UInt64>).map({ stateKey($0) }) {
            #expect(state.finalProof(of: key).verify(model.records[key], at: key, root: state.finalRoot))
        }
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func insertionOrderDoesNotMatter(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let all = (0..<100 as Range<UInt64>).map { (stateKey($0), [UInt8($0)]) }
        let one = ChainState(records: all, finalBlock: .zero)
        let two = ChainState(records: all.shuffled(using: &random), finalBlock: .zero)
        #expect(one.finalRoot == two.finalRoot)
        #expect(one.treeNodeCount == two.treeNodeCount)
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func undoingAChangeSetRestoresRecordsAndRootToTheBit(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var model = ModelState()
        var records = OrderedRecords()
        model.apply(random.changes(of: model, keys: 80, count: 60))
        for (key, value) in model.records.sorted(by: { $0.key < $1.key }) { records.set(key, to: value) }
        var history: [(ChangeSet, ModelState, Digest)] = []
        for _ in 0..<20 {
            let changes = random.changes(of: model, keys: 80, count: random.pick(0...20))
            history.append((changes, model, fresh(model).finalRoot))
            model.apply(changes)
            records.apply(changes)
        }
        for (changes, before, root) in history.reversed() {
            #expect(changes.inverse.inverse == changes)
            records.apply(changes.inverse)
            #expect(content(records) == before.records)
            let state = ChainState(
                records: records.scan(prefix: [], after: nil, limit: .max).map { ($0.key, $0.value) },
                finalBlock: .zero)
            #expect(state.finalRoot == root)
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func forksLeaveNothingBehind(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var state = ChainState(records: [], finalBlock: .zero)
        var models: [BlockID: ModelState] = [.zero: ModelState()]
        var number: UInt64 = 0
        var height: UInt64 = 0
        var parents: [BlockID: BlockID] = [:]
        for _ in 0..<1_000 {
            let held = models.keys.sorted()
            let chosen = held[Int(random.below(UInt64(held.count)))]
            switch random.below(4) {
            case 0...1 where held.count < 12:
                let base = try #require(models[chosen])
                let changes = random.changes(of: base, keys: 40, count: random.pick(0...8))
                number += 1
                let root = state.stage(blockID(number), on: chosen, changes: changes, transactions: [])
                var model = base
                model.apply(changes)
                models[blockID(number)] = model
                parents[blockID(number)] = chosen
                #expect(root == state.root(at: blockID(number)))
            case 2 where chosen != state.finalBlock:
                state.abandon(chosen)
                models = models.filter { state.holds($0.key) }
            default:
                guard let next = held.first(where: { parents[$0] == state.finalBlock }) else { continue }
                height += 1
                #expect(state.finalise(next, at: Height(height)) != nil)
                models = models.filter { state.holds($0.key) }
            }
            #expect(state.stagedCount == models.count - 1)
        }
        for (block, model) in models {
            #expect(state.root(at: block) == fresh(model).finalRoot)
            #expect(
                same(
                    try #require(state.view(at: block)).scan(prefix: [], after: nil, limit: .max),
                    model.scan(prefix: [], after: nil, limit: .max)))
        }
        for child in parents.keys.sorted() where parents[child] == state.finalBlock { state.abandon(child) }
        #expect(state.stagedCount == 0)
        #expect(state.treeNodeCount == fresh(try #require(models[state.finalBlock])).treeNodeCount)
    }

    @Test func askingForARootKeepsNothing() {
        var state = ChainState(records: [(stateKey(1), [1])], finalBlock: .zero)
        let before = state.treeNodeCount
        let changes = ChangeSet([Change(key: stateKey(2), old: nil, new: [2])])
        let root = state.rootAfter(changes, on: .zero)
        #expect(state.treeNodeCount == before)
        #expect(root == state.stage(blockID(1), on: .zero, changes: changes, transactions: []))
        #expect(state.treeNodeCount > before)
    }

    @Test func stagingIsRefusedOnUnknownParentsAndRepeatingItIsHarmless() {
        var state = ChainState(records: [], finalBlock: .zero)
        let changes = ChangeSet([Change(key: stateKey(2), old: nil, new: [2])])
        #expect(state.stage(blockID(2), on: blockID(1), changes: changes, transactions: []) == nil)
        #expect(state.rootAfter(changes, on: blockID(1)) == nil)
        #expect(state.view(at: blockID(1)) == nil)
        let root = state.stage(blockID(1), on: .zero, changes: changes, transactions: [])
        let nodes = state.treeNodeCount
        #expect(state.stage(blockID(1), on: .zero, changes: changes, transactions: []) == root)
        #expect(state.treeNodeCount == nodes && state.stagedCount == 1)
    }

    @Test func onlyAChildOfTheFinalBlockBecomesFinal() {
        var state = ChainState(records: [], finalBlock: .zero)
        for (block, parent) in [(1, 0), (2, 1)] as [(UInt64, UInt64)] {
            _ = state.stage(
                blockID(block), on: parent == 0 ? .zero : blockID(parent), changes: .empty, transactions: [])
        }
        #expect(state.finalise(blockID(2), at: Height(2)) == nil)
        #expect(state.finalise(blockID(9), at: Height(1)) == nil)
        #expect(state.finalise(blockID(1), at: Height(1)) == .empty)
        #expect(state.finalise(blockID(2), at: Height(2)) == .empty)
        #expect(!state.holds(blockID(1)))
    }

    @Test func aLongUnfinalChainIsAbandonedWithoutRecursion() {
        var state = ChainState(records: [], finalBlock: .zero)
        var parent = BlockID.zero
        for number in 1...20_000 as ClosedRange<UInt64> {
            let id = BlockID(Bytes32(number, 0, 0, 1))
            _ = state.stage(id, on: parent, changes: .empty, transactions: [])
            parent = id
        }
        #expect(state.stagedCount == 20_000)
        state.abandon(BlockID(Bytes32(1, 0, 0, 1)))
        #expect(state.stagedCount == 0)
    }

    @Test func aTransactionIsRememberedOnItsOwnBranchOnly() {
        var state = ChainState(records: [], finalBlock: .zero)
        _ = state.stage(blockID(1), on: .zero, changes: .empty, transactions: [transactionID(1)])
        _ = state.stage(blockID(2), on: blockID(1), changes: .empty, transactions: [transactionID(2)])
        _ = state.stage(blockID(3), on: .zero, changes: .empty, transactions: [])
        #expect(state.contains(transactionID(1), on: blockID(2)))
        #expect(!state.contains(transactionID(1), on: blockID(3)))
        #expect(!state.contains(transactionID(2), on: blockID(1)))
        _ = state.finalise(blockID(1), at: Height(1))
        #expect(state.contains(transactionID(1), on: blockID(2)))
        #expect(state.contains(transactionID(1), on: blockID(1)))
    }
}
