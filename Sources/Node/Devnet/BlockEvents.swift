internal import API
internal import JSON
internal import Ledger
internal import Primitives

/// The events that subscribers hear about a final block.
enum BlockEvents {
    static func events(of final: FinalBlock, chain: String) -> [NodeEvent] {
        let header = final.block.header
        var list = [
            NodeEvent(
                kind: "block", chain: chain,
                body: [
                    "height": JSONValue(header.height.value),
                    "id": .string(final.block.id.hex),
                    "time": JSONValue(header.timestamp.milliseconds),
                    "transactions": JSONValue(UInt64(final.block.transactions.count)),
                    "leader": .string(header.leader.hex),
                ])
        ]
        for receipt in final.receipts {
            list.append(transaction(receipt, at: header.height, chain: chain))
            list.append(
                contentsOf: receipt.events.map { event($0, of: receipt, at: header.height, chain: chain) })
        }
        return list
    }

    private static func transaction(_ receipt: Receipt, at height: Height, chain: String) -> NodeEvent {
        NodeEvent(
            kind: "transaction", chain: chain,
            body: [
                "height": JSONValue(height.value),
                "id": .string(receipt.transaction.hex),
                "status": receipt.error == nil ? "ok" : "failed",
                "code": receipt.error.map { .string($0.code) } ?? .null,
                "gasUsed": JSONValue(receipt.gasUsed),
            ])
    }

    private static func event(_ event: Event, of receipt: Receipt, at height: Height, chain: String)
        -> NodeEvent
    {
        NodeEvent(
            kind: "event", chain: chain,
            body: [
                "height": JSONValue(height.value),
                "transaction": .string(receipt.transaction.hex),
                "name": .string(event.name),
                // A contract's event data was made by the worker's own JSON writer; anything else is shown as text.
                "data": (try? JSONParser.parse(event.data))
                    ?? .string(String(decoding: event.data, as: UTF8.self)),
            ])
    }
}
