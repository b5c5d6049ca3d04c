internal import JSON
internal import Ledger
internal import Primitives

/// Final blocks.
enum BlockResource {
    static func list(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let chain = try call.chain()
            let limit = try call.number("limit", standard: 20, in: 1...100)
            let latest = chain.snapshot.finalHeader.height
            let before = Height(try call.number("before", standard: .max, in: 0...UInt64.max))
            guard let newest = before.previous else { return ["blocks": []] }
            let blocks = chain.summaries(from: min(latest, newest), most: Int(limit))
            return ["blocks": .array(blocks.map { .object(summary($0)) })]
        }
    }

    static func show(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let chain = try call.chain()
            let name = call.parameters["block"] ?? "latest"
            guard let final = find(name, on: chain) else {
                throw .notFound("no final block is called \"\(name)\"", hint: "etm block list")
            }
            return details(final, in: chain.snapshot.spec)
        }
    }

    private static func find(_ name: String, on chain: any ChainQueries) -> FinalBlock? {
        if name == "latest" || name == "final" {
            return chain.finalBlock(at: chain.snapshot.finalHeader.height)
        }
        if name.utf8.count == 64, let id = BlockID(hex: name) { return chain.finalBlock(id: id) }
        return Call.number(name).flatMap { chain.finalBlock(at: Height($0)) }
    }

    private static func summary(_ final: FinalSummary) -> JSONObject {
        let header = final.header
        var object = JSONObject()
        object["height"] = JSONValue(header.height.value)
        object["id"] = .string(final.id.hex)
        object["time"] = JSONValue(header.timestamp.milliseconds)
        object["leader"] = .string(header.leader.hex)
        object["round"] = JSONValue(header.round.value)
        object["view"] = JSONValue(header.view.value)
        object["transactions"] = JSONValue(UInt64(final.transactionCount))
        object["stateRoot"] = .string(header.stateRoot.hex)
        object["final"] = true
        return object
    }

    private static func details(_ final: FinalBlock, in spec: ChainSpec) -> JSONValue {
        let header = final.block.header
        var object = summary(FinalSummary(final.block))
        object["chain"] = .string(spec.name)
        object["parent"] = .string(header.parent.hex)
        object["parentView"] = JSONValue(header.parentView.value)
        object["transactionsRoot"] = .string(header.transactionsRoot.hex)
        object["receiptsRoot"] = .string(header.receiptsRoot.hex)
        object["outboxRoot"] = .string(header.outboxRoot.hex)
        object["reveal"] = .string(header.reveal.hex)
        object["beacon"] = .string(header.beacon.hex)
        object["anchor"] = [
            "height": JSONValue(header.anchor.height.value), "id": .string(header.anchor.block.hex),
        ]
        object["signature"] = .string(header.signature.hex)
        object["header"] = .string(Hex.encode(header.encoded))
        object["certificate"] = final.certificate.map(certificate) ?? .null
        object["transactions"] = .array(
            final.block.transactions.enumerated().map { index, transaction in
                var item = TransactionShape.json(transaction, in: spec)
                if final.receipts.indices.contains(index) {
                    item["status"] = final.receipts[index].error == nil ? "ok" : "failed"
                    item["receipt"] = Shape.receipt(final.receipts[index], in: spec)
                }
                return .object(item)
            })
        return .object(object)
    }

    private static func certificate(_ certificate: Certificate) -> JSONValue {
        [
            "block": .string(certificate.ballot.block.hex),
            "round": JSONValue(certificate.ballot.round.value),
            "view": JSONValue(certificate.ballot.view.value),
            "signers": .array(certificate.seats.map { JSONValue(UInt64($0)) }),
            "bytes": .string(Hex.encode(certificate.encoded)),
        ]
    }
}
