internal import Crypto
internal import JSON
internal import Primitives

/// What the devnet commands besides `up` and `down` do.
enum DevnetActions {
    /// The folder of the devnet that --name or the profile names.
    static func directory(_ invocation: Invocation, _ session: Session) throws(CommandFailure)
        -> DevnetDirectory
    {
        let name = invocation.text("name") ?? session.settings.profile
        try DevnetDirectory.checkName(name)
        return session.home.devnet(name)
    }

    /// A client of that devnet's node; --node wins.
    static func node(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> NodeClient {
        guard session.settings.node == nil, let name = invocation.text("name") else {
            return try session.node
        }
        let directory = try directory(invocation, session)
        guard let record = try directory.record() else {
            throw CommandFailure(
                "NO_DEVNET", "there is no devnet \"\(name)\"" + phrase(for: name, session),
                hint: "etm devnet up --name \(name)", exit: .notFound)
        }
        return NodeClient(url: record.url, connection: TransportConnection(), terminal: session.terminal)
    }

    private static func phrase(for name: String, _ session: Session) -> String {
        Suggestion.phrase(for: name, among: session.home.devnets.map(\.name))
    }

    static func status(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let node = try node(invocation, session)
        let devnet = try node.get("/v1/devnet")
        let status = try node.get("/v1/status")
        let conservation = try node.get("/v1/conservation")
        var data = status.object ?? JSONObject()
        data["devnet"] = devnet
        data["conservation"] = conservation
        let facts = [
            ("devnet", devnet["name"]?.string ?? ""), ("node", node.url),
            ("process", devnet["pid"]?.uint64.map(String.init) ?? ""),
            ("blocks", devnet["mine"]?.string ?? ""), ("state", devnet["directory"]?.string ?? ""),
            ("accounts", "\(devnet["accounts"]?.array?.count ?? 0), see: etm account list"),
        ]
        let head = TextLayout.pairs(facts + elections(devnet))
        return Outcome(
            data: .object(data),
            lines: head + [""] + StatusText.chains(status)
                + StatusText.conservation(conservation))
    }

    private static func elections(_ devnet: JSONValue) -> [(String, String)] {
        var lines: [(String, String)] = []
        if let seats = devnet["seats"]?.uint64 {
            let wait = DurationText.format(Instant.Span(milliseconds: devnet["unbonding"]?.uint64 ?? 0))
            lines.append(
                ("elections", "\(seats) seats · released locks wait \(wait) · see: etm validator list"))
        }
        if let leader = devnet["leader"]?.string, leader != "chaos" { lines.append(("leaders", leader)) }
        if let bits = devnet["workBits"]?.uint64, bits > 0 { lines.append(("work", "\(bits) bits a block")) }
        return lines
    }

    static func wait(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let height = invocation.text("height").flatMap { UInt64($0) }
        let what = height.map { "waiting for block \($0)" } ?? "waiting for the devnet"
        let reached = try session.wait(for: what, hint: "etm devnet status") {
            () throws(CommandFailure) -> UInt64? in
            let node = try node(invocation, session)
            guard node.isReady() else { return nil }
            let final = try node.get("/v1/status")["chain"]?["final"]?.uint64 ?? 0
            guard let height else { return final }
            return final >= height ? final : nil
        }
        return Outcome(data: ["final": JSONValue(reached)], lines: ["block \(reached.grouped) is final"])
    }

    static func mine(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let count = invocation.argument.flatMap { UInt64($0) } ?? 1
        let data = try node(invocation, session).post("/v1/devnet/mine", ["count": JSONValue(count)])
        let height = data["height"]?.uint64 ?? 0
        return Outcome(
            data: data, lines: ["made \(count) block\(count == 1 ? "" : "s"), height \(height.grouped)"])
    }

    static func time(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let node = try node(invocation, session)
        let data: JSONValue
        if let span = invocation.duration("add") {
            data = try node.post("/v1/devnet/time", ["add": JSONValue(span.milliseconds)])
        } else {
            data = ["time": try node.get("/v1/devnet")["time"] ?? .null]
        }
        let time = Instant(milliseconds: data["time"]?.uint64 ?? 0)
        return Outcome(data: data, lines: ["the devnet's time is \(Clock.text(time))"])
    }

    static func faucet(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let (name, address) = try AccountBook(session).address(try invocation.requiredArgument())
        let amount = try (AmountText(invocation.text("amount") ?? "100"))?.amount() ?? .zero
        let data = try node(invocation, session).post(
            "/v1/devnet/faucet",
            ["address": .string(address.description), "amount": .string(amount.description)])
        let id = data["id"]?.string ?? ""
        LastTransaction(chain: "main", id: id, node: try session.node.url).write(session)
        return Outcome(
            data: data,
            lines: [
                "sent \(Currency.etm.display(amount)) to \(name ?? address.description)", "transaction \(id)",
            ],
            notes: ["Next  etm tx wait --last"])
    }

    static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        var rows: [[String]] = []
        var entries: [JSONValue] = []
        for directory in session.home.devnets {
            guard let record = try directory.record() else { continue }
            let state = record.isRunning ? "running" : "stopped"
            rows.append([
                directory.name, state, "\(record.port)", record.isRunning ? "\(record.process)" : "-",
                Clock.text(Instant(milliseconds: record.startedAt)), directory.path,
            ])
            entries.append([
                "name": .string(directory.name), "state": .string(state),
                "port": JSONValue(UInt64(record.port)),
                "pid": record.isRunning ? JSONValue(Int(record.process)) : .null, "url": .string(record.url),
                "seed": JSONValue(record.seed), "startedAt": JSONValue(record.startedAt),
                "directory": .string(directory.path),
            ])
        }
        let table = TextLayout.table(
            ["NAME", "STATE", "PORT", "PROCESS", "STARTED (UTC)", "DIRECTORY"], rows)
        return Outcome(
            data: ["devnets": .array(entries)], lines: rows.isEmpty ? [] : table,
            notes: rows.isEmpty ? ["no devnets yet", "Next  etm devnet up"] : [])
    }

    static func logs(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let directory = try directory(invocation, session)
        guard Files.exists(directory.logPath) else {
            throw CommandFailure(
                "NO_LOG", "devnet \"\(directory.name)\" has no log: it never ran in the background",
                hint: "etm devnet up --detach\(DevnetDetached.nameFlag(directory.name))", exit: .notFound)
        }
        return try LogFile.show(directory.logPath, follows: invocation.has("follow"), session)
    }

    static func reset(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let directory = try directory(invocation, session)
        guard Files.exists(directory.path) else {
            return Outcome(
                data: ["name": .string(directory.name), "reset": false],
                lines: ["there is no devnet \"\(directory.name)\""])
        }
        if let record = try? directory.record(), record.isRunning {
            throw CommandFailure(
                "ALREADY_RUNNING", "devnet \"\(directory.name)\" is running: process \(record.process)",
                hint: "etm devnet down\(DevnetDetached.nameFlag(directory.name))", exit: .conflict)
        }
        if session.settings.isDryRun {
            return Outcome(
                data: ["name": .string(directory.name), "reset": false],
                lines: ["would remove \(directory.path)"])
        }
        try Consent.given(for: "Remove \(directory.path) with all chains in it?", session)
        try Files.removeTree(directory.path)
        return Outcome(
            data: ["name": .string(directory.name), "reset": true], lines: ["removed \(directory.path)"],
            notes: ["Next  etm devnet up\(DevnetDetached.nameFlag(directory.name))"])
    }
}
