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

    /// 68 other members must sign: a leader and 68 others grow, slowly; one member less stops them.
    @Test(arguments: [32, 33])
    func sixtyNineOfAHundredAndOneGrowAndSixtyEightStop(absentees: Int) throws {
        var plan = SimulationPlan.soak(seed: 7, length: .seconds(120))
        plan.liars = 0
        plan.faults = .none
        plan.network = .healthy
        plan.usesRealKeys = true
        plan.absentees = absentees
        plan.deserters = 32
        var network = SimulatedNetwork(plan)
        let report = try network.run()
        print("\(101 - absentees) of 101 present: \(report.heightsAtHealing) heights in 120 s")
        #expect((report.heightsAtHealing > 0) == (absentees == 32))
    }
}
