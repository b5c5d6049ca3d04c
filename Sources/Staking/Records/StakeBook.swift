public import Ledger
public import Primitives

/// Reads and changes voters and miners in their pages.
public enum StakeBook {
    /// The stake of an account, or nil when it has none.
    public static func voter(
        of address: Address, in state: some StateReader
    ) -> (account: StakeAccount, voter: Voter)? {
        guard let account = state.read(StakeAccount.self, StakeAccount.key(address)),
            let voter = voter(account.number, in: state)
        else { return nil }
        return (account, voter)
    }

    /// The voter with a number, or nil when there is none.
    static func voter(_ number: UInt32, in state: some StateReader) -> Voter? {
        let page = state.read(VoterPage.self, VoterPage.key(Paging.page(of: number)))
        let place = Paging.place(of: number)
        guard let page, place < page.voters.count else { return nil }
        return page.voters[place]
    }

    /// A miner's record and counters, or nil for a key that never registered.
    public static func miner(
        _ key: PublicKey, in state: some StateReader
    ) -> (record: MinerRecord, miner: Miner)? {
        guard let record = state.read(MinerRecord.self, MinerRecord.key(key)),
            let miner = miner(record.number, in: state)
        else { return nil }
        return (record, miner)
    }

    /// The miner with a number, or nil when there is none.
    public static func miner(_ number: UInt32, in state: some StateReader) -> Miner? {
        guard number > 0, let page = state.read(MinerPage.self, MinerPage.key(Paging.page(of: number)))
        else { return nil }
        let place = Paging.place(of: number)
        return place < page.miners.count ? page.miners[place] : nil
    }

    /// Every miner that ever registered, by number; each cost its owner a fee, which bounds them.
    public static func miners(in state: some StateReader) -> [Miner] {
        let count = StakingState(in: state).miners
        var miners: [Miner] = []
        miners.reserveCapacity(Int(count))
        for page in 0..<Paging.pages(for: count) {
            miners += state.read(MinerPage.self, MinerPage.key(page))?.miners ?? []
        }
        return miners
    }

    static func update(_ number: UInt32, in state: inout StateOverlay, _ change: (inout Voter) -> Void) {
        let key = VoterPage.key(Paging.page(of: number))
        guard var page = state.read(VoterPage.self, key) else { return }
        change(&page.voters[Paging.place(of: number)])
        state.set(key, to: page.bytes)
    }

    static func updateMiner(_ number: UInt32, in state: inout StateOverlay, _ change: (inout Miner) -> Void) {
        let key = MinerPage.key(Paging.page(of: number))
        guard var page = state.read(MinerPage.self, key) else { return }
        change(&page.miners[Paging.place(of: number)])
        state.write(key, page)
    }

    /// Gives an account a voter's place: a free one, or a new one at the end.
    static func open(
        _ address: Address, in state: inout StateOverlay
    ) throws(ExecutionError) -> StakeAccount {
        var counters = StakingState(in: state)
        let number: UInt32
        if counters.firstFreeVoter != 0 {
            number = counters.firstFreeVoter
            counters.firstFreeVoter = voter(number, in: state)?.vote ?? 0
            update(number, in: &state) { $0 = Voter(address: address) }
        } else {
            guard counters.voters < StakingState.mostVoters else {
                throw .staking(.full(most: UInt64(StakingState.mostVoters)))
            }
            counters.voters += 1
            number = counters.voters
            let key = VoterPage.key(Paging.page(of: number))
            var page = state.read(VoterPage.self, key) ?? VoterPage()
            page.voters.append(Voter(address: address))
            state.set(key, to: page.bytes)
        }
        state.write(StakingState.key, counters)
        return StakeAccount(number: number)
    }

    /// Gives a key a miner's place at the end.
    static func openMiner(
        _ key: PublicKey, from round: Round, in state: inout StateOverlay
    ) throws(ExecutionError) -> UInt32 {
        var counters = StakingState(in: state)
        guard counters.miners < StakingState.mostMiners else {
            throw .staking(.full(most: UInt64(StakingState.mostMiners)))
        }
        counters.miners += 1
        let pageKey = MinerPage.key(Paging.page(of: counters.miners))
        var page = state.read(MinerPage.self, pageKey) ?? MinerPage()
        page.miners.append(Miner(key: key, from: round))
        state.write(pageKey, page)
        state.write(StakingState.key, counters)
        return counters.miners
    }
}

/// Amounts on their way back to accounts.
enum Releases {
    /// The most amounts that one block releases; the others wait for the next.
    static let mostInBlock = 256

    static func add(_ release: ReleaseRecord, at time: Instant, in state: inout StateOverlay) {
        var counters = StakingState(in: state)
        state.write(ReleaseRecord.key(at: time, number: counters.nextRelease), release)
        counters.nextRelease += 1
        state.write(StakingState.key, counters)
    }

    /// Pays what is due at `now`, oldest first.
    static func pay(at now: Instant, in state: inout StateOverlay) throws(ExecutionError) {
        let rows = state.scan(prefix: [StateTable.unbonding.rawValue], after: nil, limit: mostInBlock)
        for row in rows where ReleaseRecord.time(of: row.key) <= now {
            guard let release = state.read(ReleaseRecord.self, row.key) else { continue }
            state.set(row.key, to: nil)
            if let miner = release.miner {
                try payDeposit(of: miner, release, in: &state)
            } else {
                try Vault.unbonding.take(release.amount, in: &state)
                try Bank.credit(release.amount, to: release.recipient, in: &state)
            }
        }
    }

    // What was forfeited meanwhile is no longer there.
    private static func payDeposit(
        of miner: PublicKey, _ release: ReleaseRecord, in state: inout StateOverlay
    ) throws(ExecutionError) {
        guard var record = state.read(MinerRecord.self, MinerRecord.key(miner)) else { return }
        let amount = min(release.amount, record.deposit)
        guard amount != .zero, let rest = record.deposit.subtracting(amount) else { return }
        record.deposit = rest
        state.write(MinerRecord.key(miner), record)
        try Vault.minerDeposits.take(amount, in: &state)
        try Bank.credit(amount, to: release.recipient, in: &state)
    }
}
