internal import Synchronization

/// Where a server listens and what it puts up with.
public struct HTTPServerConfiguration: Sendable {
    /// The address to listen on: IPv4 in dotted form, 127.0.0.1 unless said otherwise.
    public var host = "127.0.0.1"

    /// The port; 0 lets the system choose a free one.
    public var port: UInt16 = 0

    /// The longest body of a request in bytes; longer ones are answered 413.
    public var maximumBodyBytes = 1 << 20

    /// The longest decoded path with query in bytes; longer ones are answered 414.
    public var maximumPathBytes = 4096

    /// The longest headers together in bytes; longer ones are answered 431, and far longer ones cut off.
    public var maximumHeaderBytes = 8192

    /// How many connections may be open; further ones are closed at once.
    public var maximumConnections = 1024

    /// How long a connection may rest between requests.
    public var idleTime = Duration.seconds(60)

    /// How long a client may take to send a request, and to accept each 64 KiB of an answer.
    public var transferTime = Duration.seconds(20)

    /// How long `stop` waits for answers under way.
    public var stopTime = Duration.seconds(2)

    /// Host names this server answers for, in lower case, without port; nil answers for any.
    ///
    /// Pages of strangers can point a name of theirs at a loopback address; this list keeps them out.
    public var allowedHosts: [String]? = ["127.0.0.1", "localhost", "[::1]"]

    /// Whether pages of other sites may send requests; without it their Origin header is answered 403.
    public var allowsForeignOrigins = false

    /// Names in lower case of uncommon headers to hand to the handler; common ones are always handed over.
    public var extraHeaders: [String] = []

    /// Takes the library's error messages, on the reactor thread.
    public var onLog: @Sendable (String) -> Void = { _ in }

    /// Loopback, a free port, and the bounds above.
    public init() {}
}

/// An HTTP/1.1 and WebSocket server: one reactor thread that owns every socket and calls one handler.
public final class HTTPServer: Sendable {
    private enum Phase: Sendable {
        case fresh
        case running(NamedThread, port: UInt16)
        case stopped
    }

    private let configuration: HTTPServerConfiguration
    private let handler: any HTTPHandler
    private let mailbox = Mailbox()
    private let finished = Signal()
    private let phase = Mutex(Phase.fresh)

    /// A server that does not listen yet.
    public init(configuration: HTTPServerConfiguration = .init(), handler: any HTTPHandler) {
        self.configuration = configuration
        self.handler = handler
    }

    deinit {
        stop()
    }

    /// Listens, and returns only when connections are accepted; a server starts once.
    public func start() throws(TransportFailure) {
        let attempted = "listen on \(configuration.host):\(configuration.port)"
        let isFresh = phase.withLock { phase in
            guard case .fresh = phase else { return false }
            phase = .stopped
            return true
        }
        guard isFresh else { throw TransportFailure(.alreadyStarted, attempted: attempted) }
        let outcome = Outcome()
        let (configuration, handler, mailbox, finished) = (configuration, handler, mailbox, finished)
        let thread = NamedThread(name: "reactor") {
            Reactor(configuration: configuration, handler: handler, mailbox: mailbox).run { result in
                outcome.settle(result)
            }
            finished.raise()
        }
        guard let thread else { throw TransportFailure(.exhausted, attempted: attempted) }
        switch outcome.wait() {
        case .success(let port): phase.withLock { $0 = .running(thread, port: port) }
        case .failure(let failure):
            thread.join()
            throw failure
        }
    }

    /// The port listened on; nil before `start` and after `stop`.
    public var port: UInt16? {
        phase.withLock { phase in
            guard case .running(_, let port) = phase else { return nil }
            return port
        }
    }

    /// Ends streams, waits for answers under way at most the configured time, then closes every socket.
    ///
    /// Returns when the reactor thread has ended. Must not be called from a handler.
    public func stop() {
        let running = phase.withLock { phase -> NamedThread? in
            guard case .running(let thread, _) = phase else { return nil }
            phase = .stopped
            return thread
        }
        guard let running else { return }
        precondition(!running.isCurrent, "A server was stopped from its own reactor thread.")
        mailbox.post(.stop)
        if !finished.wait(atMost: configuration.stopTime) { mailbox.post(.abort) }
        running.join()
    }
}

// What the reactor says about its start, handed from its thread to the one that waits.
private final class Outcome: Sendable {
    private let result = Mutex<Result<UInt16, TransportFailure>?>(nil)
    private let signal = Signal()

    func settle(_ result: Result<UInt16, TransportFailure>) {
        self.result.withLock { $0 = result }
        signal.raise()
    }

    func wait() -> Result<UInt16, TransportFailure> {
        while true {
            signal.wait()
            if let settled = result.withLock({ $0 }) { return settled }
        }
    }
}
