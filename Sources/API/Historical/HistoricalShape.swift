internal import Crypto
public import JSON
public import Ledger
internal import Primitives

/// The JSON of what a version 0 transaction says beside its common fields.
public enum HistoricalShape {
    /// Message, arguments and the kind's own fields, each under its historical name.
    public static func fields(_ transaction: HistoricalTransaction) -> JSONObject {
        var object = JSONObject()
        if transaction.kind.mayHaveMessage || !transaction.message.isEmpty {
            object["message"] = .string(transaction.message)
        }
        if !transaction.arguments.isEmpty {
            object["arguments"] = .array(transaction.arguments.map { .string($0) })
        }
        for member in content(transaction.content) { object[member.0] = member.1 }
        return object
    }

    private static func content(_ content: HistoricalContent) -> [(String, JSONValue)] {
        switch content {
        case .send, .lockHeight, .lockVotes, .unlockVotes, .delayTransfer, .resignDelegate: return []
        case .secondSignature(let key): return [("publicKey", .string(key.hex))]
        case .delegate(let username): return [("username", .string(username))]
        case .vote(let votes): return [("votes", .array(votes.map { .string($0.text) }))]
        case .multisignature(let group):
            return [
                ("min", number(group.minimum)), ("lifetime", number(group.lifetime)),
                ("keysgroup", .array(group.keys.map { .string("+" + $0.hex) })),
            ]
        case .storage(let content): return [("content", .string(Hex.encode(content)))]
        case .registerDApp(let dapp): return self.dapp(dapp)
        case .inTransfer(let dapp, let currency, let amount):
            return texts(
                [("dappId", dapp), ("currency", currency)] + (amount.map { [("amount", $0)] } ?? []))
        case .outTransfer(let dapp, let transaction, let currency, let amount):
            return texts([
                ("dappId", dapp), ("transactionId", transaction), ("currency", currency), ("amount", amount),
            ])
        default: return issued(content)
        }
    }

    private static func issued(_ content: HistoricalContent) -> [(String, JSONValue)] {
        switch content {
        case .issuer(let name, let description): return texts([("name", name), ("desc", description)])
        case .asset(let asset):
            return texts([("name", asset.name), ("desc", asset.about), ("maximum", asset.maximum)]) + [
                ("precision", number(asset.precision)), ("strategy", .string(asset.strategy)),
                ("allowWriteoff", number(asset.allowWriteoff)),
                ("allowWhitelist", number(asset.allowWhitelist)),
                ("allowBlacklist", number(asset.allowBlacklist)),
            ]
        case .flags(let currency, let type, let flag):
            return [("currency", .string(currency)), ("flagType", number(type)), ("flag", number(flag))]
        case .acl(let change):
            return texts([("currency", change.currency), ("operator", change.operation)]) + [
                ("flag", number(change.flag)), ("list", .array(change.list.map { .string($0) })),
            ]
        case .issue(let currency, let amount), .assetTransfer(let currency, let amount):
            return texts([("currency", currency), ("amount", amount)])
        default: return []
        }
    }

    private static func dapp(_ dapp: HistoricalDApp) -> [(String, JSONValue)] {
        texts([
            ("name", dapp.name), ("description", dapp.about), ("tags", dapp.tags), ("link", dapp.link),
            ("icon", dapp.icon),
        ]) + [
            ("type", JSONValue(UInt64(dapp.type))), ("category", JSONValue(UInt64(dapp.category))),
            ("delegates", .array(dapp.delegates.map { .string($0) })),
            ("unlockDelegates", JSONValue(UInt64(dapp.unlockDelegates))),
        ]
    }

    private static func number(_ byte: UInt8) -> JSONValue { JSONValue(UInt64(byte)) }

    private static func texts(_ pairs: [(String, String)]) -> [(String, JSONValue)] {
        pairs.map { ($0.0, .string($0.1)) }
    }
}
