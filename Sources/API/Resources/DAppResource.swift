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
            for item in call.request.query {
                guard parameters[item.name] == nil else {
                    throw .badRequest("\"\(item.name)\" is given twice")
                }
                parameters[item.name] = .string(item.value)
            }
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
            let model = call.parameters["model"] ?? ""
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
            let rows = snapshot.state.scan(prefix: prefix, after: after, limit: Int(limit))
            var object = JSONObject()
            object["model"] = .string(model)
            object["rows"] = .array(rows.map { Shape.json($0.value) })
            if rows.count == Int(limit), let last = rows.last {
                object["next"] = .string(Hex.encode(last.key.bytes))
            }
            return .object(object)
        }
    }

    static func logs(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let chain = try call.chain()
            let after = try call.number("after", standard: 0, in: 0...UInt64.max)
            let limit = try call.number("limit", standard: 200, in: 1...1_000)
            let entries = chain.logs(after: after, limit: Int(limit)).map { entry -> JSONValue in
                [
                    "cursor": JSONValue(entry.cursor), "time": JSONValue(entry.time.milliseconds),
                    "height": JSONValue(entry.height.value), "transaction": .string(entry.transaction.hex),
                    "level": "info", "text": .string(entry.text),
                ]
            }
            return ["entries": .array(entries)]
        }
    }
}
