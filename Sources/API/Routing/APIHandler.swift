internal import JSON
public import Transport

/// Answers the node's HTTP interface; every answer is one JSON envelope.
public struct APIHandler: HTTPHandler {
    private let router: Router

    /// Answers about a node, streaming its events from a hub.
    public init(node: any NodeQueries, events: EventHub) {
        router = Router(service: Service(node: node, events: events))
    }

    /// Answers one request, now or later.
    public func handle(_ request: HTTPRequest, _ responder: HTTPResponder) {
        router.handle(request, responder)
    }
}

/// What every route works with.
struct Service: Sendable {
    let node: any NodeQueries
    let events: EventHub
    /// Reads blocks and adds up figures.
    let reading = Lane("interface reads")
    /// Starts and stops chains, which may take seconds.
    let control = Lane("interface control", most: 16)
    let supplies = SupplyCache()
    /// The description of the interface, encoded once.
    let openAPI: [UInt8]

    init(node: any NodeQueries, events: EventHub) {
        self.node = node
        self.events = events
        openAPI = JSONWriter.compact(OpenAPI.document(version: node.version))
    }
}
