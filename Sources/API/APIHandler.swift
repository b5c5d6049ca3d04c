public import Transport

/// Answers the node's HTTP interface.
public struct APIHandler: HTTPHandler {
    private let node: any NodeQueries
    private let events: EventHub

    /// Answers about a node, streaming its events from a hub.
    public init(node: any NodeQueries, events: EventHub) {
        self.node = node
        self.events = events
    }

    /// Answers one request, now or later.
    public func handle(_ request: HTTPRequest, _ responder: HTTPResponder) {
        responder.respond(.text(200, node.version))
    }
}
