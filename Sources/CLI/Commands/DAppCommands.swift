internal import Primitives

/// `etm dapp …`: from a template to a running chain.
enum DAppCommands {
    static let group = CommandGroup(
        "dapp", "make, check, deploy and use DApps",
        [new, check, test, deploy, list, show, call, query, state, logs])

    private static let folder = Command.Argument.optional("DIR", .file("DIR"))
    private static let dapp = Flag.option(
        "dapp", .name("NAME", .chains), "which DApp", standard: "the one in this folder")

    private static let new = Command(
        "dapp new", "copy a template into a new folder", argument: .optional("NAME", .text("NAME")),
        flags: [
            .option("template", .name("NAME", .templates), "which template", standard: "hello"),
            .toggle("list", "show the templates and stop"),
            .option("dir", .file("DIR"), "make the folder in here", standard: "."),
        ],
        examples: [
            .init("etm dapp new hello --template hello", "a folder \"hello\""),
            .init("etm dapp new --list", "what there is"),
        ],
        details: "Nothing is downloaded or generated: templates are plain files.", handler: DAppNew.run)

    private static let check = Command(
        "dapp check", "find every mistake that a deployment would be refused for", argument: folder,
        examples: [
            .init("etm dapp check", "the DApp in this folder"),
            .init("etm dapp check hello --json", "for programs"),
        ],
        details:
            "Prints file:line:column, what is wrong and what to write instead; exit 8 when it finds something.",
        handler: DAppCheck.run)

    private static let test = Command(
        "dapp test", "run a DApp's tests on a chain in memory", argument: folder,
        flags: [
            .option("filter", .text("TEXT"), "only tests whose file or name holds this text"),
            .option(
                "seed", .integer("N", 0...UInt64.max), "what all chance follows from", standard: "the clock"),
            .toggle("gas", "show the least, median and most gas of each method"),
            .toggle("coverage", "count lines and branches; writes coverage/lcov.info"),
            .toggle("bail", "stop at the first failure"),
            .option("limit", .duration, "longest time for one test", standard: "30s"),
            .toggle("watch", "run again whenever a file changes"),
        ],
        examples: [
            .init("etm dapp test", "the DApp in this folder"),
            .init("etm dapp test --filter transfer --gas", "some tests, and what calls cost"),
            .init("etm dapp test hello --json", "for programs"),
        ],
        details:
            "Runs test/*.test.js in the engine and with the gas meter of real chains; needs no network. Exit 8 "
            + "when a test fails. A failure prints the line that repeats it.",
        handler: DAppTest.run)

    private static let deploy = Command(
        "dapp deploy", "register a DApp and start its own chain", argument: folder,
        flags: [
            .option(
                "validators", .text("N|LIST"), "how many of the main chain's validators, or their names",
                standard: "all")
        ] + Sender.flags,
        examples: [
            .init("etm dapp deploy", "the DApp in this folder"),
            .init("etm dapp deploy hello --validators 3 --yes", "for scripts"),
        ],
        details: "Checks, simulates, shows the plan, signs and sends; then waits until the chain runs.",
        handler: DAppDeploy.run)

    private static let list = Command(
        "dapp list", "DApps of the node",
        examples: [
            .init("etm dapp list", "names and states"),
            .init("etm dapp list --json", "for programs"),
        ], handler: DAppActions.list)

    private static let show = Command(
        "dapp show", "what a DApp offers: calls, models, queries",
        argument: .optional("NAME", .name("NAME", .chains)),
        examples: [
            .init("etm dapp show hello", "by name"),
            .init("etm dapp show", "the one in this folder"),
        ], handler: DAppActions.show)

    private static let call = Command(
        "dapp call", "call a contract", argument: .required("CONTRACT.METHOD", .text("CONTRACT.METHOD")),
        flags: [
            .option(
                "args", .text("JSON|@FILE"), "the arguments: an object, or a file that holds one",
                standard: "{}"),
            .option(
                "gas-limit", .integer("N", 1...1_000_000_000), "the most gas it may use",
                standard: "as simulated"),
            dapp,
        ] + Sender.flags,
        examples: [
            .init("etm dapp call hello.register --args '{\"name\":\"ann\"}'", "as the first devnet account"),
            .init("etm dapp call hello.register --args @a.json --from bob", "arguments from a file"),
        ],
        details:
            "Simulated first: a call that would fail is not sent and costs nothing. Calls by a devnet's own "
            + "public test accounts do not ask.",
        handler: DAppCall.run)

    private static let query = Command(
        "dapp query", "ask a read-only route", argument: .required("PATH", .text("PATH")), flags: [dapp],
        examples: [
            .init("etm dapp query names/ann", "in the DApp's folder"),
            .init("etm dapp query 'names?limit=5' --dapp hello", "from anywhere"),
        ], handler: DAppActions.query)

    private static let state = Command(
        "dapp state", "rows of a model", argument: .required("MODEL", .text("MODEL")),
        flags: [
            .option("limit", .integer("N", 1...1000), "how many", standard: "20"),
            .option("after", .text("CURSOR"), "go on behind an earlier page"), dapp,
        ],
        examples: [
            .init("etm dapp state Name", "the first rows"),
            .init("etm dapp state Name --limit 5 --json", "for programs"),
        ], handler: DAppActions.state)

    private static let logs = Command(
        "dapp logs", "what contracts logged",
        flags: [
            .toggle("follow", short: "f", "go on as they log more"),
            .option("limit", .integer("N", 1...1000), "how many", standard: "100"), dapp,
        ],
        examples: [
            .init("etm dapp logs", "the DApp in this folder"),
            .init("etm dapp logs -f --dapp hello", "until Ctrl-C"),
        ], handler: DAppActions.logs)
}
