internal import Assets
internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives
internal import Randomness
internal import Sidechains
internal import Staking

/// The rules of a chain, joined from the modules that have a say in them.
struct ChainLaws: Sendable {
    /// The transaction kinds.
    let registry: TransactionRegistry
    /// Executes blocks under these rules.
    let executor: BlockExecutor
    /// What needs no state.
    let rules: AdmissionRules

    init(
        _ spec: ChainSpec, towers: any TowerSource = ImmediateTowers(),
        verifier: any SignatureVerifier = Ed25519Verifier()
    ) {
        let staking = StakingRules(spec: spec)
        let finisher =
            staking?.finisher(towers: towers)
            ?? RoundTowers(spec: spec)?.finisher(spec: spec, source: towers)
        let assets = AssetRules(spec: spec)
        registry = ChainRules.registry(
            for: spec, verifier: verifier,
            adding: (staking?.handlers(court: ConsensusCourt(verifier: verifier)) ?? [])
                + (assets?.handlers ?? []))
        executor = BlockExecutor(
            spec: spec, registry: registry,
            finishers: (assets?.finishers ?? []) + (finisher.map { [$0] } ?? []))
        rules = AdmissionRules(spec: spec, registry: registry)
    }
}

/// Judges evidence as consensus makes it.
struct ConsensusCourt: EvidenceCourt {
    let verifier: any SignatureVerifier

    func accusation(in evidence: [UInt8]) -> Accusation? {
        guard let evidence = try? Evidence(decoding: evidence) else { return nil }
        return Accusation(accused: evidence.accused, round: evidence.round)
    }

    func isProved(_ evidence: [UInt8], on chain: ChainID, members: MemberSet) -> Bool {
        guard let evidence = try? Evidence(decoding: evidence) else { return false }
        do {
            try evidence.verify(members: members, chain: chain, verifier: verifier)
            return true
        } catch {
            return false
        }
    }
}
