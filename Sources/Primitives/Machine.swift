/// A protocol as a pure state machine: inputs and time in, effects out.
///
/// `step` is total: it never throws, suspends or blocks. Bad input becomes an effect. The caller
/// performs effects in order and makes each `persist`-like effect durable before any that follow it
/// leave the process.
public protocol Machine {
    /// What may happen to the machine.
    associatedtype Input: Sendable
    /// What the outside world must do.
    associatedtype Effect: Sendable
    /// Takes one input at a given time and appends what must be done, in order.
    mutating func step(_ input: Input, at now: Instant, into effects: inout [Effect])
}
