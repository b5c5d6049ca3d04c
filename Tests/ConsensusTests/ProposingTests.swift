import Consensus
import Ledger
import Primitives
import TestKit
import Testing

@Suite struct ProposingTests {
    @Test func theLeaderBuildsWhenTheIntervalHasPassedAndNotBefore() throws {
        var script = Script(seat: 2) { start in start.finalPoint.timestamp = Script.start }
        script.step(.started)
        #expect(script.wait(999).tickets.isEmpty)
        let ticket = try #require(script.wait(1).tickets.first)
        #expect(ticket.height == Height(1))
        #expect(ticket.parent == script.root.block)
        #expect(ticket.notBefore == script.now)
        #expect(ticket.deadline == script.now.advanced(by: Instant.Span(milliseconds: 200)))
    }

    @Test func aMemberThatDoesNotLeadBuildsNothing() {
        var script = Script(seat: 1)
        script.step(.started)
        #expect(script.log.tickets.isEmpty)
    }

    @Test func aBuiltBlockIsStoredAndJournalledBeforeItLeaves() throws {
        var script = Script(seat: 2)
        let ticket = try #require(script.step(.started).tickets.first)
        let block = script.block(view: 1, on: script.root)
        script.answers = false
        let effects = script.step(.built(ticket, block))
        #expect(Array(effects.names.prefix(4)) == ["store", "journal", "broadcast", "execute"])
        #expect(effects.proposals.map(\.block) == [block.id])
        #expect(script.step(.executed(block.id, .valid)).votes.map(\.kind) == [.notarize])
    }

    @Test func aBuilderWithoutABlockGivesTheViewUp() throws {
        var script = Script(seat: 2)
        let ticket = try #require(script.step(.started).tickets.first)
        #expect(script.step(.built(ticket, nil)).votes.map(\.kind) == [.nullify])
    }

    @Test func aBlockThatComesAfterItsViewIsDropped() throws {
        var script = Script(seat: 2)
        let ticket = try #require(script.step(.started).tickets.first)
        script.nullify(1)
        let effects = script.step(.built(ticket, script.block(view: 1, on: script.root)))
        #expect(effects.proposals.isEmpty)
    }

    @Test func aBuiltBlockThatBreaksTheRulesIsNotSigned() throws {
        var script = Script(seat: 2)
        let ticket = try #require(script.step(.started).tickets.first)
        let early = script.block(view: 1, on: script.root) { $0.timestamp = .zero }
        let effects = script.step(.built(ticket, early))
        #expect(effects.proposals.isEmpty)
        #expect(effects.votes.map(\.kind) == [.nullify])
    }

    @Test func theParentIsTheHighestNotarisedBlockAboveNullifiedViews() throws {
        // Seat 0 leads height 2 in view 2 only by way of the block of view 1: (2 + 2) mod 4.
        var script = Script(seat: 0)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.receive(script.proposal(block))
        script.notarize(block, in: 1)
        let ticket = try #require(script.wait(1_000).tickets.first)
        #expect(ticket.parent == block.id)
        #expect(ticket.parentView == View(1))
        #expect(ticket.height == Height(2))
    }

    @Test func aFailedViewIsSkippedOnlyWithItsNullification() throws {
        // Seat 3 leads height 1 in view 2.
        var script = Script(seat: 3)
        script.step(.started)
        script.nullify(1)
        let ticket = try #require(script.log.tickets.first)
        #expect(ticket.parent == script.root.block)
        #expect(ticket.view == View(2))
        #expect(ticket.parentView == .zero)
    }

    @Test func aSoloChainGrowsByItself() throws {
        var script = Script(seat: 0, of: 1, roundLength: 3)
        script.step(.started)
        var parent = script.root
        for height in 1...3 as ClosedRange<UInt64> {
            if height > 1 { script.wait(1_000) }
            let ticket = try #require(script.log.tickets.last)
            let block = script.block(view: ticket.view.value, on: parent, parentView: ticket.parentView.value)
            script.step(.built(ticket, block))
            #expect(script.log.finalized.last == block.id)
            parent = FinalPoint(block)
        }
        #expect(script.log.opened == [Round(2)])
    }

    @Test func theChaosRuleDrawsTheLeaderFromTheParentsBeacon() throws {
        let signers = Script.signers(4)
        let members = try #require(MemberSet(signers.map(\.publicKey)))
        let parameters = ConsensusParameters(
            leaderRule: .chaos, pacing: .interval, roundLength: 10, interval: Script.interval,
            delta: Script.delta)
        let root = FinalPoint(
            height: .zero, block: BlockID(Bytes32(1, 2, 3, 4)), beacon: .zero, timestamp: .zero)
        let start = ReplicaStart(finalPoint: root, roundRoot: root, round: Round(1), members: members)
        let builders = signers.filter { signer in
            var replica = Replica(Script.configuration(signer, parameters), from: start)
            var effects: [Replica.Effect] = []
            replica.step(.started, at: Script.start, into: &effects)
            return !effects.tickets.isEmpty
        }
        #expect(builders.count == 1)
    }
}
