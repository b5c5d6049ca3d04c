internal import CCurl
internal import Synchronization

/// Asks other servers: one call at a time per connection, any number of threads at once.
///
/// Connections are kept between calls. Only http and https are spoken, redirects are not followed, and proxies
/// named by the environment are not used for loopback addresses.
public final class HTTPClient: Sendable {
    /// A way to end a call from another thread.
    public final class Interruption: Sendable {
        private struct State {
            var isRaised = false
            var handle: CurlHandle?
        }

        private let state = Mutex(State())

        /// An interruption that has not happened.
        public init() {}

        /// Whether it has happened.
        public var isRaised: Bool {
            state.withLock { $0.isRaised }
        }

        /// Ends the call it was given to, now or as soon as that begins, with `interrupted`.
        public func interrupt() {
            state.withLock { state in
                state.isRaised = true
                state.handle?.wake()
            }
        }

        func attach(_ handle: CurlHandle?) {
            state.withLock { $0.handle = handle }
        }
    }

    /// The longest answer accepted, in bytes.
    public let maximumAnswerBytes: Int

    // At most this many idle connections' owners are kept; others are closed after their call.
    private static let maximumIdle = 8

    private let idle = Mutex<[CurlHandle]>([])

    /// A client without connections that accepts answers of at most this many bytes.
    public init(maximumAnswerBytes: Int = 16 << 20) {
        self.maximumAnswerBytes = maximumAnswerBytes
    }

    /// Sends one request and waits for its whole answer, whatever its status.
    public func send(
        method: HTTPMethod = .get, url: String, headers: [HTTPHeader] = [], body: [UInt8] = [],
        timeout: Duration = .seconds(30), interruption: Interruption? = nil
    ) throws(TransportFailure) -> HTTPResponse {
        let call = CurlCall(
            method: method, url: url, headers: headers, body: body, timeout: timeout,
            maximumBytes: maximumAnswerBytes, onLine: nil)
        return try perform(call, interruption)
    }

    /// Reads an answer line by line until the server ends it or `onLine` gives false.
    ///
    /// Lines come without line feed and are at most `maximumAnswerBytes` long. An answer other than 200 is
    /// returned whole without calling `onLine`. The time-out ends the call however many lines came; nil waits
    /// for ever.
    @discardableResult
    public func stream(
        url: String, headers: [HTTPHeader] = [], timeout: Duration? = nil, interruption: Interruption? = nil,
        onLine: @escaping ([UInt8]) -> Bool
    ) throws(TransportFailure) -> HTTPResponse {
        let call = CurlCall(
            method: .get, url: url, headers: headers, body: [], timeout: timeout,
            maximumBytes: maximumAnswerBytes, onLine: onLine)
        return try perform(call, interruption)
    }

    private func perform(
        _ call: CurlCall, _ interruption: Interruption?
    ) throws(TransportFailure) -> HTTPResponse {
        guard let handle = idle.withLock({ $0.popLast() }) ?? CurlHandle() else {
            throw TransportFailure(.exhausted, attempted: call.attempted)
        }
        interruption?.attach(handle)
        let result = handle.perform(call) { interruption?.isRaised ?? false }
        interruption?.attach(nil)
        idle.withLock { idle in
            if idle.count < HTTPClient.maximumIdle { idle.append(handle) }
        }
        return try result.get()
    }
}
