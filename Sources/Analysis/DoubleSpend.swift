internal import Glibc

/// The race of an attacker with part `q` of the work against `z` confirmations (`mathematics.md` 8).
public enum DoubleSpend {
    /// The most confirmations that are computed.
    public static let limit = 100_000

    /// The exact chance that the attacker wins; 1 from half of the work on, nil outside 0...1 and `limit`.
    ///
    /// P = 2 Σ_{k<z} C(k+z-1, k) q^z p^k: both ways to win, drawing level from behind and being ahead already, have
    /// the same terms. The sum starts at its largest term and has positive terms only, so that tiny chances
    /// keep their relative precision.
    public static func probability(share q: Double, confirmations z: Int) -> Double? {
        guard (0...1).contains(q), (0...limit).contains(z) else { return nil }
        guard z > 0, q < 0.5 else { return 1 }
        guard q > 0 else { return 0 }
        let p = 1 - q
        var term = largestTerm(q, p, z)
        var sum = 0.0
        for k in stride(from: z - 1, through: 0, by: -1) {
            sum += term
            term *= Double(k) / (Double(k + z - 1) * p)
            if term == 0 { break }
        }
        return 2 * sum
    }

    // C(2z-2, z-1) q^z p^(z-1) as a product whose factors fall from z·pq to 2pq. Taking them from either end, as the
    // product is small or large, keeps it within range.
    private static func largestTerm(_ q: Double, _ p: Double, _ z: Int) -> Double {
        var product = q
        var (first, last) = (1, z - 1)
        func factor(_ i: Int) -> Double { Double(z - 1 + i) / Double(i) * p * q }
        while first <= last {
            if product < 1 {
                product *= factor(first)
                first += 1
            } else {
                product *= factor(last)
                last -= 1
            }
        }
        return product
    }

    /// The Poisson approximation of the 2008 paper, for comparison: too low for small risks.
    public static func poisson(share q: Double, confirmations z: Int) -> Double? {
        guard (0...1).contains(q), (0...limit).contains(z) else { return nil }
        guard z > 0, q < 0.5 else { return 1 }
        let ratio = q / (1 - q)
        let lambda = Double(z) * ratio
        var (total, term) = (1.0, exp(-lambda))
        for k in 0...z {
            total -= term * (1 - Seats.power(ratio, z - k))
            term *= lambda / Double(k + 1)
        }
        return total
    }

    /// The fewest confirmations with a chance strictly below `risk`; nil when `limit` is not enough.
    public static func confirmations(
        share: Double, risk: Double,
        by model: (Double, Int) -> Double? = { probability(share: $0, confirmations: $1) }
    ) -> Int? {
        guard risk > 0, (0..<0.5).contains(share) else { return nil }
        func isEnough(_ z: Int) -> Bool { (model(share, z) ?? 1) < risk }
        var high = 1
        while !isEnough(high) {
            guard high < limit else { return nil }
            high = min(high * 2, limit)
        }
        var low = 0
        while high - low > 1 {
            let middle = (low + high) / 2
            if isEnough(middle) { high = middle } else { low = middle }
        }
        return isEnough(0) ? 0 : high
    }
}
