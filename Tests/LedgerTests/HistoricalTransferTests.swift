import Crypto
import Ledger
import Primitives
import Testing

private struct Vector {
    let transfer: HistoricalTransfer
    let json: [String: Any]

    static func named(_ name: String) throws -> Vector {
        let all = try Fixture.object("etm-wire-vectors.json")["transactions"] as? [[String: Any]] ?? []
        let entry = try #require(all.first { $0["name"] as? String == name })
        let fields = try #require(entry["transaction"] as? [String: Any])
        func text(_ field: String) throws -> String { try #require(fields[field] as? String) }
        let transfer = HistoricalTransfer(
            timestamp: try #require(fields["timestamp"] as? UInt32),
            sender: try #require(PublicKey(hex: try text("senderPublicKey"))),
            recipient: try #require(Address(text: try text("recipientId"))),
            amount: Amount(units: try #require(fields["amount"] as? UInt64)),
            message: fields["message"] as? String ?? "",
            signature: try #require(Signature(hex: try text("signature"))))
        return Vector(transfer: transfer, json: entry)
    }

    func hex(_ field: String) throws -> String { try #require(json[field] as? String) }
}

private func transfer(
    at seconds: UInt32 = 1_000, from sender: UInt64 = 1, to recipient: Address = address(2),
    _ amount: UInt64 = 5,
    message: String = ""
) -> HistoricalTransfer {
    HistoricalTransfer(
        timestamp: seconds, sender: .zero, recipient: recipient, amount: Amount(units: amount),
        message: message, signature: .zero
    ).signed(by: key(sender))
}

@Suite struct HistoricalTransferTests {
    @Test(arguments: ["transfer", "transfer_message"])
    func bytesDigestSignatureAndIDAreTheHistoricalOnes(name: String) throws {
        let vector = try Vector.named(name)
        let transfer = vector.transfer
        #expect(Hex.encode(transfer.bytesToSign) == (try vector.hex("bytesToSign")))
        #expect(transfer.signingDigest.hex == (try vector.hex("hashToSign")))
        #expect(Hex.encode(transfer.bytesToSign + transfer.signature.array) == (try vector.hex("bytes")))
        #expect(transfer.id.hex == (try vector.hex("id")))
        #expect(Ed25519.verify(transfer.signature, of: transfer.signingDigest, by: transfer.sender))
        #expect(transfer.hasOneReading)
        let keys = try #require(
            try Fixture.object("etm-wire-vectors.json")["keys"] as? [String: [String: Any]])
        let secret = try #require(keys[try vector.hex("signer")]?["secret"] as? String)
        var text = Array(secret.utf8)
        let resigned = transfer.signed(by: KeyPair(try AccountSecret(importing: &text)))
        #expect(resigned == transfer)
    }

    @Test func aHistoricalTransferComesBackFromItsBytes() throws {
        let signed = SignedTransaction(try Vector.named("transfer_message").transfer)
        let decoded = try SignedTransaction(decoding: signed.bytes)
        #expect(decoded == signed && decoded.id == signed.id && decoded.kind == .transfer)
        #expect(signed.bytes.first == 0)
        #expect(decoded.fee == Amount(units: 10_000_000))
    }

    @Test func numbersBeyondTheHistoricalFieldsAreRefused() {
        func decodes(_ change: (inout HistoricalTransfer) -> Void) -> Bool {
            var copy = transfer()
            change(&copy)
            return (try? SignedTransaction(decoding: SignedTransaction(copy).bytes)) != nil
        }
        #expect(decodes { $0.timestamp = UInt32(Int32.max) })
        #expect(!decodes { $0.timestamp = UInt32(Int32.max) + 1 })
        #expect(decodes { $0.amount = Amount(units: UInt64(Int64.max)) })
        #expect(!decodes { $0.amount = Amount(units: UInt64(Int64.max) + 1) })
        #expect(decodes { $0.message = String(repeating: "x", count: 256) })
        #expect(!decodes { $0.message = String(repeating: "x", count: 257) })
    }

    @Test func itIsAdmittedOnTheMainChainOnlyAndWithItsOwnSignature() throws {
        let (main, side) = (try TestChain.main(), try TestChain.side())
        let verifier = Ed25519Verifier()
        let good = SignedTransaction(transfer())
        #expect(throws: Never.self) { try main.rules.check(good, verifier: verifier) }
        #expect(throws: AdmissionRejection.historicalRefused) {
            try side.rules.check(good, verifier: verifier)
        }
        var forged = transfer()
        forged.amount = Amount(units: 6)
        #expect(throws: AdmissionRejection.badSignature) {
            try main.rules.check(SignedTransaction(forged), verifier: verifier)
        }
    }

    @Test func nothingToMoveAndTransfersToOneselfAreRefused() throws {
        let main = try TestChain.main()
        #expect(throws: Never.self) { try main.rules.checkForm(SignedTransaction(transfer(5))) }
        for wrong in [transfer(0), transfer(to: address(1))] {
            #expect(throws: AdmissionRejection.historicalRefused) {
                try main.rules.checkForm(SignedTransaction(wrong))
            }
        }
    }

    @Test func aTransferWhoseBytesHaveTwoReadingsIsRefused() throws {
        let long = try #require(Address(text: "ABaMPFe43cuQs297VGtdY7VRRx8VuGEzyz"))
        let short = try #require(Address(text: "ABaMPFe43cuQs297VGtdY7VRRx8VuGEzy"))
        let honest = transfer(to: long, 0x1234)
        var stolen = honest
        stolen.recipient = short
        stolen.amount = Amount(units: 0x1234 << 8 | 0x7a)
        stolen.message = "\0"
        #expect(honest.bytesToSign == stolen.bytesToSign && honest.id == stolen.id)
        #expect(!honest.hasOneReading && !stolen.hasOneReading)
        let main = try TestChain.main()
        for transfer in [honest, stolen] {
            #expect(throws: AdmissionRejection.historicalRefused) {
                try main.rules.checkForm(SignedTransaction(transfer))
            }
        }
        #expect(transfer(to: short, 0x1234).hasOneReading)
    }

    @Test func itLivesOneHourFromItsTimestampAndNotBefore() throws {
        let main = try TestChain.main()
        let signed = SignedTransaction(transfer(at: 1_000))
        let made = HistoricalTransfer.epoch.advanced(by: .seconds(1_000))
        #expect(main.spec.historicalLife == .seconds(3_600))
        func lives(_ time: Instant) -> Bool {
            (try? main.rules.checkLife(signed, height: Height(1), time: time)) != nil
        }
        #expect(lives(made))
        #expect(!lives(Instant(milliseconds: made.milliseconds - 1)))
        #expect(lives(made.advanced(by: .seconds(3_600))))
        #expect(!lives(made.advanced(by: .init(milliseconds: 3_600_001))))
    }

    @Test func aFasterChainForgetsItSoonerThanItForgetsIDs() throws {
        let slow = try TestChain.main().spec
        for (interval, life) in [(500, 600_000), (3_000, 3_600_000), (60_000, 3_600_000)]
            as [(UInt64, UInt64)]
        {
            let spec = ChainSpec.main(
                consensus: TestChain.consensus(interval: interval), genesis: slow.genesis)
            #expect(spec.historicalLife.milliseconds == life)
            #expect(spec.historicalLife <= spec.consensus.interval.times(Transaction.longestLife))
        }
    }

    @Test func itPaysExactlyTheHistoricalFee() throws {
        let main = try TestChain.main()
        let time = main.frame().context.time.milliseconds - HistoricalTransfer.epoch.milliseconds
        let signed = SignedTransaction(transfer(at: UInt32(time / 1_000), 7, message: "hello"))
        let block = try main.verify([signed])
        #expect(block.receipts.map(\.fee) == [Amount(units: 10_000_000)])
        var state = main.genesis
        state.apply(block.changes)
        #expect(Bank.balance(of: address(1), in: state).units == TestChain.wealth.units - 10_000_007)
        #expect(Bank.balance(of: address(2), in: state).units == TestChain.wealth.units + 7)
        #expect(throws: BlockRejection.transaction(index: 0, .duplicate(signed.id))) {
            try main.verify([signed], known: [signed.id])
        }
    }
}
