internal import Dispatch
internal import Foundation
internal import Synchronization

/// A named thread that its owner starts once and joins.
final class OwnedThread: Sendable {
    private let done = DispatchSemaphore(value: 0)
    private let name: String

    init(name: String) { self.name = name }

    /// Runs the body on the new thread.
    func start(_ body: @escaping @Sendable () -> Void) {
        let done = done
        let thread = Thread {
            body()
            done.signal()
        }
        thread.name = String(name.prefix(15))
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Waits until the body has returned; false when it has not within `seconds`.
    @discardableResult
    func join(seconds: Int = 10) -> Bool {
        guard done.wait(timeout: .now() + .seconds(seconds)) == .success else { return false }
        done.signal()
        return true
    }
}
