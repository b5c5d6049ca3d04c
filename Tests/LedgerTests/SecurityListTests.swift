import Crypto
import Ledger
import Primitives
import Testing

/// Holes of the original's blocks and transactions (`docs/security.md`), each shown closed from outside.
@Suite struct SecurityListTests {
    private func seconds(_ chain: TestChain) -> UInt32 {
        UInt32(chain.frame().context.time.since(HistoricalTransaction.epoch).milliseconds / 1_000)
    }

    /// The original's own programs showed these; a case without a check here fails the test.
    @Test func whateverTheVectorsSayMustBeRefusedIs() throws {
        let rows = try #require(
            try Fixture.object("etm-wire-vectors.json")["mustReject"] as? [[String: Any]])
        #expect(rows.count == 2)
        for row in rows {
            switch row["name"] as? String {
            case "unlock_duplicate_ids":
                let lock = transactionID(1).hex
                #expect(throws: HistoricalRefusal.repeated(.args)) {
                    try historical(.unlockVotes, [lock, lock, lock]).check()
                }
            case "block_votes_repeated_key":
                let ballot = Ballot(.finalize, round: Round(1), view: View(1), block: blockID(1))
                let chain = ChainID(digest(7).bytes)
                let council = try #require(MemberSet((1...101).map { key($0).publicKey }))
                let six = [Vote](repeating: Vote(ballot, on: chain, by: key(1)), count: 101)
                let certificate = Certificate(ballot, votes: six, members: council)
                #expect(throws: Certificate.Rejection.belowQuorum(needed: 68, got: 1)) {
                    try certificate.verify(
                        members: council, leader: nil, chain: chain, verifier: Ed25519Verifier())
                }
            case let name: Issue.record("nothing here refuses \(name ?? "a case without a name")")
            }
        }
    }

    /// Hole 6: ids in received blocks were believed, so that a transaction came back under another.
    @Test func anIDIsAlwaysComputedAndNeverReceived() throws {
        let main = try TestChain.main()
        let signed = SignedTransaction(historicalTransfer(at: seconds(main), message: "m"))
        // The bytes of a block hold no ids at all: whoever decodes them computes each.
        #expect(!signed.bytes.contains(subsequence: signed.id.array))
        let decoded = try SignedTransaction(decoding: signed.bytes)
        #expect(
            decoded.id
                == TransactionID(
                    SHA256.hash(
                        historicalTransfer(
                            at: seconds(main), message: "m"
                        ).historicalBytes
                    ).bytes))
        #expect(throws: BlockRejection.transaction(index: 1, .duplicate(signed.id))) {
            try main.verify([signed, decoded])
        }
    }

    /// Hole 14: a transaction of one network was good on every other, for ever.
    @Test func anOldTransactionIsOverAfterAnHourAndACurrentOneBelongsToOneChain() throws {
        let main = try TestChain.main()
        let vector = SignedTransaction(try HistoricalVector.named("transfer").transaction())
        let now = main.frame().context.time
        #expect(throws: Never.self) { try main.rules.check(vector, verifier: Ed25519Verifier()) }
        #expect(throws: AdmissionRejection.self) {
            try main.rules.checkLife(vector, height: Height(1), time: now)
        }
        let other = TestChain(
            .main(consensus: TestChain.consensus(interval: 2_000), genesis: main.spec.genesis))
        #expect(throws: AdmissionRejection.wrongChain(expected: other.spec.id, got: main.spec.id)) {
            try other.rules.checkForm(main.transfer(from: 1, to: 2, 5))
        }
        let closed = TestChain(
            .main(
                consensus: TestChain.consensus(interval: 2_000), acceptsHistorical: false,
                genesis: main.spec.genesis))
        #expect(throws: AdmissionRejection.historical(.notTaken)) { try closed.rules.checkForm(vector) }
    }

    /// Hole 18: the order of a block came from a comparison that contradicted itself.
    @Test func aBlockExecutesInTheOrderThatItsRootCommitsTo() throws {
        let main = try TestChain.main()
        let pair = [main.transfer(from: 1, to: 2, 5), main.transfer(from: 2, to: 3, 5)]
        #expect(Block.transactionsRoot(pair) != Block.transactionsRoot(pair.reversed()))
        #expect(try main.verify(pair).transactions == pair)
        #expect(try main.verify(pair.reversed()).transactions == pair.reversed())
    }
}

extension [UInt8] {
    fileprivate func contains(subsequence other: [UInt8]) -> Bool {
        indices.contains { self[$0...].starts(with: other) }
    }
}
