import Crypto
import Foundation
import Ledger
import Primitives
import TestKit
import Testing

/// Every type that meets a stranger's bytes, with samples to start from.
private func targets() throws -> [FuzzTarget] {
    let chain = try TestChain.side()
    let transfer = chain.transfer(from: 1, to: 2, 5)
    let historical = historicalTransfer(at: 5, message: "hé").seconded(by: key(3))
    let ancient = try HistoricalVector.all().map { try $0.transaction() }
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
        FuzzTarget([
            transfer, chain.call(from: 1, "m", arguments: [1]), SignedTransaction(historical),
            try #require(transfer.cosigned(by: key(2))),
            try #require(transfer.cosigned(by: key(2))?.cosigned(by: key(3))),
        ]),
        FuzzTarget([AccountPolicy(), AccountPolicy(second: key(1).publicKey, lockedUntil: Height(5))]),
        FuzzTarget([
            try #require(AccountPolicy.Group(least: 2, keys: [key(1).publicKey])),
            try #require(AccountPolicy.Group(least: 3, keys: (1...16).map { key($0).publicKey })),
        ]),
        FuzzTarget([historical] + ancient), FuzzTarget([header]), FuzzTarget([header.anchor]),
        FuzzTarget([Block(header: header, transactions: [transfer, SignedTransaction(historical)])]),
        FuzzTarget([ballot]), FuzzTarget([vote]), FuzzTarget([council]),
        FuzzTarget([Certificate(ballot, votes: [vote], members: council)]),
        FuzzTarget([Receipt(transaction: transfer.id, fee: .zero, events: [event], returned: [1])]),
        FuzzTarget([Receipt(transaction: transfer.id, error: error, fee: .zero)]), FuzzTarget([event]),
        FuzzTarget([error]),
        FuzzTarget([
            InboxMessage(
                sequence: 1, height: Height(2), recipient: address(1), amount: .etm(1), source: transfer.id)
        ]),
        FuzzTarget([OutboxMessage(sequence: 1, recipient: address(1), amount: .etm(1), source: transfer.id)]),
        FuzzTarget([TransferPayload(recipient: address(1), amount: .etm(1), message: "é")]),
        FuzzTarget([CallPayload(contract: "c", method: "m", arguments: [1], gasLimit: 5)]),
        FuzzTarget([
            ChangeSet([
                Change(key: stateKey(1), old: nil, new: [1]), Change(key: stateKey(2), old: [1], new: nil),
            ])
        ]),
        FuzzTarget([Change(key: stateKey(1), old: [2], new: [1])]), FuzzTarget([stateKey(3)]),
        FuzzTarget([state.finalProof(of: stateKey(1)), state.finalProof(of: stateKey(10))]),
        FuzzTarget([chain.spec.genesis]), FuzzTarget([parameters, TestChain.consensus(interval: 6)]),
        FuzzTarget([chain.spec.fees]), FuzzTarget([chain.spec.limits]), FuzzTarget(chain.spec.assets),
        FuzzTarget([TransactionKind.call]), FuzzTarget([AssetNumber.own]), FuzzTarget([LeaderRule.chaos]),
        FuzzTarget([VoteKind.nullify]), FuzzTarget([parameters.pacing, .interval]),
        FuzzTarget([Inbox.Cursor(next: 7)]),
        FuzzTarget([OnionHead(layer: digest(1), revealed: 3)]),
    ]
}

@Suite struct DecoderFuzzTests {
    @Test(arguments: try targets())
    func mutatedBytesNeverCrashAndWhateverDecodesIsCanonical(target: FuzzTarget) {
        let plan = FuzzPlan(ProcessInfo.processInfo.environment, seed: 42)
        if plan.isLong { print("fuzz \(target):", plan.reproduction(filter: "LedgerTests.DecoderFuzzTests")) }
        #expect(
            plan.failures(of: target) == [], "\(plan.reproduction(filter: "LedgerTests.DecoderFuzzTests"))")
    }
}
