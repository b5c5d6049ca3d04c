internal import JSON
internal import Ledger
internal import Primitives
internal import Transport

/// DApps: their surface, their routes, their rows and their logs.
enum DAppResource {
    static func show(_ call: Call) {
        call.attempt { () throws(Refusal) in
            guard let interface = try call.chain().interface else {
                throw .notFound(
                    "this chain runs no DApp, or its worker has not started", hint: "etm dapp list")
            }
            return interface.description
        }
    }

    static func query(_ call: Call) {
        do throws(Refusal) {
            let chain = try call.chain()
            var parameters = JSONObject()
            for item in call.request.query { parameters[item.name] = .string(item.value) }
            let bytes = JSONWriter.compact(.object(parameters))
            chain.query(path: call.parameters["*"] ?? "", parameters: bytes) { result in
                switch result {
                case .success(let text): call.answer(["result": Shape.json(text)])
                case .failure(let refusal): call.refuse(refusal)
                }
            }
        } catch {
            call.refuse(error)
        }
    }

    static func state(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let snapshot = try call.chain().snapshot
            let model = try model(call)
            let limit = try call.number("limit", standard: 100, in: 1...1_000)
            var after: StateKey?
            if let text = call.request.queryValue("after") {
                guard let bytes = Hex.decode(text) else {
                    throw .badRequest("\"after\" must be hexadecimal digits")
                }
                after = StateKey(bytes: bytes)
            }
            // A model's rows lie under its name and a zero byte.
            let prefix = [StateTable.dapp.rawValue] + Array(model.utf8) + [0]
            let found = snapshot.state.scan(prefix: prefix, after: after, limit: Int(limit))
            let rows = page(found.map { ($0.key, $0.value) })
            var object = JSONObject()
            object["model"] = .string(model)
            object["height"] = JSONValue(snapshot.finalHeader.height.value)
            object["rows"] = .array(rows.map { Shape.json($0.value) })
            if rows.count < found.count || rows.count == Int(limit), let last = rows.last {
                object["next"] = .string(Hex.encode(last.key.bytes))
            }
            return .object(object)
        }
    }

    // The rows that fit into one answer, at least one.
    private static func page(_ rows: [(key: StateKey, value: [UInt8])]) -> [(key: StateKey, value: [UInt8])] {
        var bytes = 0
        let count = rows.prefix { row in
            bytes += row.value.count
            return bytes <= mostRowBytes
        }.count
        return Array(rows.prefix(max(1, count)))
    }

    private static let mostRowBytes = 1 << 20

    /// The model that the path names, which must be one of the DApp's when its code has been looked at.
    private static func model(_ call: Call) throws(Refusal) -> String {
        let name = call.parameters["model"] ?? ""
        let chain = try call.chain()
        guard chain.snapshot.spec.role == .side else {
            throw .notFound("the main chain runs no DApp", hint: "etm dapp list")
        }
        guard let known = chain.interface?.description["models"]?.array else { return name }
        let names = known.compactMap { $0["name"]?.string }
        guard names.contains(name) else {
            throw .notFound(
                "the DApp has no model \"\(name)\"; it has \(names.joined(separator: ", "))",
                hint: "etm dapp show")
        }
        return name
    }

    static func logs(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let chain = try call.chain()
            let after = try call.number("after", standard: 0, in: 0...UInt64.max)
            let limit = Int(try call.number("limit", standard: 200, in: 1...1_000))
            // Who names no place wants to see what happened last.
            let isPlaced = call.request.queryValue("after") != nil
            let entries = isPlaced ? chain.logs(after: after, limit: limit) : newest(limit, on: chain)
            return ["entries": .array(entries.map(entry))]
        }
    }

    private static func newest(_ limit: Int, on chain: any ChainQueries) -> [LogEntry] {
        Array(chain.logs(after: 0, limit: 10_000).suffix(limit))
    }

    private static func entry(_ entry: LogEntry) -> JSONValue {
        [
            "cursor": JSONValue(entry.cursor), "time": JSONValue(entry.time.milliseconds),
            "height": JSONValue(entry.height.value), "transaction": .string(entry.transaction.hex),
            "call": entry.call.isEmpty ? .null : .string(entry.call), "level": "info",
            "text": .string(entry.text),
        ]
    }
}
