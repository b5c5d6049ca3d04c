internal import Synchronization

/// What a courier works on, and whether work is waiting.
final class CourierState: Sendable {
    private struct State: Sendable {
        var main: ChainHost?
        var sides: SideChainManager?
        var isWaiting = false
        var isStopped = false
    }

    private let state = Mutex(State())

    func attach(_ main: ChainHost, _ sides: SideChainManager) {
        state.withLock { state in
            state.main = main
            state.sides = sides
        }
    }

    /// True when the caller must schedule the work.
    func beginWaiting() -> Bool {
        state.withLock { state in
            guard !state.isWaiting, !state.isStopped, state.main != nil else { return false }
            state.isWaiting = true
            return true
        }
    }

    func endWaiting() -> (ChainHost, SideChainManager)? {
        state.withLock { state in
            state.isWaiting = false
            guard !state.isStopped, let main = state.main, let sides = state.sides else { return nil }
            return (main, sides)
        }
    }

    func stop() { state.withLock { $0.isStopped = true } }
}
