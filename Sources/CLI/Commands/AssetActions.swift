internal import Assets
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// What the asset commands send.
enum AssetActions {
    static func register(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let name = try invocation.requiredArgument()
        let payload = RegisterIssuerPayload(name: name, description: try description(invocation))
        try check(payload, hint: "etm asset issuer register Bank")
        return try send(
            Order(
                title: "Register an issuer", kind: .registerIssuer, payload: payload.encoded, leaves: [],
                facts: [("issuer", name)] + described(payload.description)),
            saying: "\(name) is an issuer", invocation, session)
    }

    static func create(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let currency = try invocation.requiredArgument()
        let precision = Int(invocation.integer("precision", default: 8))
        let rights = AssetRights(
            writeOff: invocation.has("allow-write-off"), whitelist: invocation.has("allow-whitelist"),
            blacklist: invocation.has("allow-blacklist"))
        let maximum = try AssetView.amount(try invocation.required("maximum"), of: currency, precision)
        let payload = CreateAssetPayload(
            currency: currency, description: try description(invocation), maximum: maximum,
            precision: UInt8(precision), rights: rights)
        try check(payload, hint: "etm asset create Bank.GOLD --maximum 1000")
        let granted = AssetRight.allCases.filter(rights.contains).map { "\($0)" }
        return try send(
            Order(
                title: "Create an asset", kind: .createAsset, payload: payload.encoded, leaves: [],
                facts: [
                    ("asset", currency), ("maximum", maximum.formatted(decimals: precision)),
                    ("places", "\(precision)"),
                    ("rights", granted.isEmpty ? "none, for ever" : granted.joined(separator: ", ")),
                ] + described(payload.description), remedy: "etm asset issuer register NAME"),
            saying: "created \(currency)", invocation, session)
    }

    static func issue(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let asset = try AssetView.load(try invocation.requiredArgument(), session)
        let amount = try asset.amount(try invocation.required("amount"))
        let existing = "\(shown(asset.data["quantity"])) of \(shown(asset.data["maximum"]))"
        // The chain refuses it as well; here it is said in the asset's own decimals.
        guard let sum = units(asset.data["quantity"])?.adding(amount),
            let maximum = units(asset.data["maximum"]), sum <= maximum
        else {
            throw CommandFailure(
                "ABOVE_MAXIMUM", "\(existing) exist: \(asset.display(amount)) more are too many",
                hint: "etm asset show \(asset.currency)", exit: .refused)
        }
        let payload = IssueAssetPayload(currency: asset.currency, amount: amount)
        return try send(
            Order(
                title: "Issue an asset", kind: .issueAsset, payload: payload.encoded, leaves: [],
                facts: [
                    ("amount", asset.display(amount)),
                    ("existing", existing),
                ]),
            saying: "issued \(asset.display(amount))", invocation, session)
    }

    static func transfer(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let asset = try AssetView.load(try invocation.requiredArgument(), session)
        let amount = try asset.amount(try invocation.required("amount"))
        let book = AccountBook(session)
        let (name, address) = try book.address(try invocation.required("to"))
        let memo = try TransferActions.memo(invocation)
        let sender = try book.sender()
        let held = try asset.holding(of: sender.address, session)
        guard let left = held.subtracting(amount) else {
            throw CommandFailure(
                "INSUFFICIENT_ASSET",
                "\(sender.name) holds \(asset.display(held)) and needs \(asset.display(amount))",
                hint: "etm asset balance \(sender.name)", exit: .refused)
        }
        var facts = [
            ("to", "\(name.map { "\($0)  " } ?? "")\(address)"), ("amount", asset.display(amount)),
            ("holding", "\(held.formatted(decimals: asset.precision)) → \(asset.display(left))"),
        ]
        if !memo.isEmpty { facts.append(("memo", memo)) }
        let payload = TransferAssetPayload(
            recipient: address, currency: asset.currency, amount: amount, message: memo)
        return try send(
            Order(
                title: "Transfer an asset", kind: .transferAsset, payload: payload.encoded, leaves: [],
                facts: facts),
            saying: "sent \(asset.display(amount)) to \(name ?? address.description)", invocation, session)
    }

    static func flags(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let asset = try AssetView.load(try invocation.requiredArgument(), session)
        let list = invocation.text("mode").flatMap(list(named:))
        guard (list != nil) != invocation.has("write-off") else {
            throw .usage(
                "MISSING_FLAG", "asset flags needs either --mode or --write-off",
                hint: "etm asset flags \(asset.currency) --mode whitelist")
        }
        let payload =
            list.map { SetAssetFlagPayload(currency: asset.currency, list: $0) }
            ?? SetAssetFlagPayload(writingOff: asset.currency)
        let fact =
            list.map { ("mode", "\(asset.data["list"]?.string ?? "?") → \($0)") }
            ?? ("write off", "\(shown(asset.data["quantity"])) never move again; this is final")
        return try send(
            Order(
                title: list == nil ? "Write an asset off" : "Choose an asset's list", kind: .setAssetFlag,
                payload: payload.encoded, leaves: [], facts: [("asset", asset.currency), fact]),
            saying: list.map { "\(asset.currency) goes by its \($0)" } ?? "wrote \(asset.currency) off",
            invocation, session)
    }

    static func addAccess(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        try changeAccess(.add, invocation, session)
    }

    static func removeAccess(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        try changeAccess(.remove, invocation, session)
    }

    private static func changeAccess(
        _ change: AccessChange, _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        let asset = try AssetView.load(try invocation.requiredArgument(), session)
        let list = invocation.text("on").flatMap(list(named:)) ?? .blacklist
        var accounts: [(name: String?, address: Address)] = []
        for word in try invocation.required("accounts").split(separator: ",") {
            accounts.append(try AccountBook(session).address(String(word)))
        }
        let payload = ChangeAccessListPayload(
            currency: asset.currency, change: change, list: list, accounts: accounts.map(\.address))
        try check(payload, hint: "--accounts bob,carol")
        var facts = accounts.map { ("account", "\($0.name.map { "\($0)  " } ?? "")\($0.address)") }
        if asset.data["list"]?.string != "\(list)" {
            facts.append(("effect", "none yet: \(asset.currency) does not go by its \(list)"))
        }
        let count = accounts.count == 1 ? "1 account" : "\(accounts.count) accounts"
        let said = change == .add ? "put on" : "taken off"
        return try send(
            Order(
                title: "\(change == .add ? "Add to" : "Remove from") the \(list) of \(asset.currency)",
                kind: .changeAccessList, payload: payload.encoded, leaves: [], facts: facts),
            saying: "\(count) \(said) the \(list) of \(asset.currency)", invocation, session)
    }

    /// A list by its name on the command line.
    static func list(named word: String) -> AccessList? { AccessList.allCases.first { "\($0)" == word } }

    private static func send(
        _ order: Order, saying line: String, _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        let (sent, plan) = try Sender(session, invocation)
            .carryOut(order, on: try AssetView.chain(session))
        guard let sent else { return plan }
        return Outcome(data: .object(sent.data), lines: [line] + sent.lines)
    }

    private static func check(_ payload: some JudgedPayload, hint: String) throws(CommandFailure) {
        if let defect = payload.defect { throw .usage("BAD_VALUE", defect, hint: hint) }
    }

    private static func description(_ invocation: Invocation) throws(CommandFailure) -> String {
        let text = invocation.text("description") ?? ""
        guard text.utf8.count <= AssetNames.longestDescription else {
            throw .usage(
                "BAD_VALUE", "--description takes at most \(AssetNames.longestDescription) bytes",
                hint: "shorten it")
        }
        return text
    }

    private static func described(_ text: String) -> [(String, String)] {
        text.isEmpty ? [] : [("description", text)]
    }

    private static func units(_ value: JSONValue?) -> UInt256? {
        value?["units"]?.string.flatMap { UInt256(decimal: $0) }
    }

    private static func shown(_ value: JSONValue?) -> String { value?["display"]?.string ?? "?" }
}
