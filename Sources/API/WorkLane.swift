/// Does work on another thread, one piece after the other, so that the reactor never waits.
public protocol WorkLane: Sendable {
    /// Takes a piece of work; false when too much waits already.
    func run(_ work: @escaping @Sendable () -> Void) -> Bool
}
