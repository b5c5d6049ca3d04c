import Foundation
import JSON
import TestKit
import Testing

@Suite struct JSONFuzzTests {
    // Texts have many forms; whatever is read must be stable once it is written.
    @Test func alteredTextsAreRefusedOrStable() {
        var wanderer = Wanderer(state: 7)
        let samples = (0..<64).map { _ in JSONWriter.compact(wanderer.value(depth: 3)) }
        let target = FuzzTarget("JSON", samples: samples) { bytes in
            (try? JSONParser.parse(bytes, limits: JSONLimits(maximumBytes: 1 << 22))).map(JSONWriter.compact)
        }
        let plan = FuzzPlan(ProcessInfo.processInfo.environment, seed: 44)
        let again = plan.reproduction(filter: "JSONFuzzTests")
        if plan.isLong { print("fuzz \(target):", again) }
        #expect(plan.failures(of: target, isCanonical: false) == [], "\(again)")
    }
}
