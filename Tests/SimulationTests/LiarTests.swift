import Ledger
import Primitives
import TestKit
import Testing

@Suite struct LiarTests {
    @Test(arguments: LiarRole.allCases, 1...3 as ClosedRange<UInt64>)
    func everyRoleIsBorneAndTheChainGoesOn(role: LiarRole, seed: UInt64) throws {
        let plan = SimulationPlan.playing(role, seed: seed)
        var network = SimulatedNetwork(plan)
        let report = try network.run()
        #expect(report.heights >= plan.demandedHeights)
        #expect(role == .censor || report.injected.lies > 0)
    }

    @Test func theLineOfAFailureNamesTheRole() {
        let plan = SimulationPlan.playing(.forge, seed: 2)
        #expect(plan.reproduction.contains("ETM_SIM_PLAN=playing ETM_SIM_SEED=11"))
        #expect(plan.reproduction.contains("ETM_SIM_ROLE=forge"))
        let again = SimulationPlan(
            reproducing: ["ETM_SIM_PLAN": "playing", "ETM_SIM_SEED": "11", "ETM_SIM_ROLE": "forge"])
        #expect(again?.reproduction == plan.reproduction)
    }

    @Test func leadersByBlockIDAreSafeToo() throws {
        for seed in 1...4 as ClosedRange<UInt64> {
            var plan = SimulationPlan.varied(seed: seed)
            plan.parameters.leaderRule = .blockID
            var network = SimulatedNetwork(plan)
            #expect(try network.run().heights >= plan.demandedHeights)
        }
    }

    @Test func membersAreElectedAndTowersSeededWhereLeadersFollowBlockIDs() throws {
        var plan = SimulationPlan.elected(seed: 5)
        plan.parameters.leaderRule = .blockID
        var network = SimulatedNetwork(plan)
        let report = try network.run()
        #expect(report.heights >= plan.demandedHeights)
        #expect(report.turnovers >= 1)
    }
}
