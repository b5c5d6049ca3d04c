internal import Assets
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// The payloads of issuers, assets, stored contents and delayed transfers.
enum AssetPayloadFields {
    static func name(of kind: TransactionKind) -> String? {
        switch kind {
        case .storage: "storage"
        case .registerIssuer: "registerIssuer"
        case .createAsset: "createAsset"
        case .setAssetFlag: "setAssetFlag"
        case .changeAccessList: "changeAccessList"
        case .issueAsset: "issueAsset"
        case .transferAsset: "transferAsset"
        case .delayedTransfer: "delayedTransfer"
        default: nil
        }
    }

    static func json(_ kind: TransactionKind, _ payload: [UInt8]) -> JSONValue {
        switch kind {
        case .storage:
            read(payload) { (stored: StoragePayload) in ["content": .string(Hex.encode(stored.content))] }
        case .registerIssuer:
            read(payload) { (issuer: RegisterIssuerPayload) in
                ["name": .string(issuer.name), "description": .string(issuer.description)]
            }
        case .createAsset: read(payload, asset)
        case .setAssetFlag:
            read(payload) { (flag: SetAssetFlagPayload) in
                [
                    "currency": .string(flag.currency), "flagType": JSONValue(UInt64(flag.flagType)),
                    "flag": JSONValue(UInt64(flag.flag)),
                ]
            }
        case .changeAccessList:
            read(payload) { (change: ChangeAccessListPayload) in
                [
                    "currency": .string(change.currency), "operator": .string(change.change.sign),
                    "flag": JSONValue(UInt64(change.list.rawValue)),
                    "list": .array(change.accounts.map { .string($0.description) }),
                ]
            }
        default: moved(kind, payload)
        }
    }

    private static func moved(_ kind: TransactionKind, _ payload: [UInt8]) -> JSONValue {
        switch kind {
        case .issueAsset:
            read(payload) { (issue: IssueAssetPayload) in
                ["currency": .string(issue.currency), "amount": .string(issue.amount.description)]
            }
        case .transferAsset:
            read(payload) { (transfer: TransferAssetPayload) in
                [
                    "recipient": .string(transfer.recipient.description),
                    "currency": .string(transfer.currency), "amount": .string(transfer.amount.description),
                    "message": .string(transfer.message),
                ]
            }
        case .delayedTransfer:
            read(payload) { (transfer: DelayedTransferPayload) in
                [
                    "recipient": .string(transfer.recipient.description),
                    "amount": .string(transfer.amount.description), "due": .string(transfer.due.description),
                    "message": .string(transfer.message),
                ]
            }
        default: .null
        }
    }

    private static func asset(_ asset: CreateAssetPayload) -> JSONValue {
        [
            "currency": .string(asset.currency), "description": .string(asset.description),
            "maximum": .string(asset.maximum.description), "precision": JSONValue(UInt64(asset.precision)),
            "strategy": .string(asset.strategy), "allowWriteoff": .bool(asset.rights.writeOff),
            "allowWhitelist": .bool(asset.rights.whitelist), "allowBlacklist": .bool(asset.rights.blacklist),
        ]
    }

    private static func read<Payload: Canonical>(
        _ bytes: [UInt8], _ shape: (Payload) -> JSONValue
    ) -> JSONValue { (try? Payload(decoding: bytes)).map(shape) ?? .null }
}
