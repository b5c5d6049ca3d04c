import Consensus
import Ledger
import Primitives
import TestKit
import Testing

@Suite struct PacingTests {
    private let heartbeat = Instant.Span.seconds(600)

    private func idle(seat: Int? = 0) -> Script {
        var script = Script(seat: seat, pacing: .onDemand(heartbeat: heartbeat))
        script.step(.started)
        return script
    }

    private func cause(_ script: Script, height: UInt64 = 1, by seat: Int = 1) -> ReplicaMessage {
        .cause(Cause(round: Round(1), height: Height(height), on: Script.chain, by: script.signers[seat]))
    }

    @Test func anIdleChainArmsOnlyItsHeartbeat() {
        let script = idle()
        #expect(script.log.wakes == [script.root.timestamp.advanced(by: heartbeat)])
        #expect(script.log.votes.isEmpty)
        #expect(script.log.tickets.isEmpty)
    }

    @Test func withoutAHeartbeatAnIdleChainArmsNothing() {
        var script = Script(seat: 0, pacing: .onDemand(heartbeat: Instant.Span(milliseconds: .max)))
        script.step(.started)
        #expect(script.log.wakes.isEmpty)
    }

    @Test func aCauseRunsTheTimersAndIsForwarded() {
        var script = idle()
        let effects = script.step(.causeChanged(true))
        let forwarded = effects.contains { if case .broadcast(.cause) = $0 { true } else { false } }
        #expect(forwarded)
        #expect(script.wait(200).votes.map(\.kind) == [.nullify])
    }

    @Test func aForwardedCauseRunsTheTimersOfOthers() {
        var script = idle()
        script.receive(cause(script))
        #expect(script.wait(200).votes.map(\.kind) == [.nullify])
    }

    @Test func aCauseFromAStrangerOrForAPastHeightRunsNothing() {
        var script = idle()
        let stranger = Cause(
            round: Round(1), height: Height(1), on: Script.chain, by: FakeSigner(seed: 4_444))
        #expect(script.receive(.cause(stranger)).faults == [.notMember])
        script.receive(cause(script, height: 0))
        #expect(script.wait(1_000).votes.isEmpty)
    }

    @Test func aForgedCauseIsThePeersFault() throws {
        var script = idle()
        var bytes = cause(script).encoded
        bytes[bytes.count - 1] ^= 1
        let effects = script.receive(try ReplicaMessage(decoding: bytes))
        #expect(effects.faults == [.badSignature])
    }

    @Test func theLeaderBuildsOnACauseAndTheChainIsIdleAgainWhenTheBlockIsFinal() throws {
        var script = idle(seat: 2)
        let ticket = try #require(script.step(.causeChanged(true)).tickets.first)
        let block = script.block(view: 1, on: script.root)
        script.step(.built(ticket, block))
        script.notarize(block, in: 1)
        script.finalize(block, in: 1)
        #expect(script.log.finalized == [block.id])
        script.step(.causeChanged(false))
        #expect(script.log.wakes.last == block.header.timestamp.advanced(by: heartbeat))
        let before = script.log.votes.count
        script.wait(5_000)
        #expect(script.log.votes.count == before)
    }

    @Test func aCauseThatIsNotWithdrawnCountsAgainAfterDelta() throws {
        var script = idle(seat: 2)
        let ticket = try #require(script.step(.causeChanged(true)).tickets.first)
        let block = script.block(view: 1, on: script.root)
        script.step(.built(ticket, block))
        script.notarize(block, in: 1)
        script.finalize(block, in: 1)
        #expect(script.log.wakes.last == script.now.advanced(by: Script.delta))
        let effects = script.wait(100)
        let forwarded = effects.contains { if case .broadcast(.cause) = $0 { true } else { false } }
        #expect(forwarded)
    }

    @Test func theHeartbeatIsACauseForEveryone() {
        var script = idle()
        #expect(script.wait(heartbeat.milliseconds - 1_001).votes.isEmpty)
        script.wait(1)
        #expect(script.wait(200).votes.map(\.kind) == [.nullify])
    }

    @Test func whatOthersDoWakesAnIdleMember() {
        var script = idle()
        script.receive(.vote(script.vote(.nullify, view: 1, by: 3)))
        #expect(script.wait(200).votes.map(\.kind) == [.nullify])
    }

    @Test func theAdmittingCertificateAndOwnVotesAreRepeatedEveryDelta() {
        var script = Script(seat: 0)
        script.step(.started)
        script.nullify(1)
        script.wait(201)
        let effects = script.wait(150)
        let certificates = effects.filter { if case .broadcast(.certificate) = $0 { true } else { false } }
        #expect(certificates.count == 1)
        #expect(effects.votes.contains(Ballot(.nullify, round: Round(1), view: View(2), block: .zero)))
    }

    @Test func longRunsOfFailedViewsLengthenTheTimers() {
        var script = Script(seat: nil)
        script.step(.started)
        script.receive(.certificate(script.certificate(.nullify, view: 1, by: [0, 1, 2])))
        var member = Script(seat: 0)
        member.step(.started)
        for view in 1...8 as ClosedRange<UInt64> { member.nullify(view) }
        #expect(member.replica.status.view == View(9))
        #expect(member.wait(399).votes(.nullify).filter { $0.view == View(9) }.isEmpty)
        #expect(member.wait(1).votes(.nullify).filter { $0.view == View(9) }.count == 1)
    }
}
