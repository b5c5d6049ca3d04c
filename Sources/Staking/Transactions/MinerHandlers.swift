internal import Crypto
internal import Ledger
internal import Primitives

/// Registers the sender as a miner: deposit, name, hash-onion anchor and hashing test (`mathematics.md` 7.5).
struct RegisterMinerHandler: StakingHandler {
    let rules: StakingRules

    var kind: TransactionKind { .registerMiner }

    func minimumFee(for payload: [UInt8], fees: FeeSchedule) -> Amount {
        fees.minimum(base: fees.registration, payloadBytes: payload.count)
    }

    func check(_ payload: [UInt8]) throws(AdmissionRejection) {
        guard let registration = try? RegisterMinerPayload(decoding: payload) else {
            throw .badPayload(kind, reason: "it does not decode")
        }
        guard MinerRecord.isName(registration.name) else {
            throw .badPayload(kind, reason: "the name must match [a-z][a-z0-9-]{1,31}")
        }
        guard registration.hasWork(bits: rules.registrationBits) else {
            throw .badPayload(kind, reason: "the nonce does not pass the hashing test")
        }
    }

    func execute(
        _ payload: RegisterMinerPayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        guard Address(of: payload.miner) == transaction.sender else {
            throw .staking(.notOwnKey(payload.miner))
        }
        guard payload.hasWork(bits: rules.registrationBits),
            RecentBlocks(rules: rules, block: block).isRecent(payload.block, in: state)
        else { throw .staking(.badWork) }
        let owner = state.read(PublicKey.self, MinerRecord.nameKey(payload.name))
        guard owner == nil || owner == payload.miner else { throw .staking(.nameTaken(payload.name)) }
        try Bank.debit(rules.parameters.minerDeposit, from: transaction.sender, in: &state)
        try Vault.minerDeposits.put(rules.parameters.minerDeposit, in: &state)
        let from = Anchors.effectiveRound(after: rules.round(of: block.height))
        try write(payload, from: from, at: block.height, in: &state)
        Anchors.announce(payload.anchor, of: payload.miner, from: from, in: &state)
        return "\"miner\":\"\(payload.miner)\",\"name\":\"\(payload.name)\",\"from\":\(from)"
    }

    private func write(
        _ payload: RegisterMinerPayload, from: Round, at height: Height, in state: inout StateOverlay
    ) throws(ExecutionError) {
        var record: MinerRecord
        if let (known, miner) = StakeBook.miner(payload.miner, in: state) {
            switch miner.status {
            case .registered: throw .staking(.alreadyMiner(payload.miner))
            case .frozen: throw .staking(.frozenMiner(payload.miner))
            case .resigned: break
            }
            record = known
            StakeBook.updateMiner(record.number, in: &state) {
                $0.status = .registered
                $0.from = from
            }
            if record.name != payload.name { state.set(MinerRecord.nameKey(record.name), to: nil) }
            record.name = payload.name
            record.registered = height
        } else {
            let number = try StakeBook.openMiner(payload.miner, from: from, in: &state)
            record = MinerRecord(number: number, name: payload.name, registered: height, deposit: .zero)
        }
        // A deposit of an earlier time may still wait to be returned: both are at stake.
        guard let deposit = record.deposit.adding(rules.parameters.minerDeposit) else { throw .overflow }
        record.deposit = deposit
        state.write(MinerRecord.key(payload.miner), record)
        state.write(MinerRecord.nameKey(payload.name), payload.miner)
    }
}

/// Ends a registration: no longer a candidate from the next round on, the deposit follows later.
struct ResignMinerHandler: StakingHandler {
    let rules: StakingRules

    var kind: TransactionKind { .resignMiner }

    func orders(of historical: HistoricalTransaction) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard historical.kind == .resignDelegate else {
            throw .unknownKind(historical.kind.transactionKind)
        }
        return [HistoricalOrder(kind, MinerPayload(miner: historical.sender))]
    }

    func execute(
        _ payload: MinerPayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        let record = try MinerGuard.own(payload.miner, of: transaction.sender, in: state)
        StakeBook.updateMiner(record.number, in: &state) { $0.status = .resigned }
        let time = block.time.advanced(by: rules.parameters.unbonding)
        let release = ReleaseRecord(
            recipient: transaction.sender, amount: rules.parameters.minerDeposit, miner: payload.miner)
        Releases.add(release, at: time, in: &state)
        return "\"miner\":\"\(payload.miner)\",\"released\":\(time)"
    }
}

/// Announces a new hash onion, in force two rounds later (`mathematics.md` D-15).
struct NewAnchorHandler: StakingHandler {
    let rules: StakingRules

    var kind: TransactionKind { .newAnchor }

    func execute(
        _ payload: NewAnchorPayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        _ = try MinerGuard.own(payload.miner, of: transaction.sender, in: state)
        let round = rules.round(of: block.height)
        for pending in [round.next, Anchors.effectiveRound(after: round)]
        where state.value(for: Anchors.key(pending, payload.miner)) != nil {
            throw .staking(.anchorPending(pending))
        }
        let from = Anchors.effectiveRound(after: round)
        Anchors.announce(payload.anchor, of: payload.miner, from: from, in: &state)
        return "\"miner\":\"\(payload.miner)\",\"from\":\(from)"
    }
}

/// Checks that a sender acts for its own, registered miner.
enum MinerGuard {
    static func own(
        _ key: PublicKey, of sender: Address, in state: some StateReader
    ) throws(ExecutionError) -> MinerRecord {
        guard Address(of: key) == sender else { throw .staking(.notOwnKey(key)) }
        guard let (record, miner) = StakeBook.miner(key, in: state) else {
            throw .staking(.unknownMiner(key))
        }
        switch miner.status {
        case .registered: return record
        case .resigned: throw .staking(.resignedMiner(key))
        case .frozen: throw .staking(.frozenMiner(key))
        }
    }
}

/// Anchors that wait for the round from which they count.
enum Anchors {
    // Two rounds later nobody knows the beacon that an anchor might be chosen for.
    static func effectiveRound(after round: Round) -> Round { round.next.next }

    static func key(_ round: Round, _ miner: PublicKey) -> StateKey {
        StateKey(.anchors, prefix(round) + miner.array)
    }

    private static func prefix(_ round: Round) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(round.value)
        return bytes
    }

    static func announce(
        _ anchor: Digest, of miner: PublicKey, from round: Round, in state: inout StateOverlay
    ) {
        state.write(key(round, miner), anchor)
    }

    /// Puts the anchors of a round in force.
    static func apply(_ round: Round, in state: inout StateOverlay) {
        let table = [StateTable.anchors.rawValue] + prefix(round)
        while true {
            let rows = state.scan(prefix: table, after: nil, limit: 1_000)
            for row in rows {
                state.set(row.key, to: nil)
                guard let miner = PublicKey(bytes: row.key.bytes.suffix(32)),
                    let anchor = try? Digest(decoding: row.value)
                else { continue }
                state.write(OnionHead.key(miner), OnionHead(layer: anchor, revealed: 0))
            }
            guard rows.count == 1_000 else { return }
        }
    }
}

/// Which blocks a hashing test may name.
struct RecentBlocks {
    let rules: StakingRules
    let block: BlockContext

    /// The most slots that a named block may be old.
    static let mostSlots: UInt64 = 20

    /// True for the parent and for blocks at most 20 slots old.
    ///
    /// The parent always counts, or nobody could register on a chain that was silent for a minute.
    func isRecent(_ id: BlockID, in state: some StateReader) -> Bool {
        if let turn = block.turn, turn.parent == id { return true }
        let now = rules.slot(of: block.time)
        var height = block.height
        for _ in 0..<mostBlocks {
            // The turn of a height names the block below it.
            guard let above = height.previous, let turn = turn(at: above, in: state) else { return false }
            height = above
            guard let below = above.previous else { return false }
            let time = below == .zero ? rules.genesisTime : self.turn(at: below, in: state)?.time
            guard let time, now.value - rules.slot(of: time).value <= RecentBlocks.mostSlots else {
                return false
            }
            if turn.parent == id { return true }
        }
        return false
    }

    private var mostBlocks: UInt64 {
        min(TurnRecord.kept(roundLength: rules.consensus.roundLength) - 2, 1_024)
    }

    private func turn(at height: Height, in state: some StateReader) -> TurnRecord? {
        let key = TurnRecord.key(height, roundLength: rules.consensus.roundLength)
        let turn = state.read(TurnRecord.self, key)
        return turn?.height == height ? turn : nil
    }
}
