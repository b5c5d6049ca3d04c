import Consensus
import Crypto
import Ledger
import Primitives
import TestKit
import Testing

@Suite struct QuorumTests {
    private func set(_ count: Int) -> MemberSet { MemberSet(Script.signers(count).map(\.publicKey))! }

    @Test func anyTwoQuorumsShareAnHonestMember() {
        for count in 1...150 {
            let members = set(count)
            let sizes = [members.quorum, members.otherVotes + 1]
            for one in sizes {
                for other in sizes { #expect(one + other - count > members.tolerated) }
            }
        }
    }

    @Test func honestMembersAloneReachEveryQuorumWhereTheFoundingRuleLetsThem() {
        for count in 1...150 where count != 101 {
            let members = set(count)
            #expect(count - members.tolerated >= members.quorum)
            #expect(count - members.tolerated >= members.otherVotes + 1)
        }
        #expect(set(101).otherVotes + 1 == 69)
        #expect(set(101).quorum == 68)
    }

    @Test(arguments: [VoteKind.notarize, .nullify, .finalize])
    func aCertificateNeedsExactlyItsQuorum(kind: VoteKind) throws {
        let script = Script(seat: 0)
        let block = kind == .nullify ? BlockID.zero : BlockID(Bytes32(5, 5, 5, 5))
        let enough = script.certificate(kind, view: 3, block, by: [0, 1, 3])
        try enough.verify(members: script.members, leader: nil, chain: Script.chain, verifier: FakeVerifier())
        let short = script.certificate(kind, view: 3, block, by: [0, 3])
        #expect(throws: Certificate.Rejection.belowQuorum(needed: 3, got: 2)) {
            try short.verify(
                members: script.members, leader: nil, chain: Script.chain, verifier: FakeVerifier())
        }
    }

    @Test func aNotarisationWithoutItsLeaderProvesNothing() {
        let script = Script(seat: 0)
        let certificate = script.certificate(.notarize, view: 3, BlockID(Bytes32(5, 5, 5, 5)), by: [0, 1, 3])
        #expect(throws: Certificate.Rejection.leaderMissing) {
            try certificate.verify(
                members: script.members, leader: script.members.keys[2], chain: Script.chain,
                verifier: FakeVerifier())
        }
    }

    @Test func changingAnyByteOfACertificateBreaksIt() throws {
        let script = Script(seat: 0)
        let certificate = script.certificate(.finalize, view: 3, BlockID(Bytes32(5, 5, 5, 5)), by: [0, 1, 3])
        let bytes = certificate.encoded
        #expect(try Certificate(decoding: bytes) == certificate)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            #expect(!accepts(changed, script), "byte \(index)")
        }
    }

    private func accepts(_ bytes: [UInt8], _ script: Script) -> Bool {
        do {
            try Certificate(decoding: bytes).verify(
                members: script.members, leader: nil, chain: Script.chain, verifier: FakeVerifier())
            return true
        } catch {
            return false
        }
    }
}
