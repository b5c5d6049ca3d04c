public import Primitives

/// How a round's fees reach its producers: evenly by block, the remainder with the last (`mathematics.md` D-12).
public enum FeeSplit {
    /// What each of a round's blocks earns, in order; empty without blocks.
    public static func shares(of fees: Amount, blocks: Int) -> [Amount] {
        guard blocks > 0 else { return [] }
        let each = fees.units / UInt64(blocks)
        var shares = Array(repeating: Amount(units: each), count: blocks)
        shares[blocks - 1] = Amount(units: fees.units - each * UInt64(blocks - 1))
        return shares
    }
}
