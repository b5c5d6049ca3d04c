public import Primitives

/// What every height mints: 240,000,000 ETM of rewards and at most 25,000,000 of bonus (`mathematics.md` 4).
public enum RewardSchedule {
    /// Heights of each stage but the last.
    public static let stageLength: UInt64 = 10_112_000
    /// The last height that is rewarded.
    public static let lastHeight = Height(59_328_000)
    /// Base units of all rewards.
    public static let rewardPool = Amount.etm(240_000_000)
    /// Base units of all bonus: the printed rates would exceed it, so the last heights get less (D-9).
    public static let bonusPool = Amount.etm(25_000_000)

    private static let rewards: [UInt64] = [6, 5, 4, 4, 3, 2].map { $0 * Amount.unitsPerETM }
    private static let bonuses: [UInt64] = [
        100_000_000, 50_000_000, 25_000_000, 25_000_000, 25_000_000, 26_000_000,
    ]

    /// What the producer of a height gets; genesis and heights beyond the table get nothing.
    public static func reward(at height: Height) -> Amount {
        guard height > .zero, height <= lastHeight else { return .zero }
        let stage = Int((height.value - 1) / stageLength)
        return Amount(units: rewards[min(stage, rewards.count - 1)])
    }

    /// What a height adds to its round's bonus.
    public static func bonus(at height: Height) -> Amount {
        guard let before = height.previous else { return .zero }
        return Amount(units: mintedBonus(through: height).units - mintedBonus(through: before).units)
    }

    /// All rewards up to and including a height.
    public static func mintedRewards(through height: Height) -> Amount {
        Amount(units: cumulative(rewards, height))
    }

    /// All bonus up to and including a height.
    public static func mintedBonus(through height: Height) -> Amount {
        min(Amount(units: cumulative(bonuses, height)), bonusPool)
    }

    private static func cumulative(_ table: [UInt64], _ height: Height) -> UInt64 {
        let height = min(height, lastHeight).value
        var total: UInt64 = 0
        for (stage, value) in table.enumerated() {
            let low = UInt64(stage) * stageLength
            guard height > low else { break }
            let high = stage == table.count - 1 ? lastHeight.value : low + stageLength
            total += value * (min(height, high) - low)
        }
        return total
    }
}
