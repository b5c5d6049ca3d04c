internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives

/// A chain's own executor and state under a simulated node, whatever its transactions are.
struct SimulatedChain: Sendable {
    let spec: ChainSpec
    let executor: BlockExecutor
    let rules: AdmissionRules
    private(set) var state: ChainState
    private var headers: [BlockID: BlockHeader] = [:]
    private var finalHeader: BlockHeader
    /// Of the block that was executed last.
    private(set) var receipts: [Receipt] = []
    /// What went wrong while committing.
    private(set) var broken: String?
    let genesis: FinalPoint

    init(_ spec: ChainSpec, handlers: [any TransactionHandler], finishers: [any BlockFinisher] = []) {
        self.spec = spec
        let registry = TransactionRegistry(handlers)
        executor = BlockExecutor(spec: spec, registry: registry, finishers: finishers)
        rules = AdmissionRules(spec: spec, registry: registry)
        let block = spec.genesisBlock
        state = ChainState(records: spec.genesis.records, finalBlock: block.id)
        finalHeader = block.header
        genesis = FinalPoint(block)
    }

    var finalHeight: Height { finalHeader.height }
    var finalView: StateView? { state.view(at: state.finalBlock) }

    private func header(_ id: BlockID) -> BlockHeader? { id == state.finalBlock ? finalHeader : headers[id] }

    private func frame(_ header: BlockHeader, above parent: BlockHeader) -> BlockExecutor.Frame {
        BlockExecutor.Frame(
            context: BlockContext(
                chain: spec.id, height: header.height, time: header.timestamp, leader: header.leader,
                turn: BlockContext.Turn(of: header, parentBeacon: parent.beacon)),
            reveal: header.reveal, inbox: [])
    }

    /// Builds a block of candidates; `reveal` is the next layer of the leader's onion in the parent's state.
    mutating func build(
        _ ticket: BuildTicket, at now: Instant, by signer: any Signer, candidates: [CheckedTransaction],
        reveal: (StateView) -> Digest
    ) -> Block? {
        guard let parent = header(ticket.parent), let view = state.view(at: ticket.parent) else { return nil }
        var header = BlockHeader(
            chain: spec.id, height: ticket.height, round: ticket.round, view: ticket.view)
        header.timestamp = max(now, ticket.notBefore)
        header.parent = ticket.parent
        header.parentView = ticket.parentView
        header.leader = signer.publicKey
        header.reveal = reveal(view)
        header.beacon = BeaconRule.beacon(after: parent.beacon, in: header, rule: spec.consensus.leaderRule)
        guard let executed = assemble(candidates, header, above: parent, view),
            let root = state.rootAfter(executed.changes, on: ticket.parent)
        else { return nil }
        SimulatedChain.fill(&header, with: executed, root)
        let bits = spec.consensus.workBits
        guard let nonce = LightWork.search(header.workBytes, bits: bits, nonces: 0..<1 << 24) else {
            return nil
        }
        header.powNonce = nonce
        return Block(header: header.signed(by: signer), transactions: executed.transactions)
    }

    private func assemble(
        _ candidates: [CheckedTransaction], _ header: BlockHeader, above parent: BlockHeader,
        _ view: StateView
    ) -> ExecutedBlock? {
        let state = state
        do {
            return try executor.assemble(
                candidates, frame: frame(header, above: parent), on: view,
                isKnown: { state.contains($0, on: header.parent) }, contracts: NoContracts())
        } catch {
            return nil
        }
    }

    private static func fill(_ header: inout BlockHeader, with executed: ExecutedBlock, _ root: Digest) {
        header.transactionsRoot = Block.transactionsRoot(executed.transactions)
        header.receiptsRoot = executed.receiptsRoot
        header.outboxRoot = executed.outboxRoot
        header.stateRoot = root
    }

    func checked(_ signed: SignedTransaction) -> CheckedTransaction? {
        do {
            return try rules.check(signed, verifier: FakeVerifier())
        } catch {
            return nil
        }
    }

    /// Executes every transaction again and compares every root.
    mutating func execute(_ block: Block) -> ExecutionVerdict {
        let parentID = block.header.parent
        guard let parent = header(parentID), let view = state.view(at: parentID) else { return .unavailable }
        let beacon = BeaconRule.beacon(
            after: parent.beacon, in: block.header, rule: spec.consensus.leaderRule)
        guard block.header.beacon == beacon else { return .invalid("wrong_beacon") }
        let transactions = block.transactions.compactMap { checked($0) }
        guard transactions.count == block.transactions.count else { return .invalid("bad_transaction") }
        let state = state
        do {
            let executed = try executor.verify(
                transactions, frame: frame(block.header, above: parent), on: view,
                isKnown: { state.contains($0, on: parentID) }, contracts: NoContracts())
            return stage(block, executed)
        } catch {
            return .invalid("\(error)")
        }
    }

    private mutating func stage(_ block: Block, _ executed: ExecutedBlock) -> ExecutionVerdict {
        guard let root = state.rootAfter(executed.changes, on: block.header.parent) else {
            return .unavailable
        }
        var expected = block.header
        SimulatedChain.fill(&expected, with: executed, root)
        guard expected == block.header else { return .invalid("wrong_root") }
        _ = state.stage(
            block.id, on: block.header.parent, changes: executed.changes,
            transactions: block.transactions.map(\.id))
        headers[block.id] = block.header
        receipts = executed.receipts
        return .valid
    }

    /// Folds blocks into the records, and checks that undoing each gives back what was there.
    mutating func commit(_ blocks: [BlockID]) {
        for id in blocks {
            let before = state.records
            guard let header = headers[id], let changes = state.finalise(id, at: header.height) else {
                broken = "block \(id) is committed before it was executed"
                return
            }
            finalHeader = header
            var undone = state.records
            undone.apply(changes.inverse)
            if !SimulatedChain.areEqual(undone, before) { broken = "undo is not the inverse of apply" }
            if state.finalRoot != header.stateRoot { broken = "the final root is not the header's" }
        }
        headers = headers.filter { $0.value.height > finalHeader.height }
    }

    /// Writes the final records out and goes on with what is read from them; false when the root differs.
    mutating func reload() -> Bool {
        var exported: [(StateKey, [UInt8])] = []
        var after: StateKey?
        while true {
            let rows = state.records.scan(prefix: [], after: after, limit: 1_000)
            exported += rows.map { ($0.key, $0.value) }
            guard rows.count == 1_000 else { break }
            after = rows.last?.key
        }
        let root = state.finalRoot
        state = ChainState(records: exported, finalBlock: state.finalBlock, recent: state.recent)
        headers = [:]
        return state.finalRoot == root
    }

    private static func areEqual(_ a: OrderedRecords, _ b: OrderedRecords) -> Bool {
        let (left, right) = (
            a.scan(prefix: [], after: nil, limit: 10_000), b.scan(prefix: [], after: nil, limit: 10_000)
        )
        return left.count == right.count
            && zip(left, right).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    }

    /// Forgets blocks.
    mutating func abandon(_ blocks: [BlockID]) {
        for id in blocks {
            headers[id] = nil
            state.abandon(id)
        }
    }

    /// Loses everything that is not committed.
    mutating func crash() { abandon(headers.keys.sorted()) }
}
