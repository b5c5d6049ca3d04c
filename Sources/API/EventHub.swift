internal import JSON
internal import Synchronization

/// The recent events of a node and those who listen.
///
/// Bound: `most` events and `mostBytes` bytes of their lines are kept; a listener that asks for older ones is
/// told of a gap. Events reach every listener in one order, because they are handed over under the lock.
public final class EventHub: Sendable {
    /// An event with its place in the order of this node, ready to be sent.
    struct Entry: Sendable {
        let number: UInt64
        let event: NodeEvent
        /// The line that subscribers get; made once and shared.
        let line: [UInt8]
    }

    /// What a listener hears.
    enum Message: Sendable {
        /// What it asked for is no longer kept; the line says from where on the rest follows.
        case gap([UInt8])
        case event(Entry)
    }

    /// Hears a message without waiting; false ends it.
    typealias Listener = @Sendable (Message) -> Bool

    private struct State: Sendable {
        var recent: [Entry] = []
        var bytes = 0
        var next: UInt64 = 1
        // In the order of registration.
        var listeners: [(token: UInt64, hear: Listener)] = []
        var nextToken: UInt64 = 1
    }

    private let state = Mutex(State())
    private let most: Int
    private let mostBytes: Int
    // A cursor of an earlier process says nothing about this one's events.
    private let run: UInt64

    /// Keeps at most this many events and bytes.
    public init(most: Int = 16_384, mostBytes: Int = 16 << 20) {
        self.most = max(1, most)
        self.mostBytes = mostBytes
        run = UInt64.random(in: 1 ... .max)
    }

    /// Hands events to every listener, in order.
    public func post(_ events: [NodeEvent]) {
        for event in events {
            let rest = EventHub.rest(of: event)
            state.withLock { state in
                let cursor = StreamCursor(run: run, number: state.next)
                let line = Array("{\"cursor\":\"\(cursor)\",".utf8) + rest
                let entry = Entry(number: state.next, event: event, line: line)
                state.next += 1
                keep(entry, in: &state)
                let gone = state.listeners.filter { !$0.hear(.event(entry)) }.map(\.token)
                if !gone.isEmpty { state.listeners.removeAll { gone.contains($0.token) } }
            }
        }
    }

    // A quarter more than the bound may gather, so that the array is not shifted for each event.
    private func keep(_ entry: Entry, in state: inout State) {
        state.recent.append(entry)
        state.bytes += entry.line.count
        guard state.recent.count > most + most / 4 || state.bytes > mostBytes + mostBytes / 4 else { return }
        var leaving = max(0, state.recent.count - most)
        var bytes = state.bytes - state.recent.prefix(leaving).reduce(0) { $0 + $1.line.count }
        while bytes > mostBytes, leaving < state.recent.count - 1 {
            bytes -= state.recent[leaving].line.count
            leaving += 1
        }
        state.recent.removeFirst(leaving)
        state.bytes = bytes
    }

    /// A token for a listener that is about to be registered, so that it can be forgotten at any time.
    func makeToken() -> UInt64 {
        state.withLock { state in
            defer { state.nextToken += 1 }
            return state.nextToken
        }
    }

    /// Lets a listener hear every event after a cursor; nil is from now on.
    func listen(_ token: UInt64, after cursor: StreamCursor?, _ hear: @escaping Listener) {
        // Registering and replaying under one lock keeps the order and loses nothing in between.
        state.withLock { state in
            if let cursor {
                let oldest = state.recent.first?.number ?? state.next
                let start = resume(after: cursor, oldest: oldest, next: state.next)
                if start.isMissing, !hear(.gap(gapLine(before: start.number))) { return }
                for entry in state.recent.dropFirst(Int(start.number - oldest)) {
                    guard hear(.event(entry)) else { return }
                }
            }
            state.listeners.append((token, hear))
        }
    }

    /// Ends a listener; one that has ended already is no error.
    func forget(_ token: UInt64) {
        state.withLock { $0.listeners.removeAll { $0.token == token } }
    }

    /// How many listen.
    var listenerCount: Int { state.withLock { $0.listeners.count } }

    // The first event to send, between `oldest` and `next`, and whether others before it are lost.
    private func resume(
        after cursor: StreamCursor, oldest: UInt64, next: UInt64
    ) -> (number: UInt64, isMissing: Bool) {
        guard cursor.run == run || cursor == .beginning else { return (oldest, true) }
        guard cursor.number < next else { return (next, true) }
        let wanted = cursor.number + 1
        return wanted < oldest ? (oldest, true) : (wanted, false)
    }

    private func gapLine(before number: UInt64) -> [UInt8] {
        let cursor = StreamCursor(run: run, number: number - 1)
        return JSONWriter.compact(["cursor": .string(cursor.description), "kind": "gap"])
    }

    // The line without its opening brace and cursor, made before the lock is taken.
    private static func rest(of event: NodeEvent) -> [UInt8] {
        var object = JSONObject()
        object["kind"] = .string(event.kind)
        object["chain"] = .string(event.chain)
        for member in event.body.object?.members ?? [] { object[member.key] = member.value }
        return Array(JSONWriter.compact(.object(object)).dropFirst())
    }
}

/// A place in a node's order of events: text that nobody needs to understand.
struct StreamCursor: Sendable, Equatable, CustomStringConvertible {
    /// Which run of the node; 0 stands for any.
    let run: UInt64
    let number: UInt64

    /// Before the first event.
    static let beginning = StreamCursor(run: 0, number: 0)

    init(run: UInt64, number: UInt64) {
        self.run = run
        self.number = number
    }

    /// Reads "0", or what `description` wrote.
    init?(text: String) {
        if text == "0" {
            self = .beginning
            return
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let run = UInt64(parts[0], radix: 16), let number = UInt64(parts[1]) else {
            return nil
        }
        self.init(run: run, number: number)
        guard description == text, run != 0 else { return nil }
    }

    var description: String { "\(String(run, radix: 16))-\(number)" }
}
