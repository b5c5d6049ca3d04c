import Crypto
import Ledger
import Primitives
import Testing

/// Every type that meets a stranger's bytes, with samples to start from.
private struct Target: Sendable, CustomTestStringConvertible {
    let name: String
    let samples: [[UInt8]]
    /// The bytes that the decoded value encodes to; nil when they are refused.
    let recode: @Sendable ([UInt8]) -> [UInt8]?

    var testDescription: String { name }

    init<Value: Canonical & SendableMetatype>(_ values: [Value]) {
        name = "\(Value.self)"
        samples = values.map(\.encoded)
        recode = { (try? Value(decoding: $0))?.encoded }
    }
}

private func targets() throws -> [Target] {
    let chain = try TestChain.side()
    let transfer = chain.transfer(from: 1, to: 2, 5)
    let historical = HistoricalTransfer(
        timestamp: 5, sender: key(1).publicKey, recipient: address(2), amount: Amount(units: 5),
        message: "hé", signature: .zero)
    let header = BlockHeader(chain: chain.spec.id, height: Height(1), round: Round(1), view: View(1))
    let ballot = Ballot(.finalize, round: Round(1), view: View(1), block: blockID(1))
    let vote = Vote(ballot, on: chain.spec.id, by: key(1))
    let council = try #require(MemberSet([key(1).publicKey, key(2).publicKey]))
    let event = Event(name: "e", data: [1, 2])
    let error = ReceiptError(code: "C", message: "m", file: "f", line: 1, column: 2)
    let state = ChainState(records: (0..<9).map { (stateKey($0), [1]) }, finalBlock: .zero)
    var parameters = TestChain.consensus(interval: 5)
    parameters.pacing = .onDemand(heartbeat: .seconds(5))
    return [
        Target([transfer, chain.call(from: 1, "m", arguments: [1]), SignedTransaction(historical)]),
        Target([historical]), Target([header]), Target([header.anchor]),
        Target([Block(header: header, transactions: [transfer, SignedTransaction(historical)])]),
        Target([ballot]), Target([vote]), Target([council]),
        Target([Certificate(ballot, votes: [vote], members: council)]),
        Target([Receipt(transaction: transfer.id, fee: .zero, events: [event], returned: [1])]),
        Target([Receipt(transaction: transfer.id, error: error, fee: .zero)]), Target([event]),
        Target([error]),
        Target([
            InboxMessage(
                sequence: 1, height: Height(2), recipient: address(1), amount: .etm(1), source: transfer.id)
        ]),
        Target([OutboxMessage(sequence: 1, recipient: address(1), amount: .etm(1), source: transfer.id)]),
        Target([TransferPayload(recipient: address(1), amount: .etm(1), message: "é")]),
        Target([CallPayload(contract: "c", method: "m", arguments: [1], gasLimit: 5)]),
        Target([
            ChangeSet([
                Change(key: stateKey(1), old: nil, new: [1]), Change(key: stateKey(2), old: [1], new: nil),
            ])
        ]),
        Target([Change(key: stateKey(1), old: [2], new: [1])]), Target([stateKey(3)]),
        Target([state.finalProof(of: stateKey(1)), state.finalProof(of: stateKey(10))]),
        Target([chain.spec.genesis]), Target([parameters, TestChain.consensus(interval: 6)]),
        Target([chain.spec.fees]), Target([chain.spec.limits]), Target(chain.spec.assets),
        Target([TransactionKind.call]), Target([AssetNumber.own]), Target([LeaderRule.chaos]),
        Target([VoteKind.nullify]), Target([parameters.pacing, .interval]), Target([Inbox.Cursor(next: 7)]),
        Target([OnionHead(layer: digest(1), revealed: 3)]),
    ]
}

@Suite struct DecoderFuzzTests {
    @Test(arguments: try targets())
    fileprivate func mutatedBytesNeverCrashAndWhateverDecodesIsCanonical(target: Target) {
        var random = SeededGenerator(seed: 42)
        for sample in target.samples { #expect(target.recode(sample) == sample) }
        var wrong = 0
        for round in 0..<2_000 {
            var bytes = target.samples[round % target.samples.count]
            for _ in 0...random.below(4) { mutate(&bytes, &random) }
            if let again = target.recode(bytes), again != bytes { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return bytes = random.bytes(most: 40) }
        let place = Int(random.below(UInt64(bytes.count)))
        switch random.below(8) {
        case 0: bytes.removeLast(place)
        case 1: bytes.insert(contentsOf: random.bytes(most: 8), at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 8))
        case 3: for index in place..<min(bytes.count, place + 8) { bytes[index] = 0xff }
        case 4: for index in place..<min(bytes.count, place + 8) { bytes[index] = 0 }
        case 5: bytes += bytes.prefix(place)
        case 6: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        default: bytes[place] ^= 1 << UInt8(random.below(8))
        }
    }
}
