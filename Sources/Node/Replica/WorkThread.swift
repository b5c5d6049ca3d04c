internal import Ledger
internal import Primitives

/// Searches light proofs of work on a thread of its own, one at a time.
///
/// A new search replaces the one before it: a replica builds one block at a time.
final class WorkThread: Sendable {
    private struct Search: Sendable {
        let bytes: [UInt8]
        let bits: UInt8
        let deadline: Instant
        let reply: @Sendable (UInt64?) -> Void
    }

    // Nonces tried between two looks at the clock and the box: about five milliseconds.
    private static let stride: UInt64 = 8_192
    private let searches = Mailbox<Search?>(most: 64)
    private let thread: OwnedThread

    /// Starts the thread; deadlines are by `clock`.
    init(name: String, clock: NodeClock) {
        thread = OwnedThread(name: "work-\(name)")
        thread.start { [searches] in WorkThread.run(searches, clock) }
    }

    /// Replies with the first nonce, or with nil after the deadline or when a later search begins.
    func search(
        _ bytes: [UInt8], bits: UInt8, until deadline: Instant, reply: @escaping @Sendable (UInt64?) -> Void
    ) {
        let search = Search(bytes: bytes, bits: bits, deadline: deadline, reply: reply)
        if !searches.post(search) { reply(nil) }
    }

    /// Ends the thread.
    func stop() {
        searches.post(nil, isUrgent: true)
        thread.join()
    }

    private static func run(_ searches: Mailbox<Search?>, _ clock: NodeClock) {
        var current: Search?
        var next: UInt64 = 0
        while true {
            for search in searches.drain(waiting: current == nil ? .seconds(86_400) : .zero) {
                current?.reply(nil)
                guard let search else { return }
                current = search
                next = 0
            }
            guard let search = current else { continue }
            let found = LightWork.search(search.bytes, bits: search.bits, nonces: next..<next + stride)
            next += stride
            if found != nil || clock.now() >= search.deadline {
                search.reply(found)
                current = nil
            }
        }
    }
}
