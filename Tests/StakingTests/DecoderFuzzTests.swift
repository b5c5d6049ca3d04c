import Crypto
import Ledger
import Primitives
import Staking
import Testing

/// Every type that meets a stranger's bytes or lies in the state, with a sample to start from.
private struct Target: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let sample: [UInt8]
    let recode: @Sendable ([UInt8]) -> [UInt8]?

    init<Value: Canonical & SendableMetatype>(_ type: Value.Type, _ sample: [UInt8]) {
        testDescription = "\(Value.self)"
        self.sample = sample
        recode = { (try? Value(decoding: $0))?.encoded }
    }

    init<Value: Canonical & SendableMetatype>(_ value: Value) { self.init(Value.self, value.encoded) }
}

private func targets() throws -> [Target] {
    var stage = try Stage(locks: [(5, 30, 1), (6, 10, nil)])
    try stage.lock(7, by: 5)
    _ = try stage.act(.unlock, from: 6, UnlockPayload(lock: StakingGenesis.lockID(of: address(6))))
    _ = try stage.act(.resignMiner, from: 3, MinerPayload(miner: key(3)))
    try stage.run(gap: 7)
    func row(_ table: StateTable) throws -> [UInt8] {
        try #require(stage.state.scan(prefix: [table.rawValue], after: nil, limit: 9).last).value
    }
    var consensus = stage.spec.consensus
    consensus.workBits = 16
    return [
        Target(StakingState.self, try row(.staking)), Target(StakeAccount.self, try row(.stakes)),
        Target(try #require(stage.voter(5))), Target(MinerRecord.self, try row(.miners)),
        Target(try #require(stage.miner(1))), Target(RoundRecord.self, try row(.rounds)),
        Target(TurnRecord.self, try row(.turns)), Target(ReleaseRecord.self, try row(.unbonding)),
        Target(SettlementRecord.self, try row(.settlements)), Target(MinerStatus.frozen),
        Target(LockPayload(amount: .etm(1))), Target(UnlockPayload(lock: .zero)),
        Target(MinerPayload(miner: key(1))), Target(WithdrawVotePayload()),
        Target(try stage.registration(of: 9)), Target(NewAnchorPayload(miner: key(1), anchor: .zero)),
        Target(EvidencePayload(evidence: [1, 2, 3])), Target(StakingParameters.main),
        Target(stage.spec.genesis), Target(consensus), Target(stage.spec.consensus),
    ]
}

@Suite struct StakingDecoderFuzzTests {
    @Test(arguments: try targets())
    fileprivate func mutatedBytesNeverCrashAndWhateverDecodesIsCanonical(target: Target) {
        var random = SeededGenerator(seed: 47)
        #expect(target.recode(target.sample) == target.sample)
        var wrong = 0
        for _ in 0..<1_000 {
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
