import Crypto
import Ledger
import Primitives
import Testing

private func header(_ change: (inout BlockHeader) -> Void = { _ in }) -> BlockHeader {
    var header = BlockHeader(
        chain: ChainID(digest(1).bytes), height: Height(5), round: Round(2), view: View(3))
    header.timestamp = Instant(milliseconds: 4)
    header.parent = blockID(2)
    header.parentView = View(2)
    header.leader = key(1).publicKey
    header.transactionsRoot = digest(3)
    header.receiptsRoot = digest(4)
    header.stateRoot = digest(5)
    header.outboxRoot = digest(6)
    header.reveal = digest(7)
    header.beacon = digest(8)
    header.anchor = Anchor(height: Height(9), block: blockID(9))
    header.powNonce = 10
    change(&header)
    return header
}

@Suite struct BlockTests {
    @Test func aHeaderHasTheStatedWidthAndLayout() {
        var expected = digest(1).array + [0, 1]
        for number in [5, 2, 3, 4] as [UInt64] { expected.appendBigEndian(number) }
        expected += blockID(2).array
        expected.appendBigEndian(2 as UInt64)
        expected += key(1).publicKey.array
        for number in 3...8 as ClosedRange<UInt64> { expected += digest(number).array }
        expected.appendBigEndian(9 as UInt64)
        expected += blockID(9).array
        expected.appendBigEndian(10 as UInt64)
        let unsigned = header()
        #expect(unsigned.signingDigest == SHA256.hash(Array("ETM/header-signing/1".utf8) + [0] + expected))
        let signed = unsigned.signed(by: key(1))
        expected += signed.signature.array
        #expect(signed.encoded == expected && expected.count == BlockHeader.byteCount)
        #expect(signed.id.bytes == SHA256.hash(Array("ETM/header/1".utf8) + [0] + expected).bytes)
    }

    @Test func aHeaderComesBackFromItsBytesAndNoOtherVersionDoes() throws {
        let signed = header().signed(by: key(1))
        #expect(try BlockHeader(decoding: signed.encoded) == signed)
        for version in [0, 2] as [UInt8] {
            var bytes = signed.encoded
            bytes[33] = version
            #expect(throws: CodecRejection.unknownTag(offset: 32, got: Int(version))) {
                try BlockHeader(decoding: bytes)
            }
        }
        for count in 0..<BlockHeader.byteCount {
            #expect(throws: CodecRejection.self) {
                try BlockHeader(decoding: Array(signed.encoded.prefix(count)))
            }
        }
        #expect(throws: CodecRejection.trailingBytes(count: 1)) {
            try BlockHeader(decoding: signed.encoded + [0])
        }
    }

    @Test func everyAlteredByteOfAHeaderChangesItsIDAndBreaksItsSignature() throws {
        let signed = header().signed(by: key(1))
        for position in 0..<BlockHeader.byteCount {
            var bytes = signed.encoded
            bytes[position] ^= 0x10
            guard let altered = try? BlockHeader(decoding: bytes) else { continue }
            #expect(altered.id != signed.id)
            #expect(!Ed25519.verify(altered.signature, of: altered.signingDigest, by: altered.leader))
        }
        #expect(Ed25519.verify(signed.signature, of: signed.signingDigest, by: signed.leader))
    }

    @Test func theSignatureCoversEverythingButItself() {
        let other = header { $0.signature = Signature(r: .zero, s: digest(1).bytes) }
        #expect(other.signingDigest == header().signingDigest && other.id != header().id)
    }

    @Test func aBlockComesBackFromItsBytes() throws {
        let chain = try TestChain.main()
        let transactions = (0..<3 as Range<UInt64>).map { chain.transfer(from: 1, to: 2, 5, salt: $0) }
        let block = Block(header: header().signed(by: key(1)), transactions: transactions)
        let decoded = try Block(decoding: block.encoded)
        #expect(decoded == block && decoded.transactions == transactions && decoded.id == block.header.id)
    }

    @Test func theMerkleRootsAreThoseOfAnIndependentProgram() throws {
        for entry in try #require(try Fixture.object("etm-block.json")["merkle"] as? [[String: Any]]) {
            let leaves = try #require(entry["leaves"] as? [String]).map { Array($0.utf8) }
            #expect(MerkleTree(of: leaves).root.hex == entry["root"] as? String)
        }
        #expect(Block.transactionsRoot([]) == SHA256.hash([]))
    }

    @Test func theTransactionsRootCommitsToOrderContentAndSignatures() throws {
        let chain = try TestChain.main()
        let all = (0..<3 as Range<UInt64>).map { chain.transfer(from: 1, to: 2, 5, salt: $0) }
        guard case .v1(let transaction, _) = all[0].content else { return }
        let resigned = SignedTransaction(transaction, signature: .zero)
        let lists = [
            all, all.reversed(), Array(all.dropLast()), all + [all[2]], [resigned] + all.dropFirst(),
        ]
        #expect(Set(lists.map(Block.transactionsRoot)).count == lists.count)
        #expect(Block.transactionsRoot(all) == MerkleTree(of: all.map(\.bytes)).root)
    }

    @Test func theOutboxRootCommitsToTheNumberOfMessages() {
        let messages = (0..<3 as Range<UInt64>).map {
            OutboxMessage(
                sequence: $0, recipient: address(1), amount: Amount(units: 5), source: transactionID($0))
        }
        let tree = MerkleTree(of: messages.map(\.encoded)).root
        #expect(OutboxMessage.root(messages) == OutboxMessage.commitment(count: 3, tree: tree))
        #expect(OutboxMessage.root(messages) != OutboxMessage.commitment(count: 4, tree: tree))
        #expect(OutboxMessage.root([]) != OutboxMessage.root(Array(messages.prefix(1))))
    }
}
