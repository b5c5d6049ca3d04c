public import Ledger
public import Primitives

/// The concave map F from a locked balance to its weight (`mathematics.md` 1.1).
///
/// Each part of the balance counts at its bracket's rate, so that more stake is always more weight, by less
/// and less. One division at the end keeps it exact.
public struct StakeMap: Sendable, Hashable {
    private let brackets: [StakingParameters.Bracket]

    /// The main chain's brackets.
    public static let main = StakeMap(StakingParameters.main.brackets)

    /// A map of brackets without defect.
    public init(_ brackets: [StakingParameters.Bracket]) { self.brackets = brackets }

    /// F of an amount, never above it.
    public func concave(_ amount: Amount) -> Amount {
        var total: UInt128 = 0
        var lower: UInt64 = 0
        for bracket in brackets {
            let top = min(amount.units, bracket.end?.units ?? .max)
            total += UInt128(top - lower) * UInt128(bracket.rate)
            guard top < amount.units else { break }
            lower = top
        }
        return Amount(units: UInt64(truncatingIfNeeded: total / UInt128(StakingParameters.rateOne)))
    }
}
