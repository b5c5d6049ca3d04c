import Crypto
import JSON
import Ledger
import Node
import Primitives
import Testing

@Suite(.serialized)
struct PolicyTests {
    @Test
    func aPolicySetWhileTransactionsWaitNeitherStopsBlocksNorKeepsThem() throws {
        let directory = try TemporaryDirectory()
        var options = directory.options
        options.mining = .manual
        let network = try Network(options)
        let (alice, bob, carol) = (
            try network.key("alice"), try network.key("bob"), try network.key("carol")
        )
        func transfer(by signer: KeyPair) throws -> SignedTransaction {
            try network.transaction(
                .transfer, TransferPayload(recipient: carol.address, amount: Amount(units: 7))
            ).signed(by: signer)
        }
        let waiting = try (0..<3).map { _ in try transfer(by: alice) }
        let other = try transfer(by: bob)
        for signed in waiting + [other] { #expect(try network.submit(signed).status == 202) }
        let group = try #require(
            AccountPolicy.Group(least: 2, keys: [bob.publicKey, carol.publicKey]))
        let change = try #require(
            network.transaction(.multisignature, group, fee: 100_000_000_000).signed(by: alice)
                .cosigned(by: bob)?.cosigned(by: carol))
        #expect(try network.submit(change).status == 202)

        // The change pays most, so it is first; what alice signed alone before it does not enter any more.
        try network.post("/v1/devnet/mine", ["count": 2])
        #expect(try network.final(change.id)["receipt"]?["status"] == "ok")
        #expect(try network.final(other.id)["receipt"]?["status"] == "ok")
        let pending = try network.get("/v1/chains/main").data["mempool"]
        #expect(pending?["count"] == 0)
        let again = try network.submit(waiting[0])
        #expect(again.status == 422 && again.code == "NEEDS_SIGNATURES")
        #expect(again.error["missing"]?.string?.contains(bob.publicKey.hex) == true)

        // The same order under the same id, now with enough signatures.
        let whole = try #require(waiting[0].cosigned(by: carol))
        #expect(try network.submit(whole).status == 202)
        try network.post("/v1/devnet/mine", ["count": 1])
        let final = try network.final(waiting[0].id)
        #expect(final["receipt"]?["status"] == "ok" && final["signers"]?.array?.count == 2)
    }
}
