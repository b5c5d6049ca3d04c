import Consensus
import Ledger
import Primitives
import TestKit
import Testing

@Suite struct EvidenceTests {
    private let script = Script(seat: 0)
    private let one = BlockID(Bytes32(1, 1, 1, 1))
    private let two = BlockID(Bytes32(2, 2, 2, 2))

    private func proposal(_ block: BlockID, by seat: Int = 2) -> Proposal {
        let place = Proposal.Place(
            round: Round(1), view: View(1), parent: script.root.block, parentView: .zero)
        return Proposal(
            at: place, block: block, height: Height(1), on: Script.chain, by: script.signers[seat])
    }

    private func accepts(_ evidence: Evidence) -> Bool {
        do {
            try evidence.verify(members: script.members, chain: Script.chain, verifier: FakeVerifier())
            return true
        } catch {
            return false
        }
    }

    @Test func everyOffenceIsProvedByItsPair() throws {
        let pairs: [(Evidence?, Evidence.Offence)] = [
            (Evidence(proposal(one), proposal(two)), .doubleProposal),
            (Evidence(vote(.notarize, one), vote(.notarize, two)), .doubleNotarize),
            (Evidence(vote(.finalize, one), vote(.nullify, .zero)), .nullifyAndFinalize),
            (Evidence(vote(.finalize, two), vote(.finalize, one)), .doubleFinalize),
        ]
        for (evidence, offence) in pairs {
            let evidence = try #require(evidence)
            #expect(evidence.offence == offence)
            #expect(accepts(evidence))
            #expect(try Evidence(decoding: evidence.encoded) == evidence)
        }
    }

    private func vote(_ kind: VoteKind, _ block: BlockID, view: UInt64 = 1, by seat: Int = 2) -> Vote {
        script.vote(kind, view: view, block, by: seat)
    }

    @Test func whatAnHonestMemberSignsIsNoOffence() {
        #expect(Evidence(vote(.notarize, one), vote(.notarize, one)) == nil)
        #expect(Evidence(vote(.notarize, one), vote(.nullify, .zero)) == nil)
        #expect(Evidence(vote(.notarize, one), vote(.finalize, one)) == nil)
        #expect(Evidence(vote(.notarize, one), vote(.notarize, two, view: 2)) == nil)
        #expect(Evidence(vote(.notarize, one), vote(.notarize, two, by: 1)) == nil)
        #expect(Evidence(proposal(one), proposal(one)) == nil)
        #expect(Evidence(proposal(one), proposal(two, by: 1)) == nil)
    }

    @Test func evidenceHasOneFormWhateverTheOrder() {
        #expect(
            Evidence(vote(.notarize, one), vote(.notarize, two))
                == Evidence(vote(.notarize, two), vote(.notarize, one)))
        #expect(Evidence(proposal(one), proposal(two)) == Evidence(proposal(two), proposal(one)))
    }

    @Test func aForgedHalfProvesNothing() throws {
        let forged = Vote(
            ballot: vote(.notarize, two).ballot, voter: script.signers[2].publicKey,
            signature: vote(.notarize, two, by: 1).signature)
        let evidence = try #require(Evidence(vote(.notarize, one), forged))
        #expect(throws: Evidence.Rejection.badSignature) {
            try evidence.verify(members: script.members, chain: Script.chain, verifier: FakeVerifier())
        }
    }

    @Test func aStrangerCannotBeAccused() throws {
        let evidence = try #require(Evidence(vote(.notarize, one), vote(.notarize, two)))
        let others = try #require(MemberSet(script.members.keys.filter { $0 != evidence.accused }))
        #expect(throws: Evidence.Rejection.notMember(evidence.accused)) {
            try evidence.verify(members: others, chain: Script.chain, verifier: FakeVerifier())
        }
    }

    @Test func aPairThatDoesNotConflictIsNotDecoded() {
        var writer = ByteWriter()
        writer.write(UInt8(2))
        writer.write(vote(.notarize, one))
        writer.write(vote(.notarize, one))
        #expect(throws: CodecRejection.notCanonical(offset: 0)) { try Evidence(decoding: writer.bytes) }
    }

    @Test func aReplicaReportsEachOffenderOnceAView() {
        var script = script
        script.step(.started)
        script.receive(.vote(vote(.notarize, one)))
        #expect(script.receive(.vote(vote(.notarize, two))).evidence.map(\.offence) == [.doubleNotarize])
        script.receive(.vote(vote(.finalize, one)))
        #expect(script.receive(.vote(vote(.nullify, .zero))).evidence.isEmpty)
        #expect(script.receive(.vote(vote(.finalize, two, view: 2))).evidence.isEmpty)
        #expect(
            script.receive(.vote(vote(.nullify, .zero, view: 2))).evidence.map(\.offence) == [
                .nullifyAndFinalize
            ])
    }

    @Test func aReplicaReportsALeaderWithTwoBlocks() {
        var script = script
        script.step(.started)
        script.receive(.proposal(proposal(one), nil))
        #expect(script.receive(.proposal(proposal(two), nil)).evidence.map(\.offence) == [.doubleProposal])
    }
}
