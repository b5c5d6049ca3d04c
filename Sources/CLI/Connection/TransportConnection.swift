internal import Primitives
internal import Transport

/// Speaks HTTP through `Transport`.
struct TransportConnection: NodeConnection {
    private let client = HTTPClient()

    func perform(_ request: NodeRequest) throws(CommandFailure) -> NodeAnswer {
        do throws(TransportFailure) {
            let answer = try client.send(
                method: request.method == "POST" ? .post : .get, url: request.url,
                headers: request.body.isEmpty ? [] : [HTTPHeader("content-type", "application/json")],
                body: request.body, timeout: .milliseconds(Int64(clamping: request.timeout.milliseconds)))
            return NodeAnswer(status: answer.status, body: answer.body)
        } catch {
            throw Self.failure(error, url: request.url)
        }
    }

    private static func failure(_ failure: TransportFailure, url: String) -> CommandFailure {
        switch failure.code {
        case .timedOut:
            CommandFailure(
                "NODE_SILENT", failure.description,
                hint: "etm status --node URL, or start one: etm devnet up",
                exit: .unreachable)
        case .invalidURL:
            CommandFailure(
                "BAD_VALUE", "\(url) is no URL", hint: "--node http://127.0.0.1:4096", exit: .usage)
        default:
            CommandFailure("NODE_UNREACHABLE", failure.description, hint: "etm devnet up", exit: .unreachable)
        }
    }
}
