public import Ledger
public import Primitives

/// Reads and changes issuers, assets, holdings and lists.
public enum AssetBook {
    /// The issuer with a name, in whatever capitals, or nil.
    public static func issuer(named name: String, in state: some StateReader) -> IssuerRecord? {
        guard AssetNames.isIssuer(name) else { return nil }
        return state.read(IssuerRecord.self, IssuerRecord.key(name))
    }

    /// The issuer that an account is, or nil.
    public static func issuer(of owner: Address, in state: some StateReader) -> IssuerRecord? {
        state.read(IssuerName.self, IssuerRecord.ownerKey(owner)).flatMap {
            issuer(named: $0.name, in: state)
        }
    }

    /// The asset of exactly this name, or nil.
    public static func asset(_ currency: String, in state: some StateReader) -> AssetRecord? {
        guard AssetNames.issuer(of: currency) != nil else { return nil }
        return state.read(AssetRecord.self, AssetRecord.key(currency))
    }

    /// How many base units an account holds.
    public static func holding(
        of account: Address, _ currency: String, in state: some StateReader
    ) -> UInt256 {
        state.read(UInt256.self, key(account, currency)) ?? .zero
    }

    /// Whether an account is on a list of an asset.
    public static func isListed(
        _ account: Address, on list: AccessList, of currency: String, in state: some StateReader
    ) -> Bool {
        state.value(for: key(account, on: list, of: currency)) != nil
    }

    /// Whether an account may hold, send and receive an asset; its owner always may.
    public static func isAdmitted(
        _ account: Address, to asset: AssetRecord, in state: some StateReader
    ) -> Bool {
        if account == asset.owner { return true }
        let isListed = isListed(account, on: asset.list, of: asset.currency, in: state)
        return asset.list == .whitelist ? isListed : !isListed
    }

    /// The record of a holding; a holding of nothing has none.
    public static func key(_ account: Address, _ currency: String) -> StateKey {
        StateKey(.holdings, account.array + Array(currency.utf8))
    }

    /// The record of an account on a list: since when.
    public static func key(_ account: Address, on list: AccessList, of currency: String) -> StateKey {
        StateKey(.accessLists, prefix(of: list, currency) + account.array)
    }

    // No currency holds a zero byte, so none's keys begin with another's.
    static func prefix(of list: AccessList, _ currency: String) -> [UInt8] {
        Array(currency.utf8) + [0, list.rawValue]
    }

    /// The asset with an owner's right to change it, as long as it was not written off.
    static func asset(
        _ currency: String, ownedBy sender: Address, in state: some StateReader
    ) throws(ExecutionError) -> AssetRecord {
        guard let asset = asset(currency, in: state) else { throw .asset(.unknownAsset(currency)) }
        guard asset.owner == sender else { throw .asset(.notOwner(currency)) }
        guard !asset.isWrittenOff else { throw .asset(.writtenOff(currency)) }
        return asset
    }

    static func credit(
        _ amount: UInt256, of currency: String, to account: Address, in state: inout StateOverlay
    ) throws(ExecutionError) {
        let key = key(account, currency)
        guard let sum = (state.read(UInt256.self, key) ?? .zero).adding(amount) else { throw .overflow }
        state.write(key, sum)
    }

    static func debit(
        _ amount: UInt256, of currency: String, from account: Address, in state: inout StateOverlay
    ) throws(ExecutionError) {
        let key = key(account, currency)
        let held = state.read(UInt256.self, key) ?? .zero
        guard let rest = held.subtracting(amount) else {
            throw .asset(.insufficient(account: account, currency: currency, held: held, needed: amount))
        }
        state.set(key, to: rest == .zero ? nil : rest.encoded)
    }
}
