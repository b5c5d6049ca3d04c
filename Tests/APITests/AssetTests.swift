import API
import Assets
import Crypto
import JSON
import Ledger
import Primitives
import Testing

@Suite struct AssetTests {
    private let gold = "Bank.GOLD"

    private func act(
        _ node: LiveNode, _ kind: TransactionKind, _ payload: some Canonical, by sender: UInt64 = 1
    ) throws -> TransactionID {
        let signed = node.sign(kind, payload, by: sender, fee: 60_000_000_000)
        #expect(try node.submit(signed).status == 202)
        try node.main.make()
        let receipt = try node.get("/v1/transactions/\(signed.id)").data["receipt"]
        #expect(receipt?["status"] == "ok", "\(receipt ?? .null)")
        return signed.id
    }

    /// Bank with 1,000.00 units at most, of which account 1 holds 12.50.
    private func market() throws -> LiveNode {
        let node = try LiveNode(wealth: .etm(100_000))
        _ = try act(node, .registerIssuer, RegisterIssuerPayload(name: "Bank", description: "a bank"))
        _ = try act(
            node, .createAsset,
            CreateAssetPayload(
                currency: gold, description: "", maximum: UInt256(100_000), precision: 2,
                rights: .init(blacklist: true)))
        _ = try act(node, .issueAsset, IssueAssetPayload(currency: gold, amount: UInt256(1_250)))
        return node
    }

    @Test func assetsAndIssuersAreShown() throws {
        let node = try market()
        let asset = try node.get("/v1/assets/\(gold)").data
        #expect(asset["quantity"]?["display"] == "12.50 Bank.GOLD" && asset["quantity"]?["units"] == "1250")
        #expect(asset["maximum"]?["display"] == "1,000.00 Bank.GOLD" && asset["precision"] == 2)
        #expect(asset["rights"] == ["writeOff": false, "whitelist": false, "blacklist": true])
        #expect(asset["list"] == "blacklist" && asset["writtenOff"] == false)
        #expect(try node.get("/v1/assets/bank.GOLD").data == asset)
        #expect(try node.get("/v1/assets").data["assets"] == [asset])
        #expect(try node.get("/v1/assets?issuer=BANK").data["assets"] == [asset])
        let issuer = try node.get("/v1/issuers/bank").data
        #expect(issuer["name"] == "Bank" && issuer["owner"]?.string == key(1).address.description)
        #expect(try node.get("/v1/issuers/\(key(1).address)").data == issuer)
        #expect(try node.get("/v1/issuers").data["issuers"] == [issuer])
    }

    @Test func holdingsAndListsComePageByPage() throws {
        let node = try market()
        let accounts = (2...4).map { key($0).address }
        _ = try act(
            node, .changeAccessList,
            ChangeAccessListPayload(currency: gold, change: .add, list: .blacklist, accounts: accounts))
        let path = "/v1/assets/\(gold)/access/blacklist"
        let first = try node.get("\(path)?limit=2").data
        let mark = try #require(first["next"]?.string)
        let rest = try node.get("\(path)?limit=2&after=\(mark)").data
        let listed = (first["accounts"]?.array ?? []) + (rest["accounts"]?.array ?? [])
        #expect(listed.compactMap { $0["address"]?.string } == accounts.sorted().map(\.description))
        #expect(rest["next"] == .null && first["inForce"] == true)
        let held = try node.get("/v1/accounts/\(key(1).address)/assets").data
        #expect(
            held["holdings"]?[0]?["amount"]?["units"] == "1250" && held["holdings"]?[0]?["barred"] == false)
        #expect(try node.get("/v1/accounts/\(key(2).address)/assets").data["holdings"] == [])
    }

    @Test(arguments: [
        ("/v1/assets/None.GOLD", 404), ("/v1/assets/x", 404), ("/v1/issuers/nobody", 404),
        ("/v1/assets?issuer=nobody", 404), ("/v1/assets?after=1", 400), ("/v1/assets?limit=0", 400),
        ("/v1/assets?limit=201", 400), ("/v1/issuers?after=%20", 400),
        ("/v1/assets/Bank.GOLD/access/greylist", 400), ("/v1/assets/Bank.GOLD/access/blacklist?after=A", 400),
        ("/v1/accounts/A/assets", 400), ("/v1/delayed?account=A", 400), ("/v1/delayed?after=00", 400),
        ("/v1/delayed?limit=1001", 400), ("/v1/storage/00", 400),
    ])
    func whatIsNotThereOrNotWellAskedIsRefused(path: String, status: Int) throws {
        #expect(try market().get(path).status == status)
    }

    @Test func aStoredContentIsServedFromItsBlock() throws {
        let node = try market()
        let content: [UInt8] = [0, 1, 0xfe, 0xff]
        let id = try act(node, .storage, StoragePayload(content: content))
        let data = try node.get("/v1/storage/\(id)").data
        #expect(data["content"] == "0001feff" && data["bytes"] == 4)
        #expect(data["sha256"]?.string == SHA256.hash(content).hex)
        #expect(data["owner"]?.string == key(1).address.description)
        let shown = try node.get("/v1/transactions/\(id)").data
        #expect(shown["kindName"] == "storage" && shown["fields"]?["bytes"] == 4)
        let other = try act(node, .issueAsset, IssueAssetPayload(currency: gold, amount: UInt256(1)))
        #expect(try node.get("/v1/storage/\(other)").status == 404)
    }

    @Test func delayedTransfersAreListedUntilTheyArrive() throws {
        let node = try market()
        let now = try #require(try node.get("/v1/delayed").data["time"]?.uint64)
        let due = Instant(milliseconds: now + 4_000_000)
        let payload = DelayedTransferPayload(recipient: key(2).address, amount: .etm(3), due: due)
        let id = try act(node, .delayedTransfer, payload)
        let list = try node.get("/v1/delayed?account=\(key(2).address)").data
        #expect(list["transfers"]?.array?.count == 1 && list["waiting"]?["units"] == "300000000")
        #expect(list["transfers"]?[0]?["id"]?.string == id.hex)
        #expect(list["transfers"]?[0]?["due"]?.uint64 == due.milliseconds && list["leastDelay"] == 3_600_000)
        #expect(try node.get("/v1/delayed?account=\(key(3).address)").data["transfers"] == [])
        #expect(try node.get("/v1/conservation").data["ok"] == true)
    }
}
