import Foundation
import Primitives
import TestKit
import Testing

@Suite(.enabled(if: ProcessInfo.processInfo.environment["ETM_SOAK"] == "1"), .serialized)
struct SoakTests {
    private static let firstSeed =
        ProcessInfo.processInfo.environment["ETM_SIM_SEED"].flatMap { UInt64($0) } ?? 1

    /// Many networks of one kind, and one line that says what was run and what was injected.
    private func soak(_ name: String, seeds: UInt64, _ plan: (UInt64) -> SimulationPlan) throws {
        var injected = FaultCounts()
        var heights: UInt64 = 0
        var slowest = Instant.Span(milliseconds: 0)
        let start = clock()
        let range = SoakTests.firstSeed..<SoakTests.firstSeed + seeds
        for seed in range {
            var network = SimulatedNetwork(plan(seed))
            let report = try network.run()
            injected += report.injected
            heights += report.heights
            slowest = max(slowest, report.recoveries.map(\.span).max() ?? slowest)
        }
        let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        let recovery = slowest.milliseconds > 0 ? ", slowest return \(slowest.milliseconds) ms" : ""
        print(
            "soak \(name): seeds \(range.lowerBound)-\(range.upperBound - 1), \(heights) heights, \(injected)"
                + "\(recovery), \(Int(seconds)) CPU seconds")
    }

    @Test func manyNetworksOfEveryKind() throws {
        try soak("varied", seeds: 200) { .varied(seed: $0) }
        try soak("hostile", seeds: 60) { .hostile(seed: $0) }
        try soak("selective", seeds: 60) { .selective(seed: $0) }
        try soak("elected", seeds: 60) { .elected(seed: $0) }
        try soak("perturbed", seeds: 24) { .perturbed(seed: $0) }
        try soak("ring", seeds: 24) { .ring(seed: $0) }
    }

    @Test func manyLiarsOfEveryRole() throws {
        for role in LiarRole.allCases {
            try soak("\(role)", seeds: 12) { .playing(role, seed: $0) }
        }
    }

    @Test func aHundredMembersSplitInHalvesStopAndResumeWithinTwoRounds() throws {
        for seed in SoakTests.firstSeed..<SoakTests.firstSeed + 3 {
            let plan = SimulationPlan.halved(seed: seed)
            var network = SimulatedNetwork(plan)
            let report = try network.run()
            let resumed = report.resumedAfter?.milliseconds ?? .max
            print(
                "soak halves of 100, seed \(seed): \(report.heightsAtSplit) heights at the split,",
                "\(report.heightsAtHealing) at healing a minute later, the next after \(resumed) ms,",
                "\(report.injected)")
            #expect(report.heightsAtSplit > 0)
            #expect(report.heightsAtHealing <= report.heightsAtSplit + 1)
            #expect(resumed <= 2 * 100 * 3_000)
        }
    }

    @Test func fiveHundredBlocksOfTwoHundredOperationsLeaveOneRoot() throws {
        for seed in SoakTests.firstSeed..<SoakTests.firstSeed + 3 {
            let outcomes = try OperationsRun.Manner.allCases.map { manner in
                var run = try #require(OperationsRun(seed: seed, manner: manner))
                return run.run(blocks: 500, operations: 200)
            }
            for outcome in outcomes {
                #expect(outcome.defect == nil)
                #expect(outcome == outcomes[0])
            }
            let kinds = outcomes[0].kinds.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            print(
                "soak operations, seed \(seed): 500 blocks of 200, \(outcomes[0].done) done,",
                "\(outcomes[0].failed) failed, 3 times root \(outcomes[0].root);",
                "by kind \(kinds.joined(separator: ", "))")
        }
    }

    @Test func aHundredAndOneMembersLiveThroughAnHour() throws {
        let plan = SimulationPlan.soak(seed: SoakTests.firstSeed)
        let start = clock()
        var network = SimulatedNetwork(plan)
        let report = try network.run()
        let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        print(
            "soak of 101 members, seed \(plan.seed): \(report.heights) heights, \(report.views) views of closed",
            "rounds, \(report.injected), \(report.evidence) proofs, \(report.events) events,",
            "\(seconds) CPU seconds")
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
