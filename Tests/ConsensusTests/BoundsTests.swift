import Consensus
import Ledger
import Primitives
import TestKit
import Testing

@Suite struct BoundsTests {
    private func id(_ number: UInt64) -> BlockID { BlockID(Bytes32(number, 0, 0, 1)) }

    @Test func aThirdVoteOfAKindIsDropped() {
        var script = Script(seat: 0)
        script.step(.started)
        #expect(script.receive(.vote(script.vote(.notarize, view: 1, id(1), by: 3))).faults.isEmpty)
        #expect(script.receive(.vote(script.vote(.notarize, view: 1, id(2), by: 3))).faults.isEmpty)
        #expect(script.receive(.vote(script.vote(.notarize, view: 1, id(3), by: 3))).faults == [.tooMuch])
        #expect(script.receive(.vote(script.vote(.notarize, view: 1, id(1), by: 3))).faults.isEmpty)
    }

    @Test func votesFarAheadAreDroppedAndTheirSenderIsAsked() {
        var script = Script(seat: 0)
        script.step(.started)
        for seat in 1...3 { script.receive(.vote(script.vote(.nullify, view: 66, by: seat)), from: seat) }
        #expect(script.replica.status.view == View(1))
        #expect(script.log.sent.count == 3)
        for seat in 1...3 { script.receive(.vote(script.vote(.nullify, view: 65, by: seat)), from: seat) }
        #expect(script.replica.status.view == View(66))
    }

    @Test func aVoteOfAStrangerAndAForgedVoteAreThePeersFault() {
        var script = Script(seat: 0)
        script.step(.started)
        let ballot = Ballot(.nullify, round: Round(1), view: View(1), block: .zero)
        let stranger = Vote(ballot, on: Script.chain, by: FakeSigner(seed: 9_999))
        #expect(script.receive(.vote(stranger)).faults == [.notMember])
        let forged = Vote(ballot: ballot, voter: script.signers[1].publicKey, signature: stranger.signature)
        #expect(script.receive(.vote(forged)).faults == [.badSignature])
        let elsewhere = Vote(ballot, on: ChainID(Bytes32(1, 1, 1, 1)), by: script.signers[1])
        #expect(script.receive(.vote(elsewhere)).faults == [.badSignature])
    }

    @Test func aCertificateBelowQuorumOrWithABadSignatureIsThePeersFault() {
        var script = Script(seat: 0)
        script.step(.started)
        #expect(
            script.receive(.certificate(script.certificate(.nullify, view: 1, by: [1, 2]))).faults == [
                .badCertificate
            ])
        let good = script.certificate(.nullify, view: 1, by: [1, 2, 3])
        let bad = Certificate(
            ballot: good.ballot, bitmap: good.bitmap,
            signatures: [good.signatures[0], .zero, good.signatures[2]])
        #expect(script.receive(.certificate(bad)).faults == [.badCertificate])
        #expect(script.replica.status.view == View(1))
    }

    @Test func aThirdProposalOfALeaderIsDropped() {
        var script = Script(seat: 0)
        script.step(.started)
        let blocks = (1...3).map { number in
            script.block(view: 1, on: script.root) { $0.powNonce = UInt64(number) }
        }
        #expect(script.receive(script.proposal(blocks[0])).faults.isEmpty)
        #expect(script.receive(script.proposal(blocks[1])).faults.isEmpty)
        #expect(script.receive(script.proposal(blocks[2])).faults == [.tooMuch])
    }

    @Test func theBufferForTheNextRoundIsBoundedPerPeer() {
        var script = Script(seat: 0, roundLength: 1)
        script.step(.started)
        var next = script
        next.round = Round(2)
        for view in 1...600 as ClosedRange<UInt64> {
            script.receive(.vote(next.vote(.nullify, view: view % 60 + 1, by: 1)), from: 1)
        }
        for seat in 1...3 { script.receive(.vote(next.vote(.nullify, view: 1, by: seat)), from: 2) }
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        script.finalize(block, in: 1)
        script.step(.roundOpened(Round(2), script.members))
        #expect(script.replica.status.view == View(2))
    }

    @Test func anUnansweredQuestionForABlockEnds() {
        var script = Script(seat: nil, pacing: .onDemand(heartbeat: Instant.Span(milliseconds: .max)))
        script.step(.started)
        script.receive(.proposal(strayProposal(script), nil))
        var asked = 0
        for _ in 0..<40 { asked += script.wait(200).requestedBlocks.count }
        #expect(asked > 0 && asked < 10)
    }

    private func strayProposal(_ script: Script) -> Proposal {
        let place = Proposal.Place(
            round: Round(1), view: View(1), parent: script.root.block, parentView: .zero)
        return Proposal(at: place, block: id(77), height: Height(1), on: Script.chain, by: script.signers[2])
    }

    @Test func aRequestForMoreBlocksThanAllowedIsNotDecoded() {
        let most = ReplicaMessage.blockRequest((0..<16).map { id($0) })
        #expect(throws: Never.self) { try ReplicaMessage(decoding: most.encoded) }
        let more = ReplicaMessage.blockRequest((0..<17).map { id($0) })
        #expect(throws: CodecRejection.tooLong(offset: 1, got: 17, most: 16)) {
            try ReplicaMessage(decoding: more.encoded)
        }
    }
}
