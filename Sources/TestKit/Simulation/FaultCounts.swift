/// What was injected into a run, by kind.
public struct FaultCounts: Sendable, Equatable {
    /// Messages that the network lost.
    public var losses: UInt64 = 0
    /// Messages that arrived twice.
    public var duplicates: UInt64 = 0
    /// Messages that a partition or an adversary kept back.
    public var cuts: UInt64 = 0
    /// Crashes in the middle of a step.
    public var crashes: UInt64 = 0
    /// What liars sent or held back.
    public var lies: UInt64 = 0
    /// Nodes that were disconnected, paused, killed, restarted or upgraded.
    public var perturbations: UInt64 = 0

    /// Nothing yet.
    public init() {}

    /// All kinds together.
    public var total: UInt64 { losses + duplicates + cuts + crashes + lies + perturbations }

    /// Adds another run's.
    public static func += (left: inout FaultCounts, right: FaultCounts) {
        left.losses += right.losses
        left.duplicates += right.duplicates
        left.cuts += right.cuts
        left.crashes += right.crashes
        left.lies += right.lies
        left.perturbations += right.perturbations
    }
}

extension FaultCounts: CustomStringConvertible {
    /// Kinds and counts.
    public var description: String {
        "\(losses) lost, \(duplicates) doubled, \(cuts) cut, \(crashes) crashes, \(lies) lies,"
            + " \(perturbations) perturbations"
    }
}
