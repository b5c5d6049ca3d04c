public import Ledger
public import Primitives

/// Whom evidence accuses, and of an offence in which round.
public struct Accusation: Sendable, Hashable {
    /// The accused member.
    public let accused: PublicKey
    /// The round whose members voted.
    public let round: Round

    /// Joins the parts.
    public init(accused: PublicKey, round: Round) {
        self.accused = accused
        self.round = round
    }
}

/// Reads and judges the evidence that consensus makes; whoever joins the two provides it.
public protocol EvidenceCourt: Sendable {
    /// What the bytes accuse whom of, or nil unless they are two conflicting messages in their one form.
    func accusation(in evidence: [UInt8]) -> Accusation?
    /// True when the accused was a member and signed both messages.
    func isProved(_ evidence: [UInt8], on chain: ChainID, members: MemberSet) -> Bool
}

/// A court that knows no evidence, for chains on which nobody can break the rules of consensus.
public struct NoCourt: EvidenceCourt {
    /// There is nothing to set up.
    public init() {}

    /// Nothing accuses anybody.
    public func accusation(in evidence: [UInt8]) -> Accusation? { nil }

    /// Nothing is proved.
    public func isProved(_ evidence: [UInt8], on chain: ChainID, members: MemberSet) -> Bool { false }
}

/// Takes the deposit of a member that signed twice and shuts it out (`mathematics.md` 7.5).
struct EvidenceHandler: StakingHandler {
    let rules: StakingRules
    let court: any EvidenceCourt

    var kind: TransactionKind { .evidence }

    func check(_ payload: [UInt8]) throws(AdmissionRejection) {
        guard let payload = try? EvidencePayload(decoding: payload),
            court.accusation(in: payload.evidence) != nil
        else { throw .badPayload(kind, reason: "it is not two conflicting messages") }
    }

    func execute(
        _ payload: EvidencePayload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String {
        guard let accusation = court.accusation(in: payload.evidence) else { throw .staking(.notProved) }
        let members = try members(of: accusation.round, at: block, in: state)
        guard court.isProved(payload.evidence, on: block.chain, members: members) else {
            throw .staking(.notProved)
        }
        guard let (known, miner) = StakeBook.miner(accusation.accused, in: state) else {
            throw .staking(.unknownMiner(accusation.accused))
        }
        guard miner.status != .frozen else { throw .staking(.frozenMiner(accusation.accused)) }
        var record = known
        let forfeited = record.deposit
        record.deposit = .zero
        state.write(MinerRecord.key(accusation.accused), record)
        StakeBook.updateMiner(record.number, in: &state) { $0.status = .frozen }
        try Vault.minerDeposits.take(forfeited, in: &state)
        try Vault.carry.put(forfeited, in: &state)
        return "\"miner\":\"\(accusation.accused)\",\"round\":\(accusation.round),"
            + "\"forfeited\":\"\(forfeited)\""
    }

    // Deposits are held as long as evidence counts, so no offence is punished that a deposit no longer covers.
    private func members(
        of round: Round, at block: BlockContext, in state: some StateReader
    ) throws(ExecutionError) -> MemberSet {
        guard round > .zero, round <= rules.round(of: block.height) else { throw .staking(.notProved) }
        guard let record = rules.record(of: round, in: state),
            block.time.since(record.opened) <= rules.parameters.unbonding
        else { throw .staking(.evidenceExpired(round)) }
        return record.members
    }
}
