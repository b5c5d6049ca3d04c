public import Primitives

/// One chain's consensus on one node: Simplex views, rounds, finality and catching up (`consensus.md` 2–3).
public struct Replica: Machine {
    /// Rebuilds the replica from what was durable.
    public init(_ configuration: ReplicaConfiguration, from start: ReplicaStart) {}

    /// Takes one input at a given time and appends what must be done, in order.
    public mutating func step(_ input: Input, at now: Instant, into effects: inout [Effect]) {}
}
