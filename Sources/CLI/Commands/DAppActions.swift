internal import JSON
internal import Primitives

/// What the DApp commands do that only read.
enum DAppActions {
    static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let answer = try session.node.get("/v1/chains")
        let chains = (answer["chains"] ?? answer).array ?? []
        let dapps = chains.filter { $0["kind"]?.string == "side" }
        return Outcome(
            data: ["dapps": .array(dapps)], lines: StatusText.chains(["chains": .array(dapps)]),
            notes: dapps.isEmpty ? ["no DApps yet", "Next  etm dapp new hello --template hello"] : [])
    }

    static func show(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let name: String
        if let argument = invocation.argument {
            name = argument
        } else {
            name = try DAppFolder.name(invocation, session)
        }
        let chain = try ChainView.load(name, session)
        let interface = try session.node.get("/v1/chains/\(name.percentEncoded)/dapp")
        var data = JSONObject()
        data["chain"] = chain.data
        for member in interface.object?.members ?? [] { data[member.key] = member.value }
        var lines = TextLayout.pairs([
            ("name", chain.name), ("about", interface["manifest"]?["description"]?.string ?? ""),
            ("chain", chain.id.hex), ("state", chain.data["state"]?.string ?? "?"),
            ("height", StatusText.number(chain.data["height"])),
            ("owner", chain.data["owner"]?.string ?? "?"),
            ("bundle", chain.data["bundleHash"]?.string ?? "?"),
            ("account", chain.data["account"]?.string ?? "?"),
        ])
        lines += section("calls", interface["contracts"]) { entry in
            let arguments = (entry["args"]?.array ?? entry["arguments"]?.array ?? []).map(typed)
            let fee = entry["fee"]?.string.map { "  fee \($0)" } ?? ""
            return
                "\(entry["contract"]?.string ?? "?").\(entry["method"]?.string ?? "?")(\(arguments.joined(separator: ", ")))\(fee)"
        }
        lines += section("models", interface["models"]) { $0["name"]?.string ?? $0.string ?? "?" }
        lines += section("queries", interface["routes"]) { $0["path"]?.string ?? $0.string ?? "?" }
        return Outcome(data: .object(data), lines: lines)
    }

    private static func typed(_ value: JSONValue) -> String {
        guard let name = value["name"]?.string else { return value.string ?? value.description }
        return name + (value["type"]?.string.map { ": \($0)" } ?? "")
    }

    private static func section(
        _ title: String, _ list: JSONValue?, _ text: (JSONValue) -> String
    ) -> [String] {
        let entries = list?.array ?? []
        return entries.isEmpty ? [] : [title] + entries.map { "  \(text($0))" }
    }

    static func query(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let name = try DAppFolder.name(invocation, session)
        var path = try invocation.requiredArgument()
        while path.hasPrefix("/") { path.removeFirst() }
        let data = try session.node.get("/v1/chains/\(name.percentEncoded)/query/\(path.percentEncodedPath)")
        let result = data["result"] ?? data
        return Outcome(
            data: data,
            lines: result.string.map { [$0] } ?? [String(decoding: JSONWriter.pretty(result), as: UTF8.self)])
    }

    static func state(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let name = try DAppFolder.name(invocation, session)
        let model = try invocation.requiredArgument()
        var path = "/v1/chains/\(name.percentEncoded)/state/\(model.percentEncoded)"
        path += "?limit=\(invocation.integer("limit", default: 20))"
        if let after = invocation.text("after") { path += "&after=\(after.percentEncoded)" }
        let data = try session.node.get(path)
        let rows = data["rows"]?.array ?? []
        var notes: [String] = rows.isEmpty ? ["no rows"] : []
        if let next = data["next"]?.string { notes.append("more: etm dapp state \(model) --after \(next)") }
        return Outcome(data: data, lines: table(of: rows), notes: notes)
    }

    // Columns are the members of the first row; values that are no plain text are shown as JSON.
    private static func table(of rows: [JSONValue]) -> [String] {
        let values = rows.map { $0["value"] ?? $0 }
        guard let keys = values.first?.object?.keys, !keys.isEmpty else { return rows.map(\.description) }
        let cells = values.map { row in keys.map { key in row[key].map { $0.string ?? $0.description } ?? "" }
        }
        return TextLayout.table(keys, cells)
    }

    static func logs(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let name = try DAppFolder.name(invocation, session)
        let limit = invocation.integer("limit", default: 100)
        let path = "/v1/chains/\(name.percentEncoded)/logs?limit=\(limit)"
        let first = try session.node.get(path)
        var entries = first["entries"]?.array ?? []
        guard invocation.has("follow") else {
            return Outcome(
                data: first, lines: entries.map(line(of:)),
                notes: entries.isEmpty ? ["nothing was logged yet"] : [])
        }
        var cursor: UInt64 = 0
        while session.terminal.isOutputOpen {
            for entry in entries {
                session.terminal.stream(entry, [line(of: entry)])
                cursor = entry["cursor"]?.uint64 ?? cursor
            }
            Clock.pause(milliseconds: 300)
            entries = try session.node.get("\(path)&after=\(cursor)")["entries"]?.array ?? []
        }
        return .printed
    }

    private static func line(of entry: JSONValue) -> String {
        let time = entry["time"]?.uint64.map { Clock.text(Instant(milliseconds: $0)) } ?? ""
        let height = StatusText.number(entry["height"])
        let call = entry["call"]?.string.map { "  \($0)" } ?? ""
        return "\(time)  block \(height)\(call)  \(entry["text"]?.string ?? "")"
    }
}
