import Crypto
import Ledger
import Primitives
import Storage

/// A chain in memory that grows by seeded random steps, to compare a database with.
struct ChainModel {
    static let chain = ChainID(Bytes32(1, 2, 3, 4))
    static let genesis = BlockID(Bytes32(5, 6, 7, 8))

    private var generator: SeededGenerator
    private var states: [BlockID: [StateKey: [UInt8]]]
    private var views: UInt64 = 0
    private(set) var final: [StoredBlock] = []
    private(set) var unfinal: [StoredBlock] = []
    private(set) var journal: [JournalRecord] = []
    private(set) var certificates: [Height: [UInt8]] = [:]
    private(set) var floor = Round.zero
    let genesisState: [StateWrite]

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        var state: [StateKey: [UInt8]] = [:]
        for index in 0..<20 { state[ChainModel.key(UInt8(index))] = [UInt8(index), 100] }
        states = [ChainModel.genesis: state]
        genesisState = ChainModel.sorted(state).map { StateWrite(key: $0.key, value: $0.value) }
    }

    static func key(_ number: UInt8) -> StateKey { StateKey(.balances, [0, number]) }

    static func sorted(_ state: [StateKey: [UInt8]]) -> [StateRecord] {
        state.map { StateRecord(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
    }

    var tip: BlockID { final.last?.block.id ?? ChainModel.genesis }
    var finalHeight: Height { Height(UInt64(final.count)) }
    var records: [StateRecord] { ChainModel.sorted(states[tip] ?? [:]) }

    /// Makes a block on a parent and remembers its state.
    mutating func block(on parent: BlockID, height: Height, transactions count: Int) -> StoredBlock {
        views += 1
        let transactions = (0..<count).map { _ in transaction() }
        var header = BlockHeader(
            chain: ChainModel.chain, height: height, round: Round(1 + height.value / 8), view: View(views))
        header.parent = parent
        header.transactionsRoot = Block.transactionsRoot(transactions)
        let block = Block(header: header, transactions: transactions)
        let changes = change(states[parent] ?? [:], block.id)
        let receipts = transactions.map {
            Receipt(transaction: $0.id, fee: $0.fee, events: [Event(name: "transfer", data: [1, 2])])
        }
        return StoredBlock(block: block, receipts: receipts, changes: changes)
    }

    private mutating func transaction() -> SignedTransaction {
        let payload = (0..<generator.below(40)).map { _ in UInt8(generator.below(256)) }
        let transaction = Transaction(
            chain: ChainModel.chain, kind: .transfer, expiry: Height(500), fee: Amount(units: 7),
            salt: generator.next(), sender: PublicKey(Bytes32(generator.next(), 0, 0, 1)), payload: payload)
        return SignedTransaction(transaction, signature: .zero)
    }

    private mutating func change(_ before: [StateKey: [UInt8]], _ id: BlockID) -> ChangeSet {
        var after = before
        for _ in 0..<generator.below(8) {
            let key = ChainModel.key(UInt8(generator.below(40)))
            after[key] =
                generator.chance(perMille: 300)
                ? nil : (0..<generator.below(30)).map { _ in UInt8(generator.below(256)) }
        }
        states[id] = after
        let keys = Set(before.keys).union(after.keys).sorted()
        return ChangeSet(keys.map { Change(key: $0, old: before[$0], new: after[$0]) })
    }

    /// One random step: new blocks with forks, own signatures, finality with abandoned rivals, pruning.
    mutating func step(transactions: Int = 3) -> StoreBatch {
        var batch = StoreBatch()
        for _ in 0...generator.below(2) { batch.blocks.append(propose(transactions)) }
        views += 1
        batch.journal = [
            JournalRecord(
                round: floor.next, view: View(views), kind: 1, bytes: batch.blocks[0].block.id.array),
            JournalRecord(round: Round(floor.value + 2), view: View(views), kind: 3, bytes: []),
        ]
        journal += batch.journal
        if generator.chance(perMille: 600) {
            finalize(unfinal[Int(generator.below(UInt64(unfinal.count)))], &batch)
        }
        if generator.chance(perMille: 50) {
            floor = floor.next
            batch.journalFloor = floor
            journal.removeAll { $0.round < floor }
        }
        return batch
    }

    private mutating func propose(_ transactions: Int) -> StoredBlock {
        let choice = Int(generator.below(UInt64(unfinal.count + 1)))
        let parent =
            choice == 0
            ? (tip, finalHeight) : (unfinal[choice - 1].block.id, unfinal[choice - 1].block.header.height)
        let made = block(on: parent.0, height: parent.1.next, transactions: transactions)
        unfinal.append(made)
        return made
    }

    /// Makes a block and its ancestors final and abandons what does not descend from it.
    mutating func finalize(_ block: StoredBlock, _ batch: inout StoreBatch) {
        var path = [block]
        while let parent = unfinal.first(where: { $0.block.id == path[0].block.header.parent }) {
            path.insert(parent, at: 0)
        }
        for ancestor in path {
            let height = ancestor.block.header.height
            batch.finalized.append(BlockReference(height: height, id: ancestor.block.id))
            batch.certificates.append(StoredCertificate(height: height, bytes: ancestor.block.id.array))
            certificates[height] = ancestor.block.id.array
            final.append(ancestor)
            unfinal.removeAll { $0.block.id == ancestor.block.id }
        }
        var living: Set<BlockID> = [block.block.id]
        for other in unfinal where living.contains(other.block.header.parent) {
            living.insert(other.block.id)
        }
        batch.abandoned = unfinal.map(\.block.id).filter { !living.contains($0) }
        unfinal.removeAll { !living.contains($0.block.id) }
    }

    /// What a database must give back.
    var contents: Contents {
        Contents(
            finalHeight: finalHeight, finalHeader: final.last?.block.header, records: records,
            unfinalBlocks: unfinal,
            journal: journal.sorted { ($0.round, $0.view, $0.kind) < ($1.round, $1.view, $1.kind) },
            journalFloor: floor,
            recent: final.flatMap { stored in
                stored.block.transactions.map {
                    IncludedTransaction(id: $0.id, height: stored.block.header.height)
                }
            })
    }
}

/// The parts of a restored chain that a model predicts.
struct Contents: Equatable {
    let finalHeight: Height
    let finalHeader: BlockHeader?
    let records: [StateRecord]
    let unfinalBlocks: [StoredBlock]
    let journal: [JournalRecord]
    let journalFloor: Round
    let recent: [IncludedTransaction]
}

extension RestoredChain {
    var contents: Contents {
        Contents(
            finalHeight: finalHeight, finalHeader: finalHeader, records: records,
            unfinalBlocks: unfinalBlocks,
            journal: journal, journalFloor: journalFloor, recent: recentTransactions)
    }
}

extension ChainReader {
    /// True when every query about the model's final chain gives what the model holds.
    func agrees(with model: ChainModel) throws -> Bool {
        guard try finalHeight() == model.finalHeight, try latestFinal() == model.final.last?.block else {
            return false
        }
        let summaries = try summaries(most: 1_000)
        guard summaries.map(\.id) == model.final.reversed().map(\.block.id) else { return false }
        for stored in model.final {
            let height = stored.block.header.height
            guard try block(at: height)?.encoded == stored.block.encoded,
                try block(stored.block.id) == stored.block, try isFinal(stored.block.id),
                try receipts(at: height) == stored.receipts, try changes(at: height) == stored.changes,
                try certificate(at: height) == model.certificates[height]
            else { return false }
            for (index, transaction) in stored.block.transactions.enumerated() {
                let expected = TransactionLocation(height: height, index: index)
                guard try location(of: transaction.id) == expected else { return false }
            }
        }
        return true
    }
}
