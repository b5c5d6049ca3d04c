internal import Crypto
public import JSON
public import Ledger
public import Primitives

/// A version 0 transaction as client libraries write it: every field is separate, the bytes follow from them.
public struct HistoricalDocument: Sendable {
    /// The fields, with the first signature; the other ones wait for the keys that made them.
    public let transaction: HistoricalTransaction
    /// The second key's signature.
    public let secondSignature: Signature?
    /// The group's other signatures.
    public let signatures: [Signature]
    /// What the document says that the id is.
    public let statedID: String?
    private let statedFee: UInt64?
    private let statedSender: String?

    private static let mostSignatures = 64

    /// The members that client libraries write; those of a block that once held it are not looked at.
    static let members = [
        "type", "timestamp", "senderPublicKey", "requesterPublicKey", "senderId", "recipientId", "amount",
        "fee", "message", "args", "asset", "signature", "signSignature", "signatures", "id", "blockId",
        "height", "confirmations",
    ]

    /// Reads the fields; whether the historical rules allow them is for `HistoricalTransaction.check`.
    public init(_ value: JSONValue, at path: JSONPath = []) throws(HistoricalFieldRejection) {
        let fields = try HistoricalFields(value, at: path)
        guard let number = UInt8(exactly: try fields.integer("type", most: 255)),
            let kind = HistoricalKind(rawValue: number)
        else { throw fields.refusal("type", "the number of a historical kind") }
        var transaction = HistoricalTransaction(
            try HistoricalContent(kind, fields),
            timestamp: UInt32(try fields.integer("timestamp", most: UInt64(Int32.max))),
            sender: try fields.key("senderPublicKey"), recipient: try Self.recipient(fields),
            amount: Amount(units: try fields.integer("amount", most: UInt64(Int64.max))),
            arguments: try fields.list(
                "args", most: HistoricalTransaction.mostArguments, of: "a string or a whole number"
            ) { $0.string ?? $0.uint64.map(String.init) })
        if fields.optional("requesterPublicKey") != nil {
            transaction.requester = try fields.key("requesterPublicKey")
        }
        transaction.message = try fields.optionalText("message")
        transaction.signature = try fields.signature("signature")
        self.transaction = transaction
        secondSignature =
            fields.optional("signSignature") == nil ? nil : try fields.signature("signSignature")
        signatures = try fields.list(
            "signatures", most: Self.mostSignatures, of: "64 bytes in lower-case hexadecimal"
        ) { $0.string.flatMap { Signature(hex: $0) } }
        statedID = fields.optional("id") == nil ? nil : try fields.text("id")
        statedFee = fields.optional("fee") == nil ? nil : try fields.integer("fee", most: .max)
        statedSender = fields.optional("senderId") == nil ? nil : try fields.text("senderId")
    }

    // Empty means absent; a number is an address of an older network, which has no accounts here.
    private static func recipient(_ fields: HistoricalFields) throws(HistoricalFieldRejection) -> Address? {
        let text = try fields.optionalText("recipientId")
        guard !text.isEmpty else { return nil }
        guard let address = Address(text: text) else {
            let isNumber = text.utf8.count <= 20 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            throw fields.refusal(
                "recipientId",
                isNumber ? "an address; numbers are of a network before this one" : "an address")
        }
        return address
    }

    /// The historical bytes with the signatures that the id covers, whoever made them.
    public var historicalBytes: [UInt8] {
        transaction.bytesToSign + transaction.signature.array + (secondSignature?.array ?? [])
    }

    /// The historical id.
    public var id: TransactionID { TransactionID(SHA256.hash(historicalBytes).bytes) }

    /// Throws where the document states an id, a fee or a sender that do not follow from its other fields.
    public func checkStated() throws(HistoricalFieldRejection) {
        func refusal(_ key: String, _ value: String) -> HistoricalFieldRejection {
            HistoricalFieldRejection(path: [.key(key)], expected: "\(value), which the other fields give")
        }
        if let statedFee, statedFee != transaction.fee.units {
            throw refusal("fee", transaction.fee.description)
        }
        let sender = Address(of: transaction.sender).description
        if let statedSender, statedSender != sender { throw refusal("senderId", sender) }
        if let statedID, statedID != id.hex { throw refusal("id", id.hex) }
    }

    /// The transaction with every signature at the key that made it.
    public func resolved(
        second: PublicKey?, members: [PublicKey]
    ) throws(HistoricalFieldRejection) -> HistoricalTransaction {
        var resolved = try endorsed(among: members)
        guard let secondSignature else { return resolved }
        guard let second else {
            throw HistoricalFieldRejection(
                path: ["signSignature"], expected: "absent: the account has no second key")
        }
        resolved.second = Authorization(key: second, signature: secondSignature)
        return resolved
    }

    /// The transaction with the group's signatures at the keys that made them.
    ///
    /// The document does not say whose they are: each of `members` is tried.
    public func endorsed(
        among members: [PublicKey]
    ) throws(HistoricalFieldRejection) -> HistoricalTransaction {
        var endorsed = transaction
        let digest = transaction.signingDigest
        for (place, signature) in signatures.enumerated() {
            guard
                let key = members.first(where: { Ed25519.verify(signature, of: digest, by: $0) }),
                !endorsed.endorsements.contains(where: { $0.key == key })
            else {
                throw HistoricalFieldRejection(
                    path: ["signatures", .index(place)],
                    expected: "the signature of one more member of the account's group")
            }
            endorsed.endorsements.append(Authorization(key: key, signature: signature))
        }
        endorsed.endorsements.sort { $0.key < $1.key }
        return endorsed
    }
}
