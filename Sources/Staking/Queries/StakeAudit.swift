public import Ledger
public import Primitives

/// Adds up everything that the staking rules hold and compares it with what they say.
public enum StakeAudit {
    /// Names a broken invariant of a main chain without side chains' escrows, or nil.
    ///
    /// What escrows and registrations of DApps hold is added by whoever knows them.
    public static func defect(
        in state: some StateReader, genesis: Genesis, height: Height, rules: StakingRules,
        elsewhere: Amount = .zero
    ) -> String? {
        guard let held = Bank.supply(of: .etm, in: state), let vaults = Vault.total(in: state),
            let there = held.adding(vaults)?.adding(elsewhere),
            let made = genesis.supply?.adding(Vault.minted(in: state))
        else { return "a sum does not fit" }
        guard there == made else { return "there are \(there) base units where \(made) were made" }
        let round = rules.round(of: height.next).previous ?? .zero
        let settled = Height(round.value * rules.consensus.roundLength)
        let rewards = RewardSchedule.mintedRewards(through: settled)
        guard Vault.minted(in: state) == rewards.adding(RewardSchedule.mintedBonus(through: settled)) else {
            return "\(Vault.minted(in: state)) base units were minted up to height \(settled)"
        }
        return votersDefect(in: state) ?? minersDefect(in: state) ?? releasesDefect(in: state)
    }

    private static func votersDefect(in state: some StateReader) -> String? {
        var locks = Amount.zero
        var due = Amount.zero
        let counters = StakingState(in: state)
        var votes = Array(repeating: UInt64(0), count: Int(counters.miners) + 1)
        for page in 0..<Paging.pages(for: counters.voters) {
            guard let page = state.read(VoterPage.self, VoterPage.key(page)) else {
                return "a page is missing"
            }
            for voter in page.voters where voter.address != .zero {
                guard let sum = locks.adding(voter.total), let more = due.adding(voter.due) else {
                    return "a sum of locks does not fit"
                }
                locks = sum
                due = more
                votes[Int(voter.counted.miner)] &+= voter.counted.weight
                let account = state.read(StakeAccount.self, StakeAccount.key(voter.address))
                if account?.locks.count != voter.locks.count { return "an account and its page disagree" }
            }
        }
        if locks != Vault.locks.balance(in: state) { return "the vault of locks holds another sum" }
        if due != Vault.bonus.balance(in: state) { return "the vault of bonus holds another sum" }
        for (index, miner) in StakeBook.miners(in: state).enumerated() where miner.votes != votes[index + 1] {
            return "miner \(index + 1) has \(miner.votes) votes where \(votes[index + 1]) count for it"
        }
        return nil
    }

    private static func minersDefect(in state: some StateReader) -> String? {
        var deposits = Amount.zero
        for miner in StakeBook.miners(in: state) {
            guard let record = state.read(MinerRecord.self, MinerRecord.key(miner.key)),
                let sum = deposits.adding(record.deposit)
            else { return "a miner has no record" }
            deposits = sum
        }
        return deposits == Vault.minerDeposits.balance(in: state)
            ? nil : "the vault of deposits holds another sum"
    }

    private static func releasesDefect(in state: some StateReader) -> String? {
        var waiting = Amount.zero
        var after: StateKey?
        while true {
            let rows = state.scan(prefix: [StateTable.unbonding.rawValue], after: after, limit: 1_000)
            for row in rows {
                guard let release = state.read(ReleaseRecord.self, row.key) else { continue }
                guard let sum = waiting.adding(release.miner == nil ? release.amount : .zero) else {
                    return "a sum of releases does not fit"
                }
                waiting = sum
            }
            guard rows.count == 1_000 else { break }
            after = rows.last?.key
        }
        return waiting == Vault.unbonding.balance(in: state)
            ? nil : "the vault of releases holds another sum"
    }
}
