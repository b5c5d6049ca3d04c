internal import API
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// A transaction taken apart without any chain's help.
struct DecodedTransaction {
    /// The members of the answer before the signatures.
    var members: JSONObject
    /// Who signed what, and whether it is so.
    var signatures: [SignatureCheck]

    var json: JSONValue {
        var object = members
        object["signatures"] = .array(signatures.map(\.json))
        return .object(object)
    }

    /// One signature; nil says that only the chain's state knows the key.
    struct SignatureCheck {
        let role: String
        let key: PublicKey?
        let signature: Signature
        let verifies: Bool?

        init(_ role: String, _ signature: Signature, of digest: Digest, by key: PublicKey?) {
            self.role = role
            self.key = key
            self.signature = signature
            verifies = key.map { Ed25519.verify(signature, of: digest, by: $0) }
        }

        /// A signature by any one of the keys; the first that fits is named.
        init(_ role: String, _ signature: Signature, of digest: Digest, byAnyOf keys: [PublicKey]) {
            let signer = keys.first { Ed25519.verify(signature, of: digest, by: $0) }
            self.role = role
            self.signature = signature
            key = signer
            verifies = keys.isEmpty ? nil : signer != nil
        }

        var json: JSONValue {
            [
                "role": .string(role), "key": key.map { .string($0.hex) } ?? .null,
                "signature": .string(signature.hex), "verifies": verifies.map { .bool($0) } ?? .null,
            ]
        }
    }

    /// Reads the current byte form, or the historical one when the bytes are not that.
    init(_ bytes: [UInt8], secondKey: PublicKey?) throws(CommandFailure) {
        let problem: CodecRejection
        do throws(CodecRejection) {
            self.init(try SignedTransaction(decoding: bytes))
            return
        } catch {
            problem = error
        }
        guard let historical = DecodedTransaction(historical: bytes, secondKey: secondKey) else {
            throw CommandFailure(
                "NOT_A_TRANSACTION", "these \(bytes.count) bytes are no transaction: \(problem)",
                hint: "etm tx decode --help", exit: .usage)
        }
        self = historical
    }

    init(_ signed: SignedTransaction) {
        var object = JSONObject()
        object["format"] = "canonical"
        switch signed.content {
        case .v1(let transaction, _):
            object["version"] = 1
            Self.addCommon(signed, to: &object)
            object["chain"] = .string(transaction.chain.hex)
            object["expiry"] = .string(transaction.expiry.description)
            object["salt"] = .string(String(transaction.salt))
            object["fields"] = PayloadFields.json(transaction.kind, transaction.payload)
            object["payload"] = .string(Hex.encode(transaction.payload))
        case .v0(let historical):
            object["version"] = 0
            Self.addCommon(signed, to: &object)
            object["kindName"] = .string(historical.kind.name)
            object["timestamp"] = JSONValue(UInt64(historical.timestamp))
            object["requesterKey"] = historical.requester.map { .string($0.hex) } ?? .null
            object["recipient"] = historical.recipient.map { .string($0.description) } ?? .null
            object["amount"] = .string(historical.amount.description)
            object["fields"] = .object(HistoricalShape.fields(historical))
            object["historicalBytes"] = .string(Hex.encode(historical.historicalBytes))
        }
        members = object
        signatures = signed.authorizations.map { one in
            SignatureCheck(
                one.key == signed.sender ? "sender" : "cosigner", one.signature, of: signed.signingDigest,
                by: one.key)
        }
    }

    private static func addCommon(_ signed: SignedTransaction, to object: inout JSONObject) {
        object["kind"] = JSONValue(UInt64(signed.kind.number))
        object["kindName"] = .string(PayloadFields.name(of: signed.kind))
        object["id"] = .string(signed.id.hex)
        object["signingHash"] = .string(signed.signingDigest.hex)
        object["sender"] = .string(Address(of: signed.sender).description)
        object["senderKey"] = .string(signed.sender.hex)
        object["fee"] = .string(signed.fee.description)
        object["bytes"] = JSONValue(UInt64(signed.bytes.count))
    }
}
