internal import JSON
public import Transport

/// Answers the node's HTTP interface; every answer is one JSON envelope.
public struct APIHandler: HTTPHandler {
    private let router: Router

    /// Answers about a node, streaming its events from a hub.
    ///
    /// `reading` is for blocks and sums, `control` for starting and stopping chains, which may take seconds.
    public init(
        node: any NodeQueries, events: EventHub, reading: any WorkLane, control: any WorkLane
    ) {
        router = Router(
            service: Service(
                node: node, events: events, reading: reading, control: control,
                openAPI: JSONWriter.compact(OpenAPI.document(version: node.version))))
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
    let reading: any WorkLane
    let control: any WorkLane
    /// The description of the interface, encoded once.
    let openAPI: [UInt8]
    let supplies = SupplyCache()
}
