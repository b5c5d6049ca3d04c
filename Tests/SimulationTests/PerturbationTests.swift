import Ledger
import Primitives
import TestKit
import Testing

@Suite struct PerturbationTests {
    @Test(arguments: [1, 2] as [UInt64])
    func tenNodesComeBackFromElevenPerturbationsOfFiveKinds(seed: UInt64) throws {
        let plan = SimulationPlan.perturbed(seed: seed)
        var network = SimulatedNetwork(plan)
        let report = try network.run()
        #expect(report.injected.perturbations >= 11)
        #expect(report.recoveries.count >= 11)
        #expect(Set(report.recoveries.map(\.perturbation)).count == Perturbation.allCases.count)
        #expect(report.recoveries.allSatisfy { $0.span <= .seconds(20) })
    }

    @Test func aNodeThatIsNotBackInTimeFailsTheRun() {
        var plan = SimulationPlan.perturbed(seed: 3)
        // No node can have what was final before its first message arrives.
        plan.perturbations?.patience = Instant.Span(milliseconds: 1)
        var network = SimulatedNetwork(plan)
        #expect {
            try network.run()
        } throws: {
            if case .late = ($0 as? SimulationFailure)?.kind { true } else { false }
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func aRingOfOverlappingMajoritiesNeverForksAndGrowsWhenItOpens(seed: UInt64) throws {
        var network = SimulatedNetwork(.ring(seed: seed))
        let report = try network.run()
        #expect(report.injected.cuts > 0)
        #expect(report.heights >= 6)
    }

    @Test func aSplitInHalvesStopsTheChainUntilItHeals() throws {
        var plan = SimulationPlan(seed: 11, nodes: 10, liars: 0)
        plan.faults = .none
        plan.network = .healthy
        plan.split = Partition(side: (1 << 5) - 1, isOneWay: false)
        plan.splitAfter = .seconds(3)
        plan.safetyPhase = .seconds(10)
        var network = SimulatedNetwork(plan)
        let report = try network.run()
        #expect(report.heightsAtSplit > 5)
        // What had all its signatures on the way when the links went down may still become final.
        #expect(report.heightsAtHealing <= report.heightsAtSplit + 1)
        let twoRounds = 2 * plan.parameters.roundLength * plan.parameters.interval.milliseconds
        #expect((report.resumedAfter?.milliseconds ?? .max) <= twoRounds)
    }
}
