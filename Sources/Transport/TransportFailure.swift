/// What kept a server from listening or a client from getting its answer: the network's fault, not the caller's.
public struct TransportFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure, for decisions; the rest is for people.
    public enum Code: Sendable, Equatable {
        /// Another socket already listens on the address.
        case addressInUse
        /// The host is not an address of this machine.
        case addressUnavailable
        /// The system does not allow it, as with ports below 1024.
        case notPermitted
        /// The server has been started before; make a new one.
        case alreadyStarted
        /// The library or the system has no memory, threads or descriptors left.
        case exhausted
        /// The text is no http or https URL.
        case invalidURL
        /// No address belongs to the host's name.
        case unresolved
        /// Nobody listens at the address.
        case refused
        /// The time allowed is over.
        case timedOut
        /// The answer, or one line of a stream, is longer than the bound in bytes.
        case tooLarge(limit: Int)
        /// The connection broke before the answer was whole.
        case disconnected
        /// The other side does not speak HTTP, or its certificate does not hold.
        case protocolBroken
        /// The caller asked to stop waiting.
        case interrupted
    }

    /// The kind of failure.
    public let code: Code

    /// What was being done: `listen on 127.0.0.1:4096`, `GET http://…`.
    public let attempted: String

    /// The library's own words; empty when there are none.
    public let detail: String

    /// A failure of one's own making, for those who stand in for a transport.
    public init(_ code: Code, attempted: String, detail: String = "") {
        self.code = code
        self.attempted = attempted
        self.detail = detail
    }

    /// One sentence with what was attempted and what came of it.
    public var description: String {
        "Could not \(attempted): \(reason)" + (detail.isEmpty ? "." : " (\(detail)).")
    }

    private var reason: String {
        switch code {
        case .addressInUse: "the address is in use"
        case .addressUnavailable: "the address does not belong to this machine"
        case .notPermitted: "the system does not permit it"
        case .alreadyStarted: "the server has been started before"
        case .exhausted: "memory, threads or descriptors are exhausted"
        case .invalidURL: "this is no http or https URL"
        case .unresolved: "the host's name is unknown"
        case .refused: "nobody listens there"
        case .timedOut: "the time allowed is over"
        case .tooLarge(let limit): "the answer has more than \(limit) bytes"
        case .disconnected: "the connection broke"
        case .protocolBroken: "the other side does not speak HTTP properly"
        case .interrupted: "it was interrupted"
        }
    }
}
