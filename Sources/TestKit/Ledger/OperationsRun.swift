internal import Assets
internal import Consensus
internal import Crypto
internal import Ledger
public import Primitives
internal import Randomness
internal import Staking

/// The main chain without consensus: long blocks of random operations of every kind, one leader after the other.
///
/// Each block is assembled, then executed again from its bytes; operations that fail are part of it. What the
/// blocks leave must depend on the seed alone, never on the way in which they were executed.
public struct OperationsRun: Sendable {
    /// How blocks are executed on their way.
    public enum Manner: UInt8, CaseIterable, Sendable {
        /// One after the other.
        case plain
        /// Beside a rival block at every height that is executed and given up.
        case besideRivals
        /// From records that are written out and read in again every 50 blocks.
        case reloaded
    }

    /// What a run came to.
    public struct Outcome: Sendable, Equatable {
        /// The state root after the last block.
        public var root = Digest.zero
        /// Operations that took effect.
        public var done: UInt64 = 0
        /// Operations that failed and kept nothing but their fee, or were left out.
        public var failed: UInt64 = 0
        /// Operations that took effect, by kind.
        public var kinds: [UInt16: UInt64] = [:]
        /// What went wrong; nil when nothing did.
        public var defect: String?
    }

    private static let longGap = Instant.Span.seconds(1_500)
    private let manner: Manner
    private let rules: StakingRules
    private var chain: SimulatedChain
    private var operations: RandomOperations
    private var parent: BlockHeader
    private var rivals: SeededGenerator
    private var outcome = Outcome()

    /// A chain with 12 miners for 7 seats; nil when its genesis has a defect.
    public init?(seed: UInt64, manner: Manner) {
        self.manner = manner
        rivals = SeededGenerator(seed: seed ^ 0x7269_7661)
        var consensus = ConsensusParameters(
            leaderRule: .chaos, pacing: .interval, roundLength: 10, interval: .seconds(3), delta: .seconds(1))
        consensus.elections = .upos(
            StakingParameters(
                seats: 7, brackets: StakingParameters.main.brackets, minerDeposit: .etm(1_000),
                unbonding: .seconds(90)))
        operations = RandomOperations(seed: seed)
        guard let start = try? operations.genesis(consensus: consensus) else { return nil }
        let limits = BlockLimits(
            transactions: 1_000, bytes: 4 << 20, gas: BlockLimits.main.gas, callGas: BlockLimits.main.callGas)
        let spec = ChainSpec(
            id: ChainID(Bytes32(0x6f_70_73, 0, 0, seed)), name: "main", role: .main, consensus: consensus,
            limits: limits, fees: .main, assets: [.etm], acceptsHistorical: false, genesis: start)
        guard let rules = StakingRules(spec: spec), let assets = AssetRules(spec: spec) else { return nil }
        self.rules = rules
        operations.registrationBits = rules.registrationBits
        chain = SimulatedChain(
            spec,
            handlers: [TransferHandler(assets: 1)] + rules.handlers(court: SimulatedCourt())
                + assets.handlers,
            finishers: assets.finishers + [rules.finisher])
        parent = spec.genesisBlock.header
    }

    /// Makes blocks and says what they left.
    public mutating func run(blocks: Int, operations count: Int) -> Outcome {
        for number in 1...blocks where outcome.defect == nil {
            step(count)
            if number.isMultiple(of: 50) {
                if manner == .reloaded, !chain.reload() { outcome.defect = "the records lose their root" }
                audit()
            }
        }
        audit()
        outcome.root = chain.state.finalRoot
        return outcome
    }

    private mutating func audit() {
        guard outcome.defect == nil else { return }
        guard let view = chain.finalView else { return outcome.defect = "the final state cannot be read" }
        outcome.defect =
            chain.broken
            ?? StakeAudit.defect(
                in: view, genesis: chain.spec.genesis, height: chain.finalHeight, rules: rules)
            ?? AssetAudit.defect(in: view)
    }

    private mutating func step(_ count: Int) {
        let height = parent.height.next
        let round = rules.round(of: height)
        guard let view = chain.finalView, let members = rules.members(of: round, in: view) else {
            return outcome.defect = "round \(round) has no members"
        }
        let isFirst = round != parent.round
        let turn = View(isFirst ? 1 : parent.view.value + 1)
        let seat = ChaoticIndex.index(id: parent.beacon.bytes, slot: turn.value, limit: members.count)
        let place = Proposal.Place(
            round: round, view: turn, parent: parent.id, parentView: isFirst ? View(0) : parent.view)
        // Now and then much time passes, so that transfers which wait for theirs are paid.
        let gap = height.value.isMultiple(of: 16) ? OperationsRun.longGap : .seconds(3)
        let time = parent.timestamp.advanced(by: gap)
        let ticket = BuildTicket(place: place, height: height, notBefore: time, deadline: time)
        guard let signer = operations.signer(of: members.keys[seat]) else {
            return outcome.defect = "an elected miner has no signer"
        }
        let candidates = operations.next(count, above: parent, on: chain)
        if manner == .besideRivals { giveUpARival(ticket, signer, candidates) }
        take(ticket, signer, candidates)
    }

    private mutating func build(
        _ ticket: BuildTicket, _ signer: FakeSigner, _ candidates: [CheckedTransaction]
    ) -> Block? {
        let operations = operations
        return chain.build(ticket, at: ticket.notBefore, by: signer, candidates: candidates) { view in
            operations.reveal(of: signer.publicKey, in: view)
        }
    }

    private mutating func take(
        _ ticket: BuildTicket, _ signer: FakeSigner, _ candidates: [CheckedTransaction]
    ) {
        guard let built = build(ticket, signer, candidates), let block = try? Block(decoding: built.encoded)
        else { return outcome.defect = "no block at height \(ticket.height)" }
        let verdict = chain.execute(block)
        guard verdict == .valid else { return outcome.defect = "height \(ticket.height): \(verdict)" }
        let receipts = chain.receipts
        for (transaction, receipt) in zip(block.transactions, receipts) where receipt.error == nil {
            outcome.done += 1
            outcome.kinds[transaction.kind.number, default: 0] += 1
        }
        outcome.failed += UInt64(candidates.count) - UInt64(receipts.count { $0.error == nil })
        chain.commit([block.id])
        parent = block.header
    }

    // The same height with other operations: executed, and then as if it had never been.
    private mutating func giveUpARival(
        _ ticket: BuildTicket, _ signer: FakeSigner, _ candidates: [CheckedTransaction]
    ) {
        let some = candidates.filter { _ in rivals.chance(perMille: 500) }
        guard let rival = build(ticket, signer, some.reversed()), chain.execute(rival) == .valid else {
            return outcome.defect = "no rival at height \(ticket.height)"
        }
        chain.abandon([rival.id])
    }
}
