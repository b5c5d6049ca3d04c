import Ledger
import Primitives
import Staking
import Testing

@Suite struct VoterTests {
    @Test func aLockLeavesTheBalanceAndComesBackAfterTheUnbondingTime() throws {
        var stage = try Stage()
        let before = stage.balance(5)
        let lock = try stage.lock(100, by: 5)
        let fee = stage.spec.fees.base.units
        #expect(stage.balance(5) == before - 100 * Amount.unitsPerETM - fee)
        #expect(try stage.act(.unlock, from: 5, UnlockPayload(lock: lock)) == nil)
        let released = stage.time.advanced(by: stage.rules.parameters.unbonding)
        try stage.run(after: Instant.Span(milliseconds: 86_399_999))
        #expect(stage.balance(5) == before - 100 * Amount.unitsPerETM - 2 * fee)
        try stage.run(after: Instant.Span(milliseconds: 1))
        #expect(stage.time == released)
        #expect(stage.balance(5) == before - 2 * fee)
        #expect(stage.brokenInvariant() == nil)
    }

    @Test func aSpentOrRepeatedLockIdNeverMints() throws {
        var stage = try Stage()
        let lock = try stage.lock(100, by: 5)
        let other = try stage.lock(50, by: 6)
        let supply = try #require(Bank.supply(of: .etm, in: stage.state))
        #expect(try stage.act(.unlock, from: 5, UnlockPayload(lock: other)) == "UNKNOWN_LOCK")
        #expect(try stage.act(.unlock, from: 7, UnlockPayload(lock: lock)) == "UNKNOWN_LOCK")
        #expect(try stage.act(.unlock, from: 5, UnlockPayload(lock: lock)) == nil)
        for _ in 0..<3 {
            #expect(try stage.act(.unlock, from: 5, UnlockPayload(lock: lock)) == "UNKNOWN_LOCK")
        }
        let two = try stage.order(.unlock, from: 6, UnlockPayload(lock: other))
        let again = try stage.order(.unlock, from: 6, UnlockPayload(lock: other))
        #expect(try stage.run([two, again]).map { $0.error?.code } == [nil, "UNKNOWN_LOCK"])
        try stage.run(after: .seconds(86_400))
        try stage.run()
        #expect(stage.brokenInvariant() == nil)
        let back = 150 * Amount.unitsPerETM
        #expect(try #require(Bank.supply(of: .etm, in: stage.state)).units - supply.units >= back)
    }

    @Test func lockingTheWholeBalanceButTheFeeWorksAndOneUnitMoreDoesNot() throws {
        var stage = try Stage()
        let free = stage.balance(5) - stage.spec.fees.base.units
        let more = try stage.order(.lock, from: 5, LockPayload(amount: Amount(units: free + 1)))
        #expect(try stage.run([more])[0].error?.code == "INSUFFICIENT_BALANCE")
        let rest = stage.balance(5) - stage.spec.fees.base.units
        #expect(try stage.act(.lock, from: 5, LockPayload(amount: Amount(units: rest))) == nil)
        #expect(stage.balance(5) == 0)
        let top = try stage.order(.lock, from: 6, LockPayload(amount: Amount(units: .max)))
        #expect(try stage.run([top])[0].error?.code == "INSUFFICIENT_BALANCE")
        #expect(stage.brokenInvariant() == nil)
    }

    @Test func theLeastLockIsOneETM() throws {
        var stage = try Stage()
        let least = Amount.unitsPerETM
        #expect(
            try stage.act(.lock, from: 5, LockPayload(amount: Amount(units: least - 1))) == "LOCK_TOO_SMALL")
        #expect(try stage.act(.lock, from: 5, LockPayload(amount: Amount(units: least))) == nil)
    }

    @Test func anAccountHasAtMostTheAllowedLocks() throws {
        var stage = try Stage()
        for _ in 0..<4 { try stage.lock(1, by: 5) }
        #expect(try stage.act(.lock, from: 5, LockPayload(amount: .etm(1))) == "TOO_MANY_LOCKS")
        #expect(stage.voter(5)?.locks.count == 4)
        #expect(stage.brokenInvariant() == nil)
    }

    @Test func aVoteNeedsALockAndAStandingMiner() throws {
        var stage = try Stage()
        #expect(try stage.act(.vote, from: 5, MinerPayload(miner: key(1))) == "NOTHING_LOCKED")
        #expect(try stage.act(.withdrawVote, from: 5, WithdrawVotePayload()) == "NO_VOTE")
        try stage.lock(10, by: 5)
        #expect(try stage.act(.vote, from: 5, MinerPayload(miner: key(99))) == "UNKNOWN_MINER")
        #expect(try stage.act(.resignMiner, from: 2, MinerPayload(miner: key(2))) == nil)
        #expect(try stage.act(.vote, from: 5, MinerPayload(miner: key(2))) == "RESIGNED_MINER")
        #expect(try stage.act(.vote, from: 5, MinerPayload(miner: key(1))) == nil)
        #expect(try stage.act(.vote, from: 5, MinerPayload(miner: key(3))) == nil)
        #expect(stage.query.stake(of: address(5), at: stage.time)?.vote == key(3))
        #expect(try stage.act(.withdrawVote, from: 5, WithdrawVotePayload()) == nil)
        #expect(try stage.act(.withdrawVote, from: 5, WithdrawVotePayload()) == "NO_VOTE")
    }

    @Test func votesCountFromTheNextRoundOnAndOneAccountVotesOnce() throws {
        var stage = try Stage()
        try stage.lock(10, by: 5)
        _ = try stage.act(.vote, from: 5, MinerPayload(miner: key(1)))
        _ = try stage.act(.vote, from: 5, MinerPayload(miner: key(2)))
        #expect(stage.miner(2)?.votes == 0)
        try stage.finishRound()
        #expect(stage.miner(1)?.votes == 0)
        #expect(stage.miner(2)?.votes == 10 * Amount.unitsPerETM)
        #expect(stage.brokenInvariant() == nil)
    }

    @Test func aPreviewIsWhatThenHappens() throws {
        var stage = try Stage(locks: [(5, 9_000, 1)])
        let made = stage.time.advanced(by: .seconds(3))
        let count = stage.spec.consensus.roundLength
        let settled = stage.time.advanced(by: Instant.Span.seconds(3).times(count))
        let preview = try #require(
            stage.query.preview(lock: .etm(3_000), by: address(5), made: made, at: settled))
        try stage.lock(3_000, by: 5)
        try stage.finishRound()
        #expect(stage.time == settled)
        let voter = try #require(stage.voter(5))
        #expect(voter.counted.weight == preview.after)
        #expect(preview.after == 11_600 * Amount.unitsPerETM)
        #expect(preview.before == 9_000 * Amount.unitsPerETM)
    }

    @Test func timeGainGrowsByDaysAndIsHalvedOnceARound() throws {
        var stage = try Stage(miners: 1, locks: [(5, 1_000, 1)], parameters: Stage.parameters(seats: 1))
        for _ in 0..<3 { try stage.run() }
        // Five days pass before the round's last block: age 5 days, t = 6, halved to age 2 days, t = 3.
        try stage.run(after: .seconds(5 * 86_400))
        let weight = try #require(stage.voter(5)?.counted.weight)
        #expect(weight == 3 * 1_000 * Amount.unitsPerETM)
    }

    @Test func aPlaceIsGivenToTheNextVoterOnceNothingIsOwed() throws {
        var stage = try Stage(locks: [(5, 10, 1), (6, 10, 2)])
        let lock = StakingGenesis.lockID(of: address(5))
        _ = try stage.act(.unlock, from: 5, UnlockPayload(lock: lock))
        try stage.finishRound()
        try stage.finishRound()
        try stage.finishRound()
        #expect(stage.voter(5) == nil)
        try stage.lock(20, by: 7)
        #expect(StakeBook.voter(of: address(7), in: stage.state)?.account.number == 1)
        #expect(StakingState(in: stage.state).voters == 2)
        #expect(stage.brokenInvariant() == nil)
    }
}
