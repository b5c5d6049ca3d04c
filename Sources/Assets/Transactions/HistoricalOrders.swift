internal import Crypto
internal import Ledger
internal import Primitives

// How version 0 transactions of these kinds are carried out: by the same rules, from the fields that were signed.

extension RegisterIssuerHandler {
    func orders(of historical: HistoricalTransaction) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard case .issuer(let name, let description) = historical.content else {
            throw .unknownKind(historical.kind.transactionKind)
        }
        return [HistoricalOrder(kind, RegisterIssuerPayload(name: name, description: description))]
    }
}

extension CreateAssetHandler {
    func orders(of historical: HistoricalTransaction) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard case .asset(let asset) = historical.content, let maximum = AssetAmount.read(asset.maximum)
        else { throw .unknownKind(historical.kind.transactionKind) }
        let rights = AssetRights(
            writeOff: asset.allowWriteoff == 1, whitelist: asset.allowWhitelist == 1,
            blacklist: asset.allowBlacklist == 1)
        return [
            HistoricalOrder(
                kind,
                CreateAssetPayload(
                    currency: asset.name, description: asset.about, maximum: maximum,
                    precision: asset.precision, strategy: asset.strategy, rights: rights))
        ]
    }
}

extension SetAssetFlagHandler {
    func orders(of historical: HistoricalTransaction) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard case .flags(let currency, let type, let flag) = historical.content else {
            throw .unknownKind(historical.kind.transactionKind)
        }
        return [HistoricalOrder(kind, SetAssetFlagPayload(currency: currency, flagType: type, flag: flag))]
    }
}

extension ChangeAccessListHandler {
    func orders(of historical: HistoricalTransaction) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard case .acl(let change) = historical.content, let sign = AccessChange(sign: change.operation),
            let list = AccessList(rawValue: change.flag)
        else { throw .unknownKind(historical.kind.transactionKind) }
        let accounts = change.list.compactMap { Address(text: $0) }
        return [
            HistoricalOrder(
                kind,
                ChangeAccessListPayload(
                    currency: change.currency, change: sign, list: list, accounts: accounts))
        ]
    }
}

extension IssueAssetHandler {
    func orders(of historical: HistoricalTransaction) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard case .issue(let currency, let text) = historical.content, let amount = AssetAmount.read(text)
        else { throw .unknownKind(historical.kind.transactionKind) }
        return [HistoricalOrder(kind, IssueAssetPayload(currency: currency, amount: amount))]
    }
}

extension TransferAssetHandler {
    func orders(of historical: HistoricalTransaction) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard case .assetTransfer(let currency, let text) = historical.content,
            let amount = AssetAmount.read(text), let recipient = historical.recipient
        else { throw .unknownKind(historical.kind.transactionKind) }
        return [
            HistoricalOrder(
                kind, TransferAssetPayload(recipient: recipient, currency: currency, amount: amount))
        ]
    }
}

extension StorageHandler {
    func orders(of historical: HistoricalTransaction) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard case .storage(let content) = historical.content else {
            throw .unknownKind(historical.kind.transactionKind)
        }
        return [HistoricalOrder(kind, StoragePayload(content: content))]
    }
}

extension DelayedTransferHandler {
    func orders(of historical: HistoricalTransaction) throws(AdmissionRejection) -> [HistoricalOrder] {
        guard historical.kind == .delayTransfer, let recipient = historical.recipient,
            let due = historical.arguments.first.flatMap(UInt64.init)
        else { throw .unknownKind(historical.kind.transactionKind) }
        return [
            HistoricalOrder(
                kind,
                DelayedTransferPayload(
                    recipient: recipient, amount: historical.amount, due: Instant(milliseconds: due)))
        ]
    }
}
