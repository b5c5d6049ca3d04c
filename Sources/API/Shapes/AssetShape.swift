internal import Assets
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// The JSON forms of issuers, their assets, delayed transfers and stored contents.
enum AssetShape {
    /// Base units as text, and a form for people.
    static func amount(_ amount: UInt256, _ asset: AssetRecord) -> JSONValue {
        [
            "units": .string(amount.description),
            "display": .string("\(amount.formatted(decimals: Int(asset.precision))) \(asset.currency)"),
        ]
    }

    static func issuer(_ issuer: IssuerRecord) -> JSONObject {
        var object = JSONObject()
        object["name"] = .string(issuer.name)
        object["owner"] = .string(issuer.owner.description)
        object["description"] = .string(issuer.description)
        object["registered"] = JSONValue(issuer.registered.value)
        return object
    }

    static func asset(_ asset: AssetRecord) -> JSONObject {
        var object = JSONObject()
        object["currency"] = .string(asset.currency)
        object["owner"] = .string(asset.owner.description)
        object["description"] = .string(asset.description)
        object["precision"] = JSONValue(UInt64(asset.precision))
        object["maximum"] = amount(asset.maximum, asset)
        object["quantity"] = amount(asset.quantity, asset)
        object["rights"] = rights(asset.rights)
        object["list"] = .string("\(asset.list)")
        object["writtenOff"] = .bool(asset.isWrittenOff)
        object["created"] = JSONValue(asset.created.value)
        return object
    }

    private static func rights(_ rights: AssetRights) -> JSONValue {
        [
            "writeOff": .bool(rights.writeOff), "whitelist": .bool(rights.whitelist),
            "blacklist": .bool(rights.blacklist),
        ]
    }

    static func delayed(_ pending: DelayedQuery<StateView>.Pending) -> JSONValue {
        [
            "id": .string(pending.transaction.hex), "due": JSONValue(pending.due.milliseconds),
            "sender": .string(pending.record.sender.description),
            "recipient": .string(pending.record.recipient.description),
            "amount": Shape.amount(pending.record.amount, .etm),
        ]
    }

    /// The fields of a transaction of these kinds, amounts of assets in base units; nil for another kind.
    static func fields(_ kind: TransactionKind, _ payload: [UInt8], _ state: StateView?) -> JSONValue? {
        switch kind {
        case .registerIssuer:
            read(payload) { (issuer: RegisterIssuerPayload) in
                ["name": .string(issuer.name), "description": .string(issuer.description)]
            }
        case .createAsset: read(payload, created)
        case .setAssetFlag:
            read(payload) { (flag: SetAssetFlagPayload) in
                [
                    "currency": .string(flag.currency),
                    "list": flag.list.map { .string("\($0)") } ?? .null, "writeOff": .bool(flag.list == nil),
                ]
            }
        case .changeAccessList:
            read(payload) { (change: ChangeAccessListPayload) in
                [
                    "currency": .string(change.currency), "list": .string("\(change.list)"),
                    "change": .string("\(change.change)"),
                    "accounts": .array(change.accounts.map { .string($0.description) }),
                ]
            }
        case .issueAsset:
            read(payload) { (issue: IssueAssetPayload) in
                [
                    "currency": .string(issue.currency),
                    "amount": amount(issue.amount, of: issue.currency, state),
                ]
            }
        case .transferAsset, .storage, .delayedTransfer: moved(kind, payload, state)
        default: nil
        }
    }

    private static func amount(_ amount: UInt256, of currency: String, _ state: StateView?) -> JSONValue {
        if let state, let asset = AssetBook.asset(currency, in: state) { return self.amount(amount, asset) }
        return ["units": .string(amount.description)]
    }

    private static func moved(
        _ kind: TransactionKind, _ payload: [UInt8], _ state: StateView?
    ) -> JSONValue? {
        switch kind {
        case .transferAsset:
            read(payload) { (transfer: TransferAssetPayload) in
                [
                    "recipient": .string(transfer.recipient.description),
                    "currency": .string(transfer.currency),
                    "amount": amount(transfer.amount, of: transfer.currency, state),
                    "message": .string(transfer.message),
                ]
            }
        case .delayedTransfer:
            read(payload) { (transfer: DelayedTransferPayload) in
                [
                    "recipient": .string(transfer.recipient.description),
                    "amount": Shape.amount(transfer.amount, .etm),
                    "due": Shape.integer(transfer.due.milliseconds), "message": .string(transfer.message),
                ]
            }
        default:
            read(payload) { (storage: StoragePayload) in
                [
                    "bytes": JSONValue(UInt64(storage.content.count)),
                    "sha256": .string(SHA256.hash(storage.content).hex),
                ]
            }
        }
    }

    private static func created(_ asset: CreateAssetPayload) -> JSONValue {
        [
            "currency": .string(asset.currency), "description": .string(asset.description),
            "maximum": .string(asset.maximum.description), "precision": JSONValue(UInt64(asset.precision)),
            "rights": rights(asset.rights),
        ]
    }

    private static func read<Payload: Canonical>(
        _ bytes: [UInt8], _ shape: (Payload) -> JSONValue
    ) -> JSONValue? { (try? Payload(decoding: bytes)).map(shape) }
}
