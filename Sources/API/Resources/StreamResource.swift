internal import JSON
internal import Ledger
internal import Transport

/// Events as they happen, as lines or WebSocket frames with the same contents and the same cursor.
enum StreamResource {
    static func open(_ call: Call) {
        do throws(Refusal) {
            let filter = try Filter(call)
            let cursor = try cursor(call)
            let events = call.service.events
            let token = events.makeToken()
            let stream = call.responder.openStream(contentType: "application/x-ndjson") {
                events.forget(token)
            }
            events.listen(token, after: cursor) { message in
                switch message {
                case .gap(let line): return stream.send(line)
                case .event(let entry):
                    return filter.admits(entry.event) ? stream.send(entry.line) : stream.isOpen
                }
            }
            // A client that left before it was registered has been forgotten too early.
            if !stream.isOpen { events.forget(token) }
        } catch {
            call.refuse(error)
        }
    }

    private static func cursor(_ call: Call) throws(Refusal) -> StreamCursor? {
        guard let text = call.request.queryValue("from") else { return nil }
        guard let cursor = StreamCursor(text: text) else {
            throw .badRequest("\"from\" must be the cursor of an event, or 0")
        }
        return cursor
    }

    private struct Filter: Sendable {
        /// The chain's name; nil for all chains.
        let chain: String?
        let kinds: Set<String>

        init(_ call: Call) throws(Refusal) {
            let known: Set<String> = ["block", "transaction", "event", "chain"]
            let wanted = call.request.queryValue("kinds").map {
                Set($0.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
            }
            kinds = wanted ?? known
            guard kinds.isSubset(of: known) else {
                throw .badRequest("\"kinds\" are block, transaction, event, chain")
            }
            let name = call.request.queryValue("chain") ?? "main"
            guard name != "*" else {
                chain = nil
                return
            }
            guard let found = call.service.node.chain(name) else {
                throw .notFound("this node runs no chain named \"\(name)\"", hint: "etm chain list")
            }
            // Events carry names; the chain may have been named by its id.
            chain = found.snapshot.spec.name
        }

        func admits(_ event: NodeEvent) -> Bool {
            (chain ?? event.chain) == event.chain && kinds.contains(event.kind)
        }
    }
}
