internal import JSON
internal import Ledger
internal import Transport

/// Which HTTP status goes with which error code, and the form that errors take.
enum ErrorTable {
    /// The status of a refusal; whatever a chain's rules or a DApp refuse is 422.
    static func status(of refusal: Refusal) -> Int {
        // A DApp chooses its own codes; they must not pass for the interface's.
        guard refusal.at == nil else { return 422 }
        switch refusal.code {
        case "BAD_REQUEST", "MALFORMED": return 400
        case "NOT_FOUND", "ROUND_NOT_KEPT", "CONTENT_NOT_KEPT": return 404
        case "METHOD_NOT_ALLOWED": return 405
        case "CONFLICT", "NAME_TAKEN", "DUPLICATE", "NOT_MANUAL", "NO_ELECTIONS", "NO_TOWERS": return 409
        case "TOO_LARGE": return 413
        case "MEMPOOL_FULL", "TOO_MANY_PENDING", "BUSY": return 429
        case "CHAIN_STOPPED", "NOT_READY", "TOWER_NOT_READY", "WORKER_FAILED": return 503
        default: return 422
        }
    }

    /// The envelope of an error.
    static func response(_ refusal: Refusal) -> HTTPResponse {
        .json(status(of: refusal), ["v": 1, "ok": false, "error": json(refusal)])
    }

    /// The members of an error: code, message, and where there are some, hint, place and figures.
    static func json(_ refusal: Refusal) -> JSONValue {
        var object = JSONObject()
        object["code"] = .string(refusal.code)
        object["message"] = .string(refusal.message)
        if !refusal.hint.isEmpty { object["hint"] = .string(refusal.hint) }
        if let place = refusal.at.flatMap(Shape.place) { object["at"] = place }
        for (name, value) in refusal.facts.sorted(by: { $0.key < $1.key }) { object[name] = .string(value) }
        return .object(object)
    }
}
