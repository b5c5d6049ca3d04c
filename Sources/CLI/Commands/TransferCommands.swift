internal import Primitives

/// `etm transfer`: moves tokens from one account to another, now or later.
enum TransferCommands {
    static let group = CommandGroup("transfer", "send tokens to an account", [transfer, pending])

    private static let transfer = Command(
        "transfer", "send tokens to an account",
        flags: [
            .option("to", .name("ADDRESS|NAME", .accounts), "who receives"),
            .option("amount", .amount, "how much, such as 10, 0.5etm or 3XCT"),
            .option("memo", .text("TEXT"), "a public note of at most 256 bytes"),
            .option("delay", .duration, "arrives this long from now, more than 1h"),
            .option("at", .text("TIME"), "arrives at this time (UTC), such as \"2027-01-31 18:00\""),
        ] + Sender.flags,
        examples: [
            .init("etm transfer --to bob --amount 10", "asks before it sends"),
            .init("etm transfer --to bob --amount 10 --from alice --yes", "for scripts"),
        ],
        details:
            "The transfer is simulated first and the plan shown. Off a terminal it needs --yes. It waits until "
            + "the transfer is final, except on a devnet that makes blocks by hand. With --at or --delay the "
            + "amount leaves the sender at once and reaches the recipient in the first block at that time.",
        handler: TransferActions.run)

    private static let pending = Command(
        "transfer pending", "the delayed transfers that wait for their time",
        flags: [.option("account", .name("ADDRESS|NAME", .accounts), "only those from or to this one")],
        examples: [
            .init("etm transfer pending", "all of them, those due first"),
            .init("etm transfer pending --account bob --json", "one account's, for programs"),
        ], handler: DelayedActions.pending)
}
