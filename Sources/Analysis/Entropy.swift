internal import Glibc

/// Measures of how evenly something is shared (`mathematics.md` 8); natural logarithms.
public enum Entropy {
    /// Each value's part of the sum; nil when the sum is zero.
    ///
    /// Values are added in the order given: the same list gives the same bits.
    public static func shares(of values: [UInt64]) -> [Double]? {
        let total = values.reduce(UInt128(0)) { $0 + UInt128($1) }
        guard total > 0 else { return nil }
        return values.map { Double($0) / Double(total) }
    }

    /// S = -Σ p ln p; zero when one holds all, ln n when n hold the same.
    public static func shannon(_ probabilities: [Double]) -> Double {
        -probabilities.reduce(0) { $1 > 0 ? $0 + $1 * log($1) : $0 }
    }

    /// S / ln n, from 0 to 1; 1 for a single holder.
    public static func normalized(_ probabilities: [Double]) -> Double {
        probabilities.count > 1 ? shannon(probabilities) / log(Double(probabilities.count)) : 1
    }

    /// H(p|q) = Σ p ln(p/q); infinite when q misses mass of p, nil when the lists differ in length.
    public static func divergence(_ p: [Double], from q: [Double]) -> Double? {
        guard p.count == q.count else { return nil }
        var sum = 0.0
        for (left, right) in zip(p, q) where left > 0 {
            guard right > 0 else { return .infinity }
            sum += left * log(left / right)
        }
        return sum
    }

    /// H(p|uniform): ln n less the entropy.
    public static func divergenceFromUniform(_ probabilities: [Double]) -> Double {
        let even = 1 / Double(probabilities.count)
        return probabilities.reduce(0) { $1 > 0 ? $0 + $1 * log($1 / even) : $0 }
    }

    /// The law of most entropy with a given mean energy: weights e^(-βe)/Z.
    public struct Gibbs: Sendable {
        /// β, the inverse temperature.
        public let beta: Double
        /// The weights; they add up to 1.
        public let weights: [Double]

        /// Finds β by bisection; nil unless the mean lies strictly between the least and the greatest energy.
        public init?(energies: [Double], mean: Double) {
            guard let least = energies.min(), let most = energies.max(), least < mean, mean < most else {
                return nil
            }
            var (low, high) = (-1.0, 1.0)
            while Self.mean(energies, low) < mean, low > -1e300 { low *= 2 }
            while Self.mean(energies, high) > mean, high < 1e300 { high *= 2 }
            for _ in 0..<200 {
                let middle = (low + high) / 2
                if Self.mean(energies, middle) > mean { low = middle } else { high = middle }
            }
            beta = (low + high) / 2
            weights = Self.weights(energies, beta)
        }

        private static func weights(_ energies: [Double], _ beta: Double) -> [Double] {
            let most = energies.map { -beta * $0 }.max() ?? 0
            let raw = energies.map { exp(-beta * $0 - most) }
            let sum = raw.reduce(0, +)
            return raw.map { $0 / sum }
        }

        private static func mean(_ energies: [Double], _ beta: Double) -> Double {
            zip(weights(energies, beta), energies).reduce(0) { $0 + $1.0 * $1.1 }
        }
    }
}
