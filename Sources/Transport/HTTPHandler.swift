internal import JSON
internal import Synchronization

/// Whoever answers a server's requests.
public protocol HTTPHandler: Sendable {
    /// Takes one request and sees to it that the responder is used, now or later, on this thread or another.
    ///
    /// It runs on the reactor thread and must not wait for anything.
    func handle(_ request: HTTPRequest, _ responder: HTTPResponder)

    /// The answer to a request that breaks HTTP or the server's bounds, and to one whose responder was dropped.
    func refuse(_ refusal: HTTPRefusal) -> HTTPResponse
}

extension HTTPHandler {
    /// A JSON object with code and message under `error`.
    public func refuse(_ refusal: HTTPRefusal) -> HTTPResponse {
        .json(
            refusal.status,
            [
                "v": 1, "ok": false,
                "error": ["code": .string(refusal.code), "message": .string(refusal.sentence)],
            ])
    }
}

/// Why the server answers a request itself; `code` is stable and meant for programs.
public enum HTTPRefusal: String, Sendable, CaseIterable {
    /// The request line, a header or the encoding of the path is wrong.
    case malformed
    /// The Host header names nobody this server answers for (a rebound DNS name).
    case foreignHost
    /// The Origin header names another site than the one asked.
    case foreignOrigin
    /// The body came without its length.
    case lengthRequired
    /// The body is longer than the server's bound.
    case bodyTooLarge
    /// The path with its query is longer than the server's bound.
    case pathTooLong
    /// The headers together are longer than the server's bound.
    case headersTooLarge
    /// A request with a body was sent before the answer to the one before it had been read.
    case pipelined
    /// The client asks to change to a protocol this server does not speak.
    case upgradeUnknown
    /// The handler let go of the request without an answer.
    case unanswered
    /// The server is about to stop.
    case stopping

    /// The status that goes with it.
    public var status: Int {
        switch self {
        case .malformed: 400
        case .foreignHost, .foreignOrigin: 403
        case .lengthRequired: 411
        case .bodyTooLarge: 413
        case .pathTooLong: 414
        case .headersTooLarge: 431
        case .pipelined: 400
        case .upgradeUnknown: 400
        case .unanswered: 500
        case .stopping: 503
        }
    }

    /// A stable word for programs.
    public var code: String {
        switch self {
        case .malformed: "HTTP_MALFORMED"
        case .foreignHost: "HTTP_FOREIGN_HOST"
        case .foreignOrigin: "HTTP_FOREIGN_ORIGIN"
        case .lengthRequired: "HTTP_LENGTH_REQUIRED"
        case .bodyTooLarge: "HTTP_BODY_TOO_LARGE"
        case .pathTooLong: "HTTP_PATH_TOO_LONG"
        case .headersTooLarge: "HTTP_HEADERS_TOO_LARGE"
        case .pipelined: "HTTP_PIPELINED"
        case .upgradeUnknown: "HTTP_UPGRADE_UNKNOWN"
        case .unanswered: "HTTP_UNANSWERED"
        case .stopping: "HTTP_STOPPING"
        }
    }

    /// One sentence for people.
    public var sentence: String {
        switch self {
        case .malformed: "The request is not well-formed HTTP."
        case .foreignHost: "The Host header names no host of this server; ask it by its address."
        case .foreignOrigin: "Pages of other sites may not use this server."
        case .lengthRequired: "Send the body with a Content-Length, not in chunks."
        case .bodyTooLarge: "The body is too long."
        case .pathTooLong: "The path with its query is too long."
        case .headersTooLarge: "The headers are too long."
        case .pipelined: "Wait for the answer before sending another request with a body."
        case .upgradeUnknown: "Only WebSocket (version 13) is offered as an upgrade of GET."
        case .unanswered: "The request found no answer; this is a mistake of the server."
        case .stopping: "The server is stopping; try again later."
        }
    }
}

/// The one chance to answer a request, from any thread and at any time.
///
/// Letting go of it without an answer gives the client status 500. When the client has left, an answer is
/// dropped in silence.
public final class HTTPResponder: Sendable {
    private let exchange: UInt64
    private let mailbox: Mailbox
    private let isAnswered = Atomic<Bool>(false)

    init(exchange: UInt64, mailbox: Mailbox) {
        self.exchange = exchange
        self.mailbox = mailbox
    }

    deinit {
        if take() { mailbox.post(.dropped(exchange)) }
    }

    /// Answers; false, without effect, when there has been an answer before.
    ///
    /// To a WebSocket the body goes as one text frame, followed by a close with 1000, or 4000 + status above 299.
    @discardableResult
    public func respond(_ response: HTTPResponse) -> Bool {
        guard take() else { return false }
        mailbox.post(.answered(exchange, response))
        return true
    }

    /// Answers with status 200 and lines that follow one by one: chunks, or text frames to a WebSocket.
    ///
    /// `onClose` runs once on the reactor thread when no further line can reach the client. The stream is closed
    /// from the start when there has been an answer before.
    public func openStream(
        contentType: String = "application/x-ndjson", onClose: @escaping @Sendable () -> Void = {}
    ) -> EventStream {
        let stream = EventStream(exchange: exchange, mailbox: mailbox, onClose: onClose)
        if take() {
            mailbox.post(.streamed(exchange, contentType, stream))
        } else {
            stream.abandon()
        }
        return stream
    }

    private func take() -> Bool {
        !isAnswered.exchange(true, ordering: .relaxed)
    }
}
