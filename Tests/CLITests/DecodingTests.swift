import CLI
import Crypto
import JSON
import Ledger
import Primitives
import Testing

@Suite struct DecodingTests {
    private func vectors() throws -> JSONValue {
        try JSONParser.parse(
            Fixture.bytes("etm-wire-vectors.json"), limits: JSONLimits(maximumBytes: 1 << 24))
    }

    private func key(of name: String?) throws -> String? {
        guard let name else { return nil }
        return try vectors()["keys"]?[name]?["publicKey"]?.string
    }

    @Test func everyHistoricalTransactionIsReadFromItsBytes() throws {
        let rows = try #require(vectors()["transactions"]?.array)
        for row in rows {
            let bytes = try #require(row["bytes"]?.string)
            let data = try Scratch().run("tx decode \(bytes) --json").json["data"]
            let name = row["name"]?.string ?? ""
            #expect(data?["version"] == 0, "\(name)")
            #expect(data?["kind"] == row["transaction"]?["type"], "\(name)")
            #expect(data?["id"] == row["id"], "\(name)")
            #expect(data?["signingHash"] == row["hashToSign"], "\(name)")
            #expect(data?["signatures"]?[0]?["verifies"] == true, "\(name)")
            #expect(data?["amount"]?.string == row["transaction"]?["amount"]?.description, "\(name)")
            #expect(data?["senderKey"] == row["transaction"]?["senderPublicKey"], "\(name)")
        }
        #expect(rows.count == 18)
    }

    @Test func everyHistoricalTransactionIsReadFromItsJSON() throws {
        for row in try #require(vectors()["transactions"]?.array) {
            let scratch = try Scratch()
            TemporaryFolder.write(row["transaction"]?.description ?? "", to: "\(scratch.path)/t.json")
            let secondKey = try key(of: row["secondSigner"]?.string)
            let second = secondKey.map { " --second-key \($0)" } ?? ""
            let data = try scratch.run("tx decode \(scratch.path)/t.json --json\(second)").json["data"]
            let name = row["name"]?.string ?? ""
            #expect(data?["id"] == row["id"], "\(name)")
            #expect(data?["encoded"] == row["bytes"], "\(name)")
            #expect(data?["signingHash"] == row["hashToSign"], "\(name)")
            let checks = try #require(data?["signatures"]?.array)
            #expect(checks.allSatisfy { $0["verifies"] == true }, "\(name)")
        }
    }

    @Test func aSecondSignatureIsFoundAndItsKeyIsNotInTheBytes() throws {
        let rows = try #require(vectors()["transactions"]?.array)
        let row = try #require(rows.first { $0["secondSigner"] != nil })
        let bytes = try #require(row["bytes"]?.string)
        let data = try Scratch().run("tx decode \(bytes) --json").json["data"]
        #expect(data?["signatures"]?[1]?["role"] == "second")
        #expect(data?["signatures"]?[1]?["verifies"] == .null)
        let second = try #require(try key(of: row["secondSigner"]?.string))
        let known = try Scratch().run("tx decode \(bytes) --second-key \(second) --json").json["data"]
        #expect(known?["signatures"]?[1]?["verifies"] == true)
    }

    @Test func aCurrentTransactionIsTakenApart() throws {
        var seed = [UInt8](repeating: 7, count: 32)
        let pair = KeyPair(seed: SecretBytes(zeroing: &seed))
        let signer = try #require(pair)
        let payload = TransferPayload(recipient: Address(1, 2, 3), amount: Amount(units: 5), message: "é")
        let signed = Transaction(
            chain: .zero, kind: .transfer, expiry: Height(9), fee: Amount(units: 10), salt: 1,
            sender: .zero, payload: payload.encoded
        ).signed(by: signer)
        let data = try Scratch().run("tx decode \(Hex.encode(signed.bytes)) --json").json["data"]
        #expect(data?["version"] == 1)
        #expect(data?["kindName"] == "transfer")
        #expect(data?["id"]?.string == signed.id.hex)
        #expect(data?["fields"]?["message"] == "é")
        #expect(data?["fields"]?["amount"] == "5")
        #expect(data?["signatures"]?[0]?["verifies"] == true)
        var wrong = signed.bytes
        wrong[wrong.count - 1] ^= 1
        let bad = try Scratch().run("tx decode \(Hex.encode(wrong)) --json").json["data"]
        #expect(bad?["signatures"]?[0]?["verifies"] == false)
        #expect(bad?["id"] == data?["id"])
    }

    @Test(arguments: ["00", "ff00ff", "0101010101"])
    func otherBytesAreNoTransaction(_ hex: String) throws {
        let run = try Scratch().run("tx decode \(hex) --json")
        #expect(run.exit == .usage)
        #expect(try run.failure["code"] == "NOT_A_TRANSACTION")
    }

    @Test func aHistoricalTransactionIsHandedOverAsItsJSON() throws {
        let rows = try #require(vectors()["transactions"]?.array)
        let row = try #require(rows.first { $0["name"] == "transfer_message" })
        let scratch = try Scratch()
        TemporaryFolder.write(row["transaction"]?.description ?? "", to: "\(scratch.path)/t.json")
        let sent = try SmallNode().serve { url in
            scratch.run("tx send \(scratch.path)/t.json --yes --wait none --node \(url) --json")
        }
        #expect(try sent.json["data"]?["id"] == row["id"])
        #expect(sent.exit == .done)
        var object = try #require(row["transaction"]?.object)
        object["amount"] = 2
        TemporaryFolder.write(JSONValue.object(object).description, to: "\(scratch.path)/t.json")
        let altered = scratch.run(
            "tx send \(scratch.path)/t.json --yes --wait none --node http://127.0.0.1:1 --json")
        #expect(altered.exit == .usage)
        #expect(try altered.failure["field"] == "id")
        TemporaryFolder.write("no transaction", to: "\(scratch.path)/t.json")
        let other = scratch.run("tx send \(scratch.path)/t.json --yes --node http://127.0.0.1:1 --json")
        #expect(try other.failure["code"] == "NOT_A_TRANSACTION")
    }

    @Test func aJSONTransactionSaysWhatAChainWouldRefuse() throws {
        for row in try #require(vectors()["transactions"]?.array) {
            let scratch = try Scratch()
            TemporaryFolder.write(row["transaction"]?.description ?? "", to: "\(scratch.path)/t.json")
            let data = try scratch.run("tx decode \(scratch.path)/t.json --json").json["data"]
            let refused = [
                "uia_issuer", "uia_asset", "uia_flags", "delegate", "dapp_register", "in_transfer_etm",
            ]
            let name = row["name"]?.string ?? ""
            #expect((data?["refusal"]?.string == nil) == !refused.contains(name), "\(name)")
        }
    }

    @Test func aMissingFieldOfAJSONTransactionIsNamed() throws {
        let scratch = try Scratch()
        TemporaryFolder.write("{\"type\":0,\"timestamp\":1}", to: "\(scratch.path)/t.json")
        let run = scratch.run("tx decode \(scratch.path)/t.json --json")
        #expect(try run.failure["field"] == "senderPublicKey")
        #expect(scratch.run("tx decode \(scratch.path)/none.json").exit == .notFound)
    }
}
