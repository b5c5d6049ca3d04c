import Crypto
import Foundation
import Primitives
import Randomness
import TestKit
import Testing

private func targets() throws -> [FuzzTarget] {
    let input = try #require(TowerInput(values: [SHA256.hash([1]).bytes], height: Height(1)))
    return [
        FuzzTarget([TimeTower(over: input, profile: .test)]), FuzzTarget([TowerProfile.test, .delay]),
        FuzzTarget([try DrawRequest(label: "é", from: 1, to: 9, count: 3, unique: true)]),
        FuzzTarget([OnionVerifier(anchor: .zero)]),
    ]
}

@Suite struct RandomnessFuzzTests {
    @Test(arguments: try targets())
    func mutatedBytesNeverCrashAndWhateverDecodesIsCanonical(target: FuzzTarget) {
        let plan = FuzzPlan(ProcessInfo.processInfo.environment, seed: 45)
        let again = plan.reproduction(filter: "RandomnessFuzzTests")
        if plan.isLong { print("fuzz \(target):", again) }
        #expect(plan.failures(of: target) == [], "\(again)")
    }
}
