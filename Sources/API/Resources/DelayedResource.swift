internal import Assets
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Transport

/// Transfers that wait for their time, and contents that were stored.
enum DelayedResource {
    static func list(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let snapshot = try call.chain().snapshot
            let limit = try call.number("limit", standard: 100, in: 1...1_000)
            var account: Address?
            if let text = call.request.queryValue("account") {
                guard let address = Address(text: text) else {
                    throw .badRequest("\"account\" must be an address")
                }
                account = address
            }
            var mark: StateKey?
            if let text = call.request.queryValue("after") {
                guard let bytes = Hex.decode(text), DelayedRecord.parts(of: StateKey(bytes: bytes)) != nil
                else { throw .badRequest("\"after\" must be what \"next\" said") }
                mark = StateKey(bytes: bytes)
            }
            let page = DelayedQuery(snapshot.state).pending(with: account, after: mark, limit: Int(limit))
            let now = max(call.service.node.time, snapshot.finalHeader.timestamp)
            return [
                "height": JSONValue(snapshot.finalHeader.height.value),
                "time": JSONValue(now.milliseconds),
                "leastDelay": JSONValue(DelayedTransferPayload.leastDelay.milliseconds),
                "mostDelay": JSONValue(DelayedTransferPayload.mostDelay.milliseconds),
                "waiting": Shape.amount(Vault.delayed.balance(in: snapshot.state), .etm),
                "transfers": .array(page.found.map(AssetShape.delayed)),
                "next": page.next.map { .string(Hex.encode($0.bytes)) } ?? .null,
            ]
        }
    }

    static func stored(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let chain = try call.chain()
            let id = try call.transactionID()
            guard let record = chain.snapshot.state.read(StoredRecord.self, StoredRecord.key(id)) else {
                throw .notFound("transaction \(id) stored nothing", hint: "etm tx show \(id)")
            }
            return [
                "id": .string(id.hex), "owner": .string(record.owner.description),
                "height": JSONValue(record.height.value), "bytes": JSONValue(UInt64(record.size)),
                "sha256": .string(record.hash.hex),
                "content": try content(of: id, record, on: chain),
            ]
        }
    }

    /// The content as hexadecimal digits, out of its block; it must be what the state knows the hash of.
    private static func content(
        of id: TransactionID, _ record: StoredRecord, on chain: any ChainQueries
    ) throws(Refusal) -> JSONValue {
        guard let found = TransactionResource.find(id, on: chain),
            case .v1(let transaction, _) = found.final.block.transactions[found.index].content,
            let payload = try? StoragePayload(decoding: transaction.payload),
            record.isRecord(of: payload.content)
        else {
            throw Refusal(
                code: "CONTENT_NOT_KEPT", message: "this node does not keep the block that holds the content",
                hint: "ask a node that keeps block \(record.height)")
        }
        return .string(Hex.encode(payload.content))
    }
}
