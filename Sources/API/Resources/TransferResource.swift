internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Sidechains

/// How far value is on its way between the main chain and a side chain, with the reason why it waits.
enum TransferResource {
    static func deposit(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let side = try call.chain().snapshot
            let id = try call.transactionID()
            guard let main = call.service.node.chain("main") else {
                throw .notFound("the node runs no main chain")
            }
            guard let found = TransactionResource.find(id, on: main) else {
                guard main.pending(id) != nil else {
                    throw .notFound("the main chain has no transaction \(id)")
                }
                return progress(
                    "waiting", "MAIN_NOT_FINAL", "the main chain has not finalised the deposit yet")
            }
            if let error = found.receipt?.error { return progress("failed", error.code, error.message) }
            guard let message = message(of: id, to: side.spec.id, main.snapshot.state, found) else {
                throw .notFound("transaction \(id) is no deposit to this chain")
            }
            var object = JSONObject()
            let isCredited = Inbox.next(in: side.state) > message.sequence
            object["state"] = isCredited ? "credited" : "final"
            object["reason"] = isCredited ? "CREDITED" : "SIDE_BLOCK_DUE"
            object["message"] =
                isCredited
                ? "the side chain has credited the deposit"
                : "the side chain's next block will credit the deposit"
            object["sequence"] = Shape.integer(message.sequence)
            object["recipient"] = .string(message.recipient.description)
            object["amount"] = Shape.amount(message.amount, .etm)
            object["mainHeight"] = JSONValue(message.height.value)
            return .object(object)
        }
    }

    // The deposit's own event names its sequence number; the record proves it.
    private static func message(
        of id: TransactionID, to chain: ChainID, _ state: StateView, _ found: TransactionResource.Found
    ) -> InboxMessage? {
        for event in found.receipt?.events ?? [] where event.name == "deposited" {
            guard let sequence = Shape.json(event.data)["sequence"]?.uint64,
                let message = state.read(InboxMessage.self, Escrow.inboxKey(chain, sequence)),
                message.source == id
            else { continue }
            return message
        }
        return nil
    }

    static func withdrawal(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let chain = try call.chain()
            let id = try call.transactionID()
            guard let found = TransactionResource.find(id, on: chain) else {
                guard chain.pending(id) != nil else { throw .notFound("this chain has no transaction \(id)") }
                return progress(
                    "waiting", "SIDE_NOT_FINAL", "the side chain has not finalised the withdrawal yet")
            }
            if let error = found.receipt?.error { return progress("failed", error.code, error.message) }
            let side = chain.snapshot
            guard let message = entry(of: id, side.state, found), let main = call.service.node.chain("main")
            else {
                throw .notFound("transaction \(id) is no withdrawal")
            }
            let paid = main.snapshot.state.read(
                TransactionID.self, Escrow.paidKey(side.spec.id, message.sequence))
            var object = JSONObject()
            object["state"] = paid == nil ? "proved" : "paid"
            object["reason"] = paid == nil ? "CLAIM_DUE" : "PAID"
            object["message"] =
                paid == nil
                ? "final; a validator's node brings the proof to the main chain" : "the main chain has paid"
            object["sequence"] = Shape.integer(message.sequence)
            object["recipient"] = .string(message.recipient.description)
            object["amount"] = Shape.amount(message.amount, .etm)
            if let paid { object["claim"] = .string(paid.hex) }
            return .object(object)
        }
    }

    private static func entry(
        of id: TransactionID, _ state: StateView, _ found: TransactionResource.Found
    ) -> OutboxMessage? {
        for event in found.receipt?.events ?? [] where event.name == "withdrawn" {
            guard let sequence = Shape.json(event.data)["sequence"]?.uint64,
                let entry = state.read(Outbox.Entry.self, Outbox.key(sequence)), entry.message.source == id
            else { continue }
            return entry.message
        }
        return nil
    }

    private static func progress(_ state: String, _ reason: String, _ message: String) -> JSONValue {
        ["state": .string(state), "reason": .string(reason), "message": .string(message)]
    }
}
