public import Ledger
internal import Primitives

/// Adds up every holding and every waiting transfer, and compares them with what the records say.
public enum AssetAudit {
    /// Names a broken invariant, or nil: holdings make up quantities, and waiting transfers their vault.
    public static func defect(in state: some StateReader) -> String? {
        var sums: [String: UInt256] = [:]
        if let defect = holdingsDefect(&sums, in: state) { return defect }
        return quantitiesDefect(sums, in: state) ?? delayedDefect(in: state)
    }

    private static func holdingsDefect(_ sums: inout [String: UInt256], in state: some StateReader) -> String?
    {
        for row in rows(of: .holdings, in: state) {
            let currency = String(decoding: row.key.bytes.dropFirst(21), as: UTF8.self)
            guard let amount = try? UInt256(decoding: row.value), amount != .zero else {
                return "a holding of \(currency) is no amount"
            }
            guard let sum = sums[currency, default: .zero].adding(amount) else {
                return "the holdings of \(currency) do not fit"
            }
            guard AssetBook.asset(currency, in: state) != nil else {
                return "somebody holds \(currency), which nobody made"
            }
            sums[currency] = sum
        }
        return nil
    }

    private static func quantitiesDefect(_ sums: [String: UInt256], in state: some StateReader) -> String? {
        for row in rows(of: .assets, in: state) {
            guard let asset = try? AssetRecord(decoding: row.value) else { return "an asset is damaged" }
            let held = sums[asset.currency, default: .zero]
            if held != asset.quantity {
                return "\(held) units of \(asset.currency) are held and \(asset.quantity) exist"
            }
            if asset.quantity > asset.maximum { return "there is more \(asset.currency) than there may be" }
        }
        return nil
    }

    private static func delayedDefect(in state: some StateReader) -> String? {
        var sum = Amount.zero
        for row in rows(of: .delayed, in: state) {
            guard let record = try? DelayedRecord(decoding: row.value), let more = sum.adding(record.amount)
            else { return "a delayed transfer is damaged" }
            sum = more
        }
        return sum == Vault.delayed.balance(in: state)
            ? nil : "\(sum) base units wait and the vault holds \(Vault.delayed.balance(in: state))"
    }

    private static func rows(
        of table: StateTable, in state: some StateReader
    ) -> [(key: StateKey, value: [UInt8])] {
        var found: [(key: StateKey, value: [UInt8])] = []
        while true {
            let page = state.scan(prefix: [table.rawValue], after: found.last?.key, limit: 1_000)
            found += page
            guard page.count == 1_000 else { return found }
        }
    }
}
