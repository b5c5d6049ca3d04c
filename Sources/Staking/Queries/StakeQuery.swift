public import Ledger
public import Primitives

/// What people ask about locks, votes and miners; every figure is computed by the code that settles.
public struct StakeQuery<State: StateReader>: Sendable {
    /// The chain's rules.
    public let rules: StakingRules
    /// The state that is asked.
    public let state: State

    /// Joins the parts.
    public init(rules: StakingRules, state: State) {
        self.rules = rules
        self.state = state
    }

    /// One active lock.
    public struct Lock: Sendable, Hashable {
        /// The transaction that made it.
        public let id: TransactionID
        /// How much it holds.
        public let amount: Amount
        /// The slot from which its age counts.
        public let anchor: Slot
        /// Its time gain at the time asked for.
        public let timeGain: UInt64
    }

    /// An account's stake.
    public struct Stake: Sendable, Hashable {
        /// Active locks, oldest first.
        public let locks: [Lock]
        /// Everything locked.
        public let total: Amount
        /// F of the total.
        public let concave: Amount
        /// The weight x at the time asked for.
        public let weight: UInt64
        /// The miner that the account votes for, or nil.
        public let vote: PublicKey?
        /// The miner and the weight that the open round counts, or nil.
        public let counted: (miner: PublicKey, weight: UInt64)?
        /// Settled bonus that is not yet in the balance.
        public let due: Amount

        /// Compares all parts.
        public static func == (left: Stake, right: Stake) -> Bool {
            left.locks == right.locks && left.total == right.total && left.concave == right.concave
                && left.weight == right.weight && left.vote == right.vote && left.due == right.due
                && left.counted?.miner == right.counted?.miner
                && left.counted?.weight == right.counted?.weight
        }

        /// Hashes the sum and the weight.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(total)
            hasher.combine(weight)
        }
    }

    /// What an account has locked; nil when it has nothing.
    public func stake(of address: Address, at time: Instant) -> Stake? {
        guard let (account, voter) = StakeBook.voter(of: address, in: state) else { return nil }
        let now = rules.slot(of: time)
        let locks = zip(account.locks, voter.locks).map {
            Lock(id: $0, amount: $1.amount, anchor: $1.anchor, timeGain: $1.timeGain(at: now))
        }
        let counted = StakeBook.miner(voter.counted.miner, in: state)
            .map { (miner: $0.key, weight: voter.counted.weight) }
        return Stake(
            locks: locks, total: voter.total, concave: rules.map.concave(voter.total),
            weight: VoterWeight.weight(of: voter.locks, at: now, map: rules.map) ?? 0,
            vote: StakeBook.miner(voter.vote, in: state)?.key, counted: counted, due: voter.due)
    }

    /// An account's weight before and after one more lock, at a time; nil when the sum does not fit.
    ///
    /// The figures are those that a settlement at that time gives, as long as none halves the time gain before.
    public func preview(
        lock amount: Amount, by address: Address, made: Instant, at time: Instant
    ) -> (before: UInt64, after: UInt64)? {
        let locks = StakeBook.voter(of: address, in: state)?.voter.locks ?? []
        let now = rules.slot(of: time)
        let added = StakeLock(amount: amount, anchor: rules.slot(of: made))
        guard let before = VoterWeight.weight(of: locks, at: now, map: rules.map),
            let after = VoterWeight.weight(of: locks + [added], at: now, map: rules.map)
        else { return nil }
        return (before, after)
    }

    /// Everything about one miner.
    public struct MinerFacts: Sendable, Hashable {
        /// Its record.
        public let record: MinerRecord
        /// Its counters, votes and weight.
        public let miner: Miner
        /// Its coefficient now.
        public let coefficient: Coefficient
        /// Its seat in the round asked for, or nil.
        public let seat: Int?
    }

    /// A miner's facts in a round; nil for a key that never registered.
    public func miner(_ key: PublicKey, in round: Round) -> MinerFacts? {
        guard let (record, miner) = StakeBook.miner(key, in: state) else { return nil }
        return MinerFacts(
            record: record, miner: miner,
            coefficient: miner.coefficient(average: StakingState(in: state).average),
            seat: rules.members(of: round, in: state)?.seat(of: key))
    }

    /// The miner with a name, or nil.
    public func miner(named name: String) -> PublicKey? {
        state.read(PublicKey.self, MinerRecord.nameKey(name))
    }

    /// Every miner, by number, with its name.
    public func miners() -> [(name: String, miner: Miner)] {
        StakeBook.miners(in: state).map { miner in
            (state.read(MinerRecord.self, MinerRecord.key(miner.key))?.name ?? "", miner)
        }
    }

    /// Draws the members of the open round again; true when they are those that sit.
    ///
    /// Nil for a round that is not the last one drawn: only its candidates' weights are still in the state.
    public func audit(of round: Round) -> (members: MemberSet, isRight: Bool)? {
        guard let record = rules.record(of: round, in: state), record.candidates > 0,
            state.value(for: RoundRecord.key(round.next)) == nil
        else { return nil }
        let candidates = StakeBook.miners(in: state).filter(\.stood)
            .map { Candidate(key: $0.key, weight: $0.weight) }
        let seed = Election.seed(round: round, beacon: record.beacon)
        guard
            let chosen = try? Election.draw(
                candidates, seed: seed, seats: Int(rules.parameters.seats)),
            let members = MemberSet(chosen)
        else { return nil }
        return (members, members == record.members && candidates.count == Int(record.candidates))
    }
}
