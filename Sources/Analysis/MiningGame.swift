internal import Glibc

/// What effort pays: the contest of proof of work and the producer's choice (`mathematics.md` 2 and 9.4).
public enum MiningGame {
    /// The effort of each of `miners` equal miners where nobody gains by changing it: R (n-1) / (k n²).
    public static func equilibriumEffort(miners: Int, reward: Double, unitCost: Double) -> Double {
        let count = Double(miners)
        return reward * (count - 1) / (unitCost * count * count)
    }

    /// What each of them keeps there: R / n².
    public static func equilibriumProfit(miners: Int, reward: Double) -> Double {
        reward / (Double(miners) * Double(miners))
    }

    /// The effort that pays best against the others' total effort.
    public static func bestResponse(others: Double, reward: Double, unitCost: Double) -> Double {
        max(0, (reward * others / unitCost).squareRoot() - others)
    }

    /// What a producer has to compare: its record, its stake and what follows.
    public struct Producer: Sendable {
        /// Blocks produced so far.
        public var produced: Double
        /// Times drawn so far.
        public var drawn: Double
        /// Its stake S.
        public var stake: Double
        /// The score O of everybody else.
        public var others: Double
        /// The reward r of this block.
        public var reward: Double
        /// The value c of being elected again, in rewards.
        public var future: Double
        /// ε of the smoothed election formula.
        public var epsilon: Double

        /// Joins the parts.
        public init(
            produced: Double, drawn: Double, stake: Double, others: Double, reward: Double, future: Double,
            epsilon: Double
        ) {
            self.produced = produced
            self.drawn = drawn
            self.stake = stake
            self.others = others
            self.reward = reward
            self.future = future
            self.epsilon = epsilon
        }

        /// u(act) = act·r + c·r·s/(s + O): producing (1) always beats keeping silent (0) for a positive reward.
        public func utility(act: Double) -> Double {
            let own = ((produced + act) / (drawn + 1) + epsilon) * (stake + act * reward)
            return act * reward + future * reward * own / (own + others)
        }
    }

    /// -∫ f ln f of a normal law; a heat flow from variance v has variance v + 2t after time t.
    public static func gaussianEntropy(variance: Double) -> Double {
        0.5 * (log(2 * Double.pi * variance) + 1)
    }

    /// The covariance of two of `count` particles after time t from 0 under attraction κ to their mean.
    ///
    /// It falls as 1/n: the particles become independent (propagation of chaos).
    public static func pairCovariance(attraction kappa: Double, time t: Double, count: Int) -> Double {
        (t - (1 - exp(-2 * kappa * t)) / (2 * kappa)) / Double(count)
    }
}
