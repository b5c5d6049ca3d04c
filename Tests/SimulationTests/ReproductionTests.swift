import Foundation
import TestKit
import Testing

/// Runs the network that a failure's line names.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["ETM_SIM_SEED"] != nil))
struct ReproductionTests {
    @Test func oneSeed() throws {
        let plan = try #require(SimulationPlan(reproducing: ProcessInfo.processInfo.environment))
        var network = SimulatedNetwork(plan)
        print(try network.run())
    }
}
