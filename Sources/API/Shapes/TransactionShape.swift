internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Sidechains

/// The JSON form of a transaction with its payload taken apart.
enum TransactionShape {
    /// The members that every transaction has.
    ///
    /// Amounts of an issuer's asset have a form for people when a state is given that knows the asset.
    static func json(
        _ signed: SignedTransaction, in spec: ChainSpec, state: StateView? = nil
    ) -> JSONObject {
        var object = JSONObject()
        object["id"] = .string(signed.id.hex)
        object["chain"] = .string(spec.name)
        object["kind"] = JSONValue(UInt64(signed.kind.number))
        object["kindName"] = .string(name(of: signed.kind))
        object["sender"] = .string(Address(of: signed.sender).description)
        object["senderKey"] = .string(signed.sender.hex)
        object["signers"] = .array(signed.signers.map(AccountShape.key))
        object["fee"] = Shape.amount(signed.fee, spec.feeAsset)
        object["bytes"] = JSONValue(UInt64(signed.bytes.count))
        switch signed.content {
        case .v1(let transaction, _):
            object["version"] = 1
            object["expiry"] = Shape.integer(transaction.expiry.value)
            object["salt"] = .string(String(transaction.salt))
            object["fields"] = fields(transaction, in: spec, state)
        case .v0(let historical):
            object["version"] = 0
            object["kindName"] = .string(historical.kind.name)
            object["timestamp"] = JSONValue(UInt64(historical.timestamp))
            if let requester = historical.requester { object["requesterKey"] = .string(requester.hex) }
            object["fields"] = .object(fields(historical))
        }
        return object
    }

    static func name(of kind: TransactionKind) -> String {
        switch kind {
        case .transfer: "transfer"
        case .secondSignature: "secondSignature"
        case .multisignature: "multisignature"
        case .lockAccount: "lockAccount"
        case .registerDApp: "registerDApp"
        case .deposit: "deposit"
        case .claim: "claim"
        case .withdraw: "withdraw"
        case .call: "call"
        case .storage: "storage"
        case .registerIssuer: "registerIssuer"
        case .createAsset: "createAsset"
        case .setAssetFlag: "setAssetFlag"
        case .changeAccessList: "changeAccessList"
        case .issueAsset: "issueAsset"
        case .transferAsset: "transferAsset"
        case .delayedTransfer: "delayedTransfer"
        default: "unknown"
        }
    }

    private static func fields(_ historical: HistoricalTransaction) -> JSONObject {
        var object = JSONObject()
        if let recipient = historical.recipient { object["recipient"] = .string(recipient.description) }
        if historical.amount != .zero { object["amount"] = Shape.amount(historical.amount, .etm) }
        for member in HistoricalShape.fields(historical).members { object[member.key] = member.value }
        return object
    }

    private static func fields(
        _ transaction: Transaction, in spec: ChainSpec, _ state: StateView?
    ) -> JSONValue {
        let payload = transaction.payload
        switch transaction.kind {
        case .transfer:
            return decode(payload) { (transfer: TransferPayload) in self.transfer(transfer, spec) }
        case .registerDApp: return decode(payload, registration)
        case .deposit: return decode(payload, deposit)
        case .claim: return decode(payload, claim)
        case .withdraw: return decode(payload, withdrawal)
        case .call: return decode(payload, call)
        case .secondSignature: return decode(payload, AccountShape.key)
        case .multisignature: return decode(payload, AccountShape.group)
        case .lockAccount:
            return decode(payload) { (until: Height) in ["until": Shape.integer(until.value)] }
        default:
            return AssetShape.fields(transaction.kind, payload, state)
                ?? ["payload": .string(Hex.encode(payload.prefix(1_024)))]
        }
    }

    private static func decode<Payload: Canonical>(
        _ bytes: [UInt8], _ shape: (Payload) -> JSONValue
    ) -> JSONValue {
        (try? Payload(decoding: bytes)).map(shape) ?? ["payload": .string(Hex.encode(bytes.prefix(1_024)))]
    }

    private static func transfer(_ transfer: TransferPayload, _ spec: ChainSpec) -> JSONValue {
        [
            "recipient": .string(transfer.recipient.description),
            "asset": JSONValue(UInt64(transfer.asset.number)),
            "amount": Shape.amount(transfer.amount, spec.asset(transfer.asset)),
            "message": .string(transfer.message),
        ]
    }

    private static func registration(_ registration: Registration) -> JSONValue {
        [
            "name": .string(registration.name),
            "description": .string(registration.description),
            "validators": JSONValue(UInt64(registration.validators.count)),
            "bundleBytes": JSONValue(UInt64(registration.bundle.count)),
            "bundleHash": .string(SideChainRecord.hash(ofBundle: registration.bundle).hex),
        ]
    }

    private static func deposit(_ deposit: DepositPayload) -> JSONValue {
        [
            "chain": .string(deposit.chain.hex),
            "recipient": .string(deposit.recipient.description),
            "amount": Shape.amount(deposit.amount, .etm),
        ]
    }

    private static func claim(_ claim: ClaimPayload) -> JSONValue {
        let message = claim.proof.message
        return [
            "chain": .string(claim.chain.hex),
            "sequence": Shape.integer(message.sequence),
            "recipient": .string(message.recipient.description),
            "amount": Shape.amount(message.amount, .etm),
            "source": .string(message.source.hex),
        ]
    }

    private static func withdrawal(_ withdrawal: WithdrawPayload) -> JSONValue {
        [
            "recipient": .string(withdrawal.recipient.description),
            "amount": Shape.amount(withdrawal.amount, .etm),
        ]
    }

    private static func call(_ call: CallPayload) -> JSONValue {
        [
            "contract": .string(call.contract),
            "method": .string(call.method),
            "args": Shape.json(call.arguments),
            "gasLimit": Shape.integer(call.gasLimit),
        ]
    }
}
