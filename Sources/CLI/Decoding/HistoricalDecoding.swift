internal import API
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// What `etm tx decode` says of version 0 transactions.
extension DecodedTransaction {
    /// Takes the historical network's bytes apart; nil when no reading of them is a transaction.
    ///
    /// Where fields follow one another without a separator, only the kind's own rules, or nobody, can tell them
    /// apart: the part behind the amount is shown whole, and split where only one split has the right forms.
    init?(historical bytes: [UInt8], secondKey: PublicKey?) {
        guard let head = HistoricalBytes.readings(of: bytes.dropLast(64)).first else { return nil }
        let signer = head.requester ?? head.sender
        // One signature or two: the one that verifies decides.
        let hasTwo =
            HistoricalBytes.readings(of: bytes.dropLast(128)).first.map {
                !Self.verifies(bytes, 64, signer) && Self.verifies(bytes, 128, $0.requester ?? $0.sender)
            } ?? false
        let end = bytes.count - (hasTwo ? 128 : 64)
        let signed = Array(bytes[..<end])
        guard let head = HistoricalBytes.readings(of: signed).first,
            let signature = Signature(bytes: bytes[end..<end + 64])
        else { return nil }
        let second = hasTwo ? Signature(bytes: bytes[(end + 64)...]) : nil
        var object = Self.common(head.kind, signed, signature, second)
        object["sender"] = .string(Address(of: head.sender).description)
        object["senderKey"] = .string(head.sender.hex)
        object["requesterKey"] = head.requester.map { .string($0.hex) } ?? .null
        object["timestamp"] = JSONValue(UInt64(head.timestamp))
        object["recipient"] = head.recipient.map { .string($0.description) } ?? .null
        object["amount"] = .string(head.amount.description)
        let forms = HistoricalTransaction.forms(of: signed)
        object["fields"] =
            forms.count == 1
            ? .object(HistoricalShape.fields(forms[0]))
            : ["unseparated": .string(String(decoding: head.rest, as: UTF8.self))]
        object["rest"] = .string(Hex.encode(head.rest))
        object["bytes"] = JSONValue(bytes.count)
        members = object
        signatures = Self.checks(
            signed, (head.sender, head.requester), signature, second: second, secondKey)
    }

    private static func verifies(_ bytes: [UInt8], _ tail: Int, _ key: PublicKey) -> Bool {
        let end = bytes.count - tail
        guard let signature = Signature(bytes: bytes[end..<end + 64]) else { return false }
        return Ed25519.verify(signature, of: SHA256.hash(Array(bytes[..<end])), by: key)
    }

    private static func common(
        _ kind: HistoricalKind, _ signed: [UInt8], _ signature: Signature, _ second: Signature?
    ) -> JSONObject {
        var object = JSONObject()
        object["format"] = "historical"
        object["version"] = 0
        object["kind"] = JSONValue(UInt64(kind.rawValue))
        object["kindName"] = .string(kind.name)
        object["id"] = .string(SHA256.hash(signed + signature.array + (second?.array ?? [])).hex)
        object["signingHash"] = .string(SHA256.hash(signed).hex)
        return object
    }

    private static func checks(
        _ signed: [UInt8], _ keys: (sender: PublicKey, requester: PublicKey?), _ signature: Signature,
        second: Signature?, _ secondKey: PublicKey?
    ) -> [SignatureCheck] {
        let first = SignatureCheck(
            keys.requester == nil ? "sender" : "requester", signature, of: SHA256.hash(signed),
            by: keys.requester ?? keys.sender)
        guard let second else { return [first] }
        return [
            first,
            SignatureCheck("second", second, of: SHA256.hash(signed + signature.array), by: secondKey),
        ]
    }

    /// Reads a transaction as the JSON of the historical interface, or its member "transaction".
    init(historical document: InputDocument, secondKey: PublicKey?) throws(CommandFailure) {
        let root = document.document.value
        let path: JSONPath = root["transaction"]?.object == nil ? [] : ["transaction"]
        let value = document.document[path] ?? .null
        let read = try HistoricalInput.read(value, at: path, document)
        let transaction = read.transaction
        let bytes = transaction.bytesToSign
        var object = Self.common(transaction.kind, bytes, transaction.signature, read.secondSignature)
        if let stated = read.statedID { object["statedId"] = .string(stated) }
        object["sender"] = .string(Address(of: transaction.sender).description)
        object["fields"] = value
        object["bytes"] = JSONValue(read.historicalBytes.count)
        object["encoded"] = .string(Hex.encode(read.historicalBytes))
        object["refusal"] = Self.refusal(of: read).map { .string($0) } ?? .null
        members = object
        signatures = Self.checks(
            bytes, (transaction.sender, transaction.requester), transaction.signature,
            second: read.secondSignature, secondKey)
        let digest = transaction.signingDigest
        for signature in read.signatures {
            signatures.append(
                SignatureCheck("member", signature, of: digest, byAnyOf: Self.members(of: transaction)))
        }
    }

    // Why no chain would carry it out, as far as the fields tell; nil when they tell nothing.
    private static func refusal(of read: HistoricalDocument) -> String? {
        guard let whole = try? read.endorsed(among: members(of: read.transaction)) else {
            return nil
        }
        do throws(HistoricalRefusal) {
            try whole.check()
            return nil
        } catch {
            return error.message
        }
    }

    // Only where the transaction names them itself are they known without a chain.
    private static func members(of transaction: HistoricalTransaction) -> [PublicKey] {
        guard case .multisignature(let group) = transaction.content else { return [] }
        return group.keys
    }
}

/// A version 0 transaction's JSON from a file: refusals name the field and its line.
enum HistoricalInput {
    static func read(
        _ value: JSONValue, at path: JSONPath, _ document: InputDocument
    ) throws(CommandFailure) -> HistoricalDocument {
        do throws(HistoricalFieldRejection) {
            return try HistoricalDocument(value, at: path)
        } catch {
            throw document.refusal(
                of: error.path, error.problem,
                code: error.expected == nil ? "MISSING_FIELD" : "BAD_FIELD")
        }
    }
}
