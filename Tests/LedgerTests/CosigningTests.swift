import Crypto
import Ledger
import Primitives
import Testing

private let order = Transaction(
    chain: ChainID(digest(1).bytes), kind: .transfer, expiry: Height(10), fee: Amount(units: 5), salt: 7,
    sender: key(1).publicKey, payload: [1, 2, 3])

private func signed(by numbers: [UInt64], _ transaction: Transaction = order) -> SignedTransaction? {
    SignedTransaction(
        transaction,
        authorizations: numbers.map {
            Authorization(key: key($0).publicKey, signature: key($0).sign(transaction.signingDigest))
        })
}

// The bytes that a list in this order would have, whether or not it may.
private func bytes(_ numbers: [UInt64]) throws -> [UInt8] {
    var writer = ByteWriter()
    let alone = SignedTransaction(order, signature: .zero).bytes
    writer.writeRaw([2] + alone.dropFirst().dropLast(64))
    writer.write(UInt32(numbers.count))
    for number in numbers {
        writer.write(key(number).publicKey)
        writer.write(key(number).sign(order.signingDigest))
    }
    return writer.bytes
}

private func ascending(_ numbers: [UInt64]) -> [UInt64] {
    numbers.sorted { key($0).publicKey < key($1).publicKey }
}

@Suite struct CosigningFormTests {
    @Test func aCosignedTransactionComesBackFromItsBytes() throws {
        let one = try #require(signed(by: [1, 2, 3]))
        let again = try SignedTransaction(decoding: one.bytes)
        #expect(again == one && again.encoded == one.bytes && one.bytes.first == 2)
        #expect(again.signers == [1, 2, 3].map { key($0).publicKey }.sorted())
        #expect(Ed25519Verifier().failures(in: again.signatureChecks).isEmpty)
        #expect(one.bytes == (try bytes(ascending([1, 2, 3]))))
        guard case .v1(let transaction, .keys(let list)) = again.content else {
            Issue.record("the list was lost")
            return
        }
        #expect(transaction == order && list == one.authorizations)
    }

    @Test func theOrderOfSigningLeavesNoTrace() throws {
        let alone = order.signed(by: key(1))
        let one = try #require(alone.cosigned(by: key(2))?.cosigned(by: key(3)))
        let other = try #require(signed(by: [3, 1, 2]))
        #expect(one == other && one.bytes == other.bytes)
    }

    @Test func theIDAndWhatIsSignedAreThoseOfTheUnsignedTransaction() throws {
        let all = [signed(by: [1]), signed(by: [2]), signed(by: [1, 2]), signed(by: [2, 3, 4])]
        let forms = try all.map { try #require($0) }
        #expect(forms.allSatisfy { $0.id == order.id && $0.signingDigest == order.signingDigest })
        #expect(Set(forms.map(\.bytes)).count == forms.count)
        // A block says which of them it holds.
        #expect(Set(forms.map { Block.transactionsRoot([$0]) }).count == forms.count)
    }

    @Test func theSendersSignatureAloneHasTheShortFormOnly() throws {
        let alone = try #require(signed(by: [1]))
        #expect(alone == order.signed(by: key(1)) && alone.bytes.first == 1 && alone.isSignedBySenderAlone)
        #expect(throws: CodecRejection.self) { try SignedTransaction(decoding: try bytes([1])) }
        let other = try SignedTransaction(decoding: try bytes([2]))
        #expect(!other.isSignedBySenderAlone && other.signature == nil)
        #expect(try #require(signed(by: [1, 2])).signature == alone.signature)
    }

    @Test func keysAreAscendingAndEachSignsOnce() throws {
        let right = ascending([1, 2, 3])
        #expect(throws: Never.self) { try SignedTransaction(decoding: try bytes(right)) }
        for wrong in [[], right.reversed(), [right[0], right[0]], [right[1], right[0], right[2]]] {
            #expect(throws: CodecRejection.self) { try SignedTransaction(decoding: try bytes(wrong)) }
        }
        #expect(signed(by: []) == nil && signed(by: [2, 2]) == nil)
        #expect(signed(by: [1, 2])?.cosigned(by: key(2)) == nil)
    }

    @Test func aKeyThatSignsTwiceInDifferentWaysIsStillOneKey() {
        let twice = [1, 2].map { salt in
            Authorization(
                key: key(2).publicKey, signature: salt == 1 ? key(2).sign(order.signingDigest) : .zero)
        }
        #expect(SignedTransaction(order, authorizations: twice) == nil)
    }

    @Test func thirtyFourMaySignAndNoMore() throws {
        let most = UInt64(Authorizations.most)
        #expect(most == 34)
        let full = try #require(signed(by: Array(1...most)))
        #expect(try SignedTransaction(decoding: full.bytes) == full)
        #expect(signed(by: Array(1...most + 1)) == nil && full.cosigned(by: key(99)) == nil)
        let tooMany = CodecRejection.tooLong(
            offset: full.bytes.count - 96 * 34 - 4, got: 35, most: Authorizations.most)
        #expect(throws: tooMany) {
            try SignedTransaction(decoding: try bytes(ascending(Array(1...most + 1))))
        }
    }

    @Test func everyAlteredByteIsRefusedOrLeavesAWrongSignature() throws {
        let good = try #require(signed(by: [1, 2]))
        for position in good.bytes.indices {
            var altered = good.bytes
            altered[position] ^= 0x04
            guard let other = try? SignedTransaction(decoding: altered) else { continue }
            #expect(!Ed25519Verifier().failures(in: other.signatureChecks).isEmpty)
        }
    }
}

@Suite struct CosignatureCheckTests {
    private let verifier = Ed25519Verifier()

    private func forged(_ chain: TestChain, by number: UInt64, like signature: Signature) throws
        -> SignedTransaction
    {
        let good = chain.transfer(from: 1, to: 2, 5)
        guard case .v1(let transaction, _) = good.content else { return good }
        return try #require(
            SignedTransaction(
                transaction,
                authorizations: good.authorizations + [
                    Authorization(key: key(number).publicKey, signature: signature)
                ]))
    }

    @Test func aForgedOrReplayedCosignatureIsRefused() throws {
        let chain = try TestChain.main()
        let good = try #require(chain.transfer(from: 1, to: 2, 5).cosigned(by: key(3)))
        #expect(throws: Never.self) { try chain.rules.check(good, verifier: verifier) }
        let elsewhere = try #require(chain.transfer(from: 1, to: 2, 6).cosigned(by: key(3)))
        let replayed = try #require(elsewhere.authorizations.first { $0.key == key(3).publicKey })
        let senders = try #require(good.signature)
        for signature in [.zero, replayed.signature, senders] {
            let bad = try forged(chain, by: 3, like: signature)
            #expect(throws: AdmissionRejection.badSignature) {
                try chain.rules.check(bad, verifier: verifier)
            }
        }
    }

    @Test func aBlockNamesTheTransactionWhoseCosignatureIsWrong() throws {
        let chain = try TestChain.main()
        let many = try (0..<40 as Range<UInt64>).map { salt in
            let alone = chain.transfer(from: 1, to: 2, 5, salt: salt)
            return salt % 3 == 0 ? try #require(alone.cosigned(by: key(3))?.cosigned(by: key(4))) : alone
        }
        #expect(try chain.rules.check(many, verifier: verifier).map(\.id) == many.map(\.id))
        for index in [0, 20, 39] {
            var altered = many
            altered[index] = try forged(chain, by: 5, like: .zero)
            altered[39] = try forged(chain, by: 5, like: .zero)
            #expect(throws: BlockRejection.transaction(index: index, .badSignature)) {
                try chain.rules.check(altered, verifier: verifier)
            }
            let passing = chain.rules.passing(altered, verifier: KeyCache()).map(\.id)
            #expect(
                passing == many.indices.filter { $0 != index && $0 != 39 }.map { many[$0].id })
        }
    }
}
