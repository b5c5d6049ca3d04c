/// `etm lock …`: amounts that an account cannot spend and that give it a vote.
enum LockCommands {
    static let group = CommandGroup(
        "lock", "lock ETM, which gives an account its vote", [add, release, list, preview])

    private static let amount = Flag.option("amount", .amount, "how much, such as 500 or 0.5etm")

    private static let add = Command(
        "lock add", "lock an amount; its weight grows for 32 days", flags: [amount] + Sender.flags,
        examples: [
            .init("etm lock add --amount 500", "asks before it locks"),
            .init("etm lock add --amount 500 --from alice --yes", "for scripts"),
        ],
        details: "A lock can be released at any time; its amount comes back after the unbonding time.",
        handler: LockActions.add)

    private static let release = Command(
        "lock release", "end a lock; its amount returns after the unbonding time",
        argument: .required("ID", .text("ID")), flags: Sender.flags,
        examples: [
            .init("etm lock release 3f2a", "the beginning of an id is enough"),
            .init("etm lock release ID --from alice --yes", "for scripts"),
        ],
        details: "The amount leaves the vote at the next settlement.", handler: LockActions.release)

    private static let list = Command(
        "lock list", "an account's locks, their age and weight",
        argument: .optional("ACCOUNT", .name("ADDRESS|NAME", .accounts)),
        examples: [
            .init("etm lock list", "of the first account"),
            .init("etm lock list bob --json", "of another, for programs"),
        ], handler: LockActions.list)

    private static let preview = Command(
        "lock preview", "what an account would weigh with one more lock",
        flags: [amount, .option("after", .duration, "weigh it this long from now", standard: "a table")],
        examples: [
            .init("etm lock preview --amount 500", "today, and after 1, 7 and 32 days"),
            .init("etm lock preview --amount 500 --after 32d", "at one time"),
        ],
        details:
            "Nothing is sent. A settlement at that time gives exactly this weight. Where the account's vote was "
            + "counted for a validator that produced, it first halves the time gain of every lock.",
        handler: LockActions.preview)
}
