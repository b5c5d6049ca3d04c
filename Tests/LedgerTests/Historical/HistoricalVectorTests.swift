import Crypto
import Ledger
import Primitives
import Testing

@Suite struct HistoricalVectorTests {
    @Test func bytesDigestsSignaturesAndIDsOfEveryVectorAreTheHistoricalOnes() throws {
        let vectors = try HistoricalVector.all()
        #expect(vectors.count == 18)
        for vector in vectors {
            let transaction = try vector.transaction()
            let name = Comment(rawValue: vector.name)
            #expect(transaction.bytesToSign == (try vector.bytes("bytesToSign")), name)
            #expect(transaction.signingDigest.hex == (try vector.text("hashToSign")), name)
            #expect(transaction.historicalBytes == (try vector.bytes("bytes")), name)
            #expect(transaction.id.hex == (try vector.text("id")), name)
            let fee = try #require(vector.fields["fee"] as? UInt64)
            #expect(transaction.fee == Amount(units: fee), name)
            for check in transaction.signatureChecks {
                #expect(Ed25519.verify(check.signature, of: check.digest, by: check.key), name)
            }
        }
    }

    @Test func signingAgainGivesTheSameSignatures() throws {
        for vector in try HistoricalVector.all() {
            let transaction = try vector.transaction()
            var again = transaction.signed(by: try HistoricalVector.signer(try vector.text("signer")))
            if let second = vector.row["secondSigner"] as? String {
                again = again.seconded(by: try HistoricalVector.signer(second))
            }
            #expect(again == transaction, Comment(rawValue: vector.name))
        }
    }

    @Test func theSecondKeySignsTheFirstSignatureToo() throws {
        let vector = try HistoricalVector.named("transfer_second_signature")
        let transaction = try vector.transaction()
        #expect(
            transaction.secondDigest == SHA256.hash(try vector.bytes("bytesToSecondSign")))
        #expect(transaction.signatureChecks.count == 2)
    }

    @Test func everyVectorComesBackFromItsCanonicalBytes() throws {
        for vector in try HistoricalVector.all() {
            let signed = SignedTransaction(try vector.transaction())
            let decoded = try SignedTransaction(decoding: signed.bytes)
            #expect(decoded == signed && decoded.id == signed.id, Comment(rawValue: vector.name))
            #expect(decoded.kind.number == (vector.fields["type"] as? UInt16))
            #expect(signed.bytes.first == 0)
        }
    }

    @Test func everyVectorIsFoundAmongTheReadingsOfItsBytes() throws {
        for vector in try HistoricalVector.all() where vector.name != "dapp_register" {
            var own = try vector.transaction()
            (own.signature, own.second, own.endorsements) = (.zero, nil, [])
            let forms = HistoricalTransaction.forms(of: try vector.bytes("bytesToSign"))
            #expect(forms.contains(own), Comment(rawValue: vector.name))
            #expect(forms.allSatisfy { $0.bytesToSign == own.bytesToSign })
        }
        #expect(
            HistoricalTransaction.forms(of: try HistoricalVector.named("dapp_register").bytes("bytesToSign"))
                .isEmpty)
    }

    @Test func vectorsWithOneReadingKeepTheRulesAndTheOthersSayWhyNot() throws {
        let refused: [String: HistoricalRefusal?] = [
            "uia_issuer": .ambiguous(.issuer), "uia_asset": .ambiguous(.asset), "delegate": nil,
            // The historical nodes knew two lists, and this transaction chooses a third.
            "uia_flags": .outOfBounds(.flag, rule: "must be 0 or 1"),
            "dapp_register": nil, "in_transfer_etm": nil,
        ]
        for vector in try HistoricalVector.all() {
            let transaction = try vector.transaction()
            guard let refusal = refused[vector.name] else {
                #expect(throws: Never.self, Comment(rawValue: vector.name)) { try transaction.check() }
                continue
            }
            let replaced = transaction.replacement.map {
                HistoricalRefusal.replaced(transaction.kind, by: $0)
            }
            let expected = try #require(refusal ?? replaced)
            #expect(throws: expected) { try transaction.check() }
        }
    }

    @Test func kindsWithoutAVectorHaveTheBytesOfTheTable() throws {
        let head = "e8030000" + key(1).publicKey.hex
        let (none, zero) = (String(repeating: "0", count: 16), String(repeating: "0", count: 16))
        func hex(_ text: String) -> String { Hex.encode(Array(text.utf8)) }
        let list = [address(2).description, address(3).description]
        let change = HistoricalAccessChange(currency: "QQQ.WWW", operation: "+", flag: 1, list: list)
        #expect(
            Hex.encode(historical(.acl(change)).bytesToSign)
                == "0c" + head + none + zero + hex("QQQ.WWW+") + "01" + hex(list[0] + list[1]))
        #expect(Hex.encode(historical(.resignDelegate).bytesToSign) == "78" + head + none + zero)
        let dapp = String(repeating: "a", count: 64)
        let side = String(repeating: "b", count: 64)
        let out = historical(
            .outTransfer(dapp: dapp, transaction: side, currency: "ETM", amount: "7"), to: address(2))
        #expect(
            Hex.encode(out.bytesToSign)
                == "07" + head + hex(address(2).description) + zero + hex(dapp + side + "ETM7"))
        var delayed = historical(.delayTransfer, to: address(2), ["1700000000000"])
        delayed.amount = Amount(units: 258)
        delayed.message = "é"
        #expect(
            Hex.encode(delayed.bytesToSign)
                == "6e" + head + hex(address(2).description) + "0201000000000000" + hex("é1700000000000"))
        let requested = delayed.requested(by: key(5))
        #expect(
            Hex.encode(requested.bytesToSign)
                == "6e" + head + key(5).publicKey.hex + hex(address(2).description) + "0201000000000000"
                + hex("é1700000000000"))
        #expect(
            Ed25519.verify(requested.signature, of: requested.signingDigest, by: key(5).publicKey))
    }
}
