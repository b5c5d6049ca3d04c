public import Ledger
public import Primitives
public import Randomness

/// A chain's rules of locks, votes, miners and elections, ready to be joined with its other rules.
public struct StakingRules: Sendable {
    /// The agreed numbers.
    public let parameters: StakingParameters
    /// The concave map of the chain's brackets.
    public let map: StakeMap
    /// When slot 0 began.
    public let genesisTime: Instant
    /// The time towers whose outputs seed the draws.
    public let towers: RoundTowers
    let consensus: ConsensusParameters
    let genesisMembers: MemberSet

    /// The rules of a chain; nil where nobody is elected.
    public init?(spec: ChainSpec) {
        guard let parameters = spec.consensus.elections.staking, let towers = RoundTowers(spec: spec) else {
            return nil
        }
        self.towers = towers
        self.parameters = parameters
        map = StakeMap(parameters.brackets)
        genesisTime = spec.genesis.time
        consensus = spec.consensus
        genesisMembers = spec.genesis.members
    }

    /// The transaction kinds of these rules; the court judges evidence.
    public func handlers(court: any EvidenceCourt) -> [any TransactionHandler] {
        [
            LockHandler(rules: self), UnlockHandler(rules: self), VoteHandler(), WithdrawVoteHandler(),
            RegisterMinerHandler(rules: self), ResignMinerHandler(rules: self), NewAnchorHandler(rules: self),
            EvidenceHandler(rules: self, court: court),
        ]
    }

    /// What ends every block: turns, releases, payments and, at the end of a round, its settlement.
    public var finisher: any BlockFinisher { finisher(towers: ImmediateTowers()) }

    /// The same with towers from elsewhere.
    public func finisher(towers source: any TowerSource) -> any BlockFinisher {
        StakingFinisher(rules: self, towers: source)
    }

    /// Leading zero bits of a miner's hashing test (`mathematics.md` 7.5).
    public var registrationBits: UInt8 { consensus.workBits + 4 }

    /// The slot of a time.
    public func slot(of time: Instant) -> Slot { Slot(of: time, since: genesisTime) }

    /// The round of a height.
    public func round(of height: Height) -> Round { consensus.round(of: height) }

    /// A round as the state names it; nil unless its members are known there.
    public func record(of round: Round, in state: some StateReader) -> RoundRecord? {
        if let record = state.read(RoundRecord.self, RoundRecord.key(round)) { return record }
        guard round == Round(1) else { return nil }
        let numbers = genesisMembers.keys.map {
            state.read(MinerRecord.self, MinerRecord.key($0))?.number ?? 0
        }
        return RoundRecord(
            members: genesisMembers, numbers: numbers, opened: genesisTime, beacon: .zero, candidates: 0)
    }

    /// The members of a round, or nil when the state does not know them.
    public func members(of round: Round, in state: some StateReader) -> MemberSet? {
        record(of: round, in: state)?.members
    }
}

extension ChainSpec {
    /// The members of a round as a final state at or after the end of the round before names them.
    ///
    /// Where nobody is elected they are those of genesis; nil when an electing chain's state does not know.
    public func members(of round: Round, in state: some StateReader) -> MemberSet? {
        guard let rules = StakingRules(spec: self) else { return genesis.members }
        return rules.members(of: round, in: state)
    }
}
