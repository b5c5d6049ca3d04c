internal import Crypto
internal import JSON
internal import Primitives

/// `etm account …`: keys on this machine and balances on a chain.
enum AccountCommands {
    static let group = CommandGroup(
        "account", "keys on this machine, what they hold and who must sign",
        [new, list, show, balance, export, importKey, remove] + PolicyCommands.all)

    private static let name = Command.Argument.required("NAME", .name("NAME", .accounts))

    private static let new = Command(
        "account new", "make an account and keep it under a password",
        flags: [
            .option("name", .text("NAME"), "what to call it", standard: "main"),
            .option("secret-file", .file("FILE"), "write the twelve words here, readable by you only"),
        ],
        examples: [
            .init("etm account new --name savings", "asks for a password, shows twelve words"),
            .init("etm account new --password-file pw", "for scripts: words are not shown"),
        ],
        details: "The twelve words are shown once, on a terminal only, or written to --secret-file (0600). "
            + "They alone can rebuild the account. Without either, back it up with: etm account export.",
        handler: AccountActions.new)

    private static let list = Command(
        "account list", "accounts that this machine can sign for",
        examples: [
            .init("etm account list", "names and addresses"),
            .init("etm account list --json", "the same for programs"),
        ],
        details: "Accounts of a running devnet are listed too. Their keys are public: use them there only.",
        handler: AccountActions.list)

    private static let show = Command(
        "account show", "address, public key and place of one account", argument: name,
        examples: [
            .init("etm account show alice", "needs no password"),
            .init("etm account show savings --json", "the same for programs"),
        ], handler: AccountActions.show)

    private static let balance = Command(
        "account balance", "what an account holds on a chain",
        argument: .optional("NAME|ADDRESS", .name("NAME|ADDRESS", .accounts)),
        examples: [
            .init("etm account balance alice", "on the main chain"),
            .init("etm account balance alice --chain hello", "on a DApp's chain"),
        ], handler: AccountActions.balance)

    private static let export = Command(
        "account export", "copy an account's encrypted key into a file", argument: name,
        flags: [
            .option("out", .file("FILE"), "where to write; it must not exist", standard: "NAME.etm-key.json")
        ],
        examples: [
            .init("etm account export savings", "writes savings.etm-key.json"),
            .init("etm account export savings --out b.json", "into a file of your choice"),
        ],
        details: "The file stays encrypted under the account's password and is readable by you only (0600).",
        handler: AccountActions.export)

    private static let importKey = Command(
        "account import", "add an exported account, or one from its words",
        argument: .optional("FILE", .file("FILE")),
        flags: [
            .option("name", .text("NAME"), "what to call it"),
            .option("secret-file", .file("FILE|-"), "read the words from the first line of this file"),
        ],
        examples: [
            .init("etm account import savings.etm-key.json", "asks for its password"),
            .init("etm account import --name old", "asks for the words on the terminal"),
        ], handler: AccountImport.run)

    private static let remove = Command(
        "account remove", "forget an account on this machine", argument: name,
        flags: [.option("confirm", .text("NAME"), "the account's name again")],
        examples: [
            .init("etm account remove savings", "asks for the name again"),
            .init("etm account remove savings --confirm savings", "for scripts"),
        ],
        details: "Without its words or an exported file the account is lost with everything it holds.",
        handler: AccountActions.remove)
}
