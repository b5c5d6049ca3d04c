import Crypto
import Ledger
import Primitives
import Randomness
import Staking
import Testing

@Suite struct SettlementTests {
    /// Random locks, votes, miners, misses and days; after every round all is what the eager rules say.
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func everyRoundIsSettledAsTheEagerRulesSay(seed: UInt64) throws {
        var play = try Play(seed: seed)
        for _ in 0..<48 {
            try play.step()
            if play.stage.height.isMultiple(of: play.stage.spec.consensus.roundLength) {
                play.compare()
            }
        }
        #expect(play.stage.brokenInvariant() == nil)
        #expect(play.accepted > 30)
    }

    @Test func theBonusOfARoundReachesEveryVoterInTheNext() throws {
        var stage = try Stage(locks: [(5, 300, 1), (6, 100, 1), (7, 50, 2)])
        let before = (5...7).map { stage.balance(UInt64($0)) }
        try stage.finishRound()
        let due = try (5...7).map { try #require(stage.voter(UInt64($0))).due.units }
        #expect(Vault.bonus.balance(in: stage.state).units == due.reduce(0, +))
        let explained = try (5...7).map {
            try #require(stage.query.explain(address(UInt64($0)), in: Round(1))).total.units
        }
        #expect(explained == due)
        try stage.finishRound()
        for index in 0..<3 {
            #expect(stage.balance(UInt64(5 + index)) == before[index] + due[index])
        }
        #expect(stage.query.explain(address(5), in: Round(1)) == nil)
        #expect(stage.brokenInvariant() == nil)
    }

    @Test func theRewardOfEveryProducerIsExplainedToTheUnit() throws {
        var stage = try Stage(locks: [(5, 300, 1)])
        let before = (1...3).map { stage.balance(UInt64($0)) }
        try stage.lock(5, by: 9)
        try stage.lock(7, by: 10)
        try stage.finishRound()
        var blocks: UInt32 = 0
        for number in 1...3 as ClosedRange<UInt64> {
            let answer = try #require(stage.query.explain(address(number), in: Round(1)))
            let forging = try #require(answer.forging)
            #expect(forging.reward == .etm(6 * UInt64(forging.blocks)))
            #expect(stage.balance(number) == before[Int(number) - 1] + answer.total.units)
            blocks += forging.blocks
        }
        #expect(blocks == 4)
        #expect(Bank.fees(in: stage.state) == .zero)
    }

    @Test func missedViewsAreChargedUpToAGapOfThirtyThree() throws {
        var stage = try Stage(miners: 3)
        func drawn(_ stage: Stage) -> UInt64 { (1...3).reduce(0) { $0 + (stage.miner($1)?.drawn ?? 0) } }
        try stage.run(gap: 33)
        try stage.run(gap: 34)
        try stage.run(gap: 2)
        try stage.run()
        #expect(drawn(stage) == 32 + 4 + 1)
        let settlement = try #require(
            stage.state.read(SettlementRecord.self, SettlementRecord.key(Round(1))))
        #expect(settlement.seats.reduce(0) { $0 + $1.missed } == 33)
        #expect(settlement.seats.reduce(0) { $0 + $1.blocks } == 4)
    }

    @Test func withoutAnyVoteTheDrawIsUniformAndTheBonusIsCarried() throws {
        var stage = try Stage(miners: 7)
        var seen: Set<PublicKey> = []
        for _ in 0..<12 {
            try stage.finishRound()
            seen.formUnion(try #require(stage.members).keys)
        }
        #expect(seen.count == 7)
        #expect(Vault.carry.balance(in: stage.state) == RewardSchedule.mintedBonus(through: Height(48)))
        #expect(stage.brokenInvariant() == nil)
    }

    @Test func whenNobodyStandsTheMembersStay() throws {
        var stage = try Stage(miners: 2)
        let members = try #require(stage.members)
        _ = try stage.act(.resignMiner, from: 1, MinerPayload(miner: key(1)))
        _ = try stage.act(.resignMiner, from: 2, MinerPayload(miner: key(2)))
        try stage.finishRound()
        try stage.finishRound()
        #expect(stage.members == members)
        #expect(stage.query.audit(of: stage.round) == nil)
        #expect(stage.brokenInvariant() == nil)
    }

    @Test func aDrawCanBeHeldAgainWhileItsRoundIsOpen() throws {
        var stage = try Stage(miners: 7, locks: [(5, 30, 6), (6, 10, 7)])
        try stage.finishRound()
        _ = try stage.act(.resignMiner, from: 4, MinerPayload(miner: key(4)))
        let audit = try #require(stage.query.audit(of: stage.round))
        #expect(audit.isRight)
        #expect(audit.members == stage.members)
        var forged = stage
        let record = try #require(stage.rules.record(of: stage.round, in: stage.state))
        let other = RoundRecord(
            members: record.members, numbers: record.numbers, opened: record.opened, beacon: .zero,
            candidates: record.candidates)
        forged.state.set(RoundRecord.key(stage.round), to: other.encoded)
        for beacon in 1...9 as ClosedRange<UInt64> where forged.query.audit(of: stage.round)?.isRight == true
        {
            let changed = RoundRecord(
                members: record.members, numbers: record.numbers, opened: record.opened,
                beacon: Digest(Bytes32(0, 0, 0, beacon)), candidates: record.candidates)
            forged.state.set(RoundRecord.key(stage.round), to: changed.encoded)
        }
        #expect(forged.query.audit(of: stage.round)?.isRight == false)
        #expect(stage.query.audit(of: Round(1)) == nil)
    }

    @Test func aWrongOrLateRevealMakesTheBlockInvalid() throws {
        var stage = try Stage()
        try stage.run()
        let frame = try stage.frame(gap: 1, at: stage.time.advanced(by: .seconds(3)))
        for reveal in [Digest.zero, SHA256.hash(frame.reveal.bytes)] {
            let wrong = BlockExecutor.Frame(context: frame.context, reveal: reveal, inbox: [])
            #expect(throws: BlockRejection.badReveal) {
                try stage.executor.verify(
                    [], frame: wrong, on: stage.state, isKnown: { _ in false }, contracts: NoContracts())
            }
        }
    }

    @Test func aBlockWithoutItsTurnOrByAStrangerIsInvalid() throws {
        let stage = try Stage()
        let frame = try stage.frame(gap: 1, at: stage.time.advanced(by: .seconds(3)))
        let bare = BlockContext(
            chain: stage.spec.id, height: Height(1), time: frame.context.time, leader: frame.context.leader)
        let foreign = BlockContext(
            chain: stage.spec.id, height: Height(1), time: frame.context.time, leader: key(77),
            turn: frame.context.turn)
        for (context, reveal) in [(bare, frame.reveal), (foreign, Digest.zero)] {
            #expect(throws: BlockRejection.self) {
                try stage.executor.verify(
                    [], frame: .init(context: context, reveal: reveal, inbox: []), on: stage.state,
                    isKnown: { _ in false }, contracts: NoContracts())
            }
        }
    }

    @Test func pagesOfVotersArePaidOverTheWholeNextRound() throws {
        let locks = (0..<300 as Range<UInt64>).map {
            (account: 1_000 + $0, etm: 1 + $0 % 7, vote: UInt64?(1))
        }
        var stage = try Stage(miners: 1, locks: locks, parameters: Stage.parameters(seats: 1))
        try stage.finishRound()
        let due = locks.map { stage.voter($0.account)?.due.units ?? 0 }
        #expect(due.allSatisfy { $0 > 0 })
        try stage.run()
        #expect(stage.balance(1_000) == due[0])
        #expect(stage.balance(1_064) == 0)
        #expect(stage.brokenInvariant() == nil)
        try stage.run()
        #expect(stage.balance(1_064) == due[64])
        try stage.run()
        try stage.run()
        for (index, lock) in locks.enumerated() { #expect(stage.balance(lock.account) == due[index]) }
        #expect(stage.brokenInvariant() == nil)
    }
}

/// A chain and the eager rules side by side, fed with the same random orders.
private struct Play {
    var stage: Stage
    /// The beacons of the open round's blocks so far.
    private var beacons: [Bytes32] = []
    var oracle = Oracle()
    var generator: SeededGenerator
    var accepted = 0
    private let seats = 3
    private var generation: UInt64 = 0

    init(seed: UInt64) throws {
        generator = SeededGenerator(seed: seed)
        let locks: [(account: UInt64, etm: UInt64, vote: UInt64?)] = [
            (5, 12_000, 1), (6, 40, 2), (7, 7, nil),
        ]
        stage = try Stage(miners: 4, locks: locks)
        for number in 1...20 as ClosedRange<UInt64> { oracle.balances[number] = Stage.wealth.units }
        for number in 1...4 as ClosedRange<UInt64> { oracle.miners[number] = Oracle.Candidacy() }
        for lock in locks {
            let first = Oracle.Locked(
                id: StakingGenesis.lockID(of: address(lock.account)), amount: lock.etm * Amount.unitsPerETM,
                anchor: 0)
            oracle.accounts[lock.account] = Oracle.Account(locks: [first], vote: lock.vote)
            if let vote = lock.vote {
                oracle.snapshot[vote, default: [:]][lock.account] = oracle.weight(
                    Oracle.Account(locks: [first]), 0)
            }
        }
        oracle.members = try Play.numbers(#require(stage.members))
    }

    private static func numbers(_ members: MemberSet) -> [UInt64] {
        members.keys.compactMap { member in (1...20).first { key($0) == member } }
    }

    /// One block with up to three orders.
    mutating func step() throws {
        let round = stage.round
        let members = try Play.numbers(#require(stage.members))
        let gap = generator.chance(perMille: 700) ? 1 : generator.below(36) + 1
        let days = generator.chance(perMille: 250) ? generator.below(9) : 0
        let span = Instant.Span(milliseconds: 3_000 + generator.below(7_000) + days * 86_400_000)
        let now = stage.time.advanced(by: span)
        let from = stage.rules.round(of: Height(stage.height)) == round ? stage.parentView : 0
        let seatOf = { [stage] (view: UInt64) in
            Turns.seat(
                .chaos, view: View(view), height: Height(stage.height + 1), beacon: stage.beacon,
                members: members.count)
        }
        var orders: [(SignedTransaction, () -> Void)] = []
        var effects: [(inout Oracle) -> Void] = []
        for _ in 0..<generator.below(4) {
            guard let (order, effect) = try order(at: now) else { continue }
            orders.append((order, {}))
            effects.append(effect)
        }
        let receipts = try stage.run(orders.map(\.0), gap: gap, after: span)
        for (index, receipt) in receipts.enumerated() {
            let sender = try #require((1...20).first { key($0) == orders[index].0.sender })
            oracle.balances[sender, default: 0] -= receipt.fee.units
            oracle.fees += receipt.fee.units
            guard receipt.error == nil else { continue }
            accepted += 1
            effects[index](&oracle)
        }
        let missed = gap <= 33 ? (from + 1..<from + gap).map { members[seatOf($0)] } : []
        oracle.noteBlock(leader: members[seatOf(from + gap)], missed: missed, at: now.milliseconds)
        beacons.append(stage.beacon.bytes)
        guard stage.height.isMultiple(of: 4) else { return }
        let input = try #require(TowerInput(values: beacons, height: Height(stage.height)))
        oracle.settle(
            round: round.value, last: stage.height, now: stage.rules.slot(of: now).value,
            beacon: Digest(TimeTower(over: input, profile: .test).output), seats: seats)
        beacons = []
    }

    /// A random order and what it does by the eager rules if it is accepted.
    private mutating func order(
        at now: Instant
    ) throws -> (SignedTransaction, (inout Oracle) -> Void)? {
        let sender = generator.below(8) + 5
        let slot = stage.rules.slot(of: now).value
        let release = now.milliseconds + 86_400_000
        switch generator.below(8) {
        case 0, 1:
            let amount = (generator.below(3_000) + 1) * Amount.unitsPerETM + generator.below(99)
            let order = try stage.order(.lock, from: sender, LockPayload(amount: Amount(units: amount)))
            return (
                order,
                { oracle in
                    oracle.balances[sender, default: 0] -= amount
                    oracle.accounts[sender, default: Oracle.Account()].locks.append(
                        Oracle.Locked(id: order.id, amount: amount, anchor: slot))
                }
            )
        case 2:
            guard let lock = oracle.accounts[sender]?.locks.last else { return nil }
            return (
                try stage.order(.unlock, from: sender, UnlockPayload(lock: lock.id)),
                { oracle in
                    oracle.accounts[sender]?.locks.removeAll { $0.id == lock.id }
                    if oracle.accounts[sender]?.locks.isEmpty == true { oracle.accounts[sender]?.vote = nil }
                    oracle.waiting.append(
                        Oracle.Waiting(account: sender, amount: lock.amount, time: release))
                }
            )
        case 3, 4, 5:
            let miner = generator.below(6) + 1
            return (
                try stage.order(.vote, from: sender, MinerPayload(miner: key(miner))),
                { $0.accounts[sender]?.vote = miner }
            )
        case 6:
            return (
                try stage.order(.withdrawVote, from: sender, WithdrawVotePayload()),
                { $0.accounts[sender]?.vote = nil }
            )
        default: return try minerOrder(release)
        }
    }

    private mutating func minerOrder(
        _ release: UInt64
    ) throws -> (SignedTransaction, (inout Oracle) -> Void)? {
        let number = generator.below(6) + 1
        let deposit = 1_000 * Amount.unitsPerETM
        let from = stage.round.value + 2
        if generator.chance(perMille: 600) {
            generation += 1
            let registration = try stage.registration(of: number, generation: generation)
            return (
                try stage.order(.registerMiner, from: number, registration),
                { oracle in
                    oracle.balances[number, default: 0] -= deposit
                    oracle.miners[number, default: Oracle.Candidacy()].isStanding = true
                    oracle.miners[number]?.from = from
                }
            )
        }
        return (
            try stage.order(.resignMiner, from: number, MinerPayload(miner: key(number))),
            { oracle in
                oracle.miners[number]?.isStanding = false
                oracle.waiting.append(Oracle.Waiting(account: number, amount: deposit, time: release))
            }
        )
    }

    func compare() {
        let state = stage.state
        #expect(Play.numbers(stage.members ?? stage.spec.genesis.members) == oracle.members)
        #expect(Vault.carry.balance(in: state).units == oracle.carry)
        #expect(StakingState(in: state).average.units == oracle.average)
        #expect(stage.brokenInvariant() == nil)
        for number in 1...20 as ClosedRange<UInt64> {
            let voter = stage.voter(number)
            #expect(stage.balance(number) + (voter?.due.units ?? 0) == oracle.balances[number])
            let account = oracle.accounts[number] ?? Oracle.Account()
            #expect((voter?.locks ?? []).map(\.amount.units) == account.locks.map(\.amount))
            #expect((voter?.locks ?? []).map(\.anchor.value) == account.locks.map(\.anchor))
            #expect(voter?.counted.weight ?? 0 == account.vote.map { oracle.snapshot[$0]?[number] ?? 0 } ?? 0)
            let miner = stage.miner(number)
            let candidacy = oracle.miners[number]
            #expect(miner?.produced == candidacy?.produced)
            #expect(miner?.drawn == candidacy?.drawn)
            #expect(miner?.votes == candidacy?.votes)
        }
    }
}
