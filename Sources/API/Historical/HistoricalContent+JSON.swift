internal import JSON
internal import Ledger
internal import Primitives

/// The member "asset" of a version 0 transaction's JSON (`etm-formats.md` 1.2).
extension HistoricalContent {
    init(_ kind: HistoricalKind, _ fields: HistoricalFields) throws(HistoricalFieldRejection) {
        switch kind {
        case .send: self = .send
        case .lockHeight: self = .lockHeight
        case .lockVotes: self = .lockVotes
        case .unlockVotes: self = .unlockVotes
        case .delayTransfer: self = .delayTransfer
        case .resignDelegate: self = .resignDelegate
        case .secondSignature, .delegate, .vote, .multisignature, .storage:
            self = try Self.account(kind, try fields.object("asset"))
        case .registerDApp, .inTransfer, .outTransfer:
            self = try Self.dapp(kind, try fields.object("asset"))
        case .issuer, .asset, .flags, .acl, .issue, .assetTransfer:
            self = try Self.issued(kind, try fields.object("asset"))
        }
    }

    private static func account(
        _ kind: HistoricalKind, _ asset: HistoricalFields
    ) throws(HistoricalFieldRejection) -> HistoricalContent {
        switch kind {
        case .secondSignature: return .secondSignature(try asset.object("signature").key("publicKey"))
        case .delegate: return .delegate(username: try asset.object("delegate").text("username"))
        case .vote:
            return .vote(
                try asset.object("vote").list("votes", most: 16, of: "\"+\" or \"-\" and a key") {
                    $0.string.flatMap { HistoricalVote(text: $0) }
                })
        case .storage: return .storage(try asset.object("storage").bytes("content"))
        default:
            let group = try asset.object("multisignature")
            return .multisignature(
                HistoricalGroup(
                    minimum: try group.byte("min"), lifetime: try group.byte("lifetime"),
                    keys: try group.list("keysgroup", most: 64, of: "\"+\" and a key") {
                        $0.string.flatMap { HistoricalVote(text: $0) }.flatMap { $0.isFor ? $0.miner : nil }
                    }))
        }
    }

    private static func dapp(
        _ kind: HistoricalKind, _ asset: HistoricalFields
    ) throws(HistoricalFieldRejection) -> HistoricalContent {
        switch kind {
        case .inTransfer:
            let fields = try asset.object("inTransfer")
            let currency = try fields.text("currency")
            // An incoming transfer of ETM has its amount in the transaction only.
            return .inTransfer(
                dapp: try fields.text("dappId"), currency: currency,
                amount: currency == "ETM" || fields.optional("amount") == nil
                    ? nil : try fields.text("amount"))
        case .outTransfer:
            let fields = try asset.object("outTransfer")
            return .outTransfer(
                dapp: try fields.text("dappId"), transaction: try fields.text("transactionId"),
                currency: try fields.text("currency"), amount: try fields.text("amount"))
        default:
            let fields = try asset.object("dapp")
            var dapp = HistoricalDApp(name: try fields.text("name"), link: try fields.text("link"))
            dapp.about = try fields.optionalText("description")
            dapp.tags = try fields.optionalText("tags")
            dapp.icon = try fields.optionalText("icon")
            dapp.type = UInt32(try fields.byte("type"))
            dapp.category = UInt32(try fields.byte("category"))
            dapp.delegates = try fields.texts("delegates", most: 128)
            dapp.unlockDelegates = UInt32(try fields.byte("unlockDelegates"))
            return .registerDApp(dapp)
        }
    }

    private static func issued(
        _ kind: HistoricalKind, _ asset: HistoricalFields
    ) throws(HistoricalFieldRejection) -> HistoricalContent {
        switch kind {
        case .issuer:
            let fields = try asset.object("uiaIssuer")
            return .issuer(name: try fields.text("name"), description: try fields.text("desc"))
        case .flags:
            let fields = try asset.object("uiaFlags")
            return .flags(
                currency: try fields.text("currency"), type: try fields.byte("flagType"),
                flag: try fields.byte("flag"))
        case .acl:
            let fields = try asset.object("uiaAcl")
            return .acl(
                HistoricalAccessChange(
                    currency: try fields.text("currency"), operation: try fields.text("operator"),
                    flag: try fields.byte("flag"),
                    list: try fields.texts("list", most: HistoricalTransaction.mostArguments)))
        case .issue:
            let fields = try asset.object("uiaIssue")
            return .issue(currency: try fields.text("currency"), amount: try fields.text("amount"))
        case .assetTransfer:
            let fields = try asset.object("uiaTransfer")
            return .assetTransfer(currency: try fields.text("currency"), amount: try fields.text("amount"))
        default: return .asset(try HistoricalAsset(try asset.object("uiaAsset")))
        }
    }
}

extension HistoricalAsset {
    init(_ fields: HistoricalFields) throws(HistoricalFieldRejection) {
        self.init(
            name: try fields.text("name"), about: try fields.text("desc"),
            maximum: try fields.text("maximum"), precision: try fields.byte("precision"))
        strategy = try fields.optionalText("strategy")
        allowWriteoff = try fields.byte("allowWriteoff")
        allowWhitelist = try fields.byte("allowWhitelist")
        allowBlacklist = try fields.byte("allowBlacklist")
    }
}
