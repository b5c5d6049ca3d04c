/// `etm validator …`: who stands, who was drawn, and what it earned.
enum ValidatorCommands {
    static let group = CommandGroup(
        "validator", "stand in elections, check them, explain rewards",
        [register, resign, anchor, list, show, election, rewards])

    private static let register = Command(
        "validator register", "stand in elections under a name",
        argument: .required("NAME", .text("NAME")), flags: Sender.flags,
        examples: [
            .init("etm validator register north --from alice", "asks first"),
            .init("etm validator register north --from alice --yes", "for scripts"),
        ],
        details:
            "It takes a deposit and the work of a hashing test, and announces a hash onion that follows from the "
            + "account's key. It stands from two rounds later on, and misses its turns unless a node runs with "
            + "the key.",
        handler: ValidatorActions.register)

    private static let resign = Command(
        "validator resign", "stop standing; the deposit returns after the unbonding time",
        flags: Sender.flags,
        examples: [
            .init("etm validator resign --from alice", "asks first"),
            .init("etm validator resign --from alice --yes", "for scripts"),
        ], handler: ValidatorActions.resign)

    private static let anchor = Command(
        "validator anchor", "announce the key's next hash onion", flags: Sender.flags,
        examples: [
            .init("etm validator anchor --from validator-1", "before 262,144 blocks are produced"),
            .init("etm validator anchor --from validator-1 --yes", "for scripts"),
        ],
        details: "It is in force two rounds later. A node with the key goes over to it by itself.",
        handler: ValidatorActions.anchor)

    private static let list = Command(
        "validator list", "everybody who stands or stood, with votes and weight",
        examples: [
            .init("etm validator list", "all of them"),
            .init("etm validator list --json", "for programs"),
        ], handler: ValidatorActions.list)

    private static let show = Command(
        "validator show", "one validator", argument: .required("NAME|KEY", .text("NAME|KEY")),
        examples: [
            .init("etm validator show validator-1", "by name"),
            .init("etm validator show KEY --json", "by key, for programs"),
        ], handler: ValidatorActions.show)

    private static let round = ValueKind.integer("N", 1...UInt64.max)

    private static let election = Command(
        "validator election", "who sits in a round, and from whom they were drawn",
        flags: [
            .option("round", round, "which round", standard: "the open one"),
            .toggle("verify", "draw again on this machine and compare"),
        ],
        examples: [
            .init("etm validator election", "the open round"),
            .init("etm validator election --round 12 --verify", "exit 8 when the draw differs"),
        ],
        details:
            "--verify computes every candidate's coefficient and weight, the seed and the whole draw from the "
            + "figures that the node gives. It does not prove those figures.",
        handler: ElectionAudit.run)

    private static let rewards = Command(
        "validator rewards", "what an account earned in a round, to the unit",
        argument: .optional("ACCOUNT", .name("ADDRESS|NAME", .accounts)),
        flags: [.option("round", round, "which round", standard: "the last settled")],
        examples: [
            .init("etm validator rewards alice", "as validator and as voter"),
            .init("etm validator rewards alice --round 12", "of an earlier round"),
        ], handler: RewardActions.run)
}
