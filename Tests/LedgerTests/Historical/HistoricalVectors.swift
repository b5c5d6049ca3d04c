import Crypto
import Ledger
import Primitives
import Testing

/// A transaction of the historical network as its own programs wrote it.
struct HistoricalVector {
    let name: String
    let row: [String: Any]

    static func all() throws -> [HistoricalVector] {
        let file = try Fixture.object("etm-wire-vectors.json")
        let rows = try #require(file["transactions"] as? [[String: Any]])
        return try rows.map { row in
            let name = try #require(row["name"] as? String)
            return HistoricalVector(name: name, row: row)
        }
    }

    static func named(_ name: String) throws -> HistoricalVector {
        let vectors = try all()
        return try #require(vectors.first { $0.name == name })
    }

    static func signer(_ name: String) throws -> KeyPair {
        let file = try Fixture.object("etm-wire-vectors.json")
        let keys = try #require(file["keys"] as? [String: [String: Any]])
        let secret = try #require(keys[name]?["secret"] as? String)
        var text = Array(secret.utf8)
        return KeyPair(try AccountSecret(importing: &text))
    }

    func text(_ field: String) throws -> String { try #require(row[field] as? String) }

    func bytes(_ field: String) throws -> [UInt8] {
        let digits = try text(field)
        return try #require(Hex.decode(digits))
    }

    private func field(_ name: String) throws -> String { try #require(fields[name] as? String) }

    var fields: [String: Any] { row["transaction"] as? [String: Any] ?? [:] }

    var asset: [String: Any] {
        (fields["asset"] as? [String: Any])?.values.first as? [String: Any] ?? [:]
    }

    /// The transaction with all its signatures; a group's at the keys that made them.
    func transaction() throws -> HistoricalTransaction {
        let number = try #require(fields["type"] as? UInt8)
        let kind = try #require(HistoricalKind(rawValue: number))
        let sender = try field("senderPublicKey")
        let signature = try field("signature")
        var transaction = HistoricalTransaction(
            try content(kind), timestamp: try #require(fields["timestamp"] as? UInt32),
            sender: try #require(PublicKey(hex: sender)),
            recipient: (fields["recipientId"] as? String).flatMap { Address(text: $0) },
            amount: Amount(units: try #require(fields["amount"] as? UInt64)),
            arguments: fields["args"] as? [String] ?? [])
        transaction.message = fields["message"] as? String ?? ""
        transaction.signature = try #require(Signature(hex: signature))
        if let second = fields["signSignature"] as? String, let signer = row["secondSigner"] as? String {
            transaction.second = Authorization(
                key: try HistoricalVector.signer(signer).publicKey,
                signature: try #require(Signature(hex: second)))
        }
        let digest = transaction.signingDigest
        for text in fields["signatures"] as? [String] ?? [] {
            let signature = try #require(Signature(hex: text))
            let key = try #require(members.first { Ed25519.verify(signature, of: digest, by: $0) })
            transaction.endorsements.append(Authorization(key: key, signature: signature))
        }
        transaction.endorsements.sort { $0.key < $1.key }
        return transaction
    }

    private var members: [PublicKey] {
        (asset["keysgroup"] as? [String] ?? []).compactMap { PublicKey(hex: String($0.dropFirst())) }
    }

    private func content(_ kind: HistoricalKind) throws -> HistoricalContent {
        func text(_ name: String) throws -> String { try #require(asset[name] as? String) }
        func byte(_ name: String) throws -> UInt8 { try #require(asset[name] as? UInt8) }
        switch kind {
        case .send: return .send
        case .secondSignature:
            let key = try text("publicKey")
            return .secondSignature(try #require(PublicKey(hex: key)))
        case .delegate: return .delegate(username: try text("username"))
        case .vote:
            return .vote((asset["votes"] as? [String] ?? []).compactMap { HistoricalVote(text: $0) })
        case .multisignature:
            return .multisignature(
                HistoricalGroup(minimum: try byte("min"), lifetime: try byte("lifetime"), keys: members))
        case .registerDApp:
            var dapp = HistoricalDApp(name: try text("name"), link: try text("link"))
            dapp.about = try text("description")
            dapp.tags = try text("tags")
            dapp.icon = try text("icon")
            dapp.type = UInt32(try byte("type"))
            dapp.category = UInt32(try byte("category"))
            dapp.delegates = asset["delegates"] as? [String] ?? []
            dapp.unlockDelegates = UInt32(try byte("unlockDelegates"))
            return .registerDApp(dapp)
        case .inTransfer:
            return .inTransfer(dapp: try text("dappId"), currency: try text("currency"), amount: nil)
        case .storage:
            let content = try text("content")
            return .storage(try #require(Hex.decode(content)))
        case .issuer: return .issuer(name: try text("name"), description: try text("desc"))
        case .asset:
            return .asset(
                HistoricalAsset(
                    name: try text("name"), about: try text("desc"), maximum: try text("maximum"),
                    precision: try byte("precision")))
        case .flags:
            return .flags(
                currency: try text("currency"), type: try byte("flagType"), flag: try byte("flag"))
        case .issue: return .issue(currency: try text("currency"), amount: try text("amount"))
        case .assetTransfer:
            return .assetTransfer(currency: try text("currency"), amount: try text("amount"))
        case .lockHeight: return .lockHeight
        case .lockVotes: return .lockVotes
        case .unlockVotes: return .unlockVotes
        case .delayTransfer: return .delayTransfer
        case .resignDelegate: return .resignDelegate
        case .acl, .outTransfer: throw CodecRejection.unknownTag(offset: 0, got: Int(kind.rawValue))
        }
    }
}

/// A transfer of the first test account.
func historicalTransfer(
    at seconds: UInt32 = 1_000, from sender: UInt64 = 1, to recipient: Address = address(2),
    _ amount: UInt64 = 5, message: String = ""
) -> HistoricalTransaction {
    HistoricalTransaction.send(
        Amount(units: amount), to: recipient, from: .zero, at: seconds, message: message
    ).signed(by: key(sender))
}

/// A transaction of the first test account that moves no ETM.
func historical(
    _ content: HistoricalContent, at seconds: UInt32 = 1_000, to recipient: Address? = nil,
    _ arguments: [String] = []
) -> HistoricalTransaction {
    HistoricalTransaction(
        content, timestamp: seconds, sender: .zero, recipient: recipient, arguments: arguments
    ).signed(by: key(1))
}
