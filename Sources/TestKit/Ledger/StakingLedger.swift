public import Consensus
public import Crypto
public import Ledger
public import Primitives
internal import Randomness
internal import Staking

/// The whole of UPoS under a simulated node: its members are drawn by the chain itself, round by round.
///
/// Every node is a miner with an onion; a few accounts lock, unlock and vote at random, so that weights and
/// members change with every round.
public struct StakingLedger: SimulatedLedger {
    private var chain: SimulatedChain
    private let rules: StakingRules
    private let voters: [FakeSigner]
    private let miners: [PublicKey]
    private let onions: [HashOnion]
    private var locks: [SignedTransaction] = []
    private var proofs: [Evidence] = []
    private var generator: SeededGenerator
    private var isCensoring = false

    /// Layers of an onion: more than any simulation has blocks.
    private static let onionLength: UInt64 = 2_048

    /// The point that round 1 starts from.
    public var genesis: FinalPoint { chain.genesis }

    /// A main chain whose miners are the given keys; nil when its genesis has a defect.
    public init?(
        chain id: ChainID, consensus: ConsensusParameters, miners: [PublicKey], seed: UInt64, node: Int
    ) {
        guard let parameters = consensus.elections.staking else { return nil }
        self.miners = miners
        voters = (0..<8).map { FakeSigner(seed: seed &+ 0x766f_0000 &+ UInt64($0)) }
        onions = miners.compactMap { key in
            var bytes = SHA256.hash(key.bytes).array
            return HashOnion(secret: SecretBytes(zeroing: &bytes), length: StakingLedger.onionLength)
        }
        let first = zip(miners, onions).enumerated().map { index, miner in
            StakingGenesis.FirstMiner(key: miner.0, name: "node-\(index)", anchor: Digest(miner.1.anchor))
        }
        let stakes = StakingGenesis(
            miners: first,
            locks: voters.enumerated().map { index, voter in
                .init(
                    address: Address(of: voter.publicKey), amount: .etm(UInt64(100 + 50 * index)),
                    vote: miners[index % miners.count])
            })
        let balances = voters.map {
            Genesis.Balance(address: Address(of: $0.publicKey), amount: .etm(10_000))
        }
        let time = Instant.zero
        guard let start = try? stakes.genesis(time: time, consensus: consensus, balances: balances) else {
            return nil
        }
        let spec = ChainSpec(
            id: id, name: "main", role: .main, consensus: consensus, limits: .main, fees: .main,
            assets: [.etm], acceptsHistorical: false, genesis: start)
        guard let rules = StakingRules(spec: spec), parameters.defect == nil else { return nil }
        self.rules = rules
        chain = SimulatedChain(
            spec, handlers: [TransferHandler(assets: 1)] + rules.handlers(court: SimulatedCourt()),
            finishers: [rules.finisher])
        generator = SeededGenerator(seed: seed ^ UInt64(node) << 40)
    }

    /// The members that the committed state names.
    public func members(of round: Round) -> MemberSet? {
        chain.finalView.flatMap { rules.members(of: round, in: $0) }
    }

    /// A block of random orders.
    public mutating func build(_ ticket: BuildTicket, at now: Instant, by signer: any Signer) -> Block? {
        let count = isCensoring ? 0 : generator.below(4)
        var candidates = (0..<count).compactMap { _ in candidate(at: ticket.height) }
        if !isCensoring, let proof = proofs.popLast() {
            let payload = EvidencePayload(evidence: proof.encoded)
            if let order = order(.evidence, payload, by: voters[0], at: ticket.height) {
                candidates.append(order)
            }
        }
        let onion = miners.firstIndex(of: signer.publicKey).map { onions[$0] }
        return chain.build(ticket, at: now, by: signer, candidates: candidates) { view in
            let head = view.read(OnionHead.self, OnionHead.key(signer.publicKey))
            return head.flatMap { onion?.reveal(at: $0.revealed) }.map { Digest($0) } ?? .zero
        }
    }

    /// From now on builds empty blocks.
    public mutating func leaveOut() { isCensoring = true }

    /// Puts proof into one of this node's next blocks.
    public mutating func note(_ evidence: Evidence) {
        if proofs.count < 16 { proofs.append(evidence) }
    }

    /// Miners that lost their deposit, as the committed state knows them.
    public var frozen: [PublicKey] {
        guard let view = chain.finalView else { return [] }
        return StakeBook.miners(in: view).filter { $0.status == .frozen }.map(\.key)
    }

    private mutating func candidate(at height: Height) -> CheckedTransaction? {
        let voter = voters[Int(generator.below(UInt64(voters.count)))]
        let miner = miners[Int(generator.below(UInt64(miners.count)))]
        switch generator.below(6) {
        case 0, 1:
            let amount = Amount(units: Amount.unitsPerETM + generator.below(300 * Amount.unitsPerETM))
            return order(.lock, LockPayload(amount: amount), by: voter, at: height)
        case 2:
            guard !locks.isEmpty else { return nil }
            let lock = locks[Int(generator.below(UInt64(locks.count)))]
            let owner = voters.first { $0.publicKey == lock.sender } ?? voter
            return order(.unlock, UnlockPayload(lock: lock.id), by: owner, at: height)
        case 3: return order(.withdrawVote, WithdrawVotePayload(), by: voter, at: height)
        default: return order(.vote, MinerPayload(miner: miner), by: voter, at: height)
        }
    }

    private mutating func order(
        _ kind: TransactionKind, _ payload: some Canonical, by voter: FakeSigner, at height: Height
    ) -> CheckedTransaction? {
        let transaction = Transaction(
            chain: chain.spec.id, kind: kind, expiry: Height(height.value + 20), fee: .etm(1),
            salt: generator.next(), sender: voter.publicKey, payload: payload.encoded)
        let signed = transaction.signed(by: voter)
        if kind == .lock {
            locks.append(signed)
            if locks.count > 32 { locks.removeFirst() }
        }
        return chain.checked(signed)
    }

    /// Executes every transaction again and compares every root.
    public mutating func execute(_ block: Block) -> ExecutionVerdict { chain.execute(block) }

    /// Folds blocks into the records, and checks that undoing each gives back what was there.
    public mutating func commit(_ blocks: [BlockID]) { chain.commit(blocks) }

    /// Forgets blocks.
    public mutating func abandon(_ blocks: [BlockID]) { chain.abandon(blocks) }

    /// Loses everything that is not committed.
    public mutating func crash() { chain.crash() }

    /// Every base unit is where the rules say, and undo inverts apply.
    public func brokenInvariant() -> String? {
        if let broken = chain.broken { return broken }
        guard let view = chain.finalView else { return "the final state cannot be read" }
        return StakeAudit.defect(
            in: view, genesis: chain.spec.genesis, height: chain.finalHeight, rules: rules)
    }
}

/// Judges the evidence of simulated replicas.
struct SimulatedCourt: EvidenceCourt {
    func accusation(in evidence: [UInt8]) -> Accusation? {
        guard let evidence = try? Evidence(decoding: evidence) else { return nil }
        return Accusation(accused: evidence.accused, round: evidence.round)
    }

    func isProved(_ evidence: [UInt8], on chain: ChainID, members: MemberSet) -> Bool {
        guard let evidence = try? Evidence(decoding: evidence) else { return false }
        do {
            try evidence.verify(members: members, chain: chain, verifier: FakeVerifier())
            return true
        } catch {
            return false
        }
    }
}
