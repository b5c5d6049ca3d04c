internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives

/// A network of replicas in one process: one clock, one generator, one queue of events.
///
/// First everything breaks while safety is checked at every event; then the network heals and growth is
/// demanded. Equal plans give equal traces.
public struct SimulatedNetwork {
    let plan: SimulationPlan
    let chain: ChainID
    let verifier: any SignatureVerifier
    let draw: MemberDraw
    let genesis: FinalPoint

    var nodes: [SimulatedNode] = []
    var indexOfPeer: [PeerID: Int] = [:]
    var queue = EventQueue<Event>()
    var generator: SeededGenerator
    var now: Instant
    var network: NetworkModel
    var partition = Partition.none
    var isHealed = false
    var checker: SafetyChecker
    var failure: SimulationFailure.Kind?
    var report = SimulationReport()
    /// What liars have overheard.
    var overheard: [ReplicaMessage] = []
    var overheardBlocks: [Block] = []
    var membersOfRounds: [Round: MemberSet] = [:]
    /// Handed from step to step so that no step allocates it.
    var effects: [Replica.Effect] = []

    /// A message on its way; a reference, so that the queue moves a word.
    final class Envelope: Sendable {
        let message: ReplicaMessage
        init(_ message: ReplicaMessage) { self.message = message }
    }

    /// What happens at some time; boxed, so that the queue moves a word.
    indirect enum Event {
        case deliver(from: Int, to: Int, Envelope)
        case garbage(from: Int, to: Int, [UInt8])
        case wake(Int, token: Int)
        case answer(Int, life: Int, Replica.Input)
        case build(Int, life: Int, BuildTicket)
        case execute(Int, life: Int, Block)
        case crash(Int)
        case restart(Int)
        case cut(Partition)
        case split
        case perturb(Int, Perturbation)
        case relieve(Int, Perturbation)
        case recoveryDue(Int, since: Instant)
        case lie(Int)
        case cause
        case heal
    }

    /// Builds the nodes and plans the faults.
    public init(_ plan: SimulationPlan) {
        self.plan = plan
        generator = SeededGenerator(seed: plan.seed)
        chain = ChainID(Bytes32(0x73_69_6d, 0, 0, plan.seed))
        verifier = plan.usesRealKeys ? Ed25519Verifier() : FakeVerifier()
        let signers = (0..<plan.nodes).map { SimulatedNetwork.signer(of: $0, in: plan) }
        draw = MemberDraw(keys: signers.map(\.publicKey), seats: plan.seats)
        genesis = SimulatedNetwork.ledger(of: 0, chain: chain, plan, keys: draw.keys).genesis
        now = Instant(milliseconds: 10_000)
        network = plan.network
        checker = SafetyChecker(chain: chain, verifier: verifier)
        for (index, signer) in signers.enumerated() {
            addNode(index, signer, SimulatedNetwork.ledger(of: index, chain: chain, plan, keys: draw.keys))
        }
        planFaults()
        planPerturbations()
    }

    private static func ledger(
        of index: Int, chain: ChainID, _ plan: SimulationPlan, keys: [PublicKey]
    ) -> any SimulatedLedger {
        if plan.parameters.elections.staking != nil {
            let ledger = StakingLedger(
                chain: chain, consensus: plan.parameters, miners: keys, seed: plan.seed, node: index)
            guard let ledger else { preconditionFailure("the plan's stakes have no defect") }
            return ledger
        }
        guard plan.usesRealLedger else {
            return HashLedger(chain: chain, rule: plan.parameters.leaderRule)
        }
        return TransferLedger(chain: chain, consensus: plan.parameters, seed: plan.seed, node: index)
    }

    private static func signer(of index: Int, in plan: SimulationPlan) -> any Signer {
        let seed = plan.seed &* 1000 &+ UInt64(index)
        guard plan.usesRealKeys else { return FakeSigner(seed: seed) }
        var generator = SeededGenerator(seed: seed)
        var bytes = (0..<32).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        guard let pair = KeyPair(seed: SecretBytes(zeroing: &bytes)) else {
            preconditionFailure("32 bytes make a key pair")
        }
        return pair
    }

    private mutating func addNode(_ index: Int, _ signer: any Signer, _ ledger: any SimulatedLedger) {
        let clock = VirtualClock(
            offset: generator.below(plan.faults.clockOffset + 1),
            partsPerMillion: generator.below(plan.faults.clockDrift + 1))
        let start = Disk().start(genesis: genesis, parameters: plan.parameters, draw: draw, ledger: ledger)
        guard let start else {
            preconditionFailure("a plan has 1 to 1024 seats")
        }
        membersOfRounds[start.round] = start.members
        let life = SimulatedNode.Life(isLiar: index >= plan.nodes - plan.liars, clock: clock)
        let node = SimulatedNode(
            index, signer, ledger: ledger, replica: Replica(configuration(index, signer), from: start),
            life: life)
        if node.isLiar, plan.role == .censor { node.ledger.leaveOut() }
        nodes.append(node)
        indexOfPeer[node.peer] = index
    }

    func configuration(_ index: Int, _ signer: any Signer) -> ReplicaConfiguration {
        var configuration = ReplicaConfiguration(
            chain: chain, parameters: plan.parameters, signer: signer, verifier: verifier,
            jitterSeed: plan.seed &+ UInt64(index))
        configuration.mutations = plan.mutations
        return configuration
    }

    /// Runs both phases.
    public mutating func run() throws(SimulationFailure) -> SimulationReport {
        if plan.splitAfter.milliseconds == 0 {
            partition = plan.split
        } else {
            queue.add(.split, at: now.advanced(by: plan.splitAfter))
        }
        for index in nodes.indices {
            if index < plan.absentees { nodes[index].isUp = false } else { step(index, .started) }
        }
        let healing = now.advanced(by: plan.safetyPhase)
        queue.add(.heal, at: healing)
        try run(until: healing)
        report.heightsAtHealing = checker.height.value
        let wanted = Height(checker.height.value + plan.demandedHeights)
        let healed = now
        let deadline = now.advanced(by: plan.livenessPhase)
        while lowestHonestHeight < wanted {
            guard now < deadline, queue.count > 0 else {
                throw failed(.stuck(lowest: lowestHonestHeight, wanted: wanted))
            }
            try handleNext()
            if report.resumedAfter == nil, checker.height.value > report.heightsAtHealing {
                report.resumedAfter = now.since(healed)
            }
        }
        report.heights = checker.height.value
        report.frozen = try countFrozen()
        return report
    }

    // Nobody but liars may lose a deposit.
    private func countFrozen() throws(SimulationFailure) -> UInt64 {
        var most: UInt64 = 0
        for node in nodes where !node.isLiar {
            guard let frozen = (node.ledger as? StakingLedger)?.frozen else { continue }
            for victim in nodes where !victim.isLiar && frozen.contains(victim.signer.publicKey) {
                throw failed(.wronglyAccused(node: victim.index))
            }
            most = max(most, UInt64(frozen.count))
        }
        return most
    }

    /// Handles every event up to a time.
    mutating func run(until end: Instant) throws(SimulationFailure) {
        while let next = queue.nextTime, next <= end { try handleNext() }
        now = max(now, end)
    }

    private mutating func handleNext() throws(SimulationFailure) {
        guard let (time, event) = queue.next() else { return }
        now = max(now, time)
        report.events += 1
        report.mix(now.milliseconds)
        if let index = event.process, let end = nodes[index].pausedUntil, now < end {
            queue.add(event, at: end)
        } else {
            handle(event)
        }
        if let failure { throw failed(failure) }
    }

    private func failed(_ kind: SimulationFailure.Kind) -> SimulationFailure {
        SimulationFailure(kind: kind, time: now, reproduction: plan.reproduction)
    }

    /// The final height that every honest node has reached.
    var lowestHonestHeight: Height {
        nodes.filter { !$0.isLiar && $0.index >= plan.deserters }.map { $0.disk.height }.min() ?? .zero
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .deliver(let sender, let receiver, let envelope): deliver(envelope.message, sender, receiver)
        case .garbage(let sender, let receiver, let bytes): deliver(bytes, sender, receiver)
        case .wake(let index, let token):
            if nodes[index].isUp, nodes[index].wakeToken == token { step(index, .woke) }
        case .answer(let index, let life, let input):
            if nodes[index].isUp, nodes[index].life == life { step(index, input) }
        case .build(let index, let life, let ticket): build(index, life, ticket)
        case .execute(let index, let life, let block): execute(index, life, block)
        case .crash(let index): nodes[index].effectsLeft = Int(generator.below(8))
        case .restart(let index): restart(index)
        case .cut(let partition): self.partition = isHealed ? .none : partition
        case .split:
            report.heightsAtSplit = checker.height.value
            partition = isHealed ? .none : plan.split
        case .perturb(let index, let kind): perturb(index, kind)
        case .relieve(let index, let kind): relieve(index, kind)
        case .recoveryDue(let index, let since): demandRecovery(index, since: since)
        case .lie(let index): lie(index)
        case .cause: raiseCause()
        case .heal: heal()
        }
    }

    /// Lets a replica take one input, and performs what it orders.
    mutating func step(_ index: Int, _ input: Replica.Input) {
        guard nodes[index].isUp else { return }
        effects.removeAll(keepingCapacity: true)
        let reading = nodes[index].clock.reading(at: now)
        nodes[index].replica.step(input, at: reading, into: &effects)
        report.mix(UInt64(index) << 32 | UInt64(effects.count))
        report.mix(nodes[index].replica.status.view.value)
        let ordered = effects
        for effect in ordered {
            if let left = nodes[index].effectsLeft {
                guard left > 0 else { return crash(index) }
                nodes[index].effectsLeft = left - 1
            }
            perform(effect, of: index)
            if failure != nil { return }
        }
    }

    mutating func fail(_ kind: SimulationFailure.Kind) {
        if plan.looksForForksOnly {
            switch kind {
            case .fork: break
            default: return
            }
        }
        failure = failure ?? kind
    }
}
