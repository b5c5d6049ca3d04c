package import JSON

/// The one JSON document that a command prints with `--json`, on success and on failure alike.
package enum Envelope {
    /// Wraps data: `{"v":1,"ok":true,"data":…}`.
    package static func success(_ data: JSONValue) -> JSONValue {
        ["v": 1, "ok": true, "data": data]
    }

    /// Wraps an error: `{"v":1,"ok":false,"error":{"code","message","hint","at"?,"doc",…}}`.
    package static func failure(_ failure: CommandFailure) -> JSONValue {
        var error = JSONObject()
        error["code"] = .string(failure.code)
        error["message"] = .string(failure.message)
        error["hint"] = .string(failure.hint)
        if let place = failure.place { error["at"] = place.json }
        error["doc"] = .string(failure.doc)
        error["exit"] = JSONValue(Int(failure.exit.rawValue))
        for member in failure.facts.members where error[member.key] == nil {
            error[member.key] = member.value
        }
        return ["v": 1, "ok": false, "error": .object(error)]
    }

    /// What another run of this program printed: its data, or its failure with the same exit.
    package static func open(_ bytes: [UInt8]) throws(CommandFailure) -> JSONValue {
        guard let value = try? JSONParser.parse(bytes, limits: JSONLimits(maximumBytes: 4_194_304)) else {
            throw .bug("a process of this program reported something else than a document")
        }
        if value["ok"]?.bool == true { return value["data"] ?? .null }
        var failure = NodeClient.failure(value["error"] ?? [:], status: 500)
        failure.exit =
            value["error"]?["exit"]?.int.flatMap { Int32(exactly: $0) }.flatMap(ExitCode.init) ?? .bug
        throw failure
    }
}
