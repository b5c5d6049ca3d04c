public import Consensus
public import Crypto
public import Ledger
public import Primitives

/// The chain's own executor and state, fed with seeded transfers; some overspend, some repeat.
public struct TransferLedger: SimulatedLedger {
    private let spec: ChainSpec
    private let executor: BlockExecutor
    private let rules: AdmissionRules
    private let accounts: [FakeSigner]
    private let supply: Amount
    private var state: ChainState
    private var headers: [BlockID: BlockHeader] = [:]
    private var finalHeader: BlockHeader
    private var recent: [SignedTransaction] = []
    private var generator: SeededGenerator
    private var broken: String?
    /// The point that round 1 starts from.
    public let genesis: FinalPoint

    /// A main chain with a few rich accounts, named by its id instead of its specification's hash.
    public init(chain: ChainID, consensus: ConsensusParameters, seed: UInt64, node: Int) {
        accounts = (0..<6).map { FakeSigner(seed: seed &+ 0x7472_0000 &+ UInt64($0)) }
        let balances = accounts.map { Genesis.Balance(address: Address(of: $0.publicKey), amount: .etm(100)) }
        guard let members = MemberSet(accounts.map(\.publicKey)) else {
            preconditionFailure("seeded keys differ")
        }
        let start = Genesis(time: .zero, members: members, balances: balances)
        spec = ChainSpec(
            id: chain, name: "main", role: .main, consensus: consensus, limits: .main, fees: .main,
            assets: [.etm], acceptsHistorical: false, genesis: start)
        let registry = TransactionRegistry([TransferHandler(assets: 1)])
        executor = BlockExecutor(spec: spec, registry: registry)
        rules = AdmissionRules(spec: spec, registry: registry)
        let block = spec.genesisBlock
        state = ChainState(records: start.records, finalBlock: block.id)
        finalHeader = block.header
        genesis = FinalPoint(block)
        supply = .etm(100 * UInt64(accounts.count))
        generator = SeededGenerator(seed: seed ^ UInt64(node) << 40)
    }

    private func header(_ id: BlockID) -> BlockHeader? { id == state.finalBlock ? finalHeader : headers[id] }

    private func frame(_ header: BlockHeader) -> BlockExecutor.Frame {
        BlockExecutor.Frame(
            context: BlockContext(
                chain: spec.id, height: header.height, time: header.timestamp, leader: header.leader),
            reveal: header.reveal, inbox: [])
    }

    /// A block of new and repeated transfers.
    public mutating func build(_ ticket: BuildTicket, at now: Instant, by signer: any Signer) -> Block? {
        guard let parent = header(ticket.parent), let view = state.view(at: ticket.parent) else { return nil }
        var header = BlockHeader(chain: spec.id, height: ticket.height, round: ticket.round, view: ticket.view)
        header.timestamp = max(now, ticket.notBefore)
        header.parent = ticket.parent
        header.parentView = ticket.parentView
        header.leader = signer.publicKey
        let candidates = (0..<generator.below(5)).compactMap { _ in candidate(at: ticket.height) }
        guard let executed = assemble(candidates, header, ticket.parent, view),
            let root = state.rootAfter(executed.changes, on: ticket.parent)
        else { return nil }
        fill(&header, with: executed, root, above: parent)
        return Block(header: header.signed(by: signer), transactions: executed.transactions)
    }

    private func assemble(
        _ candidates: [CheckedTransaction], _ header: BlockHeader, _ parent: BlockID, _ view: StateView
    ) -> ExecutedBlock? {
        let state = state
        do {
            return try executor.assemble(
                candidates, frame: frame(header), on: view, isKnown: { state.contains($0, on: parent) },
                contracts: NoContracts())
        } catch {
            return nil
        }
    }

    private func fill(
        _ header: inout BlockHeader, with executed: ExecutedBlock, _ root: Digest, above parent: BlockHeader
    ) {
        header.transactionsRoot = Block.transactionsRoot(executed.transactions)
        header.receiptsRoot = executed.receiptsRoot
        header.outboxRoot = executed.outboxRoot
        header.stateRoot = root
        header.beacon = BeaconRule.beacon(after: parent.beacon, in: header)
    }

    private mutating func candidate(at height: Height) -> CheckedTransaction? {
        if !recent.isEmpty, generator.chance(perMille: 150) {
            return checked(recent[Int(generator.below(UInt64(recent.count)))])
        }
        let sender = accounts[Int(generator.below(UInt64(accounts.count)))]
        let recipient = accounts[Int(generator.below(UInt64(accounts.count)))]
        let payload = TransferPayload(
            recipient: Address(of: recipient.publicKey),
            amount: Amount(units: generator.below(40 * Amount.unitsPerETM) + 1))
        let transaction = Transaction(
            chain: spec.id, kind: .transfer, expiry: Height(height.value + 20), fee: .etm(1),
            salt: generator.next(), sender: sender.publicKey, payload: payload.encoded)
        let signed = transaction.signed(by: sender)
        recent.append(signed)
        if recent.count > 16 { recent.removeFirst() }
        return checked(signed)
    }

    private func checked(_ signed: SignedTransaction) -> CheckedTransaction? {
        do {
            return try rules.check(signed, verifier: FakeVerifier())
        } catch {
            return nil
        }
    }

    /// Executes every transaction again and compares every root.
    public mutating func execute(_ block: Block) -> ExecutionVerdict {
        let parentID = block.header.parent
        guard let parent = header(parentID), let view = state.view(at: parentID) else { return .unavailable }
        let transactions = block.transactions.compactMap { checked($0) }
        guard transactions.count == block.transactions.count else { return .invalid("bad_transaction") }
        let state = state
        do {
            let executed = try executor.verify(
                transactions, frame: frame(block.header), on: view,
                isKnown: { state.contains($0, on: parentID) }, contracts: NoContracts())
            return stage(block, executed, above: parent)
        } catch {
            return .invalid("\(error)")
        }
    }

    private mutating func stage(
        _ block: Block, _ executed: ExecutedBlock, above parent: BlockHeader
    ) -> ExecutionVerdict {
        guard let root = state.rootAfter(executed.changes, on: block.header.parent) else { return .unavailable }
        var expected = block.header
        fill(&expected, with: executed, root, above: parent)
        guard expected == block.header else { return .invalid("wrong_root") }
        _ = state.stage(
            block.id, on: block.header.parent, changes: executed.changes, transactions: block.transactions.map(\.id))
        headers[block.id] = block.header
        return .valid
    }

    /// Folds blocks into the records, and checks that undoing each gives back what was there.
    public mutating func commit(_ blocks: [BlockID]) {
        for id in blocks {
            let before = state.records
            guard let header = headers[id], let changes = state.finalise(id, at: header.height) else {
                broken = "block \(id) is committed before it was executed"
                return
            }
            finalHeader = header
            var undone = state.records
            undone.apply(changes.inverse)
            if !TransferLedger.areEqual(undone, before) { broken = "undo is not the inverse of apply" }
            if state.finalRoot != header.stateRoot { broken = "the final root is not the header's" }
        }
        headers = headers.filter { $0.value.height > finalHeader.height }
    }

    private static func areEqual(_ a: OrderedRecords, _ b: OrderedRecords) -> Bool {
        let (left, right) = (
            a.scan(prefix: [], after: nil, limit: 10_000), b.scan(prefix: [], after: nil, limit: 10_000)
        )
        return left.count == right.count && zip(left, right).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    }

    /// Forgets blocks.
    public mutating func abandon(_ blocks: [BlockID]) {
        for id in blocks {
            headers[id] = nil
            state.abandon(id)
        }
    }

    /// Loses everything that is not committed.
    public mutating func crash() { abandon(headers.keys.sorted()) }

    /// Supply is conserved and undo inverts apply.
    public func brokenInvariant() -> String? {
        if let broken { return broken }
        guard let view = state.view(at: state.finalBlock) else { return "the final state cannot be read" }
        let total = Bank.supply(of: .etm, in: view)
        return total == supply ? nil : "supply is \(total.map(\.description) ?? "too large"), not \(supply)"
    }
}
