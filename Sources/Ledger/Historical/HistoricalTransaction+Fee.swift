public import Primitives

extension HistoricalTransaction {
    private static let tenth = Amount(units: 10_000_000)

    /// The one fee that the historical rules allow; it is not signed, because nobody can choose it.
    public var fee: Amount {
        switch content {
        case .secondSignature: .etm(5)
        case .multisignature(let group): .etm(5 * UInt64(group.keys.count + 1))
        case .registerDApp, .issuer: .etm(100)
        case .asset: .etm(500)
        case .acl: Amount(units: 2 * HistoricalTransaction.tenth.units)
        case .storage(let content):
            Amount(units: HistoricalTransaction.tenth.units * UInt64(content.count / 200 + 1))
        default: HistoricalTransaction.tenth
        }
    }
}
