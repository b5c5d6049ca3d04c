internal import Ledger
public import Primitives

/// What one more lock would weigh at some time.
public struct StakeForecast: Sendable, Hashable {
    /// The time gain of the lock.
    public let timeGain: UInt64
    /// The account's weight without the lock.
    public let without: UInt64
    /// Its weight with the lock.
    public let with: UInt64
    /// Its weight with the lock when the settlement of that time halves all time gains before it weighs, as it does
    /// when the account's vote was counted for a member that produced.
    public let halved: UInt64
}

extension StakeQuery {
    /// What a lock made now would weigh at a settlement then; nil when a sum does not fit.
    public func forecast(
        lock amount: Amount, by address: Address, made: Instant, at time: Instant
    ) -> StakeForecast? {
        let now = rules.slot(of: time)
        let added = StakeLock(amount: amount, anchor: rules.slot(of: made))
        var locks = (StakeBook.voter(of: address, in: state)?.voter.locks ?? []) + [added]
        guard let weights = preview(lock: amount, by: address, made: made, at: time) else { return nil }
        for index in locks.indices { locks[index].halve(at: now) }
        guard let halved = VoterWeight.weight(of: locks, at: now, map: rules.map) else { return nil }
        return StakeForecast(
            timeGain: added.timeGain(at: now), without: weights.before, with: weights.after, halved: halved)
    }

    /// The height at which bonus of a settled round reaches an account; nil for an account without a voter's place.
    public func paymentHeight(of address: Address, settled round: Round) -> Height? {
        guard let account = state.read(StakeAccount.self, StakeAccount.key(address)) else { return nil }
        let length = rules.consensus.roundLength
        return Height(
            rules.consensus.lastHeight(of: round).value + 1
                + UInt64(Paging.page(of: account.number)) % length)
    }

    /// Amounts that wait for their release to an account, soonest first; at most `most`.
    public func releases(to address: Address, most: Int) -> [(time: Instant, release: ReleaseRecord)] {
        var found: [(time: Instant, release: ReleaseRecord)] = []
        var after: StateKey?
        while found.count < most {
            let rows = state.scan(prefix: [StateTable.unbonding.rawValue], after: after, limit: 1_000)
            for row in rows where found.count < most {
                guard let release = state.read(ReleaseRecord.self, row.key), release.recipient == address
                else { continue }
                found.append((ReleaseRecord.time(of: row.key), release))
            }
            guard rows.count == 1_000 else { break }
            after = rows.last?.key
        }
        return found
    }

    /// A miner's anchors that are announced and not yet in force, with the round from which they count.
    public func pendingAnchors(of miner: PublicKey, in round: Round) -> [(from: Round, anchor: Digest)] {
        [round, round.next, round.next.next].compactMap { from in
            state.read(Digest.self, Anchors.key(from, miner)).map { (from, $0) }
        }
    }

    /// The weights with which miners stand in the open round's draw, by number.
    public func candidates() -> [Miner] { StakeBook.miners(in: state).filter(\.stood) }
}
