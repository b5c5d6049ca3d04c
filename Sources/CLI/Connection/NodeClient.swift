package import JSON
package import Primitives

/// Speaks the node's HTTP interface: unwraps the envelope and turns errors into failures with exits.
package final class NodeClient {
    /// The node's address without a slash at the end.
    package let url: String
    private let connection: any NodeConnection
    private let terminal: Terminal

    /// The longest wait for one answer.
    package static let answerTimeout = Instant.Span.seconds(20)

    /// A client of the node at a URL.
    package init(url: String, connection: any NodeConnection, terminal: Terminal) {
        self.url = url
        self.connection = connection
        self.terminal = terminal
    }

    /// Reads.
    package func get(_ path: String) throws(CommandFailure) -> JSONValue {
        try send("GET", path, [])
    }

    /// Reads; nil when the node says that there is no such thing.
    package func find(_ path: String) throws(CommandFailure) -> JSONValue? {
        do {
            return try get(path)
        } catch  where error.exit == .notFound {
            return nil
        }
    }

    /// Hands something over.
    package func post(_ path: String, _ body: JSONValue = [:]) throws(CommandFailure) -> JSONValue {
        try send("POST", path, JSONWriter.compact(body))
    }

    /// Whether the node answers at all and is ready.
    package func isReady() -> Bool {
        let request = NodeRequest(method: "GET", url: "\(url)/readyz", timeout: .seconds(2))
        return (try? connection.perform(request))?.status == 200
    }

    private func send(_ method: String, _ path: String, _ body: [UInt8]) throws(CommandFailure) -> JSONValue {
        let start = Clock.monotonic
        let request = NodeRequest(method: method, url: url + path, body: body, timeout: Self.answerTimeout)
        let answer = try connection.perform(request)
        terminal.detail("\(method) \(path) → \(answer.status) in \(Clock.monotonic - start) ms")
        return try Self.open(answer, of: url + path)
    }

    /// Unwraps an envelope.
    package static func open(_ answer: NodeAnswer, of url: String) throws(CommandFailure) -> JSONValue {
        guard let value = try? JSONParser.parse(answer.body), let isOK = value["ok"]?.bool else {
            throw CommandFailure(
                "NOT_A_NODE", "\(url) answered \(answer.status) without the envelope of an etm node",
                hint: "etm status --node http://127.0.0.1:4096", exit: .unreachable)
        }
        if isOK { return value["data"] ?? .null }
        throw failure(value["error"] ?? [:], status: answer.status)
    }

    /// The failure that an error of the interface stands for; unknown members become facts.
    package static func failure(_ error: JSONValue, status: Int) -> CommandFailure {
        let code = error["code"]?.string ?? "HTTP_\(status)"
        var facts = JSONObject()
        for member in error.object?.members ?? [] where !known.contains(member.key) {
            facts[member.key] = member.value
        }
        return CommandFailure(
            code, error["message"]?.string ?? "the node answered \(status)",
            hint: error["hint"]?.string ?? "",
            exit: exit(code: code, status: status), place: SourcePlace(error["at"]), facts: facts)
    }

    private static let known = ["code", "message", "hint", "at", "doc", "exit"]

    /// What the shell is told about an error of the interface: its code first, its status otherwise.
    package static func exit(code: String, status: Int) -> ExitCode {
        switch code {
        case "NAME_TAKEN", "CONFLICT", "ALREADY_RUNNING": return .conflict
        case "DUPLICATE", "NO_ELECTIONS": return .refused
        case "TIMED_OUT", "TIMEOUT": return .timedOut
        case "FORBIDDEN", "NOT_LOOPBACK": return .locked
        default: break
        }
        return switch status {
        case 400, 405: .usage
        case 401, 403: .locked
        case 404: .notFound
        case 408, 504: .timedOut
        case 409: .conflict
        case 413, 422, 429: .refused
        case 502, 503: .unreachable
        default: .bug
        }
    }
}

extension String {
    /// The text as one segment of a path or one value of a query (RFC 3986 2.3).
    var percentEncoded: String { encoded(keeping: "-._~") }

    /// The text as a path and query: separators stay.
    var percentEncodedPath: String { encoded(keeping: "-._~/?=&:@!$'()*+,;%") }

    private func encoded(keeping marks: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let marks = Array(marks.utf8)
        var out: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: out.append(byte)
            case _ where marks.contains(byte): out.append(byte)
            default: out += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
