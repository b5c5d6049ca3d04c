internal import JSON
internal import Primitives

/// `etm tx …`: looks at transactions, and carries saved ones from signer to signer.
enum TransactionCommands {
    static let group = CommandGroup(
        "tx", "look at transactions, sign and send saved ones", [show, wait, trace, decode, sign, send])

    private static let id = Command.Argument.optional("ID", .text("ID"))
    private static let last = Flag.toggle("last", "the transaction that was sent last from here")

    private static let show = Command(
        "tx show", "what a transaction is and what became of it", argument: id, flags: [last],
        examples: [
            .init("etm tx show --last", "the one sent last"),
            .init("etm tx show ID --chain hello", "one of a DApp's chain"),
        ], handler: TransactionActions.show)

    private static let wait = Command(
        "tx wait", "wait until a transaction is final", argument: id,
        flags: [
            last,
            .option("until", .choice(["included", "final"]), "how far it must be", standard: "final"),
        ],
        examples: [
            .init("etm tx wait --last", "at most a minute"),
            .init("etm tx wait ID --timeout 5m", "longer"),
        ], handler: TransactionActions.wait)

    private static let trace = Command(
        "tx trace", "what a transaction changed, logged, or why it failed", argument: id, flags: [last],
        examples: [
            .init("etm tx trace --last", "with source line and gas"),
            .init("etm tx trace ID --json", "the same for programs"),
        ], handler: TransactionActions.trace)

    private static let decode = Command(
        "tx decode", "take a transaction's bytes apart, without a node",
        argument: .required("HEX|FILE", .file("HEX|FILE")),
        flags: [.option("second-key", .text("KEY"), "the public key of a historical second signature")],
        examples: [
            .init("etm tx decode HEX", "version, kind, fields, id, signatures"),
            .init("etm tx decode old.json --json", "a historical transaction's JSON"),
        ],
        details:
            "FILE holds hexadecimal digits, the bytes themselves, or the JSON of a version 0 transaction; "
            + "- is standard input. Version 0 bytes have no lengths: fields are split where that is certain.",
        handler: TransactionDecoding.decode)

    private static let file = Command.Argument.required("FILE", .file("FILE"))

    private static let sign = Command(
        "tx sign", "add a signature to a saved transaction", argument: file,
        examples: [
            .init("etm tx sign order.tx --from bob", "shows what is signed, and who is still missing"),
            .init("etm tx sign order.tx --from bob --yes", "for scripts"),
        ],
        details:
            "Commands that send write such a file with --save. Without a node the signature is added all "
            + "the same, and nothing is said of what is missing.",
        handler: TransactionSigning.sign)

    private static let send = Command(
        "tx send", "send a saved transaction that enough have signed", argument: file,
        flags: [Sender.Wait.flag],
        examples: [
            .init("etm tx send order.tx", "asks before it sends"),
            .init("etm tx send order.tx --yes --wait none", "for scripts"),
            .init("etm tx send old.json", "a version 0 transaction, as old libraries sign it"),
        ],
        details:
            "The JSON of a version 0 transaction is taken too: within an hour of its timestamp, and where its "
            + "bytes, which have no lengths, can be read in one way only.",
        handler: TransactionSigning.send)
}

/// What the transaction commands do.
enum TransactionActions {
    /// One transaction, on which chain, and the node to ask.
    private struct Target {
        let chain: String
        let id: String
        let node: NodeClient

        var path: String { "/v1/chains/\(chain.percentEncoded)/transactions/\(id)" }
    }

    private static func target(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Target {
        if invocation.has("last") {
            let last = try LastTransaction.read(session)
            return Target(
                chain: session.settings.chain ?? last.chain, id: last.id,
                node: try session.node(asIn: last.node, invocation))
        }
        let id = try invocation.requiredArgument().lowercased()
        guard TransactionID(hex: id) != nil else {
            throw .usage("BAD_ID", "a transaction's id has 64 hexadecimal digits", hint: "etm tx show --last")
        }
        return Target(chain: session.chain, id: id, node: try session.node)
    }

    static func show(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let target = try target(invocation, session)
        let data = try target.node.get(target.path)
        return Outcome(data: data, lines: lines(of: data))
    }

    static func wait(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let target = try target(invocation, session)
        let goal: Sender.Wait = invocation.text("until") == "included" ? .included : .final
        let data = try TransactionWait(session, target.node).wait(
            for: target.id, on: target.chain, until: goal)
        return Outcome(data: data, lines: lines(of: data))
    }

    static func trace(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let target = try target(invocation, session)
        let data = try target.node.get(target.path + "/trace")
        let receipt = ReceiptView(data)
        var lines = ["transaction \(target.id) on \(target.chain)"]
        if receipt.isOK {
            lines.append("status    ok")
        } else if let error = receipt.data["error"] {
            lines.append(
                "status    failed: \(error["code"]?.string ?? "?"), \(error["message"]?.string ?? "")")
            if let place = SourcePlace(error["at"]) { lines.append("at        \(place)") }
        }
        lines += receipt.lines
        for entry in data["logs"]?.array ?? [] {
            lines.append("log       \(entry["text"]?.string ?? entry.string ?? entry.description)")
        }
        lines += changes(data)
        return Outcome(data: data, lines: lines)
    }

    private static func changes(_ data: JSONValue) -> [String] {
        let changes = data["changes"]?.array ?? []
        if data["stateChanged"]?.bool == false || changes.isEmpty { return ["no state changed"] }
        let scope = data["scope"]?.string == "block" ? ["changes of its whole block:"] : []
        return scope
            + changes.map { change in
                let place = "\(change["table"]?.string ?? "?") \(change["key"]?.string ?? "?")"
                return "changed   \(place): \(shown(change["old"])) → \(shown(change["new"]))"
            }
    }

    private static func shown(_ value: JSONValue?) -> String {
        guard let value, !value.isNull else { return "nothing" }
        return value.string ?? value.description
    }

    static func lines(of data: JSONValue) -> [String] {
        var pairs: [(String, String)] = []
        func add(_ label: String, _ value: String?) { if let value { pairs.append((label, value)) } }
        add("transaction", data["id"]?.string)
        add("chain", data["chain"]?.string)
        add("kind", data["kindName"]?.string)
        add("sender", data["sender"]?.string)
        for signer in data["signers"]?.array ?? [] where signer["address"] != data["sender"] {
            add("cosigner", signer["address"]?.string)
        }
        for member in data["fields"]?.object?.members ?? [] {
            let text = member.value.string ?? member.value["display"]?.string ?? member.value.description
            if !text.isEmpty { add(member.key, text) }
        }
        add("fee", data["fee"]?["display"]?.string ?? data["fee"]?.string)
        let block = data["height"]?.uint64.map { " in block \($0.grouped)" } ?? ""
        add("state", data["state"]?.string.map { $0 + block })
        guard let receipt = data["receipt"], !receipt.isNull else { return TextLayout.pairs(pairs) }
        let view = ReceiptView(receipt)
        add("status", receipt["status"]?.string)
        if let error = receipt["error"], !error.isNull {
            add("reason", "\(error["code"]?.string ?? ""): \(error["message"]?.string ?? "")")
            add("at", SourcePlace(error["at"])?.description)
        }
        return TextLayout.pairs(pairs) + view.lines
    }
}
