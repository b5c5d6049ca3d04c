/// Measures of how much the largest holders have (`mathematics.md` 8).
public enum Concentration {
    /// The fewest holders who together have strictly more than `numerator`/`denominator` of all.
    ///
    /// 1/2 is what controls, 1/3 what can stall. Exact: products are compared in 128 bits, so the terms of
    /// the fraction must stay below 2^32 and there may be at most 2^32 values. All of them when nothing is held.
    public static func nakamoto(_ values: [UInt64], over numerator: UInt32, of denominator: UInt32) -> Int {
        let total = values.reduce(UInt128(0)) { $0 + UInt128($1) }
        var run: UInt128 = 0
        for (place, value) in values.sorted(by: >).enumerated() {
            run += UInt128(value)
            if run * UInt128(denominator) > total * UInt128(numerator) { return place + 1 }
        }
        return values.count
    }

    /// G = Σ (2i - n - 1) x_i / (n Σ x), x rising: 0 when all have the same, (n - 1)/n when one has all.
    ///
    /// Nil when nothing is held.
    public static func gini(_ values: [UInt64]) -> Double? {
        guard let shares = Entropy.shares(of: values.sorted()) else { return nil }
        let count = Double(values.count)
        let sum = shares.enumerated().reduce(0) { $0 + (2 * Double($1.offset + 1) - count - 1) * $1.element }
        return sum / count
    }

    /// The Lorenz curve: element i is the part held by the i poorest, from 0 to 1; n + 1 points.
    ///
    /// Nil when nothing is held.
    public static func lorenz(_ values: [UInt64]) -> [Double]? {
        let sorted = values.sorted()
        let total = sorted.reduce(UInt128(0)) { $0 + UInt128($1) }
        guard total > 0 else { return nil }
        var run: UInt128 = 0
        var points = [0.0]
        for value in sorted {
            run += UInt128(value)
            points.append(Double(run) / Double(total))
        }
        return points
    }

    /// The Herfindahl–Hirschman index Σ s², from 1/n to 1; nil when nothing is held.
    public static func herfindahl(_ values: [UInt64]) -> Double? {
        Entropy.shares(of: values)?.reduce(0) { $0 + $1 * $1 }
    }

    /// The part of all that the `count` largest hold; nil when nothing is held.
    public static func top(_ count: Int, of values: [UInt64]) -> Double? {
        let sorted = values.sorted(by: >)
        let total = sorted.reduce(UInt128(0)) { $0 + UInt128($1) }
        guard total > 0 else { return nil }
        return Double(sorted.prefix(max(0, count)).reduce(UInt128(0)) { $0 + UInt128($1) }) / Double(total)
    }
}
