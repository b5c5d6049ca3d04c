import Consensus
import Ledger
import Primitives
import TestKit
import Testing

/// A leader that backdates its block could bind tickets to rounds whose outcome is known.
@Suite struct StaleBlockTests {
    private func script(oldest: UInt64?) -> Script {
        var script = Script(seat: 0)
        var configuration = Script.configuration(script.signers[0], script.parameters)
        configuration.oldestVoted = oldest.map { Instant.Span(milliseconds: $0) }
        script.replica = Replica(
            configuration,
            from: ReplicaStart(
                finalPoint: script.root, roundRoot: script.root, round: Round(1), members: script.members))
        return script
    }

    @Test func aBlockOfTheOldestTimeGetsAVoteAndAnOlderOneNone() {
        for (late, kind) in [(50, VoteKind.notarize), (51, .nullify)] as [(UInt64, VoteKind)] {
            var script = script(oldest: 50)
            script.step(.started)
            let block = script.block(view: 1, on: script.root)
            script.now = block.header.timestamp.advanced(by: .init(milliseconds: late))
            #expect(script.receive(script.proposal(block)).votes.map(\.kind) == [kind], "\(late) ms")
        }
    }

    @Test func theAgeCountsWhenTheVoteIsCast() {
        var script = script(oldest: 50)
        script.answers = false
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.now = block.header.timestamp
        #expect(script.receive(script.proposal(block)).executions == [block.id])
        script.now = block.header.timestamp.advanced(by: .init(milliseconds: 51))
        #expect(script.step(.executed(block.id, .valid)).votes.map(\.kind) == [.nullify])
    }

    @Test func aChainThatDoesNotAskVotesForAnyAge() {
        var script = script(oldest: nil)
        script.step(.started)
        let block = script.block(view: 1, on: script.root)
        script.now = block.header.timestamp.advanced(by: .init(milliseconds: 150))
        #expect(script.receive(script.proposal(block)).votes.map(\.kind) == [.notarize])
    }

    @Test func aTicketWaitsLongerThanABlockMayBeOld() {
        for delta in [100, 300, 1_000, 60_000] as [UInt64] {
            let parameters = ConsensusParameters(
                leaderRule: .chaos, pacing: .interval, roundLength: 4, interval: .seconds(1),
                delta: .init(milliseconds: delta))
            let spare = parameters.drawMargin.milliseconds - parameters.oldestVoted.milliseconds
            #expect(spare == 2 * delta + 3_000)
        }
    }
}
