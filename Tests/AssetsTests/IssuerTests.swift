import Assets
import Crypto
import Ledger
import Primitives
import Testing

@Suite struct IssuerTests {
    private func issuer(_ name: String, _ description: String = "d") -> RegisterIssuerPayload {
        RegisterIssuerPayload(name: name, description: description)
    }

    private func asset(
        _ currency: String = Market.gold, maximum: UInt256 = units(10), precision: UInt8 = 2,
        strategy: String = "", description: String = ""
    ) -> CreateAssetPayload {
        CreateAssetPayload(
            currency: currency, description: description, maximum: maximum, precision: precision,
            strategy: strategy)
    }

    @Test(arguments: ["A", "z", "ABCDEFGHijklmnop"])
    func aNameOfOneToSixteenLettersIsTaken(name: String) throws {
        var market = try Market()
        #expect(try market.act(.registerIssuer, issuer(name)) == nil)
        let record = try #require(AssetBook.issuer(of: address(1), in: market.state))
        #expect(record.name == name && record.owner == address(1) && record.description == "d")
        #expect(record.registered == Height(1))
    }

    @Test(arguments: ["", "ABCDEFGHijklmnopq", "Bank1", "Ba nk", "Bänk", "Bank.", "Ба"])
    func anyOtherNameIsRefused(name: String) throws {
        var market = try Market()
        #expect(throws: Never.self) { try market.refusal(.registerIssuer, issuer("Bank")) }
        #expect(try market.refusal(.registerIssuer, issuer(name)) != nil)
    }

    @Test func aNameIsTakenInWhateverCapitals() throws {
        var market = try Market()
        #expect(try market.act(.registerIssuer, issuer("Bank")) == nil)
        #expect(try market.act(.registerIssuer, issuer("BANK"), from: 2) == "NAME_TAKEN")
        #expect(try market.act(.registerIssuer, issuer("bank"), from: 2) == "NAME_TAKEN")
        #expect(try market.act(.registerIssuer, issuer("Banks"), from: 2) == nil)
        #expect(AssetBook.issuer(named: "bAnK", in: market.state)?.owner == address(1))
    }

    @Test func anAccountIsOneIssuer() throws {
        var market = try Market()
        #expect(try market.act(.registerIssuer, issuer("Bank")) == nil)
        #expect(try market.act(.registerIssuer, issuer("Other")) == "ALREADY_ISSUER")
    }

    @Test func twoThatWantANameInOneBlockGetOneAnswerEach() throws {
        var market = try Market()
        let orders = [
            try market.order(.registerIssuer, issuer("Bank"), from: 1),
            try market.order(.registerIssuer, issuer("bank"), from: 2),
        ]
        #expect(try market.run(orders).map(\.error?.code) == [nil, "NAME_TAKEN"])
    }

    @Test func feesAreTheHistoricalOnes() throws {
        let market = try Market()
        let short = [UInt8](repeating: 0, count: 100)
        let fees: [(TransactionKind, UInt64)] = [
            (.registerIssuer, 100), (.createAsset, 500),
        ]
        for (kind, whole) in fees { #expect(try market.fee(kind, short) == .etm(whole)) }
        #expect(try market.fee(.setAssetFlag, short) == Amount(units: 10_000_000))
        #expect(try market.fee(.changeAccessList, short) == Amount(units: 20_000_000))
        #expect(try market.fee(.issueAsset, short) == Amount(units: 10_000_000))
        #expect(try market.fee(.transferAsset, short) == Amount(units: 10_000_000))
        // A large base fee saturates instead of turning into a bargain.
        var fees256 = market.spec.fees
        fees256.base = Amount(units: .max)
        let handler = try #require(market.registry[.createAsset])
        #expect(handler.minimumFee(for: short, fees: fees256) == Amount(units: .max))
    }

    @Test func anAssetIsItsIssuersAndBeginsEmpty() throws {
        let market = try Market.open(quantity: 0)
        let record = try #require(market.asset)
        #expect(record.owner == address(1) && record.quantity == .zero && record.precision == 2)
        #expect(record.maximum == units(1_000) && !record.isWrittenOff && record.list == .blacklist)
        #expect(market.brokenInvariant() == nil)
    }

    @Test(arguments: ["Bank.ABC", "Bank.ABCDEF"])
    func symbolsHaveThreeToSixCapitals(currency: String) throws {
        var market = try Market.open(quantity: 0)
        #expect(try market.act(.createAsset, asset(currency)) == nil)
    }

    @Test(arguments: [
        "Bank.AB", "Bank.ABCDEFG", "Bank.abc", "Bank", "Bank.", ".ABC", "Bank.ABC.DEF", "Bank.AB1",
        "B nk.ABC",
        "Bank.ÄBC",
    ])
    func whatIsNoCurrencyIsRefused(currency: String) throws {
        var market = try Market()
        #expect(try market.refusal(.createAsset, asset(currency)) != nil)
        #expect(
            try market.refusal(.issueAsset, IssueAssetPayload(currency: currency, amount: units(1))) != nil)
        let flag = SetAssetFlagPayload(writingOff: currency)
        #expect(try market.refusal(.setAssetFlag, flag) != nil)
    }

    @Test func onlyTheIssuerMakesItsAssetsAndEachOnce() throws {
        var market = try Market.open(quantity: 0)
        #expect(try market.act(.createAsset, asset()) == "ASSET_EXISTS")
        #expect(try market.act(.createAsset, asset("Bank.NEW"), from: 2) == "NOT_ISSUER")
        #expect(try market.act(.createAsset, asset("Other.NEW")) == "NOT_ISSUER")
        // The registered spelling only: one asset must not have two names.
        #expect(try market.act(.createAsset, asset("BANK.NEW")) == "NOT_ISSUER")
        #expect(try market.act(.createAsset, asset("Bank.NEW")) == nil)
    }

    @Test func precisionMaximumAndDescriptionHaveBounds() throws {
        var market = try Market()
        #expect(try market.refusal(.createAsset, asset(precision: 16)) == nil)
        #expect(try market.refusal(.createAsset, asset(precision: 17)) != nil)
        #expect(try market.refusal(.createAsset, asset(maximum: units(1))) == nil)
        #expect(try market.refusal(.createAsset, asset(maximum: .zero)) != nil)
        #expect(try market.refusal(.createAsset, asset(maximum: AssetAmount.most)) == nil)
        let above = try #require(AssetAmount.most.adding(units(1)))
        #expect(try market.refusal(.createAsset, asset(maximum: above)) != nil)
        #expect(try market.refusal(.createAsset, asset(maximum: .max)) != nil)
        let long = String(repeating: "é", count: 2_048)
        #expect(try market.refusal(.createAsset, asset(description: long)) == nil)
        #expect(try market.refusal(.createAsset, asset(description: long + "e")) != nil)
        #expect(try market.refusal(.registerIssuer, issuer("Bank", long)) == nil)
        #expect(try market.refusal(.registerIssuer, issuer("Bank", long + "e")) != nil)
    }

    @Test(arguments: ["quantity < 1000", "1+1", " ", "require('fs')"])
    func anIssueStrategyIsRefusedAndNeverEvaluated(strategy: String) throws {
        var market = try Market()
        let refusal = try market.refusal(.createAsset, asset(strategy: strategy))
        #expect(refusal?.message.contains("expressions are not evaluated") == true)
    }

    @Test func historicalAmountsHaveOneForm() {
        #expect(AssetAmount.read("1") == units(1))
        #expect(AssetAmount.read("1" + String(repeating: "0", count: 48)) == AssetAmount.most)
        #expect(AssetAmount.most.description == "1" + String(repeating: "0", count: 48))
        for text in [
            "", "0", "01", "-1", "+1", "1.0", "1e21", "1,0", " 1",
            "1" + String(repeating: "0", count: 47) + "1",
            "1" + String(repeating: "0", count: 49), "٣",
        ] { #expect(AssetAmount.read(text) == nil) }
    }

    // The original took any Base58Check text behind an "A" for an address (etm-formats.md 8.1, 16).
    @Test(arguments: [19, 20, 21, 0, 32]) func anAddressHasExactlyTwentyBytes(count: Int) {
        let payload = [UInt8](repeating: 7, count: count)
        let checksum = SHA256.hash(SHA256.hash(payload).array).array.prefix(4)
        let address = Address(text: "A" + Base58.encode(payload + checksum))
        #expect((address != nil) == (count == 20))
        let broken = Array(checksum.dropLast()) + [checksum[3] ^ 1]
        #expect(Address(text: "A" + Base58.encode(payload + broken)) == nil)
        #expect(Address(text: "B" + Base58.encode(payload + checksum)) == nil)
    }
}
