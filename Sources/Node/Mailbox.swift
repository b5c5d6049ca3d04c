internal import Dispatch
package import Primitives
internal import Synchronization

/// The only way into a thread: values are posted under a short lock and drained by swapping the array.
///
/// Bound: `most` messages. When full, messages of peers are dropped (the protocol repeats them) and
/// the sender is told so.
package final class Mailbox<Message: Sendable>: Sendable {
    private let messages = Mutex<[Message]>([])
    private let signal = DispatchSemaphore(value: 0)
    private let most: Int

    /// An empty box with this bound.
    package init(most: Int = 100_000) { self.most = most }

    /// Adds a message; false when the box is full and the message was dropped.
    ///
    /// An urgent one enters a full box too: those are few, such as the order to stop.
    @discardableResult
    package func post(_ message: Message, isUrgent: Bool = false) -> Bool {
        let position = messages.withLock { box -> Int? in
            guard box.count < most || isUrgent else { return nil }
            box.append(message)
            return box.count
        }
        guard let position else { return false }
        // The reader takes everything at once, so only the first message must wake it.
        if position == 1 { signal.signal() }
        return true
    }

    /// Everything posted so far; waits this long at most until there is something.
    package func drain(waiting span: Instant.Span) -> [Message] {
        let taken = take()
        guard taken.isEmpty else {
            // Their signal would only wake the next wait for nothing.
            _ = signal.wait(timeout: .now())
            return taken
        }
        let wait = span.milliseconds
        if wait > 0 {
            // A day at most: nothing here waits for ever.
            _ = signal.wait(timeout: .now() + .milliseconds(Int(min(wait, 86_400_000))))
        }
        return take()
    }

    private func take() -> [Message] {
        messages.withLock { box in
            let taken = box
            box.removeAll(keepingCapacity: true)
            return taken
        }
    }
}
