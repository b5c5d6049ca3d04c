import Ledger
import Primitives
import TestKit
import Testing

@Suite struct ElectionTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func membersThatChangeEveryRoundStaySafeUnderFaultsAndLiveAfterwards(seed: UInt64) throws {
        var network = SimulatedNetwork(.elected(seed: seed))
        let report = try network.run()
        #expect(report.heights >= 9)
        #expect(report.turnovers >= 1)
        #expect(report.faults > 0)
    }

    @Test func aMemberThatSignsTwiceLosesItsDepositAndItsSeat() throws {
        var frozen: UInt64 = 0
        for seed in 1...6 as ClosedRange<UInt64> {
            var plan = SimulationPlan.elected(seed: seed)
            plan.faults.lieEvery = 10
            plan.parameters.elections = .upos(
                StakingParameters(
                    seats: 4, brackets: StakingParameters.main.brackets, minerDeposit: .etm(1_000),
                    unbonding: .seconds(600)))
            var network = SimulatedNetwork(plan)
            frozen += try network.run().frozen
        }
        #expect(frozen > 0)
    }

    @Test func oneSeedElectsTheSameMembersTwice() throws {
        var one = SimulatedNetwork(.elected(seed: 21))
        var other = SimulatedNetwork(.elected(seed: 21))
        #expect(try one.run() == other.run())
    }
}
