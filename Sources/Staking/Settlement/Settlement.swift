internal import Crypto
internal import Ledger
internal import Primitives
internal import Randomness

/// The settlement of one round, in the last of its blocks (`mathematics.md` 2–4, `consensus.md` 3).
///
/// In this order: turns and misses are counted, rewards and fees reach the producers, the bonus is split by the
/// votes that were fixed when the round opened, voters of producing miners lose half of their time gain, the votes
/// of the next round are fixed, and its members are drawn from them.
struct Settlement {
    let rules: StakingRules
    let round: Round
    let record: RoundRecord
    let block: BlockContext
    let now: Slot

    private var counters: StakingState
    private var miners: [Miner]
    private var summary: SettlementRecord
    // By miner's number: the seat plus one, or zero for who is no member.
    private var seats: [UInt16]
    private var nextVotes: [UInt64]

    init(
        rules: StakingRules, round: Round, record: RoundRecord, block: BlockContext,
        in state: some StateReader
    ) throws(ExecutionError) {
        self.rules = rules
        self.round = round
        self.record = record
        self.block = block
        now = rules.slot(of: block.time)
        counters = StakingState(in: state)
        miners = StakeBook.miners(in: state)
        guard miners.count == Int(counters.miners) else { throw .notAllowed("a page of miners is missing") }
        summary = SettlementRecord(seats: record.members.count)
        nextVotes = Array(repeating: 0, count: miners.count)
        seats = Array(repeating: 0, count: miners.count + 1)
        for (seat, number) in record.numbers.enumerated() where number != 0 {
            seats[Int(number)] = UInt16(seat + 1)
        }
    }

    mutating func run(beacon: Digest, in state: inout StateOverlay) throws(ExecutionError) {
        try countTurns(in: state)
        try payProducers(in: &state)
        try settleVoters(beacon: beacon, in: &state)
        Anchors.apply(round.next, in: &state)
        let next = try elect(beacon: beacon)
        state.write(RoundRecord.key(round.next), next)
        state.write(SettlementRecord.key(round), summary)
        writeMiners(in: &state)
        state.write(StakingState.key, counters)
        forget(in: &state)
    }

    // MARK: Producers

    /// Charges every turn to the miner whose it was: n for all, m for who produced.
    private mutating func countTurns(in state: some StateReader) throws(ExecutionError) {
        let length = rules.consensus.roundLength
        let first = block.height.value - length + 1
        for height in first...block.height.value {
            let key = TurnRecord.key(Height(height), roundLength: length)
            guard let turn = state.read(TurnRecord.self, key), turn.height.value == height else {
                throw .notAllowed("the turn of height \(height) is missing")
            }
            for seat in turn.missed {
                summary.seats[Int(seat)].missed += 1
                charge(seat, produced: 0)
            }
            summary.seats[Int(turn.seat)].blocks += 1
            charge(UInt16(turn.seat), produced: 1)
            let reward = RewardSchedule.reward(at: Height(height))
            let bonus = RewardSchedule.bonus(at: Height(height))
            guard let sum = summary.seats[Int(turn.seat)].reward.adding(reward),
                let pool = summary.pool.adding(bonus)
            else { throw .overflow }
            summary.seats[Int(turn.seat)].reward = sum
            summary.pool = pool
            lastSeat = Int(turn.seat)
        }
    }

    private var lastSeat = 0

    private mutating func charge(_ seat: UInt16, produced: UInt64) {
        let number = Int(record.numbers[Int(seat)])
        guard number != 0 else { return }
        miners[number - 1].drawn += 1
        miners[number - 1].produced += produced
    }

    /// Credits rewards, which are new, and the fees that the round gathered.
    private mutating func payProducers(in state: inout StateOverlay) throws(ExecutionError) {
        let length = Int(rules.consensus.roundLength)
        // All blocks but the last get the same, so that shares need not be listed by block.
        let fees = FeeSplit.shares(of: Bank.takeFees(in: &state), blocks: length)
        let (each, last) = (fees.first ?? .zero, fees.last ?? .zero)
        for seat in summary.seats.indices {
            let blocks = UInt64(summary.seats[seat].blocks) - (seat == lastSeat ? 1 : 0)
            let share = (length == 1 ? Amount.zero : each).multiplied(by: blocks)
            guard let sum = share?.adding(seat == lastSeat ? last : .zero),
                let payment = sum.adding(summary.seats[seat].reward)
            else { throw .overflow }
            summary.seats[seat].fees = sum
            try Vault.mint(summary.seats[seat].reward, in: &state)
            guard payment != .zero else { continue }
            try Bank.credit(payment, to: Address(of: record.members.keys[seat]), in: &state)
        }
    }

    // MARK: Voters

    /// Walks every voter once: bonus of this round, halving, vote of the next.
    private mutating func settleVoters(beacon: Digest, in state: inout StateOverlay) throws(ExecutionError) {
        let split = try openBonus(beacon: beacon, in: state)
        var paid = Amount.zero
        for page in 0..<Paging.pages(for: counters.voters) {
            let key = VoterPage.key(page)
            guard var voters = state.read(VoterPage.self, key) else {
                throw .notAllowed("a page of voters is missing")
            }
            for place in voters.voters.indices where voters.voters[place].address != .zero {
                try settle(&voters.voters[place], split, paid: &paid)
                if voters.voters[place].locks.isEmpty {
                    release(
                        &voters.voters[place], number: page * UInt32(Paging.size) + UInt32(place) + 1,
                        in: &state)
                }
            }
            state.set(key, to: voters.bytes)
        }
        try closeBonus(paid: paid, in: &state)
    }

    private mutating func openBonus(
        beacon: Digest, in state: some StateReader
    ) throws(ExecutionError) -> BonusSplit {
        summary.carryIn = Vault.carry.balance(in: state)
        let members = record.members.count
        guard let split = BonusSplit(pool: summary.pool, carry: summary.carryIn, seats: members) else {
            throw .overflow
        }
        summary.share = split.share
        summary.luckyHalf = split.luckyHalf
        summary.lucky = UInt16(ChaoticIndex.index(id: beacon.bytes, slot: round.value, limit: members))
        for (seat, number) in record.numbers.enumerated() where number != 0 {
            summary.seats[seat].votes = miners[Int(number) - 1].votes
        }
        return split
    }

    private mutating func settle(
        _ voter: inout Voter, _ split: BonusSplit, paid: inout Amount
    ) throws(ExecutionError) {
        voter.earlier = voter.counted
        if voter.counted.miner != 0, seats[Int(voter.counted.miner)] != 0 {
            let seat = seats[Int(voter.counted.miner)] - 1
            let payment = split.payment(
                weight: voter.counted.weight, total: summary.seats[Int(seat)].votes,
                isLucky: seat == summary.lucky
            ).total
            guard let due = voter.due.adding(payment), let sum = paid.adding(payment) else { throw .overflow }
            voter.due = due
            paid = sum
            if summary.seats[Int(seat)].blocks > 0 {
                for lock in voter.locks.indices { voter.locks[lock].halve(at: now) }
            }
        }
        guard voter.vote != 0, !voter.locks.isEmpty else {
            voter.counted = .none
            return
        }
        guard let weight = VoterWeight.weight(of: voter.locks, at: now, map: rules.map) else {
            throw .overflow
        }
        voter.counted = Voter.Counted(miner: voter.vote, weight: weight)
        let (votes, overflow) = nextVotes[Int(voter.vote) - 1].addingReportingOverflow(weight)
        guard !overflow else { throw .overflow }
        nextVotes[Int(voter.vote) - 1] = votes
    }

    // A voter without locks leaves once nothing is owed to it; its place goes to the next newcomer.
    private mutating func release(_ voter: inout Voter, number: UInt32, in state: inout StateOverlay) {
        guard voter.due == .zero else { return }
        state.set(StakeAccount.key(voter.address), to: nil)
        voter = Voter(address: .zero)
        voter.vote = counters.firstFreeVoter
        counters.firstFreeVoter = number
    }

    private mutating func closeBonus(paid: Amount, in state: inout StateOverlay) throws(ExecutionError) {
        guard let all = summary.pool.adding(summary.carryIn), let rest = all.subtracting(paid) else {
            throw .overflow
        }
        summary.carryOut = rest
        try Vault.mint(summary.pool, in: &state)
        try Vault.carry.take(summary.carryIn, in: &state)
        try Vault.carry.put(rest, in: &state)
        try Vault.bonus.put(paid, in: &state)
    }

    // MARK: Election

    /// Fixes the miners' votes and draws the next round's members; the present ones stay when nobody stands.
    private mutating func elect(beacon: Digest) throws(ExecutionError) -> RoundRecord {
        let earlier = counters.average
        counters.average = Coefficient.average(
            of: record.numbers.filter { $0 != 0 }.map { miners[Int($0) - 1].coefficient(average: earlier) })
        var candidates: [Candidate] = []
        for index in miners.indices {
            miners[index].votes = nextVotes[index]
            miners[index].weight = 0
            miners[index].stood = false
            guard miners[index].stands(in: round.next) else { continue }
            let v = miners[index].coefficient(average: counters.average)
            guard let weight = v.weight(of: nextVotes[index]) else { throw .overflow }
            miners[index].weight = weight
            miners[index].stood = true
            candidates.append(Candidate(key: miners[index].key, weight: weight))
        }
        let chosen = try draw(candidates, beacon: beacon)
        guard let members = MemberSet(chosen) else {
            return RoundRecord(
                members: record.members, numbers: record.numbers, opened: block.time, beacon: beacon,
                candidates: 0)
        }
        var numbers = Array(repeating: UInt32(0), count: members.count)
        for index in miners.indices where miners[index].stands(in: round.next) {
            if let seat = members.seat(of: miners[index].key) { numbers[seat] = UInt32(index + 1) }
        }
        return RoundRecord(
            members: members, numbers: numbers, opened: block.time, beacon: beacon,
            candidates: UInt32(candidates.count))
    }

    private func draw(
        _ candidates: [Candidate], beacon: Digest
    ) throws(ExecutionError) -> [PublicKey] {
        do throws(ElectionRejection) {
            return try Election.draw(
                candidates, seed: Election.seed(round: round.next, beacon: beacon),
                seats: Int(rules.parameters.seats))
        } catch {
            throw .overflow
        }
    }

    // MARK: Records

    private func writeMiners(in state: inout StateOverlay) {
        for page in 0..<Paging.pages(for: counters.miners) {
            let start = Int(page) * Paging.size
            let end = min(start + Paging.size, miners.count)
            state.write(MinerPage.key(page), MinerPage(Array(miners[start..<end])))
        }
    }

    /// The most old rounds that one settlement forgets; it makes one, so that their number shrinks.
    private static let mostForgotten = 4

    // Rounds are kept while their offences count, settlements as long as people ask for them.
    private func forget(in state: inout StateOverlay) {
        if round.value > SettlementRecord.kept {
            state.set(SettlementRecord.key(Round(round.value - SettlementRecord.kept)), to: nil)
        }
        let rows = state.scan(
            prefix: [StateTable.rounds.rawValue], after: nil, limit: Settlement.mostForgotten)
        for row in rows {
            guard let old = state.read(RoundRecord.self, row.key),
                row.key < RoundRecord.key(round),
                block.time.since(old.opened) > rules.parameters.unbonding
            else { return }
            state.set(row.key, to: nil)
        }
    }
}
