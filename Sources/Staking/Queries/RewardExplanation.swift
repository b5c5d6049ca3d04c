internal import Crypto
internal import Ledger
public import Primitives

/// What one account earned in one round, part by part, to the unit.
public struct RewardExplanation: Sendable, Hashable {
    /// What it produced as a member.
    public struct Forging: Sendable, Hashable {
        /// Blocks.
        public let blocks: UInt32
        /// Views that it failed to lead.
        public let missed: UInt32
        /// Rewards of those blocks' heights.
        public let reward: Amount
        /// Its part of the round's fees.
        public let fees: Amount
    }

    /// What its vote earned.
    public struct Voting: Sendable, Hashable {
        /// The member that it voted for.
        public let member: PublicKey
        /// Its weight in that round.
        public let weight: UInt64
        /// All votes for the member.
        public let votes: UInt64
        /// floor(share · weight / votes).
        public let share: Amount
        /// floor(lucky half · weight / votes), when chance named the member.
        public let lucky: Amount
        /// True when the member produced, so that the time gain of the account's locks was halved.
        public let isHalved: Bool
    }

    /// The round.
    public let round: Round
    /// As a member, or nil.
    public let forging: Forging?
    /// As a voter for a member, or nil.
    public let voting: Voting?
    /// How the whole round was settled.
    public let settlement: SettlementRecord

    /// Everything together.
    public var total: Amount {
        let parts = [forging?.reward, forging?.fees, voting?.share, voting?.lucky]
        // Parts of one round's pool and rewards, which were added up before they were paid.
        return Amount(units: parts.reduce(0) { $0 &+ ($1?.units ?? 0) })
    }
}

extension StakeQuery {
    /// Explains what an account earned in the round that was settled last, as `state` knows it.
    ///
    /// Nil for other rounds: what a voter weighed earlier is in earlier states only, which may be asked instead.
    public func explain(_ address: Address, in round: Round) -> RewardExplanation? {
        guard let settlement = state.read(SettlementRecord.self, SettlementRecord.key(round)),
            state.value(for: SettlementRecord.key(round.next)) == nil,
            let record = rules.record(of: round, in: state)
        else { return nil }
        let seat = record.members.keys.firstIndex { Address(of: $0) == address }
        let forging = seat.map { settlement.seats[$0] }.map {
            RewardExplanation.Forging(blocks: $0.blocks, missed: $0.missed, reward: $0.reward, fees: $0.fees)
        }
        return RewardExplanation(
            round: round, forging: forging, voting: voting(address, record, settlement),
            settlement: settlement)
    }

    private func voting(
        _ address: Address, _ record: RoundRecord, _ settlement: SettlementRecord
    ) -> RewardExplanation.Voting? {
        guard let vote = StakeBook.voter(of: address, in: state)?.voter.earlier, vote.miner != 0,
            let seat = record.numbers.firstIndex(of: vote.miner)
        else { return nil }
        let votes = settlement.seats[seat].votes
        return RewardExplanation.Voting(
            member: record.members.keys[seat], weight: vote.weight, votes: votes,
            share: BonusSplit.part(of: settlement.share, weight: vote.weight, total: votes),
            lucky: seat == Int(settlement.lucky)
                ? BonusSplit.part(of: settlement.luckyHalf, weight: vote.weight, total: votes) : .zero,
            isHalved: settlement.seats[seat].blocks > 0)
    }
}
