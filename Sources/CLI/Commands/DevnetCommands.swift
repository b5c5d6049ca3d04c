internal import Primitives

/// `etm devnet …`: a whole network of validators on this machine.
enum DevnetCommands {
    static let group = CommandGroup(
        "devnet", "a local network with funded accounts",
        [up, down, status, wait, mine, time, faucet, list, logs, reset])

    private static let name = Flag.option(
        "name", .name("NAME", .devnets), "which devnet", standard: "default")

    private static let up = Command(
        "devnet up", "start a network; returns when every printed URL answers",
        flags: [
            .option("validators", .integer("N", 1...16), "how many validators", standard: "4"),
            .option("accounts", .integer("N", 1...100), "how many funded accounts", standard: "10"),
            .option("balance", .amount, "what each account starts with", standard: "10000"),
            .option("seed", .integer("N", 0...UInt64.max), "keys and chances follow from it", standard: "42"),
            .option(
                "mine", .choice(["interval", "instant", "manual"]), "when blocks are made",
                standard: "interval"),
            .option("block-time", .duration, "time between blocks", standard: "3s"),
            .option("port", .integer("PORT", 1...65_535), "where the interface listens", standard: "4096"),
            .option("seats", .integer("N", 1...101), "elect so many of the validators each round"),
            .option("unbonding", .duration, "how long released locks wait, with --seats", standard: "1d"),
            .option(
                "work-bits", .integer("N", 0...24), "light work of each main-chain block",
                standard: "0, with --seats 16"),
            .option(
                "leader", .choice(["chaos", "roundRobin", "blockId"]),
                "who leads a block; blockId is the historical order", standard: "chaos"),
            name,
            .toggle("detach", "run in the background"),
        ],
        examples: [
            .init("etm devnet up", "4 validators until Ctrl-C"),
            .init("etm devnet up --detach --mine instant", "in the background"),
            .init("etm devnet up --seats 3", "locks, votes and elections"),
        ],
        details:
            "State is kept and taken up again by the next up; etm devnet reset discards it. The accounts' "
            + "keys follow from the seed and are public.",
        handler: DevnetUp.run)

    private static let down = Command(
        "devnet down", "stop a devnet and make sure that no process is left", flags: [name],
        examples: [
            .init("etm devnet down", "state is kept"),
            .init("etm devnet down --name second", "another one"),
        ], handler: DevnetDown.run)

    private static let status = Command(
        "devnet status", "process, chains, accounts and whether all value is accounted for", flags: [name],
        examples: [
            .init("etm devnet status", "one screen"),
            .init("etm devnet status --json", "the same for programs"),
        ], handler: DevnetActions.status)

    private static let wait = Command(
        "devnet wait", "wait until the devnet is ready, or until a height is final",
        flags: [.option("height", .integer("N", 0...UInt64.max), "the height to wait for"), name],
        examples: [
            .init("etm devnet wait", "until it answers"),
            .init("etm devnet wait --height 10 --timeout 2m", "until block 10 is final"),
        ], handler: DevnetActions.wait)

    private static let mine = Command(
        "devnet mine", "make blocks now", argument: .optional("N", .integer("N", 1...10_000)), flags: [name],
        examples: [
            .init("etm devnet mine", "one block"),
            .init("etm devnet mine 6", "six"),
        ], handler: DevnetActions.mine)

    private static let time = Command(
        "devnet time", "show the devnet's time or move it forward",
        flags: [.option("add", .duration, "how far to move it"), name],
        examples: [
            .init("etm devnet time", "what the chains' clock shows"),
            .init("etm devnet time --add 32d", "let locks age, contracts close, heartbeats come"),
        ],
        details:
            "All chains of the devnet share the clock. It never goes back, and a later up goes on from it.",
        handler: DevnetActions.time)

    private static let faucet = Command(
        "devnet faucet", "send test tokens to an account",
        argument: .required("ADDRESS", .name("ADDRESS|NAME", .accounts)),
        flags: [.option("amount", .amount, "how much", standard: "100"), name],
        examples: [
            .init("etm devnet faucet bob", "100 ETM"),
            .init("etm devnet faucet savings --amount 2.5", "to an account of your own"),
        ], handler: DevnetActions.faucet)

    private static let list = Command(
        "devnet list", "devnets of this home, running or not",
        examples: [
            .init("etm devnet list", "names, ports, processes"),
            .init("etm devnet list --json", "the same for programs"),
        ], handler: DevnetActions.list)

    private static let logs = Command(
        "devnet logs", "what a devnet in the background printed",
        flags: [.toggle("follow", short: "f", "go on as it prints more"), name],
        examples: [
            .init("etm devnet logs", "all of it"),
            .init("etm devnet logs -f", "until Ctrl-C"),
        ], handler: DevnetActions.logs)

    private static let reset = Command(
        "devnet reset", "discard a stopped devnet's chains and accounts", flags: [name],
        examples: [
            .init("etm devnet reset", "asks first"),
            .init("etm devnet reset --yes", "for scripts"),
        ], handler: DevnetActions.reset)
}
