import Ledger
import Primitives
import Staking
import Testing

/// Version 0 transactions under the rules of locks, votes and miners.
@Suite struct HistoricalTests {
    private func order(
        _ content: HistoricalContent, _ arguments: [String] = [], from account: UInt64, in stage: Stage
    ) -> SignedTransaction {
        let made = stage.time.since(HistoricalTransaction.epoch).milliseconds / 1_000
        return SignedTransaction(
            HistoricalTransaction(
                content, timestamp: UInt32(made), sender: key(account), arguments: arguments))
    }

    private func act(
        _ content: HistoricalContent, _ arguments: [String] = [], from account: UInt64,
        in stage: inout Stage
    ) throws -> String? {
        try stage.run([order(content, arguments, from: account, in: stage)])[0].error?.code
    }

    private func votes(_ votes: (Bool, UInt64)...) -> HistoricalContent {
        .vote(votes.map { HistoricalVote(isFor: $0.0, miner: key($0.1)) })
    }

    @Test func aLockHasTheHistoricalIDAndIsUnlockedByIt() throws {
        var stage = try Stage()
        let before = stage.balance(5)
        var locks: [TransactionID] = []
        for units in ["500000000", "700000000"] {
            let lock = order(.lockVotes, [units], from: 5, in: stage)
            #expect(try stage.run([lock])[0].fee == Amount(units: 10_000_000))
            locks.append(lock.id)
        }
        #expect(stage.balance(5) == before - 1_200_000_000 - 20_000_000)
        #expect(StakeBook.voter(of: address(5), in: stage.state)?.account.locks == locks)
        // One transaction ends both, and they come back after the unbonding time.
        #expect(try act(.unlockVotes, locks.map(\.hex), from: 5, in: &stage) == nil)
        try stage.run(after: stage.rules.parameters.unbonding)
        #expect(stage.balance(5) == before - 30_000_000)
        #expect(stage.brokenInvariant() == nil)
    }

    @Test func bothVersionsEndEachOthersLocks() throws {
        var stage = try Stage()
        let current = try stage.lock(10, by: 5)
        let old = order(.lockVotes, ["1000000000"], from: 5, in: stage)
        #expect(try stage.run([old])[0].error == nil)
        #expect(try act(.unlockVotes, [current.hex], from: 5, in: &stage) == nil)
        #expect(try stage.act(.unlock, from: 5, UnlockPayload(lock: old.id)) == nil)
        #expect(stage.brokenInvariant() == nil)
    }

    @Test func oneWrongLockAmongManyEndsNone() throws {
        var stage = try Stage()
        let own = try stage.lock(10, by: 5)
        let other = try stage.lock(10, by: 6)
        #expect(try act(.unlockVotes, [own.hex, other.hex], from: 5, in: &stage) == "UNKNOWN_LOCK")
        #expect(stage.voter(5)?.locks.count == 1 && stage.voter(6)?.locks.count == 1)
        #expect(stage.brokenInvariant() == nil)
    }

    @Test func aVoteIsGivenTakenAndMoved() throws {
        var stage = try Stage()
        #expect(try act(votes((true, 1)), from: 5, in: &stage) == "NOTHING_LOCKED")
        try stage.lock(10, by: 5)
        func vote(_ account: UInt64, in stage: Stage) -> PublicKey? {
            stage.query.stake(of: address(account), at: stage.time)?.vote
        }
        #expect(try act(votes((true, 1)), from: 5, in: &stage) == nil)
        #expect(vote(5, in: stage) == key(1))
        #expect(try act(votes((true, 3), (false, 1)), from: 5, in: &stage) == nil)
        #expect(vote(5, in: stage) == key(3))
        // A vote is only taken from the miner that has it, and a failed half undoes the other.
        #expect(try act(votes((false, 1)), from: 5, in: &stage) == "OTHER_VOTE")
        #expect(try act(votes((true, 99), (false, 3)), from: 5, in: &stage) == "UNKNOWN_MINER")
        #expect(vote(5, in: stage) == key(3))
        #expect(try act(votes((false, 3)), from: 5, in: &stage) == nil)
        #expect(try act(votes((false, 3)), from: 5, in: &stage) == "NO_VOTE")
    }

    @Test func aMinerResigns() throws {
        var stage = try Stage()
        #expect(try act(.resignDelegate, from: 2, in: &stage) == nil)
        #expect(stage.miner(2)?.status == .resigned)
        #expect(try act(.resignDelegate, from: 2, in: &stage) == "RESIGNED_MINER")
        #expect(try act(.resignDelegate, from: 9, in: &stage) == "UNKNOWN_MINER")
    }

    @Test func aMinersRegistrationNamesWhatItLacks() throws {
        let stage = try Stage()
        let order = order(.delegate(username: "five"), from: 5, in: stage)
        #expect(throws: AdmissionRejection.self) { try stage.admission.checkForm(order) }
    }

    /// Hole 1: the original paid a lock out once for each time that its id was named.
    @Test func coinsAreNotMadeByNamingALockTwice() throws {
        var stage = try Stage()
        let lock = try stage.lock(200, by: 5)
        let thrice = order(.unlockVotes, [lock.hex, lock.hex, lock.hex], from: 5, in: stage)
        #expect(throws: AdmissionRejection.historical(.repeated(.args))) {
            try stage.admission.checkForm(thrice)
        }
        let before = stage.balance(5)
        let once = order(.unlockVotes, [lock.hex], from: 5, in: stage)
        #expect(try stage.run([once])[0].error == nil)
        #expect(try act(.unlockVotes, [lock.hex], from: 5, in: &stage) == "UNKNOWN_LOCK")
        try stage.run(after: stage.rules.parameters.unbonding)
        #expect(stage.balance(5) == before + 200 * Amount.unitsPerETM - 20_000_000)
        #expect(stage.brokenInvariant() == nil)
    }
}
