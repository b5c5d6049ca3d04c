public import Ledger
public import Primitives

/// Lists of issuers, assets, holdings and listed accounts, page by page.
public struct AssetQuery<State: StateReader>: Sendable {
    /// The state that is asked.
    public let state: State

    /// Asks a state.
    public init(_ state: State) { self.state = state }

    /// At most `limit` issuers whose names come after another's, by name without regard to case.
    public func issuers(after name: String?, limit: Int) -> [IssuerRecord] {
        state.scan(prefix: [StateTable.issuers.rawValue], after: name.map(IssuerRecord.key), limit: limit)
            .compactMap { try? IssuerRecord(decoding: $0.value) }
    }

    /// At most `limit` assets after another, by name; of one issuer, or of all.
    public func assets(of issuer: String? = nil, after currency: String?, limit: Int) -> [AssetRecord] {
        let prefix = issuer.map { Array("\($0).".utf8) } ?? []
        return state.scan(
            prefix: [StateTable.assets.rawValue] + prefix, after: currency.map(AssetRecord.key), limit: limit
        ).compactMap { try? AssetRecord(decoding: $0.value) }
    }

    /// At most `limit` of an account's holdings after a currency, by name, each with its asset.
    public func holdings(
        of account: Address, after currency: String?, limit: Int
    ) -> [(asset: AssetRecord, amount: UInt256)] {
        let prefix = [StateTable.holdings.rawValue] + account.array
        let after = currency.map { AssetBook.key(account, $0) }
        return state.scan(prefix: prefix, after: after, limit: limit).compactMap { row in
            let name = String(decoding: row.key.bytes.dropFirst(prefix.count), as: UTF8.self)
            guard let amount = try? UInt256(decoding: row.value),
                let asset = AssetBook.asset(name, in: state)
            else { return nil }
            return (asset, amount)
        }
    }

    /// At most `limit` accounts on a list after another, by address, with the heights since which they are on it.
    public func listed(
        on list: AccessList, of currency: String, after account: Address?, limit: Int
    ) -> [(account: Address, since: Height)] {
        let prefix = [StateTable.accessLists.rawValue] + AssetBook.prefix(of: list, currency)
        let after = account.map { AssetBook.key($0, on: list, of: currency) }
        return state.scan(prefix: prefix, after: after, limit: limit).compactMap { row in
            guard let account = Address(bytes: row.key.bytes.dropFirst(prefix.count)),
                let since = try? Height(decoding: row.value)
            else { return nil }
            return (account, since)
        }
    }
}
