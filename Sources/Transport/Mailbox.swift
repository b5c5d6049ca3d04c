internal import CWebSockets
internal import Glibc
internal import Synchronization

// What other threads tell the reactor. Bounded by the open exchanges: each has at most one answer and one
// announcement of stream lines under way.
enum ReactorMessage: Sendable {
    case answered(UInt64, HTTPResponse)
    case streamed(UInt64, String, EventStream)
    case ready(UInt64)
    case dropped(UInt64)
    case stop
    case abort
}

// The way into the reactor thread. After `close` everything posted is dropped: nobody is left to serve.
final class Mailbox: Sendable {
    private struct State {
        var messages: [ReactorMessage] = []
        // The context's address: pointers may not enter a lock from outside.
        var context: UInt = 0
        var reactor: pthread_t?
        var isOpen = false
        var isWoken = false
    }

    private let state = Mutex(State())

    func open(context: OpaquePointer) {
        let address = UInt(bitPattern: context)
        state.withLock { state in
            state.context = address
            state.reactor = pthread_self()
            state.isOpen = true
        }
    }

    func close() {
        let undelivered = state.withLock { state in
            state.context = 0
            state.isOpen = false
            let messages = state.messages
            state.messages = []
            return messages
        }
        for case .streamed(_, _, let stream) in undelivered { stream.abandon() }
    }

    func post(_ message: ReactorMessage) {
        let isDelivered = state.withLock { state -> Bool in
            guard state.isOpen, let context = unsafe OpaquePointer(bitPattern: state.context) else {
                return false
            }
            state.messages.append(message)
            let isElsewhere = state.reactor.map { pthread_equal($0, pthread_self()) == 0 } ?? true
            if !state.isWoken && isElsewhere {
                state.isWoken = true
                // One write to a pipe, kept inside the lock so that the context cannot be destroyed meanwhile.
                unsafe lws_cancel_service(context)
            }
            return true
        }
        if !isDelivered, case .streamed(_, _, let stream) = message { stream.abandon() }
    }

    // On the reactor thread: everything posted so far, in order.
    func drain() -> [ReactorMessage] {
        state.withLock { state in
            state.isWoken = false
            guard !state.messages.isEmpty else { return [] }
            let messages = state.messages
            state.messages = []
            return messages
        }
    }
}
