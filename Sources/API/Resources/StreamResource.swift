internal import JSON
internal import Transport

/// Events as they happen, as lines or WebSocket frames with the same contents and the same cursor.
enum StreamResource {
    static func open(_ call: Call) {
        do throws(Refusal) {
            let filter = try Filter(call)
            let cursor = try call.request.queryValue("from").map { text throws(Refusal) in
                guard let value = UInt64(text) else { throw Refusal.badRequest("\"from\" must be a cursor") }
                return value
            }
            let stream = call.responder.openStream(contentType: "application/x-ndjson")
            let isMissing = call.service.events.listen(after: cursor) { entry in
                guard filter.admits(entry.event) else { return stream.isOpen }
                return stream.send(line(entry))
            }
            if isMissing { stream.send(JSONWriter.compact(["kind": "gap"])) }
        } catch {
            call.refuse(error)
        }
    }

    private struct Filter: Sendable {
        let chain: String
        let kinds: Set<String>

        init(_ call: Call) throws(Refusal) {
            chain = call.request.queryValue("chain") ?? "main"
            let known: Set<String> = ["block", "transaction", "event", "chain"]
            let wanted = call.request.queryValue("kinds").map {
                Set($0.split(separator: ",").map(String.init))
            }
            kinds = wanted ?? known
            guard kinds.isSubset(of: known) else {
                throw .badRequest("\"kinds\" are block, transaction, event, chain")
            }
            guard chain == "*" || call.service.node.chain(chain) != nil else {
                throw .notFound("this node runs no chain named \"\(chain)\"", hint: "etm chain list")
            }
        }

        func admits(_ event: NodeEvent) -> Bool {
            (chain == "*" || chain == event.chain) && kinds.contains(event.kind)
        }
    }

    private static func line(_ entry: EventHub.Entry) -> [UInt8] {
        var object = JSONObject()
        object["cursor"] = .string(String(entry.cursor))
        object["kind"] = .string(entry.event.kind)
        object["chain"] = .string(entry.event.chain)
        for member in entry.event.body.object?.members ?? [] { object[member.key] = member.value }
        return JSONWriter.compact(.object(object))
    }
}
