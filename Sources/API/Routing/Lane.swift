internal import Dispatch
internal import Synchronization

/// A thread for what would keep the reactor too long: reading blocks, adding up all value, stopping chains.
///
/// Bound: `most` requests wait; a further one is refused. They are served one after the other.
final class Lane: Sendable {
    private let queue: DispatchQueue
    private let waiting = Mutex(0)
    private let most: Int

    init(_ name: String, most: Int = 256) {
        queue = DispatchQueue(label: name)
        self.most = most
    }

    /// Does the work later on the lane's thread; false when too much waits.
    func run(_ work: @escaping @Sendable () -> Void) -> Bool {
        let isAdmitted = waiting.withLock { count in
            guard count < most else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { return false }
        queue.async { [self] in
            defer { waiting.withLock { $0 -= 1 } }
            work()
        }
        return true
    }
}
