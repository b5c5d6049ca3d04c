internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives
internal import Randomness
internal import Sidechains

/// Builds and judges blocks: the ledger's rules joined with the node's onion, anchor and contracts.
struct BlockBench {
    /// A block's execution and what it stands on.
    struct Entry {
        let header: BlockHeader
        let executed: ExecutedBlock
    }

    private let configuration: ShellConfiguration
    private let executor: BlockExecutor
    private let rules: AdmissionRules
    private let contracts: any NodeContracts
    /// Forms and signatures.
    let checks: BlockChecks
    private let desk: TowerDesk
    /// How many messages one block may inject.
    private static let mostMessages = 5_000

    init(_ configuration: ShellConfiguration, contracts: any NodeContracts) {
        self.configuration = configuration
        self.contracts = contracts
        let laws = ChainLaws(configuration.spec, towers: configuration.towers)
        desk = TowerDesk(configuration.spec, thread: configuration.towers)
        executor = laws.executor
        rules = laws.rules
        checks = BlockChecks(rules: rules)
    }

    /// Checks that a transaction could enter the next block and would do something there.
    func preview(
        _ checked: CheckedTransaction, height: Height, time: Instant, on parent: BlockID, state: StateView
    ) throws(AdmissionRejection) -> ReceiptError? {
        try rules.checkLife(checked.transaction, height: height, time: time)
        try rules.checkAuthority(checked, state: state, height: height)
        try rules.checkFee(checked, state: state)
        guard checked.transaction.kind != .call else { return nil }
        let frame = BlockExecutor.Frame(
            context: BlockContext(
                chain: configuration.spec.id, height: height, time: time, leader: .zero,
                turn: .trial(on: parent)),
            reveal: .zero, inbox: [])
        let trial = try executor.simulate(
            checked.transaction, frame: frame, on: state, contracts: NoContracts())
        return trial.receipt.error
    }

    /// Whether the sender's account lets a transaction through at this height.
    func isAuthorized(_ checked: CheckedTransaction, height: Height, state: StateView) -> Bool {
        (try? rules.checkAuthority(checked, state: state, height: height)) != nil
    }

    /// Whether a waiting transaction can still enter at this height.
    func isAlive(_ checked: CheckedTransaction, height: Height, time: Instant) -> Bool {
        (try? rules.checkLife(checked.transaction, height: height, time: time)) != nil
    }

    /// A built block that lacks its light proof of work and its signature.
    struct Draft {
        let ticket: BuildTicket
        let header: BlockHeader
        let executed: ExecutedBlock
    }

    /// Builds a block without work and signature; nil when this node cannot build on that parent now.
    func draft(
        _ ticket: BuildTicket, on parent: BlockHeader, candidates: [CheckedTransaction], now: Instant,
        state: inout ChainState
    ) -> Draft? {
        guard let key = configuration.key, let view = state.view(at: ticket.parent) else { return nil }
        var header = BlockHeader(
            chain: configuration.spec.id, height: ticket.height, round: ticket.round, view: ticket.view)
        header.timestamp = max(now, ticket.notBefore)
        header.parent = ticket.parent
        header.parentView = ticket.parentView
        header.leader = key.publicKey
        guard desk.isReady(for: ticket.height, on: view), let anchor = chooseAnchor(above: parent),
            let tickets = tickets(upTo: anchor, in: view), let reveal = nextReveal(in: view)
        else { return nil }
        header.anchor = anchor
        header.reveal = reveal
        header.beacon = beacon(of: header, above: parent)
        let frame = frame(
            of: header, above: parent, inbox: messages(upTo: anchor, in: view), tickets: tickets)
        let known = known(candidates.map(\.id), on: ticket.parent, in: state)
        guard let executed = assemble(candidates, frame, view, { known.contains($0) }),
            let root = state.rootAfter(executed.changes, on: ticket.parent)
        else { return nil }
        header.transactionsRoot = Block.transactionsRoot(executed.transactions)
        header.receiptsRoot = executed.receiptsRoot
        header.outboxRoot = executed.outboxRoot
        header.stateRoot = root
        return Draft(ticket: ticket, header: header, executed: executed)
    }

    /// Completes a draft with the nonce of its work, which the signature covers (`mathematics.md` D-20).
    func seal(_ draft: Draft, nonce: UInt64, state: inout ChainState) -> (block: Block, entry: Entry)? {
        guard let key = configuration.key else { return nil }
        var header = draft.header
        header.powNonce = nonce
        header = header.signed(by: key)
        let block = Block(header: header, transactions: draft.executed.transactions)
        let staged = state.stage(
            block.id, on: header.parent, changes: draft.executed.changes,
            transactions: block.transactions.map(\.id))
        return staged == nil ? nil : (block, Entry(header: header, executed: draft.executed))
    }

    private func beacon(of header: BlockHeader, above parent: BlockHeader) -> Digest {
        BeaconRule.beacon(
            after: parent.beacon, in: header, rule: configuration.spec.consensus.leaderRule)
    }

    // When the worker fails, the calls are left out and the chain goes on without them.
    private func assemble(
        _ candidates: [CheckedTransaction], _ frame: BlockExecutor.Frame, _ view: StateView,
        _ isKnown: (TransactionID) -> Bool
    ) -> ExecutedBlock? {
        do throws(BlockRejection) {
            return try executor.assemble(
                candidates, frame: frame, on: view, isKnown: isKnown, contracts: contracts)
        } catch {
            configuration.observer.log("built without calls: \(error)")
        }
        let native = candidates.filter { $0.transaction.kind != .call }
        return try? executor.assemble(
            native, frame: frame, on: view, isKnown: isKnown, contracts: NoContracts())
    }

    /// Executes a received block on its parent and compares everything that its header commits to.
    func judge(
        _ block: Block, on parent: BlockHeader, isVerified: (SignedTransaction) -> Bool,
        state: inout ChainState
    ) -> Result<Entry, Verdict> {
        let header = block.header
        guard let view = state.view(at: header.parent) else { return .failure(.unavailable) }
        do {
            try checkAnchor(header, above: parent)
            guard Block.transactionsRoot(block.transactions) == header.transactionsRoot else {
                return .failure(.invalid("TRANSACTIONS_ROOT"))
            }
            let checked = try checks.check(block, isVerified: isVerified)
            guard header.beacon == beacon(of: header, above: parent) else {
                return .failure(.invalid("BEACON"))
            }
            guard desk.isReady(for: header.height, on: view),
                let tickets = tickets(upTo: header.anchor, in: view)
            else { return .failure(.unavailable) }
            let frame = frame(
                of: header, above: parent, inbox: messages(upTo: header.anchor, in: view), tickets: tickets)
            let known = known(checked.map(\.id), on: header.parent, in: state)
            let executed = try executor.verify(
                checked, frame: frame, on: view, isKnown: { known.contains($0) }, contracts: contracts)
            guard executed.receiptsRoot == header.receiptsRoot else {
                return .failure(.invalid("RECEIPTS_ROOT"))
            }
            guard executed.outboxRoot == header.outboxRoot else { return .failure(.invalid("OUTBOX_ROOT")) }
            guard
                let root = state.stage(
                    block.id, on: header.parent, changes: executed.changes,
                    transactions: block.transactions.map(\.id))
            else { return .failure(.unavailable) }
            guard root == header.stateRoot else {
                state.abandon(block.id)
                return .failure(.invalid("STATE_ROOT"))
            }
            return .success(Entry(header: header, executed: executed))
        } catch let verdict as Verdict {
            return .failure(verdict)
        } catch BlockRejection.notExecuted(let failure) {
            configuration.observer.log("block \(header.height) was not executed: \(failure.reason)")
            return .failure(.unavailable)
        } catch {
            return .failure(.invalid("\(error)"))
        }
    }

    // Asked beforehand: a closure that kept the state would force a copy of its tree.
    private func known(
        _ ids: [TransactionID], on parent: BlockID, in state: borrowing ChainState
    ) -> Set<TransactionID> {
        var known: Set<TransactionID> = []
        for id in ids where state.contains(id, on: parent) { known.insert(id) }
        return known
    }

    /// Why a block was not executed to the end.
    enum Verdict: Error {
        case invalid(String)
        case unavailable
    }

    /// Deposits that a final main-chain block brought and this chain has not injected.
    func hasUndelivered(in view: StateView) -> Bool {
        guard let main = configuration.mainChain else { return false }
        let latest = main.latest
        return !SideChainDirectory.inbox(
            of: configuration.spec.id, from: Inbox.next(in: view), upTo: latest.anchor.height, limit: 1,
            in: latest.state
        ).isEmpty
    }

    private func chooseAnchor(above parent: BlockHeader) -> Anchor? {
        guard let main = configuration.mainChain else { return Anchor.none }
        let latest = main.latest.anchor
        return latest.height >= parent.anchor.height ? latest : nil
    }

    // A validator that has not seen the anchor final waits; it does not trust (`consensus.md` 7).
    private func checkAnchor(_ header: BlockHeader, above parent: BlockHeader) throws(Verdict) {
        guard let main = configuration.mainChain else {
            guard header.anchor == .none else { throw .invalid("ANCHOR") }
            return
        }
        guard header.anchor.height >= parent.anchor.height else { throw .invalid("ANCHOR") }
        guard let id = main.finalID(at: header.anchor.height) else { throw .unavailable }
        guard id == header.anchor.block else { throw .invalid("ANCHOR") }
    }

    private func messages(upTo anchor: Anchor, in view: StateView) -> [InboxMessage] {
        guard let main = configuration.mainChain else { return [] }
        return SideChainDirectory.inbox(
            of: configuration.spec.id, from: Inbox.next(in: view), upTo: anchor.height,
            limit: BlockBench.mostMessages, in: main.latest.state)
    }

    private func tickets(upTo anchor: Anchor, in view: StateView) -> [TicketSettlement]? {
        guard let main = configuration.mainChain else { return [] }
        return main.settlements(of: view, upTo: anchor.height)
    }

    /// The layer whose hash is the state's head; zero where members have no onions.
    func nextReveal(in view: StateView) -> Digest? {
        guard let key = configuration.key, let head = view.read(OnionHead.self, OnionHead.key(key.publicKey))
        else { return .zero }
        // A wrong layer would only waste the view.
        return configuration.onions?.reveal(after: head)
    }

    private func frame(
        of header: BlockHeader, above parent: BlockHeader, inbox: [InboxMessage],
        tickets: [TicketSettlement]
    ) -> BlockExecutor.Frame {
        let context = BlockContext(
            chain: configuration.spec.id, height: header.height, time: header.timestamp,
            leader: header.leader,
            turn: BlockContext.Turn(of: header, parentBeacon: parent.beacon))
        return BlockExecutor.Frame(
            context: context, reveal: header.reveal, inbox: inbox, tickets: tickets)
    }
}
