/// Where finished towers come from: a machine that needs one asks here and never learns how it was made.
///
/// Whatever the source does, it gives the one tower that the input and the profile define.
public protocol TowerSource: Sendable {
    /// The tower; the caller waits until there is one.
    func tower(over input: TowerInput, profile: TowerProfile) -> TimeTower
}

/// Builds every tower where it is asked for.
public struct ImmediateTowers: TowerSource {
    /// There is nothing to set up.
    public init() {}

    /// Builds the tower on the calling thread.
    public func tower(over input: TowerInput, profile: TowerProfile) -> TimeTower {
        TimeTower(over: input, profile: profile)
    }
}
