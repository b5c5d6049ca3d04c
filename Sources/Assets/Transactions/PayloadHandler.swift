internal import Ledger
public import Primitives

/// A payload that decodes can still ask for what no state would allow; it says so itself.
public protocol JudgedPayload: Canonical {
    /// What is wrong with the fields, or nil; a sentence without its subject's capital letter.
    var defect: String? { get }
}

/// What the handlers of these rules have in common.
protocol PayloadHandler: TransactionHandler {
    associatedtype Payload: JudgedPayload

    /// The name of the event that tells of it.
    var event: String { get }
    /// How many base fees it costs.
    var baseFees: UInt64 { get }

    /// Takes effect and gives the members of the event, as JSON text without braces.
    func execute(
        _ payload: Payload, _ transaction: TransactionContext, in block: BlockContext,
        state: inout StateOverlay
    ) throws(ExecutionError) -> String
}

extension PayloadHandler {
    var baseFees: UInt64 { 1 }

    /// The least fee; saturates, so nothing overflows into a bargain.
    func minimumFee(for payload: [UInt8], fees: FeeSchedule) -> Amount {
        fees.minimum(
            base: fees.base.multiplied(by: baseFees) ?? Amount(units: .max), payloadBytes: payload.count)
    }

    /// The payload must decode and have no defect.
    func check(_ payload: [UInt8]) throws(AdmissionRejection) {
        guard let payload = try? Payload(decoding: payload) else {
            throw .badPayload(kind, reason: "it does not decode")
        }
        if let defect = payload.defect { throw .badPayload(kind, reason: defect) }
    }

    /// Decodes, takes effect and tells of it in one event.
    func execute(
        _ transaction: TransactionContext, in block: BlockContext, state: inout StateOverlay
    ) throws(ExecutionError) -> HandlerOutcome {
        guard let payload = try? Payload(decoding: transaction.payload) else {
            throw .notAllowed("the payload does not decode")
        }
        // Checked on admission already; whoever maps another layout to this payload may not have.
        if let defect = payload.defect { throw .notAllowed(defect) }
        let members = try execute(payload, transaction, in: block, state: &state)
        return HandlerOutcome(events: [Event(name: event, data: Array("{\(members)}".utf8))])
    }
}
