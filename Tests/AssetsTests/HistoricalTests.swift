import Assets
import Crypto
import Ledger
import Primitives
import Testing

/// Version 0 transactions under the rules of assets, stored contents and delayed transfers.
@Suite struct HistoricalTests {
    private func order(
        _ content: HistoricalContent, to recipient: Address? = nil, _ amount: Amount = .zero,
        _ arguments: [String] = [], from account: UInt64 = 1, in market: Market
    ) -> SignedTransaction {
        let made = market.time.since(HistoricalTransaction.epoch).milliseconds / 1_000
        return SignedTransaction(
            HistoricalTransaction(
                content, timestamp: UInt32(made), sender: key(account), recipient: recipient,
                amount: amount, arguments: arguments))
    }

    private func act(
        _ content: HistoricalContent, to recipient: Address? = nil, from account: UInt64 = 1,
        in market: inout Market
    ) throws -> Receipt {
        try market.run([order(content, to: recipient, from: account, in: market)])[0]
    }

    private func asset(in market: Market) -> AssetRecord? { AssetBook.asset("B.GLD", in: market.state) }

    private func held(_ account: UInt64, in market: Market) -> UInt256 {
        AssetBook.holding(of: address(account), "B.GLD", in: market.state)
    }

    @Test func anAssetLivesByVersion0Alone() throws {
        var market = try Market()
        let issuer = try act(.issuer(name: "B", description: "1st"), in: &market)
        #expect(issuer.error == nil && issuer.fee == .etm(100))
        var new = HistoricalAsset(name: "B.GLD", about: "a coin.", maximum: "1000", precision: 2)
        new.allowWhitelist = 1
        let made = try act(.asset(new), in: &market)
        #expect(made.error == nil && made.fee == .etm(500))
        #expect(asset(in: market)?.rights == AssetRights(whitelist: true))
        #expect(asset(in: market)?.description == "a coin.")
        #expect(try act(.issue(currency: "B.GLD", amount: "1001"), in: &market).error != nil)
        #expect(try act(.issue(currency: "B.GLD", amount: "1000"), in: &market).error == nil)
        let list = HistoricalAccessChange(
            currency: "B.GLD", operation: "+", flag: 1, list: [address(2).description])
        let changed = try act(.acl(list), in: &market)
        #expect(changed.error == nil && changed.fee == Amount(units: 20_000_000))
        #expect(try act(.flags(currency: "B.GLD", type: 1, flag: 1), in: &market).error == nil)
        let move = HistoricalContent.assetTransfer(currency: "B.GLD", amount: "7")
        #expect(try act(move, to: address(3), in: &market).error != nil)
        #expect(try act(move, to: address(2), in: &market).error == nil)
        #expect(
            held(1, in: market) == units(993) && held(2, in: market) == units(7)
                && held(3, in: market) == .zero)
        #expect(asset(in: market)?.list == .whitelist)
    }

    @Test func aTransferThatCouldBeAMessageAndAnotherAssetIsNotCarriedOut() throws {
        var market = try Market.open(rights: .none)
        for (account, issuer) in [(2, "ank"), (3, "nkx")] as [(UInt64, String)] {
            try market.succeed(
                .registerIssuer, RegisterIssuerPayload(name: issuer, description: ""), from: account)
        }
        let move = HistoricalContent.assetTransfer(currency: Market.gold, amount: "7")
        #expect(try act(move, to: address(5), in: &market).error == nil)
        let twin = CreateAssetPayload(
            currency: "ank.GOLD", description: "", maximum: units(9), precision: 0)
        try market.succeed(.createAsset, twin, from: 2)
        // "B" could have been a message of old libraries, and "ank.GOLD" what was meant.
        #expect(try act(move, to: address(5), in: &market).error?.code == "NOT_ALLOWED")
        #expect(market.held(5) == units(7))
    }

    @Test func aContentIsStoredUnderTheHistoricalIDAndPrice() throws {
        var market = try Market()
        let content = [UInt8](repeating: 0, count: 400)
        let signed = order(.storage(content), in: market)
        let receipt = try market.run([signed])[0]
        #expect(receipt.error == nil && receipt.fee == Amount(units: 30_000_000))
        let record = market.state.read(StoredRecord.self, StoredRecord.key(signed.id))
        #expect(record?.isRecord(of: content) == true && record?.owner == address(1))
    }

    @Test func aDelayedTransferArrivesAtTheTimeThatWasSigned() throws {
        var market = try Market()
        let due = market.time.milliseconds + 7_200_000
        let signed = order(.delayTransfer, to: address(2), .etm(5), [String(due)], in: market)
        #expect(try market.run([signed])[0].error == nil)
        let before = market.balance(2)
        try market.run(after: Instant.Span(milliseconds: due - market.time.milliseconds - 1))
        #expect(market.balance(2) == before)
        try market.run(after: Instant.Span(milliseconds: 1))
        #expect(market.balance(2) == before + Amount.etm(5).units)
    }

    /// Hole 15: the original evaluated an asset's strategy as an expression on every node.
    @Test func aStrategyIsRefusedAndNeverEvaluated() throws {
        let market = try Market()
        var asset = HistoricalAsset(name: "B.GLD", about: "a coin.", maximum: "1000", precision: 2)
        asset.strategy = "genesisHeight + (height - genesisHeight) * 100"
        #expect(throws: AdmissionRejection.self) {
            try market.admission.checkForm(order(.asset(asset), in: market))
        }
    }
}
