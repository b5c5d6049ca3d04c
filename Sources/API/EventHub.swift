internal import Synchronization

/// The recent events of a node and those who listen.
///
/// Bound: `most` events are kept; a listener that asks for older ones is told of a gap.
public final class EventHub: Sendable {
    /// An event with its place in the order of this node.
    public struct Entry: Sendable {
        /// Counts the events of this process from 1.
        public let cursor: UInt64
        /// What happened.
        public let event: NodeEvent
    }

    private struct State: Sendable {
        var recent: [Entry] = []
        var next: UInt64 = 1
        var listeners: [UInt64: @Sendable (Entry) -> Bool] = [:]
        var nextListener: UInt64 = 1
    }

    private let state = Mutex(State())
    private let most: Int

    /// Keeps at most this many events.
    public init(most: Int = 16_384) { self.most = most }

    /// Hands events to every listener, in order.
    public func post(_ events: [NodeEvent]) {
        for event in events {
            let (entry, listeners) = append(event)
            let gone = listeners.filter { !$0.hear(entry) }.map(\.token)
            if !gone.isEmpty {
                state.withLock { state in for token in gone { state.listeners[token] = nil } }
            }
        }
    }

    private func append(_ event: NodeEvent) -> (Entry, [(token: UInt64, hear: @Sendable (Entry) -> Bool)]) {
        state.withLock { state in
            let entry = Entry(cursor: state.next, event: event)
            state.next += 1
            state.recent.append(entry)
            if state.recent.count > most + most / 4 { state.recent.removeFirst(state.recent.count - most) }
            return (entry, state.listeners.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        }
    }

    /// Hears every event after a cursor (nil: from now on); the listener ends by returning false.
    ///
    /// Returns true when events after the cursor are no longer kept.
    public func listen(after cursor: UInt64?, _ hear: @escaping @Sendable (Entry) -> Bool) -> Bool {
        // Registering and replaying under one lock keeps the order and loses nothing in between.
        state.withLock { state in
            var isMissing = false
            if let cursor {
                isMissing =
                    cursor >= state.next
                    || (state.recent.first.map { $0.cursor > cursor + 1 } ?? (cursor > 0))
                for entry in state.recent where entry.cursor > cursor {
                    guard hear(entry) else { return isMissing }
                }
            }
            state.listeners[state.nextListener] = hear
            state.nextListener += 1
            return isMissing
        }
    }
}
