/// `etm account policy|second-key|multisig|lock`: whose signatures an account asks for.
enum PolicyCommands {
    static let all = [policy, secondKey, multisig, lock]

    private static let policy = Command(
        "account policy", "whose signatures an account asks for, and whether it is locked",
        argument: .optional("NAME|ADDRESS", .name("NAME|ADDRESS", .accounts)),
        examples: [
            .init("etm account policy alice", "on the main chain"),
            .init("etm account policy alice --chain hello", "each chain has its own"),
        ], handler: PolicyActions.show)

    private static let secondKey = Command(
        "account second-key", "ask for a second key whenever the account's own signs",
        argument: .required("set|show", .choice(["set", "show"])),
        flags: [.option("key", .name("NAME|KEY", .accounts), "the second key, an account's or a public one")]
            + Sender.flags,
        examples: [
            .init("etm account second-key set --key bob", "bob is on this machine and signs at once"),
            .init("etm account second-key set --key KEY --save order.tx", "its owner signs the file"),
        ],
        details:
            "It cannot be changed or taken back. The new key signs too, so a mistyped one locks nobody out. "
            + "The fee is 50 base fees: 5 ETM on the main chain.",
        handler: PolicyActions.secondKey)

    private static let multisig = Command(
        "account multisig", "make an account one of several keys",
        argument: .required("create|show", .choice(["create", "show"])),
        flags: [
            .option("least", .integer("N", 2...16), "how many must sign, of the keys and the account's own"),
            .option("key", .name("NAME|KEY", .accounts), "a member's key; once for each, at most 16"),
        ] + Sender.flags,
        examples: [
            .init("etm account multisig create --least 2 --key bob --key carol", "two of three"),
            .init(
                "etm account multisig create --least 2 --key KEY --save order.tx", "its owner signs the file"),
        ],
        details:
            "Every member signs this transaction; those given by the name of an account on this machine do "
            + "at once. create on a multisignature account replaces the group, if its members agree. The fee is "
            + "50 base fees a key, the account's own included.",
        handler: PolicyActions.multisig)

    private static let lock = Command(
        "account lock", "let nothing leave an account up to a height",
        flags: [.option("until-height", .integer("H", 1...UInt64.max), "the last height of the lock")]
            + Sender.flags,
        examples: [
            .init("etm account lock --until-height 500000", "asks before it locks"),
            .init("etm account lock --until-height 500000 --from alice --yes", "for scripts"),
        ],
        details: "Votes and the account's own rules can still be changed, tokens still arrive. A lock can be "
            + "made longer and never shorter; it reaches at most 10,512,000 blocks ahead.",
        handler: PolicyActions.lock)
}
