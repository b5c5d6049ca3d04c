import Primitives
import TestKit
import Testing

@Suite struct SeedTests {
    @Test(arguments: 1...32 as ClosedRange<UInt64>)
    func everySeedIsSafeWhileAllBreaksAndLiveAfterwards(seed: UInt64) throws {
        var network = SimulatedNetwork(.varied(seed: seed))
        let report = try network.run()
        #expect(report.heights >= 6)
        #expect(report.faults > 0)
    }

    @Test(arguments: [3, 8, 17, 30] as [UInt64])
    func oneSeedGivesOneTrace(seed: UInt64) throws {
        var one = SimulatedNetwork(.varied(seed: seed))
        var other = SimulatedNetwork(.varied(seed: seed))
        #expect(try one.run() == other.run())
    }

    @Test func aFailureNamesTheLineThatRunsItAgain() throws {
        let plan = SimulationPlan(
            reproducing: [
                "ETM_SIM_PLAN": "standard", "ETM_SIM_SEED": "17", "ETM_SIM_NODES": "5", "ETM_SIM_LIARS": "0",
            ])
        #expect(
            plan?.reproduction.hasPrefix("ETM_SIM_PLAN=standard ETM_SIM_SEED=17 ETM_SIM_NODES=5 ") == true)
        #expect(plan?.liars == 0)
        #expect(SimulationPlan(reproducing: [:])?.seed == nil)
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
