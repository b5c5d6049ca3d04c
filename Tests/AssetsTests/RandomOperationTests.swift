import Assets
import Ledger
import Primitives
import Testing

/// Many operations drawn by chance, most of them sensible and some not; what must hold is checked after each block.
@Suite struct RandomOperationTests {
    private static let currencies = ["Bank.GOLD", "Bank.TIN", "Mint.COIN"]

    private func order(
        _ market: inout Market, _ random: inout SeededGenerator
    ) throws -> SignedTransaction {
        let sender = 1 + random.below(6)
        let currency = Self.currencies[Int(random.below(3))]
        let other = address(1 + random.below(6))
        switch random.below(24) {
        case 0:
            return try market.order(
                .registerIssuer,
                RegisterIssuerPayload(name: ["Bank", "Mint", "bank"][Int(random.below(3))], description: ""),
                from: sender)
        case 1:
            let bits = random.next()
            return try market.order(
                .createAsset,
                CreateAssetPayload(
                    currency: currency, description: "", maximum: wide(&random), precision: 2,
                    rights: .init(
                        writeOff: bits & 1 != 0, whitelist: bits & 2 != 0, blacklist: bits & 4 != 0)),
                from: sender)
        case 2...7:
            return try market.order(
                .issueAsset, IssueAssetPayload(currency: currency, amount: wide(&random)), from: sender)
        case 8...16:
            return try market.order(
                .transferAsset,
                TransferAssetPayload(
                    recipient: other, currency: currency,
                    amount: part(of: market.held(sender, currency), &random)),
                from: sender)
        case 17:
            // Writing off is rare: nothing happens to an asset afterwards.
            let flag = random.below(20) == 0
            return try market.order(
                .setAssetFlag,
                flag
                    ? SetAssetFlagPayload(writingOff: currency)
                    : SetAssetFlagPayload(
                        currency: currency, list: random.below(2) == 0 ? .whitelist : .blacklist),
                from: sender)
        case 18, 19:
            return try market.order(
                .changeAccessList,
                ChangeAccessListPayload(
                    currency: currency, change: random.below(2) == 0 ? .add : .remove,
                    list: random.below(2) == 0 ? .whitelist : .blacklist, accounts: [other]), from: sender)
        case 20, 21:
            let due = market.time.advanced(by: .seconds(3_000 + random.below(2_000)))
            return try market.order(
                .delayedTransfer,
                DelayedTransferPayload(
                    recipient: other, amount: Amount(units: 1 + random.below(1 << 40)), due: due),
                from: sender)
        default:
            return try market.order(
                .storage, StoragePayload(content: [UInt8(random.below(256))]), from: sender)
        }
    }

    // Amounts of every length up to 10^48, above zero.
    private func wide(_ random: inout SeededGenerator) -> UInt256 {
        let shift = random.below(128)
        let value = UInt256(
            high: UInt128(random.next() >> 33) >> shift,
            low: (UInt128(random.next()) << 64 | UInt128(random.next())) >> shift)
        return max(units(1), min(value, AssetAmount.most))
    }

    // What an account can move, mostly.
    private func part(of held: UInt256, _ random: inout SeededGenerator) -> UInt256 {
        if random.below(4) == 0 { return wide(&random) }
        return max(units(1), held.quotientAndRemainder(dividingBy: 1 + random.below(4)).quotient)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func whateverHappensHoldingsMakeUpQuantitiesAndUndoGivesBackWhatWas(seed: UInt64) throws {
        var market = try Market.open(maximum: AssetAmount.most, quantity: 1 << 50)
        var random = SeededGenerator(seed: seed)
        var kinds: [TransactionKind: Int] = [:]
        for _ in 0..<60 {
            var orders: [SignedTransaction] = []
            for _ in 0..<20 { orders.append(try order(&market, &random)) }
            let before = market.state
            let receipts = try market.run(orders, after: .seconds(1 + random.below(600)))
            for (order, receipt) in zip(orders, receipts) where receipt.error == nil {
                kinds[order.kind, default: 0] += 1
            }
            #expect(market.brokenInvariant() == nil, "seed \(seed), height \(market.height)")
            var undone = market.state
            undone.apply(try #require(market.changes.last).inverse)
            let (left, right) = (
                undone.scan(prefix: [], after: nil, limit: 10_000),
                before.scan(prefix: [], after: nil, limit: 10_000)
            )
            #expect(left.elementsEqual(right) { $0.key == $1.key && $0.value == $1.value })
        }
        // Chance must have reached every rule's good case somewhere.
        for kind in [
            TransactionKind.issueAsset, .transferAsset, .delayedTransfer, .storage,
        ] { #expect(kinds[kind, default: 0] > 0, "seed \(seed) never succeeded in \(kind)") }
    }
}
