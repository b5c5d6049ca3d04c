internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// What the commands about an account's own rules do.
enum PolicyActions {
    static func show(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        try shown(invocation.argument, session)
    }

    private static func shown(_ word: String?, _ session: Session) throws(CommandFailure) -> Outcome {
        let book = AccountBook(session)
        let who: (name: String?, address: Address)
        if let word {
            who = try book.address(word)
        } else {
            let sender = try book.sender()
            who = (sender.name, sender.address)
        }
        let chain = session.chain
        let data = try session.node.get("/v1/chains/\(chain.percentEncoded)/accounts/\(who.address)")
        let own = who.name ?? "the account's own key"
        let lines = PolicyView.lines(
            try PolicyView.read(data), of: own, at: data["height"]?.uint64 ?? 0, KeyNames(try book.all()))
        let title = (who.name.map { "\($0)  " } ?? "") + "\(who.address)  on \(chain)"
        return Outcome(data: data, lines: [title] + TextLayout.pairs(lines, indent: 2))
    }

    static func secondKey(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        if try invocation.requiredArgument() == "show" { return try shown(nil, session) }
        let key = try AccountBook(session).account(try invocation.required("key"))
        let chain = try ChainView.load(session.chain, session)
        let order = Order(
            title: "Second key", kind: .secondSignature, payload: key.publicKey.encoded, leaves: [],
            facts: [
                ("second key", label(key)),
                ("from then on", "both keys sign everything; it cannot be changed or taken back"),
            ], asked: [key.publicKey], cosigners: [key])
        return try carryOut(order, "second key set", on: chain, invocation, session)
    }

    static func multisig(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        if try invocation.requiredArgument() == "show" { return try shown(nil, session) }
        let book = AccountBook(session)
        var members: [Account] = []
        for word in invocation.values("key") { members.append(try book.account(word)) }
        guard let least = UInt8(try invocation.required("least")),
            let group = AccountPolicy.Group(least: least, keys: members.map(\.publicKey))
        else {
            throw .usage(
                "BAD_GROUP",
                "a group has 1 to \(AccountPolicy.Group.mostKeys) different keys besides the account's own, and "
                    + "asks for 2 to 16 signatures that they can give",
                hint: "--least 2 --key bob --key carol")
        }
        let chain = try ChainView.load(session.chain, session)
        let order = Order(
            title: "Multisignature account", kind: .multisignature, payload: group.encoded, leaves: [],
            facts: [("from then on", "\(least) of these \(members.count + 1) sign")]
                + [("", "the account's own key")] + members.map { ("", label($0)) },
            asked: group.keys, cosigners: members)
        return try carryOut(
            order, "\(least) of \(members.count + 1) keys sign", on: chain, invocation, session)
    }

    static func lock(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        guard let until = UInt64(try invocation.required("until-height")) else {
            throw .bug("an unchecked number")
        }
        let chain = try ChainView.load(session.chain, session)
        let order = Order(
            title: "Lock the account", kind: .lockAccount, payload: Height(until).encoded, leaves: [],
            facts: [
                ("up to height", "\(until.grouped); now \(chain.height.grouped)"),
                ("until then", "nothing leaves the account; the lock cannot be shortened"),
            ])
        return try carryOut(
            order, "locked up to height \(until.grouped)", on: chain, invocation, session)
    }

    private static func label(_ account: Account) -> String {
        account.isHere ? "\(account.name)  \(account.publicKey.hex)" : account.publicKey.hex
    }

    private static func carryOut(
        _ order: Order, _ done: String, on chain: ChainView, _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        let (sent, plan) = try Sender(session, invocation).carryOut(order, on: chain)
        guard let sent else { return plan }
        return Outcome(
            data: .object(sent.data), lines: [done] + sent.lines,
            notes: [
                "Next  etm account policy \(try AccountBook(session).sender().name)"
                    + session.flags(chain: chain.name)
            ])
    }
}
