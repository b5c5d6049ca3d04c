import Crypto
import Ledger
import Primitives
import Sidechains
import Testing

/// Every type that meets a stranger's bytes, with a sample to start from.
private struct Target: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let sample: [UInt8]
    let recode: @Sendable ([UInt8]) -> [UInt8]?

    init<Value: Canonical & SendableMetatype>(_ value: Value) {
        testDescription = "\(Value.self)"
        sample = value.encoded
        recode = { (try? Value(decoding: $0))?.encoded }
    }
}

private func targets() throws -> [Target] {
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
        Target(proof), Target(ClaimPayload(chain: world.sides[0].spec.id, proof: proof)),
        Target(registration),
        Target(record), Target(world.escrow()), Target(try #require(entry)), Target(proof.position),
        Target(DepositPayload(chain: world.sides[0].spec.id, recipient: address(1), amount: .etm(1))),
        Target(WithdrawPayload(recipient: address(1), amount: .etm(1))),
        Target(try #require(registration.token)),
    ]
}

@Suite struct SidechainDecoderFuzzTests {
    @Test(arguments: try targets())
    fileprivate func mutatedBytesNeverCrashAndWhateverDecodesIsCanonical(target: Target) {
        var random = SeededGenerator(seed: 43)
        #expect(target.recode(target.sample) == target.sample)
        var wrong = 0
        for _ in 0..<2_000 {
            var bytes = target.sample
            for _ in 0...random.below(4) where !bytes.isEmpty {
                let place = Int(random.below(UInt64(bytes.count)))
                switch random.below(6) {
                case 0: bytes.removeLast(place)
                case 1: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 8))
                case 3: for index in place..<min(bytes.count, place + 8) { bytes[index] = 0xff }
                case 4: for index in place..<min(bytes.count, place + 4) { bytes[index] = 0 }
                default: bytes[place] ^= 1 << UInt8(random.below(8))
                }
            }
            if let again = target.recode(bytes), again != bytes { wrong += 1 }
        }
        #expect(wrong == 0)
    }
}
