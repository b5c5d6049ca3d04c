import Consensus
import Ledger
import Primitives
import TestKit
import Testing

@Suite struct JournalTests {
    private func journal(_ effects: [Replica.Effect]) -> [JournalEntry] {
        effects.compactMap { if case .journal(let entry) = $0 { entry } else { nil } }
    }

    private func stored(_ effects: [Replica.Effect]) -> [Block] {
        effects.compactMap { if case .store(let block) = $0 { block } else { nil } }
    }

    /// The same member after a crash, with what it had journalled and stored.
    private func restarted(_ script: Script) -> Script {
        var next = Script(seat: script.seat) { start in
            start.journal = journal(script.log)
            start.unfinalBlocks = stored(script.log)
        }
        next.now = script.now
        return next
    }

    @Test func everyVoteThatLeavesWasJournalledBefore() {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        script.wait(5_000)
        var known: Set<Ballot> = []
        for effect in script.log {
            switch effect {
            case .journal(.vote(let vote)): known.insert(vote.ballot)
            case .broadcast(.vote(let vote)): #expect(known.contains(vote.ballot))
            default: break
            }
        }
    }

    @Test func aRestartedMemberSendsItsVotesAgain() {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        var next = restarted(script)
        #expect(next.step(.started).votes == script.log.votes)
    }

    @Test func aRestartedMemberNeverVotesForARival() {
        var script = Script(seat: 0)
        script.step(.started)
        script.receive(script.proposal(script.block(view: 1, on: script.root)))
        var next = restarted(script)
        next.step(.started)
        let rival = next.block(view: 1, on: next.root) { $0.powNonce = 5 }
        #expect(next.receive(next.proposal(rival)).votes.isEmpty)
    }

    @Test func aRestartedMemberKeepsItsWordToFinalise() {
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        var next = restarted(script)
        next.step(.started)
        next.wait(5_000)
        #expect(!next.log.votes(.nullify).contains { $0.view == View(1) })
        // The notarisation behind the word came back with it.
        #expect(next.replica.status.view == View(2))
    }

    @Test func aRestartedMemberKeepsItsWordToNullify() {
        var script = Script(seat: 0)
        script.step(.started)
        script.wait(200)
        var next = restarted(script)
        next.step(.started)
        let block = next.block(view: 1, on: next.root)
        next.receive(next.proposal(block))
        next.notarize(block, in: 1)
        #expect(next.log.votes(.finalize).isEmpty)
    }

    @Test func aRestartedLeaderProposesItsOldBlockAndBuildsNoOther() throws {
        var script = Script(seat: 2)
        let ticket = try #require(script.step(.started).tickets.first)
        let block = script.block(view: 1, on: script.root)
        script.answers = false
        script.step(.built(ticket, block))
        var next = restarted(script)
        next.step(.started)
        next.wait(150)
        #expect(next.log.tickets.isEmpty)
        #expect(next.log.proposals.map(\.block) == [block.id])
        #expect(
            Set(next.log.votes(.notarize)) == [
                Ballot(.notarize, round: Round(1), view: View(1), block: block.id)
            ])
    }

    @Test func aBlockThatWasStoredButNotJournalledBindsNobody() throws {
        var script = Script(seat: 2)
        let ticket = try #require(script.step(.started).tickets.first)
        var next = Script(seat: 2) { start in start.unfinalBlocks = [script.block(view: 1, on: script.root)] }
        #expect(next.step(.started).tickets.map(\.view) == [ticket.view])
    }

    @Test func aJournalFromALaterRoundForbidsItsViews() {
        var later = Script(seat: 0)
        later.round = Round(2)
        let vote = later.vote(.nullify, view: 1, by: 0)
        var script = Script(seat: 0, roundLength: 1) { start in start.journal = [.vote(vote)] }
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        script.finalize(block, in: 1)
        script.step(.roundOpened(Round(2), script.members))
        let next = later.block(view: 1, on: FinalPoint(block))
        script.now = script.now.advanced(by: Script.interval)
        script.receive(later.proposal(next))
        for seat in 1...3 { script.receive(.vote(later.vote(.notarize, view: 1, next.id, by: seat))) }
        #expect(script.replica.status.view == View(2))
        #expect(!script.log.votes(.finalize).contains { $0.round == Round(2) })
    }

    @Test func aReplicaStartsAboveItsFinalBlocks() {
        let maker = Script(seat: 0)
        let block = maker.block(view: 3, on: maker.root)
        var script = Script(seat: 0) { start in
            start.finalBlocksOfRound = [block]
            start.finalPoint = FinalPoint(block)
        }
        script.step(.started)
        #expect(script.replica.status.view == View(4))
        let next = script.block(view: 4, on: FinalPoint(block), parentView: 3)
        script.now = script.now.advanced(by: Script.interval)
        #expect(script.receive(script.proposal(next)).votes.map(\.kind) == [.notarize])
    }
}
