import API
import Assets
import Crypto
import Ledger
import Primitives
import Sidechains
import Synchronization

/// The key pair of a number.
func key(_ number: UInt64) -> KeyPair {
    var bytes = [UInt8](repeating: 0, count: 24)
    bytes.appendBigEndian(number)
    guard let pair = KeyPair(seed: SecretBytes(zeroing: &bytes)) else { preconditionFailure("32 bytes") }
    return pair
}

/// One chain with real rules, state and signed blocks; whoever holds it decides when a block is made.
///
/// It is what a replica is to the interface, without consensus: every block is final at once.
final class LiveChain: ChainQueries {
    private struct Contents {
        var state: ChainState
        var blocks: [FinalBlock] = []
        var changes: [ChangeSet] = []
        var mempool = Mempool()
        var logs: [LogEntry] = []
        var lifecycle = ChainLifecycle.running
        var interface: DAppInterface?
    }

    let spec: ChainSpec
    let record: SideChainRecord?
    private let validators: [KeyPair]
    private let executor: BlockExecutor
    private let rules: AdmissionRules
    private let contents: Mutex<Contents>

    init(_ spec: ChainSpec, validators: [KeyPair], record: SideChainRecord? = nil) {
        self.spec = spec
        self.record = record
        self.validators = validators
        let assets = AssetRules(spec: spec)
        let registry = ChainRules.registry(
            for: spec, verifier: Ed25519Verifier(), adding: assets?.handlers ?? [])
        executor = BlockExecutor(spec: spec, registry: registry, finishers: assets?.finishers ?? [])
        rules = AdmissionRules(spec: spec, registry: registry)
        contents = Mutex(
            Contents(state: ChainState(records: spec.genesis.records, finalBlock: spec.genesisBlock.id)))
    }

    func set(_ lifecycle: ChainLifecycle) { contents.withLock { $0.lifecycle = lifecycle } }

    func set(_ interface: DAppInterface) { contents.withLock { $0.interface = interface } }

    func log(_ text: String, call: String, of transaction: TransactionID) {
        contents.withLock { contents in
            var entry = LogEntry(
                cursor: UInt64(contents.logs.count + 1), time: spec.genesis.time, height: Height(1),
                transaction: transaction, text: text)
            entry.call = call
            contents.logs.append(entry)
        }
    }

    /// Makes a final block of what waits, and of the main chain's messages.
    @discardableResult
    func make(inbox: [InboxMessage] = []) throws -> FinalBlock {
        try contents.withLock { contents in
            let parent = contents.blocks.last?.block.header ?? spec.genesisBlock.header
            var header = BlockHeader(
                chain: spec.id, height: parent.height.next, round: Round(1), view: View(parent.view.value + 1)
            )
            header.timestamp = parent.timestamp.advanced(by: .seconds(3))
            header.parent = parent.id
            header.parentView = parent.view
            header.leader = validators[0].publicKey
            let context = BlockContext(
                chain: spec.id, height: header.height, time: header.timestamp, leader: header.leader)
            let (state, finalBlock) = (contents.state, contents.state.finalBlock)
            guard let view = state.view(at: finalBlock) else {
                preconditionFailure("the final block is held")
            }
            let executed = try executor.assemble(
                contents.mempool.candidates(count: 1_000, bytes: 1 << 20),
                frame: .init(context: context, reveal: .zero, inbox: inbox), on: view,
                isKnown: { state.contains($0, on: finalBlock) }, contracts: NoContracts())
            header.transactionsRoot = Block.transactionsRoot(executed.transactions)
            header.receiptsRoot = executed.receiptsRoot
            header.outboxRoot = executed.outboxRoot
            header.stateRoot = contents.state.rootAfter(executed.changes, on: finalBlock) ?? .zero
            let block = Block(header: header.signed(by: validators[0]), transactions: executed.transactions)
            _ = contents.state.stage(
                block.id, on: finalBlock, changes: executed.changes,
                transactions: block.transactions.map(\.id))
            _ = contents.state.finalise(block.id, at: header.height)
            contents.mempool.remove(block.transactions.map(\.id))
            let final = FinalBlock(
                block: block, receipts: executed.receipts, certificate: certificate(block.header))
            contents.blocks.append(final)
            contents.changes.append(executed.changes)
            return final
        }
    }

    private func certificate(_ header: BlockHeader) -> Certificate {
        let ballot = Ballot(.finalize, round: header.round, view: header.view, block: header.id)
        return Certificate(
            ballot, votes: validators.map { Vote(ballot, on: spec.id, by: $0) }, members: spec.genesis.members
        )
    }

    // MARK: ChainQueries

    var snapshot: ChainSnapshot {
        contents.withLock { contents in
            let genesis = spec.genesisBlock
            let finalBlock = contents.state.finalBlock
            guard let view = contents.state.view(at: finalBlock) else {
                preconditionFailure("the final block is held")
            }
            var snapshot = ChainSnapshot(
                spec: spec, lifecycle: contents.lifecycle,
                finalHeader: contents.blocks.last?.block.header ?? genesis.header, finalBlock: finalBlock,
                state: view, members: spec.genesis.members)
            snapshot.record = record
            snapshot.pendingCount = contents.mempool.count
            snapshot.pendingBytes = contents.mempool.bytes
            return snapshot
        }
    }

    func finalBlock(at height: Height) -> FinalBlock? {
        guard height > .zero else {
            return FinalBlock(block: spec.genesisBlock, receipts: [], certificate: nil)
        }
        return contents.withLock { contents in
            contents.blocks.first { $0.block.header.height == height }
        }
    }

    func finalBlock(id: BlockID) -> FinalBlock? {
        if id == spec.genesisBlock.id { return finalBlock(at: .zero) }
        return contents.withLock { contents in contents.blocks.first { $0.block.id == id } }
    }

    func summaries(from newest: Height, most: Int) -> [FinalSummary] {
        let blocks = contents.withLock { $0.blocks }.reversed().map(\.block) + [spec.genesisBlock]
        return blocks.filter { $0.header.height <= newest }.prefix(most).map(FinalSummary.init)
    }

    func location(of transaction: TransactionID) -> (height: Height, index: Int)? {
        for final in contents.withLock({ $0.blocks }) {
            if let index = final.block.transactions.firstIndex(where: { $0.id == transaction }) {
                return (final.block.header.height, index)
            }
        }
        return nil
    }

    func changes(at height: Height) -> ChangeSet? {
        contents.withLock { contents in
            height > .zero && height.value <= UInt64(contents.changes.count)
                ? contents.changes[Int(height.value) - 1] : nil
        }
    }

    func pending(_ transaction: TransactionID) -> (transaction: SignedTransaction, height: Height?)? {
        contents.withLock { $0.mempool[transaction].map { ($0.transaction, nil) } }
    }

    func submit(
        _ transaction: SignedTransaction, reply: @escaping @Sendable (Result<TransactionID, Refusal>) -> Void
    ) {
        let now = snapshot
        guard now.lifecycle == .running else {
            return reply(.failure(Refusal(code: "CHAIN_STOPPED", message: "the chain does not run here")))
        }
        do {
            let checked = try rules.check(transaction, verifier: Ed25519Verifier())
            let height = now.finalHeader.height.next
            try rules.checkLife(transaction, height: height, time: now.finalHeader.timestamp)
            guard location(of: checked.id) == nil else { throw AdmissionRejection.duplicate(checked.id) }
            try rules.checkAuthority(checked, state: now.state, height: height)
            try rules.checkFee(checked, state: now.state)
            try contents.withLock { contents in _ = try contents.mempool.add(checked) }
            reply(.success(checked.id))
        } catch let rejection as AdmissionRejection {
            reply(.failure(Refusal(code: rejection.code, message: rejection.message)))
        } catch let rejection as Mempool.Rejection {
            reply(.failure(Refusal(code: rejection.code, message: rejection.message)))
        } catch {
            preconditionFailure("\(error)")
        }
    }

    func simulate(
        _ transaction: SignedTransaction, reply: @escaping @Sendable (Result<Simulation, Refusal>) -> Void
    ) {
        let now = snapshot
        let context = BlockContext(
            chain: spec.id, height: now.finalHeader.height.next, time: now.finalHeader.timestamp,
            leader: .zero)
        do throws(AdmissionRejection) {
            let trial = try executor.simulate(
                transaction, frame: .init(context: context, reveal: .zero, inbox: []), on: now.state,
                contracts: NoContracts())
            reply(.success(Simulation(receipt: trial.receipt, changes: trial.changes, logs: trial.logs)))
        } catch {
            reply(.failure(Refusal(code: error.code, message: error.message)))
        }
    }

    func prove(
        _ key: StateKey,
        reply: @escaping @Sendable (Result<(header: BlockHeader, proof: StateProof), Refusal>) -> Void
    ) {
        reply(.success((snapshot.finalHeader, contents.withLock { $0.state.finalProof(of: key) })))
    }

    // Read-only routes need a DApp's worker, which has its own tests; this one only says what it was asked.
    func query(
        path: String, parameters: [UInt8], reply: @escaping @Sendable (Result<[UInt8], Refusal>) -> Void
    ) {
        guard spec.role == .side else {
            return reply(.failure(Refusal(code: "NOT_A_DAPP", message: "the main chain has no routes")))
        }
        guard path != "refused" else {
            let place = ReceiptError(
                code: "NOT_FOUND", message: "no", file: "interface/index.js", line: 3, column: 7)
            return reply(.failure(Refusal(code: "NOT_FOUND", message: "nothing of that name", at: place)))
        }
        reply(.success(Array("{\"path\":\"\(path)\",\"parameters\":".utf8) + parameters + [0x7D]))
    }

    var interface: DAppInterface? { contents.withLock { $0.interface } }

    func logs(after cursor: UInt64, limit: Int) -> [LogEntry] {
        contents.withLock { contents in
            Array(contents.logs.filter { $0.cursor > cursor }.prefix(limit))
        }
    }
}
