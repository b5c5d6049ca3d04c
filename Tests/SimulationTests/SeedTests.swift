import Consensus
import Ledger
import Primitives
import TestKit
import Testing

@Suite struct SeedTests {
    static func plan(_ seed: UInt64) -> SimulationPlan {
        let nodes = 4 + Int(seed % 4)
        var plan = SimulationPlan(seed: seed, nodes: nodes, seats: seed % 3 == 0 ? 4 : nodes)
        if seed % 4 == 1 { plan.parameters.leaderRule = .roundRobin }
        if seed % 5 == 2 { plan.parameters.pacing = .onDemand(heartbeat: .seconds(4)) }
        plan.usesRealLedger = seed % 2 == 0
        return plan
    }

    @Test(arguments: 1...32 as ClosedRange<UInt64>)
    func everySeedIsSafeWhileAllBreaksAndLiveAfterwards(seed: UInt64) throws {
        var network = SimulatedNetwork(SeedTests.plan(seed))
        let report = try network.run()
        #expect(report.heights >= 6)
        #expect(report.faults > 0)
    }

    @Test(arguments: [3, 8, 17, 30] as [UInt64])
    func oneSeedGivesOneTrace(seed: UInt64) throws {
        var one = SimulatedNetwork(SeedTests.plan(seed))
        var other = SimulatedNetwork(SeedTests.plan(seed))
        #expect(try one.run() == other.run())
    }

    @Test func realSignaturesBehaveLikeFastOnes() throws {
        var plan = SimulationPlan(seed: 5, nodes: 4)
        plan.usesRealKeys = true
        plan.safetyPhase = .seconds(3)
        var network = SimulatedNetwork(plan)
        #expect(try network.run().heights >= 6)
    }

    @Test(arguments: 1...3)
    func chainsTooSmallToBearALiarStillGrow(nodes: Int) throws {
        var network = SimulatedNetwork(SimulationPlan(seed: 9, nodes: nodes))
        #expect(try network.run().heights >= 6)
    }
}
