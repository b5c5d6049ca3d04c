public import Ledger
public import Primitives

/// Registers a DApp as its own chain: takes the fee and a deposit, and reserves the name.
public struct RegisterDAppHandler: TransactionHandler {
    private let deposit: Amount

    /// Locks this much of the owner's balance with each registration.
    public init(deposit: Amount) { self.deposit = deposit }

    /// Registrations.
    public var kind: TransactionKind { .registerDApp }

    /// The registration fee and the price of the bundle's size.
    public func minimumFee(for payload: [UInt8], fees: FeeSchedule) -> Amount {
        fees.minimum(base: fees.registration, payloadBytes: payload.count)
    }

    /// The registration must decode and keep every bound.
    public func check(_ payload: [UInt8]) throws(AdmissionRejection) {
        guard let registration = try? Registration(decoding: payload) else {
            throw .badPayload(kind, reason: "it does not decode")
        }
        if let defect = registration.defect { throw .badPayload(kind, reason: defect) }
    }

    /// Writes the chain's record, its name, its bundle and its empty escrow.
    public func execute(
        _ transaction: TransactionContext, in block: BlockContext, state: inout StateOverlay
    ) throws(ExecutionError) -> HandlerOutcome {
        guard let registration = try? Registration(decoding: transaction.payload) else {
            throw .notAllowed("the payload does not decode")
        }
        let nameKey = SideChainRecord.nameKey(registration.name)
        guard state.value(for: nameKey) == nil else { throw .nameTaken(registration.name) }
        try Bank.debit(deposit, from: transaction.sender, in: &state)
        let chain = SideChainRecord.chainID(of: transaction.id)
        let record = SideChainRecord(
            registration, owner: transaction.sender, height: block.height, time: block.time, deposit: deposit)
        state.write(SideChainRecord.key(chain), record)
        state.write(nameKey, chain)
        state.set(SideChainRecord.bundleKey(record.bundleHash), to: registration.bundle)
        state.write(Escrow.key(chain), Escrow())
        let text =
            "{\"chain\":\"\(chain)\",\"name\":\"\(registration.name)\",\"owner\":\"\(transaction.sender)\"}"
        return HandlerOutcome(events: [Event(name: "dappRegistered", data: Array(text.utf8))])
    }
}
