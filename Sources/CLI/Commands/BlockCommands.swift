internal import JSON
internal import Primitives

/// `etm block …`: looks at final blocks.
enum BlockCommands {
    static let group = CommandGroup("block", "look at blocks", [show, list])

    private static let show = Command(
        "block show", "one final block", argument: .optional("HEIGHT|ID", .text("HEIGHT|ID")),
        examples: [
            .init("etm block show", "the latest"),
            .init("etm block show 12 --chain hello", "by height, on a DApp's chain"),
        ], handler: showBlock)

    private static let list = Command(
        "block list", "the latest final blocks, newest first",
        flags: [
            .option("limit", .integer("N", 1...100), "how many", standard: "20"),
            .option("before", .integer("HEIGHT", 0...UInt64.max), "only blocks below this height"),
        ],
        examples: [
            .init("etm block list", "twenty"),
            .init("etm block list --limit 5 --before 100", "from the past"),
        ], handler: listBlocks)

    private static func showBlock(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        let which = invocation.argument ?? "latest"
        guard which == "latest" || UInt64(which) != nil || BlockID(hex: which) != nil else {
            throw .usage(
                "BAD_ID", "a block is named by its height or its 64-digit id", hint: "etm block list")
        }
        let data = try session.node.get("/v1/chains/\(session.chain.percentEncoded)/blocks/\(which)")
        var pairs: [(String, String)] = []
        for key in ["height", "id", "time", "leader", "round", "view", "parent", "stateRoot"] {
            guard let value = data[key] ?? data["header"]?[key], !value.isNull else { continue }
            pairs.append((key, key == "time" ? time(value) : value.string ?? value.description))
        }
        let signers = data["certificate"]?["signers"]
        if let signers, !signers.isNull {
            pairs.append(("signed by", StatusText.count(signers) + " validators"))
        }
        let transactions = data["transactions"]?.array ?? []
        let rows = transactions.map {
            [
                $0["id"]?.string ?? "?", $0["kindName"]?.string ?? "?", $0["sender"]?.string ?? "?",
                $0["status"]?.string ?? "",
            ]
        }
        let table = rows.isEmpty ? [] : TextLayout.table(["TRANSACTION", "KIND", "SENDER", "STATUS"], rows)
        return Outcome(data: data, lines: TextLayout.pairs(pairs) + ["transactions  \(rows.count)"] + table)
    }

    private static func listBlocks(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        var path =
            "/v1/chains/\(session.chain.percentEncoded)/blocks?limit=\(invocation.integer("limit", default: 20))"
        if let before = invocation.text("before") { path += "&before=\(before)" }
        let data = try session.node.get(path)
        let rows = (data["blocks"]?.array ?? []).map {
            [
                StatusText.number($0["height"]), time($0["time"]), StatusText.number($0["round"]),
                StatusText.count($0["transactions"]), String(($0["leader"]?.string ?? "").prefix(16)),
                String(($0["id"]?.string ?? "").prefix(16)),
            ]
        }
        return Outcome(
            data: data,
            lines: TextLayout.table(
                ["HEIGHT", "TIME (UTC)", "ROUND", "TXS", "LEADER", "ID"], rows, right: [0, 2, 3]))
    }

    private static func time(_ value: JSONValue?) -> String {
        value?.uint64.map { Clock.text(Instant(milliseconds: $0)) } ?? value?.string ?? "-"
    }
}
