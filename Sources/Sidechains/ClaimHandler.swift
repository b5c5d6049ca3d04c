public import Crypto
public import Ledger
public import Primitives

/// The payload of a claim: which chain, and the proof.
public struct ClaimPayload: Sendable, Hashable, Canonical {
    /// The side chain.
    public let chain: ChainID
    /// The proof of one withdrawal.
    public let proof: WithdrawalProof

    /// Joins the parts.
    public init(chain: ChainID, proof: WithdrawalProof) {
        self.chain = chain
        self.proof = proof
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(chain)
        writer.write(proof)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        chain = try reader.read()
        proof = try reader.read()
    }
}

/// Pays a proved withdrawal out of a side chain's escrow; anyone may bring the proof.
///
/// The bringer's fee is repaid out of the withdrawal, so that whoever brings it is no poorer. The
/// escrow can never pay out more than was paid in, whatever the side chain's validators sign.
public struct ClaimHandler: TransactionHandler {
    private let verifier: any SignatureVerifier
    private let mostRepaid: Amount

    /// Checks signatures with this verifier and repays bringers at most the least fee of a claim.
    public init(verifier: any SignatureVerifier, mostRepaid: Amount = FeeSchedule.main.base) {
        self.verifier = verifier
        self.mostRepaid = mostRepaid
    }

    /// Claims.
    public var kind: TransactionKind { .claim }

    /// The base fee, however many headers the proof needs: the withdrawer does not choose their number.
    public func minimumFee(for payload: [UInt8], fees: FeeSchedule) -> Amount { fees.base }

    /// The proof must decode.
    public func check(_ payload: [UInt8]) throws(AdmissionRejection) {
        guard (try? ClaimPayload(decoding: payload)) != nil else {
            throw .badPayload(kind, reason: "it does not decode")
        }
    }

    /// Verifies the proof, marks the withdrawal as paid and pays it.
    public func execute(
        _ transaction: TransactionContext, in block: BlockContext, state: inout StateOverlay
    ) throws(ExecutionError) -> HandlerOutcome {
        guard let claim = try? ClaimPayload(decoding: transaction.payload) else {
            throw .notAllowed("the payload does not decode")
        }
        let message = claim.proof.message
        guard let record = state.read(SideChainRecord.self, SideChainRecord.key(claim.chain)),
            var escrow = state.read(Escrow.self, Escrow.key(claim.chain))
        else { throw .unknownChain(claim.chain) }
        let paidKey = Escrow.paidKey(claim.chain, message.sequence)
        guard state.value(for: paidKey) == nil else { throw .alreadyPaid(sequence: message.sequence) }
        try claim.proof.verify(
            chain: claim.chain, validators: record.registration.validators, verifier: verifier)
        guard let balance = escrow.balance.subtracting(message.amount),
            let paid = escrow.paid.adding(message.amount)
        else { throw .escrowTooSmall(balance: escrow.balance, needed: message.amount) }
        escrow.balance = balance
        escrow.paid = paid
        state.write(Escrow.key(claim.chain), escrow)
        state.write(paidKey, transaction.id)
        try pay(message, bringer: transaction, state: &state)
        let text =
            "{\"chain\":\"\(claim.chain)\",\"sequence\":\(message.sequence),\"recipient\":\"\(message.recipient)\","
            + "\"amount\":\"\(message.amount)\"}"
        return HandlerOutcome(events: [Event(name: "withdrawalPaid", data: Array(text.utf8))])
    }

    private func pay(
        _ message: OutboxMessage, bringer: TransactionContext, state: inout StateOverlay
    ) throws(ExecutionError) {
        let repaid = min(bringer.fee, message.amount, mostRepaid)
        try Bank.credit(repaid, to: bringer.sender, in: &state)
        try Bank.credit(message.amount.subtracting(repaid) ?? .zero, to: message.recipient, in: &state)
    }
}
