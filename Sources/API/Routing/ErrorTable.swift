internal import JSON
internal import Ledger
internal import Transport

/// Which HTTP status goes with which error code, and the form that errors take.
enum ErrorTable {
    /// The status of a code; whatever a chain's rules or a DApp refuse is 422.
    static func status(of code: String) -> Int {
        switch code {
        case "BAD_REQUEST", "MALFORMED": 400
        case "NOT_FOUND": 404
        case "METHOD_NOT_ALLOWED": 405
        case "CONFLICT", "NAME_TAKEN", "DUPLICATE", "NOT_MANUAL": 409
        case "TOO_LARGE": 413
        case "MEMPOOL_FULL", "TOO_MANY_PENDING", "BUSY": 429
        case "CHAIN_STOPPED", "NOT_READY", "WORKER_FAILED": 503
        default: 422
        }
    }

    /// The envelope of an error.
    static func response(_ refusal: Refusal) -> HTTPResponse {
        .json(status(of: refusal.code), ["v": 1, "ok": false, "error": json(refusal)])
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
