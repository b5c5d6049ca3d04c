import Primitives
import TestKit
import Testing

@Suite struct AbsenceTests {
    private func calm(seed: UInt64, nodes: Int) -> SimulationPlan {
        var plan = SimulationPlan(seed: seed, nodes: nodes, liars: 0)
        plan.faults = .none
        plan.network = .healthy
        plan.safetyPhase = .seconds(6)
        return plan
    }

    @Test(arguments: [4, 7])
    func aChainGrowsWithAThirdOfItsMembersAway(nodes: Int) throws {
        var plan = calm(seed: 2, nodes: nodes)
        plan.absentees = (nodes - 1) / 3
        plan.deserters = plan.absentees
        var network = SimulatedNetwork(plan)
        let report = try network.run()
        #expect(report.heightsAtHealing > 5)
    }

    @Test(arguments: [4, 7])
    func withOneMoreAwayItStopsAndResumesWhenThatOneReturns(nodes: Int) throws {
        var plan = calm(seed: 3, nodes: nodes)
        plan.absentees = (nodes - 1) / 3 + 1
        plan.deserters = plan.absentees - 1
        var network = SimulatedNetwork(plan)
        let report = try network.run()
        #expect(report.heightsAtHealing == 0)
        #expect(report.heights >= plan.demandedHeights)
    }

    @Test(arguments: [4, 6])
    func anEvenSplitFinalisesNothingUntilItHeals(nodes: Int) throws {
        var plan = calm(seed: 4, nodes: nodes)
        plan.split = Partition(side: (1 << UInt128(nodes / 2)) - 1, isOneWay: false)
        var network = SimulatedNetwork(plan)
        let report = try network.run()
        #expect(report.heightsAtHealing == 0)
        #expect(report.heights >= plan.demandedHeights)
    }

    @Test func aOneWaySplitNeverForks() throws {
        for seed in 1...4 as ClosedRange<UInt64> {
            var plan = calm(seed: seed, nodes: 4)
            plan.split = Partition(side: UInt128(seed) % 3 + 1, isOneWay: true)
            var network = SimulatedNetwork(plan)
            #expect(try network.run().heights >= plan.demandedHeights)
        }
    }

    @Test func aChainWithoutFaultsFinalisesABlockEveryInterval() throws {
        var network = SimulatedNetwork(calm(seed: 5, nodes: 4))
        let report = try network.run()
        // 6 seconds at 150 ms, and two hops of at most 60 ms with execution between before the next block.
        #expect(report.heightsAtHealing >= 18)
        #expect(report.evidence == 0)
        #expect(report.penalties == 0)
    }
}
