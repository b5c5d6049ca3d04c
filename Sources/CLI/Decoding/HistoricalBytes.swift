internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// Version 0 bytes as the historical network carried them (etm-formats 1.3): little-endian and without lengths.
///
/// Where fields follow one another without a separator, only the kind's own rules, or nobody, can tell them
/// apart: the part behind the amount is shown whole, and split where the split is certain.
struct HistoricalBytes {
    let kind: UInt8
    let timestamp: Int32
    let sender: PublicKey
    let requester: PublicKey?
    let recipient: String?
    let amount: UInt64
    /// Message, arguments and asset bytes.
    let rest: [UInt8]
    let signed: [UInt8]
    let signature: Signature
    let second: Signature?

    static let names: [(kind: UInt8, name: String)] = [
        (0, "transfer"), (1, "secondSignature"), (2, "delegate"), (3, "vote"), (4, "multisignature"),
        (5, "registerDApp"), (6, "inTransfer"), (7, "outTransfer"), (8, "storage"), (9, "issuer"),
        (10, "asset"), (11, "flags"), (12, "acl"), (13, "issue"), (14, "assetTransfer"),
        (100, "lockHeight"), (101, "lockVotes"), (102, "unlockVotes"), (110, "delayTransfer"),
        (120, "resignDelegate"),
    ]

    private static let fixed = 1 + 4 + 32

    /// Nil when no reading of the bytes is a historical transaction.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.fixed + 8 + 8 + 64, Self.names.contains(where: { $0.kind == bytes[0] }),
            let sender = PublicKey(bytes: bytes[5..<37]), let place = Self.recipient(in: bytes)
        else { return nil }
        let amountEnd = place.end + 8
        guard amountEnd + 64 <= bytes.count else { return nil }
        kind = bytes[0]
        timestamp = Int32(bitPattern: UInt32(truncatingIfNeeded: Self.littleEndian(bytes[1..<5])))
        self.sender = sender
        requester = place.requester
        recipient = place.text
        amount = Self.littleEndian(bytes[place.end..<amountEnd])
        // One signature or two: the one that verifies decides.
        let hasTwo =
            amountEnd + 128 <= bytes.count && !Self.verifies(bytes, 64, place.requester ?? sender)
            && Self.verifies(bytes, 128, place.requester ?? sender)
        let end = bytes.count - (hasTwo ? 128 : 64)
        guard let signature = Signature(bytes: bytes[end..<end + 64]) else { return nil }
        self.signature = signature
        second = hasTwo ? Signature(bytes: bytes[(end + 64)...]) : nil
        signed = Array(bytes[..<end])
        rest = Array(bytes[amountEnd..<end])
    }

    private static func verifies(_ bytes: [UInt8], _ tail: Int, _ key: PublicKey) -> Bool {
        let end = bytes.count - tail
        guard let signature = Signature(bytes: bytes[end..<end + 64]) else { return false }
        return Ed25519.verify(signature, of: SHA256.hash(Array(bytes[..<end])), by: key)
    }

    private static func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    // Where the recipient ends: eight zeros for none, else "A" and a valid address. A requester's key may stand before.
    private static func recipient(
        in bytes: [UInt8]
    ) -> (requester: PublicKey?, text: String?, end: Int)? {
        for start in [fixed, fixed + 32] where start + 8 <= bytes.count {
            let requester = start == fixed ? nil : PublicKey(bytes: bytes[fixed..<start])
            if bytes[start..<start + 8].allSatisfy({ $0 == 0 }) { return (requester, nil, start + 8) }
            guard bytes[start] == 0x41 else { continue }
            for length in 25...34 where start + length <= bytes.count {
                let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
                if Address(text: text) != nil { return (requester, text, start + length) }
            }
        }
        return nil
    }

    /// The answer; the second signature's key is known to the chain only, unless it is given.
    func decoded(secondKey: PublicKey?) -> DecodedTransaction {
        let digest = SHA256.hash(signed)
        let whole = signed + signature.array + (second?.array ?? [])
        var object = JSONObject()
        object["format"] = "historical"
        object["version"] = 0
        object["kind"] = JSONValue(UInt64(kind))
        object["kindName"] = .string(Self.name(of: kind))
        object["id"] = .string(SHA256.hash(whole).hex)
        object["signingHash"] = .string(digest.hex)
        object["sender"] = .string(Address(of: sender).description)
        object["senderKey"] = .string(sender.hex)
        object["requesterKey"] = requester.map { .string($0.hex) } ?? .null
        object["timestamp"] = JSONValue(Int(timestamp))
        object["recipient"] = recipient.map { .string($0) } ?? .null
        object["amount"] = .string(String(amount))
        object["fields"] = HistoricalFields.json(kind, rest)
        object["rest"] = .string(Hex.encode(rest))
        object["bytes"] = JSONValue(whole.count)
        var checks = [
            DecodedTransaction.SignatureCheck(
                requester == nil ? "sender" : "requester", signature, of: digest, by: requester ?? sender)
        ]
        if let second {
            let digest = SHA256.hash(signed + signature.array)
            checks.append(.init("second", second, of: digest, by: secondKey))
        }
        return DecodedTransaction(members: object, signatures: checks)
    }

    static func name(of kind: UInt8) -> String { names.first { $0.kind == kind }?.name ?? "unknown" }
}

extension DecodedTransaction {
    init(members: JSONObject, signatures: [SignatureCheck]) {
        self.members = members
        self.signatures = signatures
    }
}

/// The part behind the amount, split where one kind's rules leave no doubt.
enum HistoricalFields {
    static func json(_ kind: UInt8, _ rest: [UInt8]) -> JSONValue {
        switch kind {
        case 0: ["message": text(rest)]
        case 1 where rest.count >= 32:
            ["message": text(rest.dropLast(32)), "publicKey": .string(Hex.encode(rest.suffix(32)))]
        case 2: ["username": text(rest)]
        case 3: ["votes": votes(rest)]
        case 4 where rest.count >= 2:
            [
                "min": JSONValue(UInt64(rest[0])), "lifetime": JSONValue(UInt64(rest[1])),
                "keysgroup": votes(Array(rest.dropFirst(2))),
            ]
        case 6 where rest.count >= 64:
            ["dappId": text(rest.prefix(64)), "currencyAndAmount": text(rest.dropFirst(64))]
        case 7 where rest.count >= 128:
            [
                "dappId": text(rest.prefix(64)), "transactionId": text(rest.dropFirst(64).prefix(64)),
                "currencyAndAmount": text(rest.dropFirst(128)),
            ]
        case 8: ["content": .string(Hex.encode(rest))]
        case 11 where rest.count >= 2:
            [
                "currency": text(rest.dropLast(2)), "flagType": JSONValue(UInt64(rest[rest.count - 2])),
                "flag": JSONValue(UInt64(rest[rest.count - 1])),
            ]
        case 100, 101, 110: ["arguments": [text(rest)]]
        case 102: ["arguments": parts(rest, of: 64)]
        case 120: [:]
        default: ["unseparated": text(rest)]
        }
    }

    private static func text(_ bytes: some Collection<UInt8>) -> JSONValue {
        .string(String(decoding: bytes, as: UTF8.self))
    }

    // A sign and 64 digits each.
    private static func votes(_ bytes: [UInt8]) -> JSONValue { parts(bytes, of: 65) }

    private static func parts(_ bytes: [UInt8], of length: Int) -> JSONValue {
        .array(
            stride(from: 0, to: bytes.count, by: length).map {
                text(bytes[$0..<min($0 + length, bytes.count)])
            })
    }
}
