import Crypto
import Ledger
import Primitives
import Sidechains
import Testing

private struct Case {
    var world: World
    var side: Ledgered { world.sides[0] }
    var members: MemberSet { side.spec.genesis.members }

    /// Three withdrawals in one block, three empty blocks above it.
    init() throws {
        world = try World()
        try world.register()
        try world.deposit(.max / 1_000_000_000, to: 50)
        try world.deliver()
        var batch: [SignedTransaction] = []
        for number in 0..<3 as Range<UInt64> {
            let payload = WithdrawPayload(recipient: address(70 + number), amount: .etm(1 + number))
            batch.append(try world.sides[0].transaction(.withdraw, from: 50, payload))
        }
        try world.sides[0].run(batch)
        for _ in 0..<3 { try world.sides[0].run([]) }
    }

    func reason(_ proof: WithdrawalProof, validators: MemberSet? = nil) -> String? {
        do throws(ExecutionError) {
            try proof.verify(
                chain: side.spec.id, validators: validators ?? members, verifier: Ed25519Verifier())
            return nil
        } catch {
            return error.message
        }
    }

    func with(
        _ proof: WithdrawalProof, headers: [BlockHeader]? = nil, certificate: Certificate? = nil,
        message: OutboxMessage? = nil, position: WithdrawalProof.Position? = nil
    ) -> WithdrawalProof {
        WithdrawalProof(
            headers: headers ?? proof.headers, certificate: certificate ?? proof.certificate,
            message: message ?? proof.message, position: position ?? proof.position)
    }
}

@Suite struct WithdrawalProofTests {
    @Test(arguments: [1, 2, 4])
    func aChainOfHeadersUpToTheCertificateProvesAnyMessage(headers: Int) throws {
        let world = try Case()
        for sequence in 0..<3 as Range<UInt64> {
            let proof = try world.side.proof(of: sequence, headers: headers)
            #expect(proof.headers.count == headers && world.reason(proof) == nil)
            #expect(try WithdrawalProof(decoding: proof.encoded) == proof)
        }
    }

    @Test(arguments: [1, 3])
    func everyAlteredByteIsRefused(headers: Int) throws {
        let world = try Case()
        let bytes = try world.side.proof(of: 1, headers: headers).encoded
        var accepted: [Int] = []
        for position in bytes.indices {
            for flip in [0x01, 0x20, 0x80] as [UInt8] {
                var altered = bytes
                altered[position] ^= flip
                guard let proof = try? WithdrawalProof(decoding: altered) else { continue }
                if world.reason(proof) == nil { accepted.append(position) }
            }
        }
        #expect(bytes.count > headers * BlockHeader.byteCount + 300)
        #expect(accepted.isEmpty)
    }

    @Test func everyTruncationAndExtensionIsRefused() throws {
        let bytes = try Case().side.proof(of: 1).encoded
        for count in 0..<bytes.count {
            #expect(throws: CodecRejection.self) { try WithdrawalProof(decoding: Array(bytes.prefix(count))) }
        }
        #expect(throws: CodecRejection.self) { try WithdrawalProof(decoding: bytes + [0]) }
    }

    @Test func headersMustFormAChainOfTheRightChainThatEndsAtTheCertificate() throws {
        let world = try Case()
        let proof = try world.side.proof(of: 1, headers: 3)
        let all = proof.headers
        for wrong in [
            [], [all[0], all[2]], [all[1], all[2]], all.reversed(), [all[0], all[1]], all + [all[2]],
        ] {
            #expect(world.reason(world.with(proof, headers: wrong)) != nil)
        }
        #expect(throws: ExecutionError.badProof("a header is of another chain")) {
            try proof.verify(
                chain: world.world.main.spec.id, validators: world.members, verifier: Ed25519Verifier())
        }
    }

    @Test func aProofHolds128HeadersAndNoMore() throws {
        var world = try Case()
        for _ in 0..<128 { try world.world.sides[0].run([]) }
        let most = try world.side.proof(of: 1, headers: 128)
        #expect(world.reason(most) == nil)
        #expect(throws: Never.self) { try WithdrawalProof(decoding: most.encoded) }
        let more = try world.side.proof(of: 1, headers: 129)
        #expect(world.reason(more) != nil)
        #expect(throws: CodecRejection.self) { try WithdrawalProof(decoding: more.encoded) }
    }

    @Test func onlyAFinalityCertificateOfAQuorumCounts() throws {
        let world = try Case()
        let proof = try world.side.proof(of: 1)
        let header = proof.headers[0]
        func reason(_ certificate: Certificate) -> String? {
            world.reason(world.with(proof, certificate: certificate))
        }
        let keys = world.side.validators
        #expect(reason(try world.side.certificate(for: header, by: Array(keys.prefix(3)))) == nil)
        #expect(reason(try world.side.certificate(for: header, by: Array(keys.prefix(2)))) != nil)
        #expect(
            reason(try world.side.certificate(for: header, by: [keys[0], keys[0], keys[0], keys[0]])) != nil)
        #expect(reason(try world.side.certificate(for: header, kind: .notarize)) != nil)
        #expect(reason(try world.side.certificate(for: world.side.headers[1])) != nil)
        let strangers = (300..<304 as Range<UInt64>).map(key)
        #expect(reason(try world.side.certificate(for: header, by: strangers)) != nil)
        let ballot = Ballot(.finalize, round: header.round.next, view: header.view, block: header.id)
        let elsewhere = Certificate(
            ballot, votes: keys.map { Vote(ballot, on: world.side.spec.id, by: $0) }, members: world.members)
        #expect(reason(elsewhere) != nil)
        let foreign = Ballot(.finalize, round: header.round, view: header.view, block: header.id)
        let votes = keys.map { Vote(foreign, on: world.world.main.spec.id, by: $0) }
        #expect(reason(Certificate(foreign, votes: votes, members: world.members)) != nil)
    }

    @Test func otherValidatorsAreNotBound() throws {
        let world = try Case()
        let strangers = try #require(MemberSet((300..<304 as Range<UInt64>).map { key($0).publicKey }))
        #expect(world.reason(try world.side.proof(of: 1), validators: strangers) != nil)
    }

    @Test func theMessageItsPlaceAndTheNumberOfMessagesAreBound() throws {
        let world = try Case()
        let (one, two) = (try world.side.proof(of: 1), try world.side.proof(of: 2))
        #expect(world.reason(world.with(one, message: two.message)) != nil)
        #expect(world.reason(world.with(one, position: two.position)) != nil)
        #expect(world.reason(world.with(one, message: two.message, position: two.position)) == nil)
        let place = one.position
        let wrong: [(UInt32, UInt32, [Digest])] = [
            (0, 3, place.path), (2, 3, place.path), (3, 3, place.path), (1, 2, place.path),
            (1, 4, place.path),
            (1, 0, place.path), (.max, .max, place.path), (1, 3, place.path + [.zero]), (1, 3, []),
            (1, 3, place.path.reversed()),
        ]
        for (index, count, path) in wrong {
            let position = WithdrawalProof.Position(index: index, count: count, tree: place.tree, path: path)
            #expect(world.reason(world.with(one, position: position)) != nil)
        }
    }

    @Test func aTreeNodeDoesNotPassForAMessage() throws {
        let world = try Case()
        let outbox = world.side.outboxes[2]
        let proof = try world.side.proof(of: 2)
        let position = WithdrawalProof.Position(
            index: 1, count: 2, tree: proof.position.tree,
            path: [MerkleTree.node(MerkleTree.leaf(outbox[0].encoded), MerkleTree.leaf(outbox[1].encoded))])
        #expect(
            MerkleTree.verify(
                leaf: MerkleTree.leaf(outbox[2].encoded), index: 1, count: 2, path: position.path,
                root: position.tree))
        #expect(world.reason(world.with(proof, position: position)) != nil)
    }

    @Test func thereIsNoProofOfAMessageThatWasNotSent() throws {
        let world = try Case()
        let header = world.side.headers[2]
        let certificate = try world.side.certificate(for: header)
        for (outbox, index) in [([], 0), (world.side.outboxes[2], 3), (world.side.outboxes[2], -1)] {
            #expect(
                WithdrawalProof(headers: [header], certificate: certificate, outbox: outbox, index: index)
                    == nil)
        }
        let empty = world.side.headers[3]
        let forged = WithdrawalProof(
            headers: [empty], certificate: try world.side.certificate(for: empty),
            message: world.side.outboxes[2][0],
            position: .init(
                index: 0, count: 1, tree: MerkleTree.leaf(world.side.outboxes[2][0].encoded), path: []))
        #expect(world.reason(forged) != nil)
    }

    @Test func aRefusedProofCostsItsBringerTheFeeAndMarksNothing() throws {
        var world = try Case().world
        let good = try world.sides[0].proof(of: 1)
        let bad = WithdrawalProof(
            headers: good.headers, certificate: good.certificate,
            message: OutboxMessage(
                sequence: 1, recipient: address(2), amount: good.message.amount, source: good.message.source),
            position: good.position)
        let before = world.main.state.balance(2)
        #expect(try world.claim(bad).error?.code == "BAD_PROOF")
        #expect(world.main.state.balance(2) == before - world.main.spec.fees.base.units)
        #expect(try world.claim(good).error == nil)
        #expect(throws: AdmissionRejection.self) {
            try ClaimHandler(verifier: NoVerifier()).check(good.encoded)
        }
    }
}
