public import Primitives

/// How a round's bonus reaches voters (`mathematics.md` 4.3).
///
/// Half goes to the members in equal shares, each shared by that member's voters; the other half, the
/// carry of the round before and what does not divide go to the voters of one member that chance names. What floors
/// lose and what nobody voted for is carried to the next round.
public struct BonusSplit: Sendable, Hashable {
    /// What the voters of each member share.
    public let share: Amount
    /// What the voters of the lucky member share besides.
    public let luckyHalf: Amount

    /// Cuts a pool and the carry for `seats` members, at least one; nil when the sum does not fit.
    public init?(pool: Amount, carry: Amount, seats: Int) {
        let half = pool.units / 2
        share = Amount(units: half / UInt64(max(1, seats)))
        let spread = share.units * UInt64(max(1, seats))
        guard let lucky = Amount(units: pool.units - spread).adding(carry) else { return nil }
        luckyHalf = lucky
    }

    /// What one voter gets of an amount that voters of together `total` share; zero when nobody votes.
    public static func part(of amount: Amount, weight: UInt64, total: UInt64) -> Amount {
        guard weight > 0, weight <= total else { return .zero }
        let product = UInt128(amount.units) * UInt128(weight)
        return Amount(units: UInt64(truncatingIfNeeded: product / UInt128(total)))
    }

    /// What a voter of a member gets, by weight among that member's voters.
    public func payment(weight: UInt64, total: UInt64, isLucky: Bool) -> Payment {
        Payment(
            share: BonusSplit.part(of: share, weight: weight, total: total),
            lucky: isLucky ? BonusSplit.part(of: luckyHalf, weight: weight, total: total) : .zero)
    }

    /// The two parts of a payment.
    public struct Payment: Sendable, Hashable {
        /// Of the member's equal share.
        public let share: Amount
        /// Of the lucky half.
        public let lucky: Amount

        /// Both parts; they are parts of one pool, so that the sum fits.
        public var total: Amount { Amount(units: share.units + lucky.units) }
    }
}
