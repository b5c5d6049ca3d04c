internal import Ledger
internal import Primitives

/// Locks part of the sender's balance; the transaction's id names the lock.
struct LockHandler: StakingHandler {
    let rules: StakingRules

    var kind: TransactionKind { .lock }

    func orders(of historical: HistoricalTransaction) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard historical.kind == .lockVotes, let units = historical.arguments.first.flatMap(UInt64.init)
        else { throw .unknownKind(historical.kind.transactionKind) }
        return [HistoricalOrder(kind, LockPayload(amount: Amount(units: units)))]
    }

    func execute(
        _ payload: LockPayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        let least = rules.parameters.leastLock
        guard payload.amount >= least else {
            throw .staking(.lockTooSmall(least: least, got: payload.amount))
        }
        try Bank.debit(payload.amount, from: transaction.sender, in: &state)
        let key = StakeAccount.key(transaction.sender)
        var account: StakeAccount
        if let known = state.read(StakeAccount.self, key) {
            account = known
        } else {
            account = try StakeBook.open(transaction.sender, in: &state)
        }
        let most = Int(rules.parameters.mostLocks)
        guard !account.locks.contains(transaction.id) else { throw .staking(.lockExists(transaction.id)) }
        guard account.locks.count < most else { throw .staking(.tooManyLocks(most: most)) }
        account.locks.append(transaction.id)
        state.write(key, account)
        let lock = StakeLock(amount: payload.amount, anchor: rules.slot(of: block.time))
        StakeBook.update(account.number, in: &state) { $0.locks.append(lock) }
        try Vault.locks.put(payload.amount, in: &state)
        return "\"lock\":\"\(transaction.id)\",\"amount\":\"\(payload.amount)\""
    }
}

/// Ends a lock of the sender; its amount leaves the vote at the next settlement.
struct UnlockHandler: StakingHandler {
    let rules: StakingRules

    var kind: TransactionKind { .unlock }

    // One for each lock, and no lock twice: the second order would find it gone.
    func orders(of historical: HistoricalTransaction) throws(AdmissionRejection) -> [HistoricalOrder] {
        let locks = historical.arguments.compactMap { TransactionID(hex: $0) }
        guard historical.kind == .unlockVotes, locks.count == historical.arguments.count else {
            throw .unknownKind(historical.kind.transactionKind)
        }
        return locks.map { HistoricalOrder(kind, UnlockPayload(lock: $0)) }
    }

    func execute(
        _ payload: UnlockPayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        guard let (known, voter) = StakeBook.voter(of: transaction.sender, in: state),
            let index = known.locks.firstIndex(of: payload.lock)
        else { throw .staking(.unknownLock(payload.lock)) }
        var account = known
        let amount = voter.locks[index].amount
        account.locks.remove(at: index)
        // The account's place is kept until the settlement, which still pays for this round's vote.
        state.write(StakeAccount.key(transaction.sender), account)
        StakeBook.update(account.number, in: &state) { voter in
            voter.locks.remove(at: index)
            if voter.locks.isEmpty { voter.vote = 0 }
        }
        try Vault.locks.take(amount, in: &state)
        try Vault.unbonding.put(amount, in: &state)
        let time = block.time.advanced(by: rules.parameters.unbonding)
        Releases.add(
            ReleaseRecord(recipient: transaction.sender, amount: amount, miner: nil), at: time, in: &state)
        return "\"lock\":\"\(payload.lock)\",\"amount\":\"\(amount)\",\"released\":\(time)"
    }
}

/// Gives the sender's one vote to a miner, from the next round on.
struct VoteHandler: StakingHandler {
    var kind: TransactionKind { .vote }

    // What is withdrawn goes first, because an account has one vote.
    func orders(of historical: HistoricalTransaction) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard case .vote(let votes) = historical.content else {
            throw .unknownKind(historical.kind.transactionKind)
        }
        return votes.filter { !$0.isFor }.map {
            HistoricalOrder(.withdrawVote, WithdrawVotePayload(miner: $0.miner))
        }
            + votes.filter(\.isFor).map { HistoricalOrder(kind, MinerPayload(miner: $0.miner)) }
    }

    func execute(
        _ payload: MinerPayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        guard let (account, voter) = StakeBook.voter(of: transaction.sender, in: state),
            !voter.locks.isEmpty
        else { throw .staking(.nothingLocked) }
        guard let (record, miner) = StakeBook.miner(payload.miner, in: state) else {
            throw .staking(.unknownMiner(payload.miner))
        }
        switch miner.status {
        case .registered: break
        case .resigned: throw .staking(.resignedMiner(payload.miner))
        case .frozen: throw .staking(.frozenMiner(payload.miner))
        }
        StakeBook.update(account.number, in: &state) { $0.vote = record.number }
        return "\"miner\":\"\(payload.miner)\",\"name\":\"\(record.name)\""
    }
}

/// Takes back the sender's vote, from the next round on; the locks stay.
struct WithdrawVoteHandler: StakingHandler {
    var kind: TransactionKind { .withdrawVote }

    func execute(
        _ payload: WithdrawVotePayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        guard let (account, voter) = StakeBook.voter(of: transaction.sender, in: state), voter.vote != 0
        else { throw .staking(.noVote) }
        if let miner = payload.miner {
            guard StakeBook.miner(miner, in: state)?.record.number == voter.vote else {
                throw .staking(.otherVote(miner))
            }
        }
        StakeBook.update(account.number, in: &state) { $0.vote = 0 }
        return "\"voter\":\"\(transaction.sender)\""
    }
}
