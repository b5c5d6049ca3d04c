import DAppRuntime
import Foundation
import Primitives
import TestKit
import Testing

/// Frames of a worker that a DApp may have taken over, and what a host sends it.
@Suite struct WorkerMessageFuzzTests {
    private func targets() throws -> [FuzzTarget] {
        [
            FuzzTarget([
                WorkerMessage.outcome(CodecTests.outcome),
                .fetch(FetchRequest(keys: [[1]], balances: [BalancePlace(address: "A", asset: 1)])),
                .scan(ScanRequest(prefix: [1], after: [2], limit: 3)),
                .coverage([
                    CoverageSite(file: "a", line: 1, group: nil, arm: 0, hits: 2),
                    CoverageSite(file: "a", line: 2, group: 3, arm: nil, hits: 4),
                ]), .verdict([0x7B, 0x7D]),
            ]),
            FuzzTarget([
                HostMessage.execute(CodecTests.delivery, known: [RecordWrite(key: [1], value: nil)]),
                .tests(TestFiles(modules: [DAppModule(path: "test/a.js", source: [1])], settings: [2])),
                .run(3, seed: "4"), .reply([5]), .coverage,
            ]),
            FuzzTarget([try DAppBundle(files: [("contract/a.js", [0x61]), ("lib/b/c.js", [0x62])])]),
            FuzzTarget([try DAppManifest.parse(Array(ManifestTests.full.utf8))]),
        ]
    }

    @Test func alteredMessagesNeverCrashAndWhateverDecodesIsCanonical() throws {
        let plan = FuzzPlan(ProcessInfo.processInfo.environment, seed: 47)
        let again = plan.reproduction(filter: "WorkerMessageFuzzTests")
        for target in try targets() {
            if plan.isLong { print("fuzz \(target):", again) }
            #expect(plan.failures(of: target) == [], "\(again)")
        }
    }
}
