import Crypto
import JSON
import Ledger
import Primitives
import Synchronization
import Transport

/// A node on loopback that knows two chains and keeps what it is sent; every transaction is final at the third look.
final class SmallNode: HTTPHandler {
    struct State {
        var balance: UInt64 = 1_000_000_000
        var leastFee: UInt64 = 10_000_000
        var failure: JSONValue?
        var isStuck = false
        /// What every account asks for.
        var policy: JSONValue = .null
        /// The votes of miners, the first of whom has resigned.
        var votes: [UInt64] = []
        var sent: [SignedTransaction] = []
        var looks = 0
    }

    let state: Mutex<State>
    static let mainID = String(repeating: "1", count: 64)
    static let sideID = String(repeating: "2", count: 64)

    init(_ change: (inout State) -> Void = { _ in }) {
        var state = State()
        change(&state)
        self.state = Mutex(state)
    }

    /// Runs `body` with the address of a server in front of this node.
    func serve<Result>(_ body: (String) throws -> Result) throws -> Result {
        let server = HTTPServer(handler: self)
        try server.start()
        defer { server.stop() }
        return try body("http://127.0.0.1:\(server.port ?? 0)")
    }

    func handle(_ request: HTTPRequest, _ responder: HTTPResponder) {
        let (status, body) = answer(request)
        let isOK = status < 300
        responder.respond(
            .json(status, isOK ? ["v": 1, "ok": true, "data": body] : ["v": 1, "ok": false, "error": body]))
    }

    private func answer(_ request: HTTPRequest) -> (Int, JSONValue) {
        let path = request.path.split(separator: "/").map(String.init)
        switch (request.method, path.count) {
        case (.get, 2) where path[1] == "miners": return miners()
        case (.get, 2) where path[1] == "chains": return (200, [chain("main"), chain("hello")])
        case (.get, 3) where path[1] == "chains":
            if ["main", "hello"].contains(path[2]) { return (200, chain(path[2])) }
            if path[2] == Self.mainID { return (200, chain("main")) }
            return (404, ["code": "NOT_FOUND", "message": "no such chain"])
        case (.get, 5) where path[3] == "accounts": return (200, account(path[4]))
        case (.get, 5) where path[3] == "transactions": return look(at: path[4])
        case (.post, 4) where path[3] == "simulate": return simulate(request)
        case (.post, 4) where path[3] == "transactions": return take(request)
        case (.post, 5) where path[4] == "historical":
            let id = (try? JSONParser.parse(request.body))?["id"] ?? .null
            return (202, ["id": id, "state": "pending"])
        default: return (404, ["code": "NOT_FOUND", "message": "no such route"])
        }
    }

    /// Four miners, of which one has resigned; none at all where no miners were set.
    private func miners() -> (Int, JSONValue) {
        let votes = state.withLock { $0.votes }
        guard !votes.isEmpty else { return (409, ["code": "NO_ELECTIONS", "message": "members are fixed"]) }
        let list = votes.enumerated().map { index, votes in
            let weight: JSONValue = ["units": .string("\(votes)")]
            let status: JSONValue = index == 0 ? "resigned" : "registered"
            return [
                "status": status, "votes": weight, "weight": weight,
                "seat": index == 1 ? 0 : .null,
            ] as JSONValue
        }
        return (200, ["round": 7, "miners": .array(list), "next": .null])
    }

    private func chain(_ name: String) -> JSONValue {
        let isMain = name == "main"
        return [
            "name": .string(name), "id": .string(isMain ? Self.mainID : Self.sideID),
            "kind": isMain ? "main" : "side", "state": "running", "height": 5, "final": 5,
            "limits": ["callGas": 100_000],
            "fees": ["currency": 0, "minimum": ["units": "10000000"], "gasPrice": ["units": "0"]],
            "assets": [["index": 0, "symbol": "ETM", "decimals": 8]],
        ]
    }

    private func account(_ address: String) -> JSONValue {
        let (units, policy) = state.withLock { ($0.balance, $0.policy) }
        return [
            "address": .string(address),
            "balances": [["asset": 0, "symbol": "ETM", "units": .string("\(units)"), "display": "-"]],
            "height": 5, "policy": policy,
        ]
    }

    private func transaction(_ request: HTTPRequest) -> SignedTransaction? {
        let hex = (try? JSONParser.parse(request.body))?["transaction"]?.string
        return hex.flatMap { Hex.decode($0) }.flatMap { try? SignedTransaction(decoding: $0) }
    }

    private func simulate(_ request: HTTPRequest) -> (Int, JSONValue) {
        guard let transaction = transaction(request) else {
            return (400, ["code": "MALFORMED", "message": "no"])
        }
        return state.withLock { state in
            if transaction.fee.units < state.leastFee {
                return (
                    422,
                    [
                        "code": "FEE_TOO_LOW", "message": "the fee is too low",
                        "needed": .string("\(state.leastFee)"), "got": .string("\(transaction.fee)"),
                    ]
                )
            }
            if let failure = state.failure {
                return (200, ["status": "failed", "error": failure, "gasUsed": 77])
            }
            return (200, ["status": "ok", "feePaid": ["units": "10000000"], "gasUsed": 1_000, "events": []])
        }
    }

    private func take(_ request: HTTPRequest) -> (Int, JSONValue) {
        guard let transaction = transaction(request),
            Ed25519Verifier().failures(in: transaction.signatureChecks).isEmpty
        else { return (422, ["code": "BAD_SIGNATURE", "message": "no"]) }
        state.withLock { $0.sent.append(transaction) }
        return (202, ["id": .string(transaction.id.hex), "state": "pending"])
    }

    private func look(at id: String) -> (Int, JSONValue) {
        state.withLock { state in
            state.looks += 1
            guard !state.isStuck, state.looks >= 3, state.sent.contains(where: { $0.id.hex == id }) else {
                return state.looks == 1
                    ? (404, ["code": "NOT_FOUND", "message": "unknown"])
                    : (200, ["id": .string(id), "state": "pending"])
            }
            return (
                200,
                [
                    "id": .string(id), "state": "final", "height": 6,
                    "receipt": ["status": "ok", "gasUsed": 1_000],
                ]
            )
        }
    }
}
