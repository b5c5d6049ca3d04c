import Synchronization
import Transport

/// A handler made of a closure.
struct ClosureHandler: HTTPHandler {
    let body: @Sendable (HTTPRequest, HTTPResponder) -> Void

    func handle(_ request: HTTPRequest, _ responder: HTTPResponder) {
        body(request, responder)
    }
}

/// A server on a free loopback port for the length of one test.
func withServer(
    _ configuration: HTTPServerConfiguration = .init(),
    handler: @escaping @Sendable (HTTPRequest, HTTPResponder) -> Void,
    _ body: (HTTPServer, String) throws -> Void
) throws {
    let server = HTTPServer(configuration: configuration, handler: ClosureHandler(body: handler))
    try server.start()
    defer { server.stop() }
    try body(server, "http://127.0.0.1:\(server.port ?? 0)")
}

/// Answers with what was asked.
func echo(_ request: HTTPRequest, _ responder: HTTPResponder) {
    let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "|")
    responder.respond(
        .text(200, "\(request.method.rawValue) \(request.path) [\(query)] \(request.body.count)"))
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A place where threads leave a value for others to wait for.
final class Box<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])
    private let turn = Turnstile()

    func put(_ value: Value) {
        values.withLock { $0.append(value) }
        turn.raise()
    }

    /// The oldest value, waiting for it.
    func take() -> Value {
        while true {
            turn.wait()
            if let value = values.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return value }
        }
    }
}
