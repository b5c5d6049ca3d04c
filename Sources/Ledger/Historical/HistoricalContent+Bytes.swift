internal import Primitives

/// The asset bytes that are hashed and signed: concatenated, without lengths (`etm-formats.md` 1.2).
extension HistoricalContent {
    func append(to out: inout [UInt8]) {
        func add(_ texts: String...) { for text in texts { out.append(contentsOf: text.utf8) } }
        switch self {
        case .send, .lockHeight, .lockVotes, .unlockVotes, .delayTransfer, .resignDelegate: break
        case .secondSignature(let key): out.append(contentsOf: key.array)
        case .delegate(let username): add(username)
        case .vote(let votes): for vote in votes { add(vote.text) }
        case .multisignature(let group):
            out.append(contentsOf: [group.minimum, group.lifetime])
            for key in group.keys { add("+", key.hex) }
        case .registerDApp(let dapp): dapp.append(to: &out)
        case .inTransfer(let dapp, let currency, let amount): add(dapp, currency, amount ?? "")
        case .outTransfer(let dapp, let transaction, let currency, let amount):
            add(dapp, transaction, currency, amount)
        case .storage(let content): out.append(contentsOf: content)
        case .issuer(let name, let description): add(name, description)
        case .asset(let asset): asset.append(to: &out)
        case .flags(let currency, let type, let flag):
            add(currency)
            out.append(contentsOf: [type, flag])
        case .acl(let change):
            add(change.currency, change.operation)
            out.append(change.flag)
            for item in change.list { add(item) }
        case .issue(let currency, let amount), .assetTransfer(let currency, let amount): add(currency, amount)
        }
    }
}

/// The canonical form, with lengths, in which a block keeps the content; the kind goes before.
extension HistoricalContent {
    func encode(to writer: inout ByteWriter) {
        switch self {
        case .send, .lockHeight, .lockVotes, .unlockVotes, .delayTransfer, .resignDelegate: break
        case .secondSignature(let key): writer.write(key)
        case .delegate(let username): writer.write(username)
        case .vote(let votes): writer.write(list: votes)
        case .multisignature(let group): writer.write(group)
        case .registerDApp(let dapp): writer.write(dapp)
        case .inTransfer(let dapp, let currency, let amount):
            for text in [dapp, currency, amount ?? ""] { writer.write(text) }
        case .outTransfer(let dapp, let transaction, let currency, let amount):
            for text in [dapp, transaction, currency, amount] { writer.write(text) }
        case .storage(let content): writer.write(bytes: content)
        case .issuer(let name, let description):
            writer.write(name)
            writer.write(description)
        case .asset(let asset): writer.write(asset)
        case .flags(let currency, let type, let flag):
            writer.write(currency)
            writer.write(type)
            writer.write(flag)
        case .acl(let change): writer.write(change)
        case .issue(let currency, let amount), .assetTransfer(let currency, let amount):
            writer.write(currency)
            writer.write(amount)
        }
    }

    init(_ kind: HistoricalKind, from reader: inout ByteReader) throws(CodecRejection) {
        let word = HistoricalTransaction.longestWord
        switch kind {
        case .send: self = .send
        case .secondSignature: self = .secondSignature(try reader.read())
        case .delegate: self = .delegate(username: try reader.readString(most: word))
        case .vote: self = .vote(try reader.readList(most: 16))
        case .multisignature: self = .multisignature(try reader.read())
        case .registerDApp: self = .registerDApp(try reader.read())
        case .inTransfer, .outTransfer: self = try Self.reserve(kind, &reader)
        case .storage:
            self = .storage(try reader.readByteString(most: HistoricalTransaction.largestStorage))
        case .issuer:
            self = .issuer(
                name: try reader.readString(most: word),
                description: try reader.readString(most: HistoricalTransaction.longestText))
        case .asset: self = .asset(try reader.read())
        case .flags:
            self = .flags(
                currency: try reader.readString(most: word), type: try reader.readInteger(),
                flag: try reader.readInteger())
        case .acl: self = .acl(try reader.read())
        case .issue:
            self = .issue(
                currency: try reader.readString(most: word), amount: try reader.readString(most: word))
        case .assetTransfer:
            self = .assetTransfer(
                currency: try reader.readString(most: word), amount: try reader.readString(most: word))
        case .lockHeight: self = .lockHeight
        case .lockVotes: self = .lockVotes
        case .unlockVotes: self = .unlockVotes
        case .delayTransfer: self = .delayTransfer
        case .resignDelegate: self = .resignDelegate
        }
    }

    private static func reserve(
        _ kind: HistoricalKind, _ reader: inout ByteReader
    ) throws(CodecRejection) -> HistoricalContent {
        let word = HistoricalTransaction.longestWord
        let dapp = try reader.readString(most: word)
        let second = try reader.readString(most: word)
        let third = try reader.readString(most: word)
        guard kind == .outTransfer else {
            // An amount is never empty, so an empty one is one that was left out.
            return .inTransfer(dapp: dapp, currency: second, amount: third.isEmpty ? nil : third)
        }
        return .outTransfer(
            dapp: dapp, transaction: second, currency: third, amount: try reader.readString(most: word))
    }
}

extension ByteWriter {
    mutating func write(texts: [String]) {
        write(UInt32(texts.count))
        for text in texts { write(text) }
    }
}

extension ByteReader {
    mutating func readTexts(most: Int) throws(CodecRejection) -> [String] {
        let count = try readCount(most: most)
        var texts: [String] = []
        for _ in 0..<count { texts.append(try readString(most: HistoricalTransaction.longestWord)) }
        return texts
    }
}
