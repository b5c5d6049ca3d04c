internal import Crypto
public import Primitives

/// What a block did: everything its header commits to, and the changes behind the state root.
public struct ExecutedBlock: Sendable {
    /// The transactions that are in the block, in execution order.
    public var transactions: [SignedTransaction] = []
    /// One receipt a transaction.
    public var receipts: [Receipt] = []
    /// The messages to the main chain.
    public var outbox: [OutboxMessage] = []
    /// What contracts logged, by transaction; not part of the block.
    public var logs: [(transaction: TransactionID, text: String)] = []
    /// Candidates that would have failed and were left out; the producer's mempool may forget them.
    public var dropped: [TransactionID] = []
    /// The effect on the state.
    public var changes: ChangeSet = .empty

    /// The Merkle root over the receipts' bytes.
    public var receiptsRoot: Digest { MerkleTree.root(of: receipts.map { MerkleTree.leaf($0.encoded) }) }
    /// The Merkle root over the messages to the main chain.
    public var outboxRoot: Digest { OutboxMessage.root(outbox) }
}

/// Executes the transactions of a block on the state that its parent left.
///
/// Order: the leader's reveal, the main chain's messages, settled tickets, native transactions, contract calls in one
/// delivery, then the chain's finishers in their order. A transaction that fails keeps nothing but its fee.
public struct BlockExecutor: Sendable {
    /// The chain.
    public let spec: ChainSpec
    private let registry: TransactionRegistry
    private let rules: AdmissionRules
    private let finishers: [any BlockFinisher]

    /// The most failing transactions that are left out of one block.
    public static let mostDropped = 128

    /// Executes blocks of one chain; the finishers end each of them, one after the other.
    public init(spec: ChainSpec, registry: TransactionRegistry, finishers: [any BlockFinisher] = []) {
        self.finishers = finishers
        self.spec = spec
        self.registry = registry
        rules = AdmissionRules(spec: spec, registry: registry)
    }

    /// What a block is executed with, besides its transactions.
    public struct Frame: Sendable {
        /// Chain, height, time and leader.
        public let context: BlockContext
        /// The leader's reveal, or zero where the chain reveals nothing.
        public let reveal: Digest
        /// The main chain's messages that the block injects.
        public let inbox: [InboxMessage]
        /// The tickets that the block settles, oldest first.
        public let tickets: [TicketSettlement]

        /// Joins the parts.
        public init(
            context: BlockContext, reveal: Digest, inbox: [InboxMessage], tickets: [TicketSettlement] = []
        ) {
            self.context = context
            self.reveal = reveal
            self.inbox = inbox
            self.tickets = tickets
        }
    }

    /// Executes a received block's transactions; any that may not enter makes the block invalid.
    ///
    /// `isKnown` says whether an id is already in the chain that the block extends.
    public func verify(
        _ transactions: [CheckedTransaction], frame: Frame, on parent: any StateReader,
        isKnown: (TransactionID) -> Bool, contracts: some ContractExecutor
    ) throws(BlockRejection) -> ExecutedBlock {
        try checkLimits(transactions)
        var run = try BlockRun(
            spec: spec, registry: registry, frame: frame, parent: parent, expecting: transactions.count)
        var seen = Set<TransactionID>(minimumCapacity: transactions.count)
        for (index, checked) in transactions.enumerated() {
            guard run.calls.isEmpty || checked.transaction.kind == .call else {
                throw .wrongOrder(index: index)
            }
            do throws(AdmissionRejection) {
                try admit(checked, frame, isKnown: { !seen.insert($0).inserted || isKnown($0) })
            } catch {
                throw .transaction(index: index, error)
            }
            guard run.take(checked) else { throw .transaction(index: index, run.refusal(of: checked)) }
        }
        guard run.gasReserved <= spec.limits.gas else {
            throw .overLimit(.gas, got: run.gasReserved, most: spec.limits.gas)
        }
        return try finish(&run, contracts)
    }

    /// Picks what fits from candidates in order of preference and executes it; what may not enter is left out.
    ///
    /// Native transactions that would fail are left out too: their senders lost a race and keep their fee.
    /// After `mostDropped` of them they enter and pay, so that nobody makes a producer work for nothing.
    public func assemble(
        _ candidates: [CheckedTransaction], frame: Frame, on parent: any StateReader,
        isKnown: (TransactionID) -> Bool, contracts: some ContractExecutor
    ) throws(BlockRejection) -> ExecutedBlock {
        var run = try BlockRun(spec: spec, registry: registry, frame: frame, parent: parent)
        var seen: Set<TransactionID> = []
        var bytes = 0
        let native = candidates.filter { $0.transaction.kind != .call }
        let calls = candidates.filter { $0.transaction.kind == .call }
        for checked in native + calls where run.count < Int(spec.limits.transactions) {
            let size = checked.transaction.bytes.count
            guard bytes + size <= Int(spec.limits.bytes),
                (try? admit(checked, frame, isKnown: { seen.contains($0) || isKnown($0) })) != nil
            else { continue }
            if run.take(checked, isAssembling: true) {
                seen.insert(checked.id)
                bytes += size
            }
        }
        return try finish(&run, contracts)
    }

    /// What one transaction would do now on top of a state; whoever has signed it so far.
    public func simulate(
        _ signed: SignedTransaction, frame: Frame, on parent: any StateReader,
        contracts: some ContractExecutor
    ) throws(AdmissionRejection) -> (receipt: Receipt, changes: ChangeSet, logs: [String]) {
        let checked = try rules.checkForm(signed)
        try rules.checkLife(signed, height: frame.context.height, time: frame.context.time)
        do throws(BlockRejection) {
            var run = try BlockRun(
                spec: spec, registry: registry, frame: frame, parent: parent, asksSignatures: false)
            guard run.take(checked) else { throw .transaction(index: 0, run.refusal(of: checked)) }
            let block = try close(&run, contracts)
            let changes = run.state.changeSet()
            guard let receipt = block.receipts.first else {
                throw .transaction(index: 0, .badPayload(signed.kind, reason: "it leaves no receipt"))
            }
            return (receipt, changes, block.logs.map(\.text))
        } catch {
            if case .transaction(_, let rejection) = error { throw rejection }
            throw .badPayload(signed.kind, reason: "it cannot be simulated now")
        }
    }

    private func finish(
        _ run: inout BlockRun, _ contracts: some ContractExecutor
    ) throws(BlockRejection) -> ExecutedBlock {
        var block = try close(&run, contracts)
        do throws(ExecutionError) {
            for finisher in finishers { try finisher.finish(run.frame.context, state: &run.state) }
        } catch {
            throw .notFinished(error)
        }
        block.changes = run.state.changeSet()
        return block
    }

    private func close(
        _ run: inout BlockRun, _ contracts: some ContractExecutor
    ) throws(BlockRejection) -> ExecutedBlock {
        do throws(ContractFailure) {
            return try run.finish(contracts)
        } catch {
            throw .notExecuted(error)
        }
    }

    private func admit(
        _ checked: CheckedTransaction, _ frame: Frame, isKnown: (TransactionID) -> Bool
    ) throws(AdmissionRejection) {
        try rules.checkLife(checked.transaction, height: frame.context.height, time: frame.context.time)
        guard !isKnown(checked.id) else { throw .duplicate(checked.id) }
    }

    private func checkLimits(_ transactions: [CheckedTransaction]) throws(BlockRejection) {
        guard transactions.count <= Int(spec.limits.transactions) else {
            throw .overLimit(
                .transactions, got: UInt64(transactions.count), most: UInt64(spec.limits.transactions))
        }
        let bytes = transactions.reduce(0) { $0 + $1.transaction.bytes.count }
        guard bytes <= Int(spec.limits.bytes) else {
            throw .overLimit(.bytes, got: UInt64(bytes), most: UInt64(spec.limits.bytes))
        }
    }
}
