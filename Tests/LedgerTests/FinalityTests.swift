import Crypto
import Ledger
import Primitives
import Testing

private let chain = ChainID(digest(500).bytes)

private struct Council {
    let keys: [KeyPair]
    let members: MemberSet

    init(_ count: Int) throws {
        let pairs = (0..<UInt64(count)).map { key(1_000 + $0) }
        keys = pairs.sorted { $0.publicKey < $1.publicKey }
        members = try #require(MemberSet(pairs.map(\.publicKey)))
    }

    func certificate(_ ballot: Ballot, _ seats: some Sequence<Int>) -> Certificate {
        Certificate(ballot, votes: seats.map { Vote(ballot, on: chain, by: keys[$0]) }, members: members)
    }

    func verify(_ certificate: Certificate, leader: PublicKey? = nil) throws {
        try certificate.verify(members: members, leader: leader, chain: chain, verifier: Ed25519Verifier())
    }
}

private func ballot(_ kind: VoteKind = .finalize, block: BlockID = blockID(1)) -> Ballot {
    Ballot(kind, round: Round(2), view: View(3), block: kind == .nullify ? .zero : block)
}

@Suite struct MemberSetTests {
    @Test func quorumsIntersectInAnHonestMemberForEverySize() throws {
        for count in 1...150 {
            let set = try members(count)
            let notarize = set.otherVotes + 1
            #expect(set.tolerated == (count - 1) / 3 && set.quorum == 2 * count / 3 + 1)
            #expect(set.quorum <= count - set.tolerated, "\(count) members: the honest ones suffice")
            for (left, right) in [
                (set.quorum, set.quorum), (set.quorum, notarize), (notarize, notarize),
            ] { #expect(left + right - count > set.tolerated, "\(count) members") }
            #expect(notarize <= count)
        }
    }

    @Test func notarisingTakesTheVotesOfOthersThatThePaperAsksFor() throws {
        for entry in try #require(try Fixture.object("etm-block.json")["quorum"] as? [[String: Int]]) {
            let (count, others) = (try #require(entry["members"]), try #require(entry["votesFromOthers"]))
            #expect(try members(count).otherVotes == others)
        }
        #expect(try members(101).quorum == 68)
    }

    @Test func aSetIsSortedAndHoldsNobodyTwice() throws {
        let keys = (0..<5 as Range<UInt64>).map { key($0).publicKey }
        let set = try #require(MemberSet(keys))
        #expect(set.keys == keys.sorted() && set == MemberSet(keys.reversed()))
        for (seat, member) in set.keys.enumerated() { #expect(set.seat(of: member) == seat) }
        #expect(set.seat(of: key(9).publicKey) == nil && set.seat(of: .zero) == nil)
        #expect(MemberSet([]) == nil && MemberSet(keys + [keys[0]]) == nil)
        #expect(try MemberSet(decoding: set.encoded) == set)
    }

    @Test func aSetHolds1024MembersAndNoMore() throws {
        #expect(try members(1_024).count == 1_024)
        #expect(MemberSet((0...1_024 as ClosedRange<UInt64>).map { PublicKey(digest($0).bytes) }) == nil)
    }

    @Test func unsortedOrRepeatedOrNoKeysDoNotDecode() throws {
        let keys = try members(3).keys
        for wrong in [[], [keys[1], keys[0]], [keys[0], keys[0]]] {
            var writer = ByteWriter()
            writer.write(list: wrong)
            #expect(throws: CodecRejection.notCanonical(offset: 0)) { try MemberSet(decoding: writer.bytes) }
        }
    }
}

@Suite struct VoteTests {
    @Test func aVoteIsBoundToItsChainAndEveryPartOfItsBallot() throws {
        let vote = Vote(ballot(), on: chain, by: key(1))
        let verifier = Ed25519Verifier()
        #expect(vote.isSigned(on: chain, verifier: verifier))
        #expect(!vote.isSigned(on: ChainID(digest(1).bytes), verifier: verifier))
        let others = [
            ballot(.notarize), ballot(block: blockID(2)), ballot(.nullify),
            Ballot(.finalize, round: Round(3), view: View(3), block: blockID(1)),
            Ballot(.finalize, round: Round(2), view: View(4), block: blockID(1)),
        ]
        for other in others {
            let moved = Vote(ballot: other, voter: vote.voter, signature: vote.signature)
            #expect(!moved.isSigned(on: chain, verifier: verifier))
        }
        #expect(Set(others.map { $0.digest(on: chain) }).count == others.count)
    }

    @Test func whatIsSignedIsTheTaggedHashOfAFixedLayout() {
        var bytes = Array("ETM/vote/1".utf8) + [0] + chain.array
        bytes.appendBigEndian(2 as UInt64)
        bytes.appendBigEndian(3 as UInt64)
        bytes.append(3)
        bytes += blockID(1).array
        #expect(ballot().digest(on: chain) == SHA256.hash(bytes))
    }

    @Test func aNullificationNamesNoBlockAndTheOthersNameOne() throws {
        for kind in VoteKind.allCases {
            for block in [BlockID.zero, blockID(1)] {
                let bytes = Ballot(kind, round: Round(1), view: View(1), block: block).encoded
                let isRight = (kind == .nullify) == (block == .zero)
                #expect(((try? Ballot(decoding: bytes)) != nil) == isRight)
            }
        }
        #expect(throws: CodecRejection.unknownTag(offset: 0, got: 0)) {
            try Ballot(decoding: [0] + ballot().encoded.dropFirst())
        }
        #expect(throws: CodecRejection.unknownTag(offset: 0, got: 4)) {
            try Ballot(decoding: [4] + ballot().encoded.dropFirst())
        }
    }
}

@Suite struct CertificateTests {
    @Test(arguments: [1, 2, 3, 4, 7, 8, 9, 16, 17])
    func aQuorumSufficesAndOneVoteLessDoesNot(count: Int) throws {
        let council = try Council(count)
        for kind in VoteKind.allCases {
            let needed = kind == .notarize ? council.members.otherVotes + 1 : council.members.quorum
            let enough = council.certificate(ballot(kind), (count - needed)..<count)
            #expect(enough.seats == Array((count - needed)..<count))
            #expect(throws: Never.self) { try council.verify(enough) }
            #expect(try Certificate(decoding: enough.encoded) == enough)
            let few = council.certificate(ballot(kind), (count - needed + 1)..<count)
            #expect(throws: Certificate.Rejection.belowQuorum(needed: needed, got: needed - 1)) {
                try council.verify(few)
            }
        }
    }

    @Test func aNotarisationNeedsItsLeader() throws {
        let council = try Council(4)
        let certificate = council.certificate(ballot(.notarize), 1..<4)
        #expect(throws: Never.self) { try council.verify(certificate, leader: council.keys[3].publicKey) }
        for leader in [council.keys[0].publicKey, key(1).publicKey] {
            #expect(throws: Certificate.Rejection.leaderMissing) {
                try council.verify(certificate, leader: leader)
            }
        }
        let final = council.certificate(ballot(), 1..<4)
        #expect(throws: Never.self) { try council.verify(final, leader: council.keys[0].publicKey) }
    }

    @Test func repeatedStrangeAndOtherVotesDoNotCount() throws {
        let council = try Council(4)
        let own = Vote(ballot(), on: chain, by: council.keys[0])
        let strangers = (0..<5 as Range<UInt64>).map { Vote(ballot(), on: chain, by: key($0)) }
        let others = council.keys.map { Vote(ballot(.notarize), on: chain, by: $0) }
        let certificate = Certificate(
            ballot(), votes: [own, own, own] + strangers + others, members: council.members)
        #expect(certificate.seats == [0] && certificate.signatures.count == 1)
        #expect(throws: Certificate.Rejection.belowQuorum(needed: 3, got: 1)) {
            try council.verify(certificate)
        }
    }

    @Test func aSignatureOfAnotherSeatOrBallotOrChainIsRefused() throws {
        let council = try Council(4)
        let good = council.certificate(ballot(), 0..<3)
        var swapped = good.signatures
        swapped.swapAt(1, 2)
        let wrong = [
            Certificate(ballot: good.ballot, bitmap: good.bitmap, signatures: swapped),
            Certificate(ballot: ballot(block: blockID(2)), bitmap: good.bitmap, signatures: good.signatures),
            Certificate(
                ballot: good.ballot, bitmap: good.bitmap,
                signatures: [Signature](repeating: good.signatures[0], count: 3)),
        ]
        for (certificate, seat) in zip(wrong, [1, 0, 1]) {
            #expect(throws: Certificate.Rejection.badSignature(seat: seat)) {
                try council.verify(certificate)
            }
        }
        #expect(throws: Certificate.Rejection.badSignature(seat: 0)) {
            try good.verify(
                members: council.members, leader: nil, chain: ChainID(digest(1).bytes),
                verifier: Ed25519Verifier())
        }
    }

    @Test func theBitmapMustFitTheSeats() throws {
        let council = try Council(4)
        let good = council.certificate(ballot(), 0..<3)
        let extra = good.signatures + [good.signatures[0]]
        let wrong = [
            Certificate(ballot: good.ballot, bitmap: good.bitmap + [0], signatures: good.signatures),
            Certificate(ballot: good.ballot, bitmap: [], signatures: []),
            Certificate(ballot: good.ballot, bitmap: [0xe8], signatures: extra),
            Certificate(ballot: good.ballot, bitmap: [0xf0], signatures: good.signatures),
        ]
        for certificate in wrong {
            let rejection = #expect(throws: Certificate.Rejection.self) { try council.verify(certificate) }
            guard case .wrongSeats = rejection else {
                Issue.record("\(String(describing: rejection))")
                continue
            }
        }
    }

    @Test func everyAlteredByteOfACertificateIsRefused() throws {
        let council = try Council(4)
        let good = council.certificate(ballot(), 0..<3)
        let bytes = good.encoded
        for position in bytes.indices {
            for flip in [0x01, 0x80] as [UInt8] {
                var altered = bytes
                altered[position] ^= flip
                guard let certificate = try? Certificate(decoding: altered) else { continue }
                #expect(throws: Certificate.Rejection.self) { try council.verify(certificate) }
            }
        }
    }
}
