internal import JSON
internal import Node

/// Commands of one word that belong to no group.
enum GeneralCommands {
    static let group = CommandGroup(
        "", "about the node and this program",
        [status, AuditCommands.audit, versionCommand, help, completions])

    private static let status = Command(
        "status", "the node, its chains and whether all value is accounted for",
        examples: [
            .init("etm status", "one screen"),
            .init("etm status --node http://127.0.0.1:4096 --json", "for programs"),
        ], handler: showStatus)

    private static let versionCommand = Command(
        "version", "the version of this program",
        examples: [
            .init("etm version", "as people read it"),
            .init("etm version --json", "as programs do"),
        ]
    ) { _, _ throws(CommandFailure) in version }

    private static let help = Command(
        "help", "help on a command", argument: .optional("COMMAND", .text("COMMAND"), most: 2),
        flags: [.toggle("all", "every page, for documentation")],
        examples: [
            .init("etm help devnet up", "one command"),
            .init("etm help exit-codes", "what the shell is told"),
        ], handler: showHelp)

    private static let completions = Command(
        "completions", "a script that completes commands in a shell",
        argument: .optional("SHELL", .choice(Completions.shells)),
        flags: [
            .option("values", .choice(CompletionSource.allCases.map(\.rawValue)), "list names of one kind")
        ],
        examples: [
            .init("source <(etm completions bash)", "for this shell"),
            .init("etm completions fish > ~/.config/fish/completions/etm.fish", "for good"),
        ], handler: complete)

    /// The version of this program.
    static var version: Outcome {
        Outcome(
            data: ["name": "etm", "version": .string(Software.version)],
            lines: ["etm \(Software.version)"])
    }

    private static func showStatus(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        let node = try session.node
        let data = try node.get("/v1/status")
        let head = TextLayout.pairs([
            ("node", node.url), ("software", data["software"]?.string ?? data["version"]?.string ?? "?"),
            ("network", data["network"]?.string ?? "?"),
            (
                "height",
                StatusText.number(data["chain"]?["height"]) + ", final "
                    + StatusText.number(data["chain"]?["final"])
            ),
            ("waiting", "\(StatusText.number(data["mempool"]?["count"])) transactions"),
        ])
        return Outcome(
            data: data,
            lines: head + [""] + StatusText.chains(data)
                + StatusText.conservation(data["conservation"] ?? .null))
    }

    private static func showHelp(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        let help = HelpText()
        if invocation.has("all") { return Outcome(data: help.listing, lines: help.everything) }
        return try help.page(for: invocation.arguments)
    }

    private static func complete(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        if let source = invocation.text("values").flatMap(CompletionSource.init) {
            let names = CompletionNames.names(of: source, session)
            return Outcome(data: .array(names.map { .string($0) }), lines: names)
        }
        guard let script = Completions().script(for: try invocation.requiredArgument()) else {
            throw .bug("a shell without a script passed the table")
        }
        return Outcome(data: ["script": .string(script.joined(separator: "\n"))], lines: script)
    }
}

/// Names that exist right now, for shells; a missing node or file means fewer names, never an error.
enum CompletionNames {
    static func names(of source: CompletionSource, _ session: Session) -> [String] {
        switch source {
        case .accounts: (try? AccountBook(session).all().map(\.name)) ?? []
        case .devnets: session.home.devnets.map(\.name)
        case .templates: (try? Templates(session.environment).all().map(\.name)) ?? []
        case .chains: ((try? session.node.get("/v1/chains"))?.array ?? []).compactMap { $0["name"]?.string }
        }
    }
}
