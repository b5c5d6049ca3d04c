internal import JSON
internal import Ledger
internal import Primitives
internal import Transport

/// One request on its way through a route.
struct Call: Sendable {
    let service: Service
    let request: HTTPRequest
    let responder: HTTPResponder
    let parameters: [String: String]
    let body: JSONValue?

    /// Answers with data.
    func answer(_ data: JSONValue, status: Int = 200) {
        responder.respond(.json(status, ["v": 1, "ok": true, "data": data]))
    }

    /// Answers with an error.
    func refuse(_ refusal: Refusal) { responder.respond(ErrorTable.response(refusal)) }

    /// Runs what may throw a refusal and answers with its data.
    func attempt(_ body: () throws(Refusal) -> JSONValue) {
        do throws(Refusal) {
            answer(try body())
        } catch {
            refuse(error)
        }
    }

    /// The chain that the path names; without a name it is the main chain.
    func chain() throws(Refusal) -> any ChainQueries {
        let name = parameters["chain"] ?? "main"
        guard let chain = service.node.chain(name) else {
            throw .notFound("this node runs no chain named \"\(name)\"", hint: "etm chain list")
        }
        return chain
    }

    /// A whole number in the query, within a range.
    func number(_ name: String, standard: UInt64, in range: ClosedRange<UInt64>) throws(Refusal) -> UInt64 {
        guard let text = request.queryValue(name) else { return standard }
        guard let value = Call.number(text), range.contains(value) else {
            throw .badRequest(
                "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A number in its one decimal form: no sign, no leading zero.
    static func number(_ text: String) -> UInt64? {
        guard let value = UInt64(text), String(value) == text else { return nil }
        return value
    }

    /// A transaction id in the path.
    func transactionID() throws(Refusal) -> TransactionID {
        guard let id = parameters["id"].flatMap({ TransactionID(hex: $0) }) else {
            throw .badRequest("a transaction id is 64 lower-case hexadecimal digits")
        }
        return id
    }

    /// The signed transaction in the body, given as hexadecimal.
    func signedTransaction() throws(Refusal) -> SignedTransaction {
        guard let bytes = body?["transaction"]?.string.flatMap({ Hex.decode($0) }) else {
            throw .badRequest("\"transaction\" must be lower-case hexadecimal text")
        }
        do throws(CodecRejection) {
            return try SignedTransaction(decoding: bytes)
        } catch {
            throw Refusal(code: "MALFORMED", message: "the transaction does not decode: \(error)")
        }
    }
}

extension Refusal {
    static func notFound(_ message: String, hint: String = "") -> Refusal {
        Refusal(code: "NOT_FOUND", message: message, hint: hint)
    }

    static func badRequest(_ message: String) -> Refusal { Refusal(code: "BAD_REQUEST", message: message) }
}
