import Analysis
import Testing

@Suite struct AnalysisPropertyTests {
    @Test func evenSharesHaveAllTheEntropyAndNoConcentration() throws {
        let even = [UInt64](repeating: 7, count: 50)
        let shares = try #require(Entropy.shares(of: even))
        #expect(Entropy.normalized(shares).isNear(1))
        #expect(Entropy.divergenceFromUniform(shares).magnitude < 1e-12)
        #expect(try #require(Concentration.gini(even)).magnitude < 1e-12)
        #expect(try #require(Concentration.herfindahl(even)).isNear(0.02))
        #expect(Concentration.nakamoto(even, over: 1, of: 2) == 26)
        #expect(Concentration.nakamoto(even, over: 1, of: 3) == 17)
        #expect(try #require(Concentration.lorenz(even))[25].isNear(0.5))
    }

    @Test func oneHolderIsTheOtherExtreme() throws {
        let one: [UInt64] = [0, 0, 0, 9]
        let shares = try #require(Entropy.shares(of: one))
        #expect(Entropy.shannon(shares) == 0)
        #expect(try #require(Concentration.gini(one)).isNear(0.75))
        #expect(Concentration.herfindahl(one) == 1)
        #expect(Concentration.nakamoto(one, over: 1, of: 2) == 1)
        #expect(Concentration.lorenz(one) == [0, 0, 0, 0, 1])
        #expect(Concentration.top(1, of: one) == 1)
        #expect(Entropy.normalized([1]) == 1)
    }

    @Test func nothingHeldHasNoShares() {
        #expect(Entropy.shares(of: []) == nil)
        #expect(Entropy.shares(of: [0, 0]) == nil)
        #expect(Concentration.gini([0]) == nil)
        #expect(Concentration.lorenz([]) == nil)
        #expect(Concentration.herfindahl([]) == nil)
        #expect(Concentration.top(1, of: []) == nil)
        #expect(Concentration.nakamoto([0, 0], over: 1, of: 2) == 2)
    }

    @Test func theLargestValuesDoNotOverflow() throws {
        let values = [UInt64](repeating: .max, count: 4)
        #expect(Concentration.nakamoto(values, over: 1, of: 2) == 3)
        #expect(try #require(Concentration.gini(values)).magnitude < 1e-12)
        #expect(Concentration.nakamoto([.max, 1], over: 1, of: 2) == 1)
    }

    @Test func halfIsNotMoreThanHalf() {
        #expect(Concentration.nakamoto([5, 5], over: 1, of: 2) == 2)
        #expect(Concentration.nakamoto([6, 5], over: 1, of: 2) == 1)
        #expect(Concentration.nakamoto([1, 1, 1], over: 1, of: 3) == 2)
    }

    @Test func divergenceIsInfiniteWhereMassIsMissed() {
        #expect(Entropy.divergence([0.5, 0.5], from: [1, 0]) == .infinity)
        #expect(Entropy.divergence([1, 0], from: [0.5, 0.5])?.isNear(0.693_147_180_559_945_3) == true)
        #expect(Entropy.divergence([1], from: [0.5, 0.5]) == nil)
    }

    @Test func tailsKeepTheirBounds() {
        #expect(Seats.binomial(share: 0.3, seats: 101, atLeast: 0) == 1)
        #expect(Seats.binomial(share: 0.3, seats: 101, atLeast: 102) == 0)
        #expect(Seats.binomial(share: 0, seats: 101, atLeast: 1) == 0)
        #expect(Seats.binomial(share: 1, seats: 101, atLeast: 101) == 1)
        #expect(Seats.binomial(share: 1.1, seats: 101, atLeast: 1) == nil)
        #expect(Seats.binomial(share: 0.5, seats: Seats.limit + 1, atLeast: 1) == nil)
        #expect(Seats.binomial(share: 0.5, seats: 999_999, atLeast: 500_000)?.isNear(0.5) == true)
        #expect(Seats.hypergeometric(miners: 10, coalition: 4, seats: 8, atLeast: 2) == 1)
        #expect(Seats.hypergeometric(miners: 10, coalition: 4, seats: 8, atLeast: 5) == 0)
        #expect(Seats.hypergeometric(miners: 10, coalition: 11, seats: 8, atLeast: 5) == nil)
        #expect(Seats.hypergeometric(miners: 4, coalition: 2, seats: 2, atLeast: 2)?.isNear(1.0 / 6) == true)
    }

    @Test func doubleSpendsFallWithConfirmationsAndStayInRange() throws {
        var last = 1.0
        for z in 1...200 {
            let chance = try #require(DoubleSpend.probability(share: 0.3, confirmations: z))
            #expect(chance < last && chance > 0)
            last = chance
        }
        #expect(DoubleSpend.probability(share: 0.5, confirmations: 9) == 1)
        #expect(DoubleSpend.probability(share: 0, confirmations: 1) == 0)
        #expect(DoubleSpend.probability(share: 0.2, confirmations: -1) == nil)
        #expect(DoubleSpend.probability(share: .nan, confirmations: 1) == nil)
        let far = try #require(DoubleSpend.probability(share: 0.49, confirmations: 100_000))
        #expect(far > 0 && far < 1e-17)
        #expect(DoubleSpend.confirmations(share: 0.5, risk: 0.001) == nil)
        #expect(DoubleSpend.confirmations(share: 0.1, risk: 0) == nil)
        #expect(DoubleSpend.confirmations(share: 0.1, risk: 2) == 0)
    }

    @Test func smoothingGivesEveryMinerAChance() throws {
        let chances = try #require(
            Seats.smoothed([(0, 5, 100), (5, 5, 100), (0, 0, 100)], epsilon: 0.1))
        #expect(chances[0] == chances[2] && chances[1] > chances[0] && chances[0] > 0)
        #expect(Seats.smoothed([], epsilon: 0.1) == nil)
    }
}
