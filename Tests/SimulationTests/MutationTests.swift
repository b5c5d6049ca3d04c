import Consensus
import Primitives
import TestKit
import Testing

/// Each test drops one rule and demands that the checkers see a fork: they can fail.
@Suite struct MutationTests {
    private func forks(of mutation: Mutations, in plans: some Sequence<SimulationPlan>) -> Bool {
        for var plan in plans {
            plan.mutations = mutation
            plan.looksForForksOnly = true
            plan.livenessPhase = .seconds(4)
            var network = SimulatedNetwork(plan)
            do {
                _ = try network.run()
            } catch {
                if case .fork = error.kind { return true }
            }
        }
        return false
    }

    @Test func signingNullifyAndFinalizeForks() {
        #expect(forks(of: .nullifyAndFinalize, in: (24...120).lazy.map { SimulationPlan.selective(seed: $0) }))
    }

    @Test func buildingOverViewsThatAreNotNullifiedForks() {
        #expect(forks(of: .noGapRule, in: (26...120).lazy.map { SimulationPlan.selective(seed: $0) }))
    }

    @Test func openingARoundOnANotarizedBlockForks() {
        #expect(forks(of: .openEarly, in: (1...60).lazy.map { SimulationPlan.hostile(seed: $0) }))
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func theSameNetworksAreSafeWithEveryRule(seed: UInt64) throws {
        var hostile = SimulatedNetwork(.hostile(seed: seed))
        _ = try hostile.run()
        var selective = SimulatedNetwork(.selective(seed: seed))
        _ = try selective.run()
    }

    @Test func contradictingOneselfIsSeenAtOnce() {
        var plan = SimulationPlan(seed: 1, nodes: 4)
        plan.mutations = .nullifyAndFinalize
        var network = SimulatedNetwork(plan)
        #expect(throws: SimulationFailure.self) { try network.run() }
    }
}
