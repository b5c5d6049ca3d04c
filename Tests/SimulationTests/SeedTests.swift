import Testing
import TestKit

@Suite struct SeedTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func firstSeeds(seed: UInt64) throws {
        var network = SimulatedNetwork(SimulationPlan(seed: seed, nodes: 4))
        let report = try network.run()
        print(report)
    }
}
