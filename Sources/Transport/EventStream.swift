internal import Synchronization

/// Lines on their way to one client, sent from any thread and bounded in number and bytes.
///
/// When a client reads too slowly and the bound is met, the stream ends after the lines already accepted with
/// `{"error":"SLOW_CONSUMER",…}`: no line is ever skipped, so the client resumes after the last one it got.
public final class EventStream: Sendable {
    /// How many lines may wait for one client.
    public static let maximumLines = 4096

    /// How many bytes may wait for one client.
    public static let maximumBytes = 4 << 20

    private struct State {
        var lines: [[UInt8]] = []
        var bytes = 0
        var isOpen = true
        var isAbandoned = false
        var isAnnounced = false
    }

    private let exchange: UInt64
    private let mailbox: Mailbox
    private let onClose: @Sendable () -> Void
    private let state = Mutex(State())

    init(exchange: UInt64, mailbox: Mailbox, onClose: @escaping @Sendable () -> Void) {
        self.exchange = exchange
        self.mailbox = mailbox
        self.onClose = onClose
    }

    /// Whether lines are still accepted.
    public var isOpen: Bool {
        state.withLock { $0.isOpen }
    }

    /// Queues one line, given without line feed; false when the stream is closed or closes because it is full.
    ///
    /// The bytes are shared, not copied: encode a line once and send it to many streams.
    @discardableResult
    public func send(_ line: [UInt8]) -> Bool {
        let (accepted, announce) = state.withLock { state -> (Bool, Bool) in
            guard state.isOpen else { return (false, false) }
            let fits =
                state.lines.count < EventStream.maximumLines
                && state.bytes + line.count <= EventStream.maximumBytes
            state.lines.append(fits ? line : EventStream.slowConsumer)
            state.bytes += line.count
            state.isOpen = fits
            return (fits, EventStream.announce(&state))
        }
        if announce { mailbox.post(.ready(exchange)) }
        return accepted
    }

    /// Ends the stream after the lines already accepted.
    public func close() {
        let announce = state.withLock { state -> Bool in
            guard state.isOpen else { return false }
            state.isOpen = false
            return EventStream.announce(&state)
        }
        if announce { mailbox.post(.ready(exchange)) }
    }

    static let slowConsumer = Array(
        #"{"error":"SLOW_CONSUMER","message":"Lines were not read in time; resume after the last one."}"#.utf8
    )

    private static func announce(_ state: inout State) -> Bool {
        defer { state.isAnnounced = true }
        return !state.isAnnounced
    }
}

extension EventStream {
    // Takes what waits, on the reactor thread: all lines, and whether they are the last.
    func take() -> (lines: [[UInt8]], isLast: Bool) {
        state.withLock { state in
            let lines = state.lines
            state.lines = []
            state.bytes = 0
            state.isAnnounced = false
            return (lines, !state.isOpen)
        }
    }

    // The client is gone or has been served: nothing sent from now on can reach it.
    func abandon() {
        let isFirst = state.withLock { state -> Bool in
            defer { state.isAbandoned = true }
            state.isOpen = false
            state.lines = []
            state.bytes = 0
            return !state.isAbandoned
        }
        if isFirst { onClose() }
    }
}
