internal import Primitives

/// The weight of one voter's locks: concave in the account's total, linear in time (`mathematics.md` 1.3).
public enum VoterWeight {
    /// floor(F(T) · Σ amount · t / T); nil when a sum or the product does not fit.
    ///
    /// It always fits on a chain whose supply stays below 2^59 base units, which genesis makes sure of.
    public static func weight(of locks: [StakeLock], at now: Slot, map: StakeMap) -> UInt64? {
        var total: UInt64 = 0
        var timed: UInt128 = 0
        for lock in locks {
            let (sum, overflow) = total.addingReportingOverflow(lock.amount.units)
            guard !overflow else { return nil }
            total = sum
            timed += UInt128(lock.amount.units) * UInt128(lock.timeGain(at: now))
        }
        guard total > 0 else { return 0 }
        let stake = UInt128(map.concave(Amount(units: total)).units)
        let (product, overflow) = stake.multipliedReportingOverflow(by: timed)
        return overflow ? nil : UInt64(exactly: product / UInt128(total))
    }
}
