import Consensus
import Foundation
import Ledger
import Primitives
import TestKit
import Testing

@Suite struct ConsensusFuzzTests {
    @Test func alteredMessagesNeverCrashAndWhateverDecodesIsCanonical() {
        let target = FuzzTarget(CodecTests.messages())
        let plan = FuzzPlan(ProcessInfo.processInfo.environment, seed: 46)
        let again = plan.reproduction(filter: "ConsensusFuzzTests")
        if plan.isLong { print("fuzz \(target):", again) }
        #expect(plan.failures(of: target) == [], "\(again)")
    }
}

@Suite struct CodecTests {
    fileprivate static func messages() -> [ReplicaMessage] {
        let script = Script(seat: 0)
        let block = script.block(view: 1, on: script.root)
        guard case .proposal(let proposal, _) = script.proposal(block) else { return [] }
        let certificate = script.certificate(.finalize, view: 1, block.id, by: [0, 1, 2])
        let segment = RangeSegment(blocks: [block], link: [block.header], certificate: certificate)
        return [
            .proposal(proposal, block), .proposal(proposal, nil),
            .vote(script.vote(.nullify, view: 2, by: 1)),
            .certificate(certificate),
            .cause(Cause(round: Round(1), height: Height(2), on: Script.chain, by: script.signers[0])),
            .status(Status(round: Round(3), view: View(4), finalHeight: Height(5), finalBlock: block.id)),
            .blockRequest([block.id, .zero]), .block(block, proposal), .block(block, nil),
            .certificateRequest(CertificateRequest(round: Round(1), first: View(2), last: View(2))),
            .certificates([certificate]), .rangeRequest(RangeRequest(first: Height(9))),
            .range(BlockRange(first: Height(1), segments: [segment])),
            .range(BlockRange(first: Height(1), segments: [])),
        ]
    }

    @Test(arguments: messages().indices)
    func everyMessageHasOneByteForm(index: Int) throws {
        let message = CodecTests.messages()[index]
        let bytes = message.encoded
        #expect(try ReplicaMessage(decoding: bytes) == message)
        #expect(throws: CodecRejection.trailingBytes(count: 1)) { try ReplicaMessage(decoding: bytes + [0]) }
        for length in bytes.indices where length < 40 || length % 7 == 0 {
            #expect(throws: CodecRejection.self) { try ReplicaMessage(decoding: Array(bytes.prefix(length))) }
        }
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func changedBytesAreRefusedOrMeanSomethingElse(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let messages = CodecTests.messages()
        let message = messages[Int(generator.below(UInt64(messages.count)))]
        var bytes = message.encoded
        bytes[Int(generator.below(UInt64(bytes.count)))] ^= UInt8(1 << generator.below(8))
        do {
            let other = try ReplicaMessage(decoding: bytes)
            #expect(other.encoded == bytes)
        } catch {
            return
        }
    }

    @Test func journalEntriesSurviveTheirByteForm() throws {
        let script = Script(seat: 0)
        let block = script.block(view: 1, on: script.root)
        guard case .proposal(let proposal, _) = script.proposal(block) else { return }
        let entries: [JournalEntry] = [
            .vote(script.vote(.notarize, view: 1, block.id, by: 2)), .proposal(proposal),
            .certificate(script.certificate(.notarize, view: 1, block.id, by: [0, 1, 2])),
        ]
        for entry in entries {
            #expect(try JournalEntry(decoding: entry.encoded) == entry)
            #expect(entry.round == Round(1))
        }
        #expect(throws: CodecRejection.unknownTag(offset: 0, got: 4)) { try JournalEntry(decoding: [4]) }
    }

    @Test func aProposalMustBeAboveItsParent() {
        let script = Script(seat: 0)
        let place = Proposal.Place(round: Round(1), view: View(3), parent: .zero, parentView: View(3))
        let proposal = Proposal(
            at: place, block: .zero, height: Height(1), on: Script.chain, by: script.signers[0])
        #expect(throws: CodecRejection.notCanonical(offset: 0)) { try Proposal(decoding: proposal.encoded) }
    }

    @Test func aProposalsSignatureCoversChainAndEveryField() {
        let script = Script(seat: 0)
        guard case .proposal(let proposal, _) = script.proposal(script.block(view: 1, on: script.root)) else {
            return
        }
        #expect(proposal.isSigned(on: Script.chain, verifier: FakeVerifier()))
        #expect(!proposal.isSigned(on: ChainID(Bytes32(1, 0, 0, 0)), verifier: FakeVerifier()))
        var place = proposal.place
        place.view = View(2)
        let moved = Proposal(
            at: place, block: proposal.block, height: proposal.height, leader: proposal.leader,
            signature: proposal.signature)
        #expect(!moved.isSigned(on: Script.chain, verifier: FakeVerifier()))
    }
}
