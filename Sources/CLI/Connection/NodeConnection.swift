package import Primitives

/// Carries one request to a node; the real one is `TransportConnection`.
package protocol NodeConnection {
    /// Sends and waits for the whole answer.
    func perform(_ request: NodeRequest) throws(CommandFailure) -> NodeAnswer
}

/// One request to a node's interface.
package struct NodeRequest: Sendable, Equatable {
    /// "GET" or "POST".
    package var method: String
    /// The whole URL.
    package var url: String
    /// JSON text; empty for none.
    package var body: [UInt8]
    /// The longest wait.
    package var timeout: Instant.Span

    /// Joins the parts.
    package init(method: String, url: String, body: [UInt8] = [], timeout: Instant.Span) {
        self.method = method
        self.url = url
        self.body = body
        self.timeout = timeout
    }
}

/// What a node answered.
package struct NodeAnswer: Sendable, Equatable {
    /// The HTTP status.
    package var status: Int
    /// The body.
    package var body: [UInt8]

    /// Joins the parts.
    package init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}
