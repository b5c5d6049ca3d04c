internal import Crypto
internal import JSON
internal import Primitives

/// A version 0 transaction as the JSON of the historical interface: every field is separate, the bytes follow.
struct HistoricalDocument {
    private let record: InputRecord

    /// The fields of the transaction itself, or of its member "transaction".
    init(_ document: InputDocument) throws(CommandFailure) {
        let record = try document.record()
        self.record = record.has("transaction") ? try record.record("transaction") : record
    }

    /// The bytes that are signed (etm-formats 1.2 and 1.3).
    private func bytesToSign() throws(CommandFailure) -> [UInt8] {
        var out = [UInt8(try record.integer("type", in: 0...255))]
        let timestamp = UInt32(try record.integer("timestamp", in: 0...UInt64(Int32.max)))
        out.appendLittleEndian(timestamp)
        try record.bytes32("senderPublicKey").append(to: &out)
        if isPresent("requesterPublicKey") { try record.bytes32("requesterPublicKey").append(to: &out) }
        out += try recipient()
        out.appendLittleEndian(try record.integer("amount", in: 0...UInt64(Int64.max)))
        if isPresent("message") { out += Array(try record.text("message").utf8) }
        if isPresent("args") { out += try record.strings("args", in: 0...256).flatMap { Array($0.utf8) } }
        return out + (try assetBytes(out[0]))
    }

    private func isPresent(_ key: String) -> Bool { record.has(key) && !record.isNull(key) }

    private func recipient() throws(CommandFailure) -> [UInt8] {
        guard isPresent("recipientId") else { return [UInt8](repeating: 0, count: 8) }
        let text = try record.text("recipientId")
        guard !text.isEmpty else { return [UInt8](repeating: 0, count: 8) }
        guard let number = UInt64(text), text.utf8.count <= 20 else { return Array(text.utf8) }
        var out: [UInt8] = []
        out.appendBigEndian(number)
        return out
    }

    private func assetBytes(_ kind: UInt8) throws(CommandFailure) -> [UInt8] {
        switch kind {
        case 1: return try asset("signature").bytes32("publicKey").array
        case 2: return try asset("delegate").utf8("username")
        case 3: return try asset("vote").strings("votes", in: 0...256).flatMap { Array($0.utf8) }
        case 4:
            let asset = try asset("multisignature")
            return try asset.byte("min") + asset.byte("lifetime")
                + asset.strings("keysgroup", in: 0...256).flatMap { Array($0.utf8) }
        case 5: return try dapp(try asset("dapp"))
        case 6: return try transfer(try asset("inTransfer"), ["dappId", "currency"])
        case 7: return try transfer(try asset("outTransfer"), ["dappId", "transactionId", "currency"])
        case 8: return try asset("storage").hex("content")
        default: return try issued(kind)
        }
    }

    private func asset(_ name: String) throws(CommandFailure) -> InputRecord {
        try record.record("asset").record(name)
    }

    private func transfer(_ asset: InputRecord, _ fields: [String]) throws(CommandFailure) -> [UInt8] {
        var out: [UInt8] = []
        for field in fields { out += try asset.utf8(field) }
        // An incoming transfer of ETM has its amount in the transaction only.
        if asset.has("amount"), try asset.text("currency") != "ETM" || fields.count > 2 {
            out += try asset.utf8("amount")
        }
        return out
    }

    private func dapp(_ asset: InputRecord) throws(CommandFailure) -> [UInt8] {
        var out: [UInt8] = []
        for field in ["name", "description", "tags", "link", "icon"] where asset.has(field) {
            out += try asset.utf8(field)
        }
        out.appendLittleEndian(UInt32(try asset.integer("type", in: 0...255)))
        out.appendLittleEndian(UInt32(try asset.integer("category", in: 0...255)))
        out += Array(try asset.strings("delegates", in: 0...256).joined(separator: ",").utf8)
        out.appendLittleEndian(UInt32(try asset.integer("unlockDelegates", in: 0...255)))
        return out
    }

    private func issued(_ kind: UInt8) throws(CommandFailure) -> [UInt8] {
        switch kind {
        case 9:
            let asset = try asset("uiaIssuer")
            return try asset.utf8("name") + asset.utf8("desc")
        case 10:
            let asset = try asset("uiaAsset")
            var out = try asset.utf8("name") + asset.utf8("desc") + asset.utf8("maximum")
            out += try asset.byte("precision")
            if asset.has("strategy") { out += try asset.utf8("strategy") }
            for flag in ["allowWriteoff", "allowWhitelist", "allowBlacklist"] { out += try asset.byte(flag) }
            return out
        case 11:
            let asset = try asset("uiaFlags")
            return try asset.utf8("currency") + asset.byte("flagType") + asset.byte("flag")
        case 12:
            let asset = try asset("uiaAcl")
            return try asset.utf8("currency") + asset.utf8("operator") + asset.byte("flag")
                + asset.strings("list", in: 0...1_024).flatMap { Array($0.utf8) }
        case 13, 14:
            let asset = try asset(kind == 13 ? "uiaIssue" : "uiaTransfer")
            return try asset.utf8("currency") + asset.utf8("amount")
        default: return []
        }
    }

    /// The answer, with every field as written and every signature checked.
    func decoded(secondKey: PublicKey?) throws(CommandFailure) -> DecodedTransaction {
        let signed = try bytesToSign()
        guard HistoricalBytes.names.contains(where: { $0.kind == signed[0] }) else {
            throw record.refusal("type", "is no historical kind")
        }
        let signature = try record.signature("signature")
        let second = isPresent("signSignature") ? try record.signature("signSignature") : nil
        let digest = SHA256.hash(signed)
        let whole = signed + signature.array + (second?.array ?? [])
        let sender = PublicKey(try record.bytes32("senderPublicKey"))
        let requester =
            isPresent("requesterPublicKey") ? PublicKey(try record.bytes32("requesterPublicKey")) : nil
        var object = JSONObject()
        object["format"] = "historical"
        object["version"] = 0
        object["kind"] = JSONValue(UInt64(signed[0]))
        object["kindName"] = .string(HistoricalBytes.name(of: signed[0]))
        object["id"] = .string(SHA256.hash(whole).hex)
        if isPresent("id") { object["statedId"] = .string(try record.text("id")) }
        object["signingHash"] = .string(digest.hex)
        object["sender"] = .string(Address(of: sender).description)
        object["fields"] = record.json
        object["bytes"] = JSONValue(whole.count)
        object["encoded"] = .string(Hex.encode(whole))
        var checks = [
            DecodedTransaction.SignatureCheck(
                requester == nil ? "sender" : "requester", signature, of: digest, by: requester ?? sender)
        ]
        if let second {
            checks.append(
                .init("second", second, of: SHA256.hash(signed + signature.array), by: secondKey))
        }
        if isPresent("signatures") {
            let keys = signed[0] == 4 ? try memberKeys() : []
            for text in try record.strings("signatures", in: 0...256) {
                guard let signature = Signature(hex: text) else {
                    throw record.refusal("signatures", "must be 64 bytes each in lower-case hexadecimal")
                }
                checks.append(.init("member", signature, of: digest, byAnyOf: keys))
            }
        }
        return DecodedTransaction(members: object, signatures: checks)
    }

    // "+" and a key each.
    private func memberKeys() throws(CommandFailure) -> [PublicKey] {
        try asset("multisignature").strings("keysgroup", in: 0...256)
            .compactMap { PublicKey(hex: String($0.dropFirst())) }
    }
}

extension InputRecord {
    var json: JSONValue { document.document[path] ?? .null }

    func isNull(_ key: String) -> Bool { json[key]?.isNull == true }

    fileprivate func utf8(_ key: String) throws(CommandFailure) -> [UInt8] { Array(try text(key).utf8) }

    // Flags are numbers or truth values in the historical interface.
    fileprivate func byte(_ key: String) throws(CommandFailure) -> [UInt8] {
        if let flag = json[key]?.bool { return [flag ? 1 : 0] }
        return [UInt8(try integer(key, in: 0...255))]
    }

    fileprivate func hex(_ key: String) throws(CommandFailure) -> [UInt8] {
        guard let bytes = Hex.decode(try text(key)) else {
            throw refusal(key, "must be bytes in lower-case hexadecimal")
        }
        return bytes
    }

    fileprivate func signature(_ key: String) throws(CommandFailure) -> Signature {
        guard let signature = Signature(hex: try text(key)) else {
            throw refusal(key, "must be 64 bytes in lower-case hexadecimal")
        }
        return signature
    }
}
