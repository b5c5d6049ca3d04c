public import Primitives

/// What is done to one node while the others go on (`anchors.md` 6.2, R1).
public enum Perturbation: UInt8, CaseIterable, Sendable {
    /// Its links are down.
    case disconnect
    /// Its process stands still; what arrives meanwhile waits.
    case pause
    /// Its process ends in the middle of a step and starts later.
    case kill
    /// Its process ends between two steps and starts at once.
    case restart
    /// A new program starts on the byte forms of everything that the old one kept.
    case upgrade
}

/// How often nodes are perturbed, one after the other, and how soon each must be back.
public struct PerturbationPlan: Sendable, Hashable {
    /// How many; every kind comes up before one comes again.
    public var count = 11
    /// Time between the beginnings of two.
    public var spacing = Instant.Span.seconds(12)
    /// How long links stay down and processes stand still or stay away.
    public var length = Instant.Span.seconds(10)
    /// Within this time a node must reach the height that was final when it came back.
    public var patience = Instant.Span.seconds(20)

    /// The standard schedule.
    public init() {}

    /// When the last one is over and its patience too.
    var end: Instant.Span {
        Instant.Span(
            milliseconds: spacing.milliseconds * UInt64(count + 1) + length.milliseconds
                + patience.milliseconds)
    }
}

/// How a node came back.
public struct Recovery: Sendable, Equatable {
    /// The node.
    public let node: Int
    /// What was done to it.
    public let perturbation: Perturbation
    /// How long it took to reach the height that was final when it came back.
    public let span: Instant.Span
}
