import API
import Crypto
import JSON
import Ledger
import Primitives
import Testing

@Suite struct PolicyTests {
    private func group(_ least: UInt8, _ members: [UInt64]) throws -> AccountPolicy.Group {
        try #require(AccountPolicy.Group(least: least, keys: members.map { key($0).publicKey }))
    }

    @Test func anAccountShowsWhomItAsksForAndATransactionWhoSigned() throws {
        let node = try LiveNode()
        let change = try #require(
            node.sign(.multisignature, try group(2, [2, 3]), by: 1, fee: 1_500_000_000)
                .cosigned(by: key(2))?.cosigned(by: key(3)))
        #expect(try node.submit(change).status == 202)
        let second = try #require(
            node.sign(.secondSignature, key(9).publicKey, by: 4, fee: 500_000_000).cosigned(by: key(9)))
        #expect(try node.submit(second).status == 202)
        #expect(try node.submit(node.sign(.lockAccount, Height(50), by: 5)).status == 202)
        try node.main.make()

        let shown = try node.get("/v1/accounts/\(key(1).address)").data["policy"]
        #expect(shown?["group"]?["least"] == 2 && shown?["secondKey"]?.isNull == true)
        let keys = shown?["group"]?["keys"]?.array?.compactMap { $0["key"]?.string } ?? []
        #expect(keys == [key(2), key(3)].map(\.publicKey).sorted().map(\.hex))
        let other = try node.get("/v1/accounts/\(key(4).address)").data["policy"]
        #expect(other?["secondKey"]?["key"]?.string == key(9).publicKey.hex)
        #expect(other?["secondKey"]?["address"]?.string == key(9).address.description)
        #expect(other?["group"]?.isNull == true && other?["locked"] == false)
        let locked = try node.get("/v1/accounts/\(key(5).address)").data["policy"]
        #expect(locked?["lockedUntil"] == 50 && locked?["locked"] == true)

        let data = try node.get("/v1/transactions/\(change.id)").data
        #expect(data["kindName"] == "multisignature" && data["fields"]?["least"] == 2)
        #expect(data["signers"]?.array?.compactMap { $0["key"]?.string } == change.signers.map(\.hex))
    }

    @Test func whatIsMissingIsRefusedByItsOwnCode() throws {
        let node = try LiveNode()
        let change = node.sign(.multisignature, try group(2, [2, 3]), by: 1, fee: 1_500_000_000)
        #expect(try node.submit(change).code == "NEEDS_CONSENT")
        let whole = try #require(change.cosigned(by: key(2))?.cosigned(by: key(3)))
        #expect(try node.submit(whole).status == 202)
        let strange = try #require(node.transfer(1, from: 4).cosigned(by: key(5)))
        let answer = try node.submit(strange)
        #expect(answer.status == 422 && answer.code == "STRANGE_SIGNATURE")
        try node.main.make()
        let alone = node.transfer(1)
        #expect(try node.submit(alone).code == "NEEDS_SIGNATURES")
        let cosigned = try #require(alone.cosigned(by: key(3)))
        #expect(try node.submit(cosigned).status == 202)
        let block = try node.main.make().block
        #expect(block.transactions == [cosigned])
        #expect(try node.submit(node.sign(.lockAccount, Height(9_999), by: 4)).status == 202)
        try node.main.make()
        #expect(try node.submit(node.transfer(1, from: 4)).code == "ACCOUNT_LOCKED")
    }
}
