import API
import Crypto
import JSON
import Ledger
import Primitives
import Testing

/// Version 0 transactions as client libraries write them.
struct HistoricalTests {
    private func seconds(_ node: LiveNode) -> UInt32 {
        let time = node.main.snapshot.finalHeader.timestamp
        return UInt32(time.since(HistoricalTransaction.epoch).milliseconds / 1_000)
    }

    private func json(
        _ transaction: HistoricalTransaction, asset: JSONValue = [:], signatures: [Signature] = []
    ) -> JSONValue {
        var object = JSONObject()
        object["type"] = JSONValue(UInt64(transaction.kind.rawValue))
        object["timestamp"] = JSONValue(UInt64(transaction.timestamp))
        object["senderPublicKey"] = .string(transaction.sender.hex)
        if let requester = transaction.requester { object["requesterPublicKey"] = .string(requester.hex) }
        if let recipient = transaction.recipient { object["recipientId"] = .string(recipient.description) }
        object["amount"] = JSONValue(transaction.amount.units)
        object["fee"] = JSONValue(transaction.fee.units)
        if !transaction.message.isEmpty { object["message"] = .string(transaction.message) }
        object["asset"] = asset
        object["signature"] = .string(transaction.signature.hex)
        if let second = transaction.second { object["signSignature"] = .string(second.signature.hex) }
        if !signatures.isEmpty { object["signatures"] = .array(signatures.map { .string($0.hex) }) }
        object["id"] = .string(transaction.id.hex)
        return .object(object)
    }

    private func transfer(_ node: LiveNode, from sender: UInt64 = 1) -> HistoricalTransaction {
        .send(
            Amount(units: 5), to: key(2).address, from: key(sender).publicKey, at: seconds(node),
            message: "hé")
    }

    @Test
    func aTransferIsTakenAndShownUnderItsHistoricalID() throws {
        let node = try LiveNode()
        let signed = transfer(node).signed(by: key(1))
        let taken = try node.post("/v1/transactions/historical", json(signed))
        #expect(taken.status == 202)
        #expect(taken.data == ["id": .string(signed.id.hex), "state": "pending"])
        try node.main.make()
        let final = try node.get("/v1/transactions/\(signed.id)").data
        #expect(final["state"] == "final" && final["version"] == 0 && final["kindName"] == "transfer")
        #expect(final["fields"]?["message"] == "hé" && final["receipt"]?["status"] == "ok")
        #expect(final["fields"]?["recipient"]?.string == key(2).address.description)
        let again = try node.post("/v1/transactions/historical", ["transaction": json(signed)])
        #expect(again.status == 409 && again.code == "DUPLICATE")
    }

    @Test
    func whatTheDocumentStatesMustFollowFromIt() throws {
        let node = try LiveNode()
        let signed = transfer(node).signed(by: key(1))
        for (field, value) in [
            ("id", .string(String(repeating: "0", count: 64))), ("fee", 9_999_999),
            ("senderId", .string(key(2).address.description)), ("recipientId", "12345678901234567890"),
            ("signature", "00"), ("type", 77), ("amount", -1), ("timestamp", "x"),
        ] as [(String, JSONValue)] {
            var object = try #require(json(signed).object)
            object[field] = value
            let answer = try node.post("/v1/transactions/historical", .object(object))
            #expect(answer.status == 400 && answer.code == "BAD_REQUEST", "\(field)")
            #expect(answer.error["field"]?.string == field)
        }
        // A second signature changes the id, and belongs to nobody while there is no second key.
        let seconded = try node.post("/v1/transactions/historical", json(signed.seconded(by: key(9))))
        #expect(seconded.status == 400 && seconded.error["field"] == "signSignature")
    }

    @Test
    func aGroupIsMadeAndItsMembersKeysAreFoundBySignature() throws {
        let node = try LiveNode()
        let keys = [key(2), key(3)]
        let group = HistoricalGroup(minimum: 2, lifetime: 24, keys: keys.map(\.publicKey))
        let made = HistoricalTransaction(
            .multisignature(group), timestamp: seconds(node), sender: key(1).publicKey
        ).signed(by: key(1))
        let asset: JSONValue = [
            "multisignature": [
                "min": 2, "lifetime": 24, "keysgroup": .array(keys.map { .string("+" + $0.publicKey.hex) }),
            ]
        ]
        let digest = made.signingDigest
        func send(_ signers: [KeyPair]) throws -> Answer {
            try node.post(
                "/v1/transactions/historical",
                json(made, asset: asset, signatures: signers.map { $0.sign(digest) }))
        }
        #expect(try send([keys[0]]).code == "HISTORICAL_REFUSED")
        #expect(try send([keys[0], keys[0]]).error["field"] == "signatures[1]")
        #expect(try send([keys[0], key(4)]).error["field"] == "signatures[1]")
        #expect(try send([keys[1], keys[0]]).status == 202)
        try node.main.make()
        // From now on the account's own key is not enough, and a member may ask in its place.
        let lonely = transfer(node).signed(by: key(1))
        #expect(try node.post("/v1/transactions/historical", json(lonely)).code == "NEEDS_SIGNATURES")
        let asked = transfer(node).requested(by: key(2))
        let whole = json(asked, signatures: [key(3).sign(asked.signingDigest)])
        #expect(try node.post("/v1/transactions/historical", whole).status == 202)
        try node.main.make()
        let final = try node.get("/v1/transactions/\(asked.id)").data
        #expect(final["receipt"]?["status"] == "ok")
        #expect(final["requesterKey"]?.string == key(2).publicKey.hex)
    }

    @Test
    func aSecondSignatureIsOfTheAccountsSecondKey() throws {
        let node = try LiveNode()
        let made = HistoricalTransaction(
            .secondSignature(key(9).publicKey), timestamp: seconds(node), sender: key(1).publicKey
        ).signed(by: key(1))
        let asset: JSONValue = ["signature": ["publicKey": .string(key(9).publicKey.hex)]]
        #expect(try node.post("/v1/transactions/historical", json(made, asset: asset)).status == 202)
        try node.main.make()
        let signed = transfer(node).signed(by: key(1))
        let alone = try node.post("/v1/transactions/historical", json(signed))
        #expect(alone.code == "NEEDS_SECOND_SIGNATURE")
        #expect(
            try node.post("/v1/transactions/historical", json(signed.seconded(by: key(8)))).code
                == "BAD_SIGNATURE")
        #expect(
            try node.post("/v1/transactions/historical", json(signed.seconded(by: key(9)))).status == 202)
    }

    @Test
    func aSideChainTakesNone() throws {
        let node = try LiveNode()
        let signed = transfer(node).signed(by: key(1))
        let answer = try node.post("/v1/chains/hello/transactions/historical", json(signed))
        #expect(answer.status == 422 && answer.code == "HISTORICAL_REFUSED")
    }
}
