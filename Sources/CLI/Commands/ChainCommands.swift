internal import JSON
internal import Ledger
internal import Primitives
internal import Sidechains

/// `etm chain …`: chains of the node, and value that goes between them.
enum ChainCommands {
    static let group = CommandGroup(
        "chain", "chains of the node, and value between them",
        [list, inspect, deposit, withdraw, start, stop])

    private static let name = Command.Argument.required("NAME", .name("NAME", .chains))
    private static let amount = Flag.option("amount", .amount, "how much")
    private static let to = Flag.option(
        "to", .name("ADDRESS|NAME", .accounts), "who receives", standard: "the sender")

    private static let list = Command(
        "chain list", "main and side chains of the node",
        examples: [
            .init("etm chain list", "heights, validators, states"),
            .init("etm chain list --json", "the same for programs"),
        ], handler: ChainActions.list)

    private static let inspect = Command(
        "chain inspect", "everything about one chain", argument: name,
        examples: [
            .init("etm chain inspect main", "the main chain"),
            .init("etm chain inspect hello --json", "a DApp's chain, for programs"),
        ], handler: ChainActions.inspect)

    private static let deposit = Command(
        "chain deposit", "lock ETM on the main chain and have it on a DApp's chain", argument: name,
        flags: [amount, to, waitFlag("credited")] + Signing.flags,
        examples: [
            .init("etm chain deposit hello --amount 50", "to your own account there"),
            .init("etm chain deposit hello --amount 50 --to bob --yes", "for scripts"),
        ],
        details: "Waits until the DApp's chain has credited it.", handler: ChainActions.deposit)

    private static let withdraw = Command(
        "chain withdraw", "burn ETM on a DApp's chain and have it on the main chain", argument: name,
        flags: [amount, to, waitFlag("paid")] + Signing.flags,
        examples: [
            .init("etm chain withdraw hello --amount 20", "to your own account"),
            .init("etm chain withdraw hello --amount 20 --wait final", "do not wait for the payment"),
        ],
        details: "Waits until the main chain has paid it; a validator brings the proof by itself.",
        handler: ChainActions.withdraw)

    private static let start = Command(
        "chain start", "run a side chain on this node", argument: name,
        examples: [
            .init("etm chain start hello", "after a stop"),
            .init("etm chain start hello --json", "for programs"),
        ], handler: ChainActions.start)

    private static let stop = Command(
        "chain stop", "stop running a side chain on this node", argument: name,
        examples: [
            .init("etm chain stop hello", "its state is kept"),
            .init("etm chain stop hello --json", "for programs"),
        ], handler: ChainActions.stop)

    private static func waitFlag(_ last: String) -> Flag {
        .option(
            "wait", .choice(Sender.Wait.allCases.map(\.rawValue) + [last]), "how long to stay with it",
            standard: last)
    }
}
