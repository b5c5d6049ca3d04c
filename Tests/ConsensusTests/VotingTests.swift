import Consensus
import Ledger
import Primitives
import TestKit
import Testing

@Suite struct VotingTests {
    @Test func aGoodBlockIsExecutedThenStoredJournalledAndNotarised() {
        var script = Script(seat: 0)
        script.answers = false
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        let first = script.receive(script.proposal(block))
        #expect(first.executions == [block.id])
        #expect(first.votes.isEmpty)
        let second = script.step(.executed(block.id, .valid))
        #expect(second.votes == [Ballot(.notarize, round: Round(1), view: View(1), block: block.id)])
        #expect(Array(second.names.prefix(3)) == ["store", "journal", "broadcast"])
    }

    @Test func aMemberNotarisesOnceInAView() {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        #expect(script.receive(script.proposal(block)).votes.count == 1)
        let rival = script.block(view: 1, on: script.root) { $0.powNonce = 9 }
        #expect(script.receive(script.proposal(rival)).votes.isEmpty)
        #expect(script.receive(script.proposal(block)).votes.isEmpty)
    }

    static let faults: [(String, @Sendable (inout BlockHeader) -> Void)] = [
        ("height", { $0.height = Height(2) }),
        ("round", { $0.round = Round(2) }),
        ("view", { $0.view = View(2) }),
        ("parent", { $0.parent = BlockID(Bytes32(8, 8, 8, 8)) }),
        ("time", { $0.timestamp = Instant(milliseconds: $0.timestamp.milliseconds - 1) }),
    ]

    @Test(arguments: faults.indices)
    func aBlockWithAWrongHeaderIsAnsweredWithNullifyAtOnce(index: Int) {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root, change: VotingTests.faults[index].1)
        let leader = script.signers[script.leader(height: 1, view: 1)]
        let place = Proposal.Place(
            round: Round(1), view: View(1), parent: script.root.block, parentView: .zero)
        let proposal = Proposal(
            at: place, block: block.id, height: Height(1), on: Script.chain, by: leader)
        let effects = script.receive(.proposal(proposal, block))
        #expect(effects.votes == [Ballot(.nullify, round: Round(1), view: View(1), block: .zero)])
    }

    @Test func anInvalidBlockIsAnsweredWithNullifyAtOnce() {
        var script = Script(seat: 0)
        script.answers = false
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        #expect(script.step(.executed(block.id, .invalid("wrong_root"))).votes.map(\.kind) == [.nullify])
    }

    @Test func aBlockThatCannotBeJudgedYetIsAskedAboutAgain() {
        var script = Script(seat: 0)
        script.answers = false
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        let effects = script.step(.executed(block.id, .unavailable))
        #expect(effects.votes.isEmpty && effects.executions.isEmpty)
        #expect(script.wait(50).executions.isEmpty)
        #expect(script.wait(1).executions == [block.id])
        #expect(script.step(.executed(block.id, .valid)).votes.map(\.kind) == [.notarize])
    }

    @Test func aBodyThatIsNotTheHeadersIsThePeersFault() {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root) { $0.transactionsRoot = .zero }
        let effects = script.receive(script.proposal(block))
        #expect(effects.faults == [.badBlock])
        #expect(effects.votes.isEmpty)
    }

    @Test func aBlockWithoutItsProofOfWorkIsThePeersFault() throws {
        var script = Script(seat: 0, workBits: 8)
        script.step(.started)
        let lazy = script.block(view: 1, on: script.root) { header in
            header.powNonce = (0..<4_096).first { nonce in
                !LightWork.verify(header.workBytes, nonce: nonce, bits: 8)
            }!
        }
        let effects = script.receive(script.proposal(lazy))
        #expect(effects.faults == [.badBlock])
        #expect(effects.votes.isEmpty)
    }

    @Test func aBlockWithItsProofOfWorkIsVotedFor() throws {
        var script = Script(seat: 0, workBits: 8)
        script.step(.started)
        let leader = script.signers[script.leader(height: 1, view: 1)].publicKey
        let block = script.block(view: 1, on: script.root) { header in
            // The work covers the leader's key.
            header.leader = leader
            header.powNonce = LightWork.search(header.workBytes, bits: 8, nonces: 0..<65_536)!
        }
        #expect(script.receive(script.proposal(block)).votes.map(\.kind) == [.notarize])
    }

    @Test func aMemberThatDoesNotLeadIsNotHeard() {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        let place = Proposal.Place(
            round: Round(1), view: View(1), parent: script.root.block, parentView: .zero)
        let proposal = Proposal(
            at: place, block: block.id, height: Height(1), on: Script.chain, by: script.signers[1])
        let effects = script.receive(.proposal(proposal, block))
        #expect(effects.faults == [.notLeader])
        #expect(effects.votes.isEmpty)
    }

    @Test func aTimestampOneDeltaAheadIsTakenAndALaterOneWaits() {
        var script = Script(seat: 0)
        script.step(.started)
        let soon = script.now.advanced(by: Script.delta)
        let block = script.block(view: 1, on: script.root) { $0.timestamp = soon }
        #expect(script.receive(script.proposal(block)).votes.map(\.kind) == [.notarize])

        var other = Script(seat: 0)
        other.step(.started)
        let later = script.block(view: 1, on: script.root) {
            $0.timestamp = soon.advanced(by: Instant.Span(milliseconds: 1))
        }
        #expect(other.receive(other.proposal(later)).votes.isEmpty)
        #expect(other.log.wakes.last == other.now.advanced(by: Instant.Span(milliseconds: 1)))
        #expect(other.wait(1).votes.map(\.kind) == [.notarize])
    }

    @Test func aQuorumWithTheLeaderNotarisesAndTheMemberFinalises() {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        #expect(script.receive(.vote(script.vote(.notarize, view: 1, block.id, by: 1))).votes.isEmpty)
        let effects = script.receive(.vote(script.vote(.notarize, view: 1, block.id, by: 2)))
        #expect(effects.votes == [Ballot(.finalize, round: Round(1), view: View(1), block: block.id)])
        #expect(script.replica.status.view == View(2))
        #expect(Array(effects.names.prefix(3)) == ["journal", "journal", "broadcast"])
    }

    @Test func aQuorumWithoutTheLeaderDoesNotNotarise() {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.receive(.vote(script.vote(.notarize, view: 1, block.id, by: 1)))
        #expect(script.receive(.vote(script.vote(.notarize, view: 1, block.id, by: 3))).votes.isEmpty)
        #expect(script.replica.status.view == View(1))
        script.receive(.vote(script.vote(.notarize, view: 1, block.id, by: 2)))
        #expect(script.replica.status.view == View(2))
    }

    @Test func afterNullifyThereIsNoFinalize() {
        var script = Script(seat: 0)
        script.step(.started)
        #expect(script.wait(200).votes.map(\.kind) == [.nullify])
        let block = script.block(view: 1, on: script.root)
        #expect(script.receive(script.proposal(block)).votes.map(\.kind) == [.notarize])
        script.notarize(block, in: 1)
        #expect(script.replica.status.view == View(2))
        #expect(script.log.votes(.finalize).isEmpty)
    }

    @Test func afterFinalizeThereIsNoNullify() {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        script.wait(5_000)
        #expect(Set(script.log.votes(.finalize).map(\.view)) == [View(1)])
        #expect(!script.log.votes(.nullify).contains { $0.view == View(1) })
    }

    @Test func bothAreSaidWhenTheMutationAllowsIt() {
        var script = Script(seat: 0, mutations: .nullifyAndFinalize)
        script.step(.started)
        script.wait(200)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        #expect(script.log.votes(.finalize).map(\.view) == [View(1)])
    }

    @Test func withoutACandidateTheViewIsGivenUpAfterTwoDelta() {
        var script = Script(seat: 0)
        script.step(.started)
        #expect(script.wait(199).votes.isEmpty)
        #expect(script.wait(1).votes.map(\.kind) == [.nullify])
    }

    @Test func withACandidateTheViewIsGivenUpAfterThreeDelta() {
        var script = Script(seat: 0)
        script.answers = false
        script.step(.started)
        script.receive(script.proposal(script.block(view: 1, on: script.root)))
        #expect(script.wait(299).votes(.nullify).isEmpty)
        #expect(script.wait(1).votes(.nullify).count == 1)
    }

    @Test func timersCountFromWhenTheLeaderMayPropose() {
        var script = Script(seat: 0) { start in
            start.finalPoint.timestamp = Script.start
        }
        script.step(.started)
        #expect(script.wait(1_199).votes.isEmpty)
        #expect(script.wait(1).votes.map(\.kind) == [.nullify])
    }

    @Test func aBlockMayNotSkipAViewThatIsNotNullified() {
        var script = Script(seat: 0)
        script.step(.started)
        let first = script.block(view: 1, on: script.root)
        script.receive(script.proposal(first))
        script.notarize(first, in: 1)
        let rival = script.block(view: 2, on: script.root)
        #expect(script.receive(script.proposal(rival)).votes.isEmpty)
        for seat in [1, 2, 3] { script.receive(.vote(script.vote(.nullify, view: 1, by: seat))) }
        #expect(
            script.log.votes(.notarize).last
                == Ballot(.notarize, round: Round(1), view: View(2), block: rival.id))
    }

    @Test func withoutTheGapRuleItMay() {
        var script = Script(seat: 0, mutations: .noGapRule)
        script.step(.started)
        let first = script.block(view: 1, on: script.root)
        script.receive(script.proposal(first))
        script.notarize(first, in: 1)
        let rival = script.block(view: 2, on: script.root)
        #expect(script.receive(script.proposal(rival)).votes.map(\.kind) == [.notarize])
    }

    @Test func aNullificationOpensTheNextView() {
        var script = Script(seat: 0)
        script.step(.started)
        script.receive(.vote(script.vote(.nullify, view: 1, by: 1)))
        script.receive(.vote(script.vote(.nullify, view: 1, by: 2)))
        #expect(script.replica.status.view == View(1))
        let effects = script.receive(.vote(script.vote(.nullify, view: 1, by: 3)))
        #expect(script.replica.status.view == View(2))
        let relayed = effects.contains { if case .broadcast(.certificate) = $0 { true } else { false } }
        #expect(relayed)
    }

    @Test func aCertificateOfALaterViewIsJumpedTo() {
        var script = Script(seat: 0)
        script.step(.started)
        script.receive(.certificate(script.certificate(.nullify, view: 40, by: [1, 2, 3])))
        #expect(script.replica.status.view == View(41))
    }

    @Test func aNotarisationThatComesBeforeItsBlockFetchesIt() {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        let effects = script.receive(
            .certificate(script.certificate(.notarize, view: 1, block.id, by: [1, 2, 3])))
        #expect(effects.requestedBlocks == [block.id])
        #expect(script.replica.status.view == View(1))
        script.receive(.block(block, nil))
        #expect(script.replica.status.view == View(2))
    }
}
