internal import Glibc

/// Chances of a coalition and of producers in a round (`mathematics.md` 8).
///
/// Distributions are walked from their most likely value by ratios of neighbours and divided by their sum: no
/// factorial overflows, and tiny tails keep their relative precision.
public enum Seats {
    /// The bound of every count.
    public static let limit = 1_000_000

    /// P(at least `least` of `seats` go to a coalition that gets each with chance `share`); nil outside 0...1.
    public static func binomial(share: Double, seats: Int, atLeast least: Int) -> Double? {
        guard (0...1).contains(share), (0...limit).contains(seats) else { return nil }
        if least <= 0 { return 1 }
        if least > seats || share == 0 { return 0 }
        if share == 1 { return 1 }
        let odds = share / (1 - share)
        let mode = min(seats, Int(Double(seats + 1) * share))
        return tail(from: least, in: 0...seats, mode: mode) { j in
            Double(seats - j) / Double(j + 1) * odds
        }
    }

    /// P(at least `least` of `seats` drawn without replacement from `miners` are among `coalition` of them).
    ///
    /// Nil unless 0 ≤ coalition ≤ miners, 0 ≤ seats ≤ miners and all counts are within `limit`.
    public static func hypergeometric(
        miners: Int, coalition: Int, seats: Int, atLeast least: Int
    ) -> Double? {
        guard (0...limit).contains(miners), (0...miners).contains(coalition), (0...miners).contains(seats)
        else { return nil }
        let possible = max(0, seats - (miners - coalition))...min(seats, coalition)
        if least <= possible.lowerBound { return 1 }
        if least > possible.upperBound { return 0 }
        let mode = Int(Double(seats + 1) * Double(coalition + 1) / Double(miners + 2))
        return tail(from: least, in: possible, mode: mode) { j in
            Double(coalition - j) * Double(seats - j)
                / (Double(j + 1) * Double(miners - coalition - seats + j + 1))
        }
    }

    // `ratio(j)` is the weight of j + 1 divided by the weight of j.
    private static func tail(
        from least: Int, in range: ClosedRange<Int>, mode: Int, ratio: (Int) -> Double
    ) -> Double {
        let start = min(max(mode, range.lowerBound), range.upperBound)
        var (below, above) = (0.0, 0.0)
        func add(_ weight: Double, at j: Int) { if j < least { below += weight } else { above += weight } }
        var weight = 1.0
        for j in stride(from: start - 1, through: range.lowerBound, by: -1) {
            weight /= ratio(j)
            add(weight, at: j)
            if weight == 0 { break }
        }
        weight = 1
        add(weight, at: start)
        for j in start..<range.upperBound {
            weight *= ratio(j)
            add(weight, at: j + 1)
            if weight == 0 { break }
        }
        return above / (below + above)
    }

    /// Cramér's rate at `x` for coins of chance `p`: x ln(x/p) + (1-x) ln((1-x)/(1-p)).
    public static func rate(of x: Double, chance p: Double) -> Double {
        func part(_ a: Double, _ b: Double) -> Double { a == 0 ? 0 : a * log(a / b) }
        return part(x, p) + part(1 - x, 1 - p)
    }

    /// The Chernoff bound e^(-n Λ*(k/n)) of P(at least `least` of `seats`).
    public static func chernoff(share: Double, seats: Int, atLeast least: Int) -> Double {
        exp(-Double(seats) * rate(of: Double(least) / Double(seats), chance: share))
    }

    /// How many different producers `draws` uniform draws among `members` name, on average.
    public static func expectedDistinct(members: Int, draws: Int) -> Double {
        let count = Double(members)
        return count * (1 - power(1 - 1 / count, draws))
    }

    /// The standard deviation of that number.
    public static func distinctDeviation(members: Int, draws: Int) -> Double {
        let count = Double(members)
        let one = power(1 - 1 / count, draws)
        let two = power(1 - 2 / count, draws)
        return (count * (count - 1) * two + count * one - (count * one) * (count * one)).squareRoot()
    }

    /// The chance that one of `candidates` tries names a coalition of this share as the next producer.
    public static func grinding(share: Double, candidates: Int) -> Double {
        1 - power(1 - share, candidates)
    }

    /// The election formula with a smoothing term, (k + ε) S / Σ (`mathematics.md` 2, D-8); for analysis only.
    ///
    /// Each miner has k = `produced` / `drawn` (0 when never drawn) and stake S; nil when nobody has weight.
    public static func smoothed(
        _ miners: [(produced: UInt64, drawn: UInt64, stake: Double)], epsilon: Double
    ) -> [Double]? {
        let weights = miners.map { miner in
            (epsilon + (miner.drawn == 0 ? 0 : Double(miner.produced) / Double(miner.drawn))) * miner.stake
        }
        let total = weights.reduce(0, +)
        return total > 0 ? weights.map { $0 / total } : nil
    }

    /// The value multiplied with itself `exponent` times.
    static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, max(0, exponent))
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
