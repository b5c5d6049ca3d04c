import Crypto
import Ledger
import Primitives
import Randomness
import Staking

/// The rules once more, eagerly and with dictionaries, as `mathematics.md` words them.
struct Oracle {
    struct Locked {
        let id: TransactionID
        let amount: UInt64
        var anchor: UInt64
    }

    struct Account {
        var locks: [Locked] = []
        var vote: UInt64?
    }

    struct Candidacy {
        var isStanding = true
        var from: UInt64 = 1
        var produced: UInt64 = 0
        var drawn: UInt64 = 0
        var votes: UInt64 = 0
    }

    struct Waiting {
        let account: UInt64
        let amount: UInt64
        let time: UInt64
    }

    var balances: [UInt64: UInt64] = [:]
    var accounts: [UInt64: Account] = [:]
    var miners: [UInt64: Candidacy] = [:]
    var members: [UInt64] = []
    var snapshot: [UInt64: [UInt64: UInt64]] = [:]
    var waiting: [Waiting] = []
    var fees: UInt64 = 0
    var carry: UInt64 = 0
    var average: UInt64 = 1 << 32
    var producers: [UInt64] = []

    static func gain(_ lock: Locked, _ now: UInt64) -> UInt64 {
        min(32, 1 + (now > lock.anchor ? now - lock.anchor : 0) / 28_800)
    }

    static func concave(_ amount: UInt64) -> UInt64 {
        let e = Amount.unitsPerETM
        var sum: UInt128 = 0
        for (low, high, rate) in [
            (0, 10_000 * e, 10_000), (10_000 * e, 100_000 * e, 8_000), (100_000 * e, 1_000_000 * e, 6_000),
            (1_000_000 * e, 10_000_000 * e, 4_000), (10_000_000 * e, .max, 2_000),
        ] as [(UInt64, UInt64, UInt64)] where amount > low {
            sum += UInt128(min(amount, high) - low) * UInt128(rate)
        }
        return UInt64(sum / 10_000)
    }

    func weight(_ account: Account, _ now: UInt64) -> UInt64 {
        let total = account.locks.reduce(0) { $0 + $1.amount }
        guard total > 0 else { return 0 }
        let timed = account.locks.reduce(UInt128(0)) { $0 + UInt128($1.amount) * UInt128(Self.gain($1, now)) }
        return UInt64(UInt128(Self.concave(total)) * timed / UInt128(total))
    }

    mutating func noteBlock(leader: UInt64, missed: [UInt64], at time: UInt64) {
        producers.append(leader)
        for member in missed + [leader] { miners[member]?.drawn += 1 }
        miners[leader]?.produced += 1
        for due in waiting where due.time <= time { balances[due.account, default: 0] += due.amount }
        waiting.removeAll { $0.time <= time }
    }

    /// Settles a round; returns the members of the next.
    mutating func settle(round: UInt64, last: UInt64, now: UInt64, beacon: Digest, seats: Int) {
        let first = last - UInt64(producers.count) + 1
        for (offset, producer) in producers.enumerated() {
            let reward = RewardSchedule.reward(at: Height(first + UInt64(offset))).units
            balances[producer, default: 0] += reward
            balances[producer, default: 0] += fees / UInt64(producers.count)
        }
        if let closer = producers.last {
            balances[closer, default: 0] += fees % UInt64(producers.count)
        }
        fees = 0
        payBonus(round: round, heights: first...last, beacon: beacon)
        halve(now)
        takeSnapshot(now)
        elect(round: round + 1, beacon: beacon, seats: seats)
        producers = []
    }

    private mutating func payBonus(round: UInt64, heights: ClosedRange<UInt64>, beacon: Digest) {
        let pool = heights.reduce(0) { $0 + RewardSchedule.bonus(at: Height($1)).units }
        let half = pool / 2
        let share = half / UInt64(members.count)
        let luckyHalf = pool - half + half - share * UInt64(members.count) + carry
        let lucky = members[ChaoticIndex.index(id: beacon.bytes, slot: round, limit: members.count)]
        var paid: UInt64 = 0
        func pay(_ amount: UInt64, to voters: [UInt64: UInt64]) -> [UInt64: UInt64] {
            let total = voters.values.reduce(0, +)
            return voters.mapValues { UInt64(UInt128(amount) * UInt128($0) / UInt128(max(1, total))) }
        }
        for payments in members.map({ pay(share, to: snapshot[$0] ?? [:]) })
            + [pay(luckyHalf, to: snapshot[lucky] ?? [:])]
        {
            for (account, amount) in payments {
                balances[account, default: 0] += amount
                paid += amount
            }
        }
        carry = pool + carry - paid
    }

    private mutating func halve(_ now: UInt64) {
        for member in members where producers.contains(member) {
            for (account, _) in snapshot[member] ?? [:] {
                for index in accounts[account]?.locks.indices ?? 0..<0 {
                    guard let anchor = accounts[account]?.locks[index].anchor else { continue }
                    let age = min(now > anchor ? now - anchor : 0, 31 * 28_800)
                    accounts[account]?.locks[index].anchor = now - (age > 28_800 ? (age - 28_800) / 2 : 0)
                }
            }
        }
    }

    private mutating func takeSnapshot(_ now: UInt64) {
        snapshot = [:]
        for (number, account) in accounts {
            guard let vote = account.vote, !account.locks.isEmpty else { continue }
            snapshot[vote, default: [:]][number] = weight(account, now)
        }
        for number in miners.keys { miners[number]?.votes = (snapshot[number] ?? [:]).values.reduce(0, +) }
    }

    private func coefficient(_ miner: Candidacy, _ average: UInt64) -> UInt64 {
        if miner.drawn == 0 { return average }
        if miner.produced == 0 { return (1 << 32) / (10 * miner.drawn * miner.drawn) }
        return (miner.produced << 32) / miner.drawn
    }

    private mutating func elect(round: UInt64, beacon: Digest, seats: Int) {
        let before = average
        let sum = members.reduce(0) { $0 + coefficient(miners[$1] ?? Candidacy(), before) }
        average = sum / UInt64(members.count)
        let standing = miners.filter { $0.value.isStanding && $0.value.from <= round }.map {
            Candidate(
                key: key($0.key),
                weight: UInt64((UInt128($0.value.votes) * UInt128(coefficient($0.value, average))) >> 32))
        }
        guard !standing.isEmpty else { return }
        let seed = Election.seed(round: Round(round), beacon: beacon)
        let chosen = (try? Election.draw(standing, seed: seed, seats: seats)) ?? []
        let numbers = Dictionary(uniqueKeysWithValues: miners.keys.map { (key($0), $0) })
        members = chosen.sorted().compactMap { numbers[$0] }
    }
}
