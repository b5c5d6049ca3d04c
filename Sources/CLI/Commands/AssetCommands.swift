internal import Primitives

/// `etm asset …`: assets that accounts issue.
enum AssetCommands {
    static let group = CommandGroup(
        "asset", "issue assets of your own and move them",
        [
            register, issuer, create, issue, transfer, balance, list, show, flags, listAccess, addAccess,
            removeAccess,
        ])

    private static let currency = Command.Argument.required("ISSUER.SYM", .text("ISSUER.SYM"))
    private static let amount = Flag.option("amount", .amount, "how much, in the asset's own decimals")
    private static let on = Flag.option(
        "on", .choice(["blacklist", "whitelist"]), "which list", standard: "blacklist")
    private static let accounts = Flag.option(
        "accounts", .text("NAME,…"), "1 to 10 accounts, by name or address")

    private static let register = Command(
        "asset issuer register", "become an issuer, for 1,000 base fees",
        argument: .required("NAME", .text("NAME")),
        flags: [.option("description", .text("TEXT"), "what to say of it")] + Sender.flags,
        examples: [
            .init("etm asset issuer register Bank --description Honest", "asks first"),
            .init("etm asset issuer register Bank --from alice --yes", "for scripts"),
        ],
        details:
            "A name has 1 to 16 letters; capitals make no difference between names. An account is one issuer.",
        handler: AssetActions.register)

    private static let issuer = Command(
        "asset issuer show", "who an issuer is", argument: .required("NAME|ACCOUNT", .text("NAME|ACCOUNT")),
        examples: [
            .init("etm asset issuer show Bank", "by its name"),
            .init("etm asset issuer show alice --json", "by its account"),
        ], handler: AssetListing.issuer)

    private static let create = Command(
        "asset create", "make an asset, for 5,000 base fees", argument: currency,
        flags: [
            .option("maximum", .amount, "the most that may ever exist"),
            .option("precision", .integer("N", 0...16), "decimal places", standard: "8"),
            .option("description", .text("TEXT"), "what to say of it"),
            .toggle("allow-write-off", "let the issuer end it for ever"),
            .toggle("allow-whitelist", "let the issuer admit listed accounts only"),
            .toggle("allow-blacklist", "let the issuer bar listed accounts"),
        ] + Sender.flags,
        examples: [
            .init("etm asset create Bank.GOLD --maximum 1000 --precision 2", "asks first"),
            .init("etm asset create Bank.GOLD --maximum 1000 --yes", "for scripts"),
        ],
        details: "Rights that the issuer does not take now it never has. Nothing exists before it is issued.",
        handler: AssetActions.create)

    private static let issue = Command(
        "asset issue", "make units of an asset, which its issuer then holds", argument: currency,
        flags: [amount] + Sender.flags,
        examples: [
            .init("etm asset issue Bank.GOLD --amount 100", "asks first"),
            .init("etm asset issue Bank.GOLD --amount 100 --from alice --yes", "for scripts"),
        ], handler: AssetActions.issue)

    private static let transfer = Command(
        "asset transfer", "send units of an asset to an account", argument: currency,
        flags: [
            .option("to", .name("ADDRESS|NAME", .accounts), "who receives"), amount,
            .option("memo", .text("TEXT"), "a public note of at most 256 bytes"),
        ] + Sender.flags,
        examples: [
            .init("etm asset transfer Bank.GOLD --to bob --amount 2.5", "asks first"),
            .init("etm asset transfer Bank.GOLD --to bob --amount 2.5 --yes", "for scripts"),
        ], handler: AssetActions.transfer)

    private static let balance = Command(
        "asset balance", "what an account holds of issuers' assets",
        argument: .optional("ACCOUNT", .name("ADDRESS|NAME", .accounts)),
        examples: [
            .init("etm asset balance", "of the first account"),
            .init("etm asset balance bob --json", "of another, for programs"),
        ], handler: AssetListing.balance)

    private static let list = Command(
        "asset list", "the assets that issuers made",
        flags: [.option("issuer", .text("NAME"), "only this issuer's")],
        examples: [
            .init("etm asset list", "all of them"), .init("etm asset list --issuer Bank", "one issuer's"),
        ], handler: AssetListing.list)

    private static let show = Command(
        "asset show", "what an asset is", argument: currency,
        examples: [
            .init("etm asset show Bank.GOLD", "quantity, maximum, rights, list"),
            .init("etm asset show Bank.GOLD --json", "for programs"),
        ], handler: AssetListing.show)

    private static let flags = Command(
        "asset flags", "choose the list that an asset goes by, or write it off", argument: currency,
        flags: [
            .option("mode", .choice(["blacklist", "whitelist"]), "bar listed accounts, or admit them only"),
            .toggle("write-off", "end the asset: nothing of it moves again"),
        ] + Sender.flags,
        examples: [
            .init("etm asset flags Bank.GOLD --mode whitelist", "asks first"),
            .init("etm asset flags Bank.GOLD --write-off", "for ever"),
        ], handler: AssetActions.flags)

    private static let listAccess = Command(
        "asset acl list", "the accounts on a list of an asset", argument: currency, flags: [on],
        examples: [
            .init("etm asset acl list Bank.GOLD", "who is barred"),
            .init("etm asset acl list Bank.GOLD --on whitelist", "who is admitted"),
        ], handler: AssetListing.access)

    private static let addAccess = Command(
        "asset acl add", "put accounts on a list of an asset", argument: currency,
        flags: [on, accounts] + Sender.flags,
        examples: [
            .init("etm asset acl add Bank.GOLD --accounts bob", "bars bob, as long as that list counts"),
            .init("etm asset acl add Bank.GOLD --on whitelist --accounts bob,carol --yes", "two at once"),
        ],
        details: "The issuer itself is never barred. A list takes effect while the asset goes by it.",
        handler: AssetActions.addAccess)

    private static let removeAccess = Command(
        "asset acl remove", "take accounts off a list of an asset", argument: currency,
        flags: [on, accounts] + Sender.flags,
        examples: [
            .init("etm asset acl remove Bank.GOLD --accounts bob", "asks first"),
            .init("etm asset acl remove Bank.GOLD --accounts bob --yes", "for scripts"),
        ], handler: AssetActions.removeAccess)
}
