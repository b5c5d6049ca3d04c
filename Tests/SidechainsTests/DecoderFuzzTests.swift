import Crypto
import Foundation
import Ledger
import Primitives
import Sidechains
import TestKit
import Testing

/// Every type that meets a stranger's bytes, with a sample to start from.
private func targets() throws -> [FuzzTarget] {
    var world = try World()
    try world.register()
    try world.deposit(Amount.unitsPerETM * 10, to: 50)
    try world.deliver()
    try world.withdraw(Amount.unitsPerETM, from: 50, to: 60)
    let proof = try world.sides[0].proof(of: 0)
    var registration = try World.registration()
    registration.token = .init(symbol: "ABC", decimals: 2, supply: .etm(1), holder: address(1))
    let record = SideChainRecord(
        registration, owner: address(1), height: Height(2), time: Instant(milliseconds: 3), deposit: .etm(1))
    let entry = world.sides[0].state.read(Outbox.Entry.self, Outbox.key(0))
    return [
        FuzzTarget([proof]), FuzzTarget([ClaimPayload(chain: world.sides[0].spec.id, proof: proof)]),
        FuzzTarget([registration]),
        FuzzTarget([record]), FuzzTarget([world.escrow()]), FuzzTarget([try #require(entry)]),
        FuzzTarget([proof.position]),
        FuzzTarget([
            DepositPayload(chain: world.sides[0].spec.id, recipient: address(1), amount: .etm(1))
        ]),
        FuzzTarget([WithdrawPayload(recipient: address(1), amount: .etm(1))]),
        FuzzTarget([try #require(registration.token)]),
    ]
}

@Suite struct SidechainDecoderFuzzTests {
    @Test(arguments: try targets())
    func mutatedBytesNeverCrashAndWhateverDecodesIsCanonical(target: FuzzTarget) {
        let plan = FuzzPlan(ProcessInfo.processInfo.environment, seed: 43)
        let again = plan.reproduction(filter: "SidechainDecoderFuzzTests")
        if plan.isLong { print("fuzz \(target):", again) }
        #expect(plan.failures(of: target) == [], "\(again)")
    }
}
