import Foundation
import Primitives
import TestKit
import Testing

@Suite(.enabled(if: ProcessInfo.processInfo.environment["ETM_SOAK"] == "1"))
struct SoakTests {
    @Test func aHundredAndOneMembersLiveThroughAnHour() throws {
        let seed = ProcessInfo.processInfo.environment["ETM_SIM_SEED"].flatMap { UInt64($0) } ?? 1
        let plan = SimulationPlan.soak(seed: seed)
        let start = clock()
        var network = SimulatedNetwork(plan)
        let report = try network.run()
        let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        print(
            "soak seed \(seed): \(report.heights) heights, \(report.views) views of closed rounds,",
            "\(report.faults) faults, \(report.evidence) proofs, \(report.events) events, \(seconds) CPU seconds"
        )
        #expect(report.heights > 300)
    }
}
