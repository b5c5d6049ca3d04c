import Consensus
import Ledger
import Primitives
import TestKit
import Testing

@Suite struct FinalityTests {
    /// Two notarised blocks that nobody has finalised yet.
    private func twoNotarised(_ script: inout Script) -> (Block, Block) {
        script.step(.started)
        let first = script.block(view: 1, on: script.root)
        script.receive(script.proposal(first))
        script.notarize(first, in: 1)
        script.now = script.now.advanced(by: Script.interval)
        let second = script.block(view: 2, on: FinalPoint(first), parentView: 1)
        script.receive(script.proposal(second))
        script.notarize(second, in: 2)
        return (first, second)
    }

    @Test func aFinalisationTakesItsAncestorsAlongOldestFirst() {
        var script = Script(seat: 0)
        let (first, second) = twoNotarised(&script)
        script.finalize(second, in: 2)
        #expect(script.log.finalized == [first.id, second.id])
        #expect(script.replica.status.finalHeight == Height(2))
    }

    @Test func oneVoteLessThanAQuorumFinalisesNothing() {
        var script = Script(seat: 0)
        let (first, _) = twoNotarised(&script)
        script.receive(.vote(script.vote(.finalize, view: 1, first.id, by: 1)))
        #expect(script.log.finalized.isEmpty)
        script.receive(.vote(script.vote(.finalize, view: 1, first.id, by: 2)))
        #expect(script.log.finalized == [first.id])
    }

    @Test func nothingIsFinalBeforeItWasExecutedAndStored() {
        var script = Script(seat: nil)
        script.answers = false
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        let finality = script.certificate(.finalize, view: 1, block.id, by: [1, 2, 3])
        #expect(script.receive(.certificate(finality)).requestedBlocks == [block.id])
        #expect(script.receive(.block(block, nil)).executions == [block.id])
        let effects = script.step(.executed(block.id, .valid))
        #expect(Array(effects.names.prefix(2)) == ["store", "finalized"])
    }

    @Test func aFinalBlockThatIsInvalidHereStopsTheReplica() {
        var script = Script(seat: nil)
        script.answers = false
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(.certificate(script.certificate(.finalize, view: 1, block.id, by: [1, 2, 3])))
        script.receive(.block(block, nil))
        let effects = script.step(.executed(block.id, .invalid("wrong_root")))
        let halts = effects.contains {
            if case .halt(.finalBlockInvalid(block.id, "wrong_root")) = $0 { true } else { false }
        }
        #expect(halts)
        #expect(script.replica.hasHalted)
        #expect(script.wait(10_000).isEmpty)
    }

    @Test func rivalsOfAFinalBlockAreAbandoned() {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        let rival = script.block(view: 1, on: script.root) { $0.powNonce = 3 }
        script.receive(script.proposal(block))
        script.receive(script.proposal(rival))
        script.notarize(block, in: 1)
        script.finalize(block, in: 1)
        let abandoned = script.log.flatMap { effect -> [BlockID] in
            if case .abandoned(let ids) = effect { ids } else { [] }
        }
        #expect(abandoned == [rival.id])
    }

    @Test func theLastBlockOfARoundAsksForTheNextRoundAndOnlyWhenFinal() {
        var script = Script(seat: 0, roundLength: 1)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        #expect(script.log.opened.isEmpty)
        script.finalize(block, in: 1)
        #expect(script.log.opened == [Round(2)])
        script.step(.roundOpened(Round(2), script.members))
        #expect(script.replica.status.round == Round(2))
        #expect(script.replica.status.view == View(1))
    }

    @Test func openingEarlyIsWhatTheMutationDoes() {
        var script = Script(seat: 0, roundLength: 1, mutations: .openEarly)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        #expect(script.log.opened == [Round(2)])
    }

    @Test func aNotarisedLastBlockIsOnlyProposedAgain() {
        // Seat 3 leads view 2 for the block of height 1 itself.
        var script = Script(seat: 3, roundLength: 1)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        script.wait(1_000)
        #expect(script.log.tickets.isEmpty)
        #expect(script.log.proposals.map(\.block) == [block.id])
        #expect(script.log.proposals.map(\.isRepeated) == [true])
        #expect(script.log.votes(.notarize).map(\.view) == [View(1), View(2)])
    }

    @Test func aBlockAboveTheRoundsLastHeightIsRefused() {
        var script = Script(seat: 0, roundLength: 1)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        script.now = script.now.advanced(by: Script.interval)
        let beyond = script.block(view: 2, on: FinalPoint(block), parentView: 1)
        script.receive(script.proposal(beyond))
        script.wait(1)
        #expect(!script.log.votes(.notarize).contains { $0.view == View(2) })
    }

    @Test func aRepeatedLastBlockBecomesFinalInALaterView() {
        var script = Script(seat: 0, roundLength: 1)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        let place = Proposal.Place(round: Round(1), view: View(2), parent: block.id, parentView: View(1))
        let again = Proposal(
            at: place, block: block.id, height: Height(1), on: Script.chain, by: script.signers[3])
        script.receive(.proposal(again, nil))
        #expect(script.log.votes(.notarize).map(\.view) == [View(1), View(2)])
        script.notarize(block, in: 2)
        script.finalize(block, in: 2)
        #expect(script.log.finalized == [block.id])
        #expect(script.log.opened == [Round(2)])
    }

    @Test func whatIsSaidOfTheNextRoundWaitsUntilItOpens() {
        var script = Script(seat: 0, roundLength: 1)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        var next = script
        next.round = Round(2)
        for seat in 1...3 { script.receive(.vote(next.vote(.nullify, view: 1, by: seat))) }
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        script.finalize(block, in: 1)
        #expect(script.replica.status.round == Round(1))
        script.step(.roundOpened(Round(2), script.members))
        #expect(script.replica.status.view == View(2))
    }

    @Test func aMemberThatLosesItsSeatFollowsSilently() throws {
        var script = Script(seat: 0, roundLength: 1)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        script.finalize(block, in: 1)
        let others = try #require(MemberSet(Array(script.members.keys.dropFirst())))
        script.step(.roundOpened(Round(2), others))
        #expect(!script.replica.isMember)
        let before = script.log.votes.count
        script.wait(10_000)
        #expect(script.log.votes.filter { $0.round == Round(2) }.isEmpty)
        #expect(script.log.votes.count == before)
    }
}
