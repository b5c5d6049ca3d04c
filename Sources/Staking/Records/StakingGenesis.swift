internal import Crypto
public import Ledger
public import Primitives

/// The first miners, locks and votes of a chain, and the genesis that holds them.
public struct StakingGenesis: Sendable {
    /// A miner from the first block on.
    public struct FirstMiner: Sendable, Hashable {
        /// Its key.
        public let key: PublicKey
        /// What people call it.
        public let name: String
        /// The end of its hash onion.
        public let anchor: Digest

        /// Joins the parts.
        public init(key: PublicKey, name: String, anchor: Digest) {
            self.key = key
            self.name = name
            self.anchor = anchor
        }
    }

    /// A lock from the first block on, and the account's vote.
    public struct FirstLock: Sendable, Hashable {
        /// Whose.
        public let address: Address
        /// How much.
        public let amount: Amount
        /// The miner that the account votes for, or nil.
        public let vote: PublicKey?

        /// Joins the parts.
        public init(address: Address, amount: Amount, vote: PublicKey?) {
            self.address = address
            self.amount = amount
            self.vote = vote
        }
    }

    /// Why no chain can begin like this.
    ///
    /// Blame: whoever wrote the genesis. Consequence: it is not used.
    public enum Defect: Error, Equatable, Sendable {
        /// A name has the wrong form or is there twice.
        case badName(String)
        /// A miner is there twice.
        case minerTwice(PublicKey)
        /// An account has two first locks; one of the sum does the same.
        case lockTwice(Address)
        /// A lock is below the least one.
        case lockTooSmall(Address)
        /// A vote is for nobody of the list.
        case unknownMiner(PublicKey)
        /// There are no miners, or more than a chain may have.
        case badCount
        /// With all rewards the supply would leave the range in which every weight fits.
        case supplyTooLarge
        /// The rounds are longer than a settlement walks, at most 10,000 heights.
        case roundTooLong
    }

    /// Base units that may ever exist: below this, no weight and no sum of weights leaves 64 bits.
    public static let largestSupply = Amount(units: 1 << 59 - 1)
    /// The most heights of a round.
    public static let longestRound: UInt64 = 10_000

    /// The first miners.
    public var miners: [FirstMiner]
    /// The first locks.
    public var locks: [FirstLock]

    /// Joins the parts.
    public init(miners: [FirstMiner], locks: [FirstLock]) {
        self.miners = miners
        self.locks = locks
    }

    /// The tag of the ids of first locks, which no transaction made.
    private static let lockTag = HashTag("ETM/genesis-lock/1")

    /// The id of an account's first lock.
    public static func lockID(of address: Address) -> TransactionID {
        TransactionID(lockTag.hash(address.array).bytes)
    }

    /// The genesis of a chain: every miner sits in round 1 when there are no more than seats, else the
    /// first of them; balances come on top of deposits and locks.
    public func genesis(
        time: Instant, consensus: ConsensusParameters, balances: [Genesis.Balance]
    ) throws(Defect) -> Genesis {
        guard let parameters = consensus.elections.staking, !miners.isEmpty,
            miners.count <= Int(StakingState.mostMiners)
        else { throw .badCount }
        guard consensus.roundLength <= StakingGenesis.longestRound else { throw .roundTooLong }
        try checkMiners()
        try checkLocks(parameters)
        guard let members = MemberSet(Array(miners.map(\.key).prefix(Int(parameters.seats)))) else {
            throw .badCount
        }
        let start = Genesis(
            time: time, members: members, balances: balances,
            onions: miners.prefix(MemberSet.most).map { .init(member: $0.key, anchor: $0.anchor) },
            modules: try modules(parameters, members: members, time: time).sorted { $0.key < $1.key })
        let all = start.supply?.adding(RewardSchedule.rewardPool)?.adding(RewardSchedule.bonusPool)
        guard let all, all <= StakingGenesis.largestSupply, start.defect == nil else {
            throw .supplyTooLarge
        }
        return start
    }

    private func checkMiners() throws(Defect) {
        guard miners.count <= MemberSet.most else { throw .badCount }
        let names = miners.map(\.name).sorted()
        for (index, name) in names.enumerated() {
            guard MinerRecord.isName(name), index == 0 || names[index - 1] != name else {
                throw .badName(name)
            }
        }
        let keys = miners.map(\.key).sorted()
        for index in keys.indices.dropFirst() where keys[index] == keys[index - 1] {
            throw .minerTwice(keys[index])
        }
    }

    private func checkLocks(_ parameters: StakingParameters) throws(Defect) {
        let accounts = locks.map(\.address).sorted()
        for index in accounts.indices.dropFirst() where accounts[index] == accounts[index - 1] {
            throw .lockTwice(accounts[index])
        }
        for lock in locks {
            guard lock.amount >= parameters.leastLock else { throw .lockTooSmall(lock.address) }
            if let vote = lock.vote, !miners.contains(where: { $0.key == vote }) {
                throw .unknownMiner(vote)
            }
        }
    }

    private func modules(
        _ parameters: StakingParameters, members: MemberSet, time: Instant
    ) throws(Defect) -> [Genesis.Record] {
        var numbers: [PublicKey: UInt32] = [:]
        for (index, miner) in miners.enumerated() { numbers[miner.key] = UInt32(index + 1) }
        let voters = locks.map { voter($0, numbers, StakeMap(parameters.brackets)) }
        var votes = Array(repeating: UInt64(0), count: miners.count + 1)
        for voter in voters {
            let (sum, overflow) = votes[Int(voter.counted.miner)].addingReportingOverflow(
                voter.counted.weight)
            guard !overflow else { throw .supplyTooLarge }
            votes[Int(voter.counted.miner)] = sum
        }
        var counters = StakingState()
        counters.voters = UInt32(voters.count)
        counters.miners = UInt32(miners.count)
        let round = RoundRecord(
            members: members, numbers: members.keys.map { numbers[$0] ?? 0 }, opened: time, beacon: .zero,
            candidates: 0)
        return [
            Genesis.Record(StakingState.key, counters),
            Genesis.Record(RoundRecord.key(Round(1)), round),
        ] + minerRecords(parameters, votes) + voterRecords(voters) + (try vaults(parameters))
    }

    private func voter(_ lock: FirstLock, _ numbers: [PublicKey: UInt32], _ map: StakeMap) -> Voter {
        var voter = Voter(address: lock.address)
        voter.locks = [StakeLock(amount: lock.amount, anchor: .zero)]
        guard let vote = lock.vote, let number = numbers[vote] else { return voter }
        voter.vote = number
        let weight = VoterWeight.weight(of: voter.locks, at: .zero, map: map) ?? 0
        voter.counted = Voter.Counted(miner: number, weight: weight)
        return voter
    }

    private func minerRecords(_ parameters: StakingParameters, _ votes: [UInt64]) -> [Genesis.Record] {
        var records: [Genesis.Record] = []
        var pages: [Miner] = []
        for (index, first) in miners.enumerated() {
            let record = MinerRecord(
                number: UInt32(index + 1), name: first.name, registered: .zero,
                deposit: parameters.minerDeposit)
            records.append(Genesis.Record(MinerRecord.key(first.key), record))
            records.append(Genesis.Record(MinerRecord.nameKey(first.name), first.key))
            var miner = Miner(key: first.key, from: Round(1))
            miner.votes = votes[index + 1]
            pages.append(miner)
        }
        for start in stride(from: 0, to: pages.count, by: Paging.size) {
            let page = MinerPage(Array(pages[start..<min(start + Paging.size, pages.count)]))
            records.append(Genesis.Record(MinerPage.key(UInt32(start / Paging.size)), page))
        }
        return records
    }

    private func voterRecords(_ voters: [Voter]) -> [Genesis.Record] {
        var records: [Genesis.Record] = []
        for (index, voter) in voters.enumerated() {
            var account = StakeAccount(number: UInt32(index + 1))
            account.locks = [StakingGenesis.lockID(of: voter.address)]
            records.append(Genesis.Record(StakeAccount.key(voter.address), account))
        }
        for start in stride(from: 0, to: voters.count, by: Paging.size) {
            let page = VoterPage(Array(voters[start..<min(start + Paging.size, voters.count)]))
            records.append(Genesis.Record(VoterPage.key(UInt32(start / Paging.size)), page))
        }
        return records
    }

    private func vaults(_ parameters: StakingParameters) throws(Defect) -> [Genesis.Record] {
        var locked = Amount.zero
        for lock in locks {
            guard let sum = locked.adding(lock.amount) else { throw .supplyTooLarge }
            locked = sum
        }
        guard let deposits = parameters.minerDeposit.multiplied(by: UInt64(miners.count)) else {
            throw .supplyTooLarge
        }
        return [(Vault.locks, locked), (Vault.minerDeposits, deposits)].filter { $0.1 != .zero }
            .map { Genesis.Record($0.0.key, $0.1) }
    }
}
