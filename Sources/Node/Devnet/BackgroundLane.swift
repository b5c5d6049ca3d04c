internal import API
internal import Dispatch
internal import Synchronization

/// A queue for what would keep the interface's reactor too long.
///
/// Bound: `most` pieces of work wait; a further one is refused.
final class BackgroundLane: WorkLane {
    private let queue: DispatchQueue
    private let waiting = Mutex(0)
    private let most: Int

    init(_ name: String, most: Int) {
        queue = DispatchQueue(label: name)
        self.most = most
    }

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
