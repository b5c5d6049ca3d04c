internal import API
internal import JSON
internal import Ledger
internal import Primitives

/// What `etm tx submit` does: hands over what was signed elsewhere.
enum TransactionSubmission {
    static func submit(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let word = try invocation.requiredArgument()
        let content = try InputDocument.bytes(of: word, session)
        let text = String(validating: content, as: UTF8.self)?.trimmed() ?? ""
        let path = "/v1/chains/\(session.chain.percentEncoded)/transactions"
        let node = try session.node
        let answer: JSONValue
        if text.hasPrefix("{") {
            let document = try InputDocument(bytes: content, source: InputDocument.name(of: word))
            answer = try node.post(path + "/historical", try historical(document))
        } else {
            guard let bytes = Hex.decode(text), (try? SignedTransaction(decoding: bytes)) != nil else {
                throw CommandFailure(
                    "NOT_A_TRANSACTION",
                    "\(InputDocument.name(of: word)) holds neither a signed transaction in hexadecimal nor "
                        + "the JSON of a version 0 transaction", hint: "etm tx decode FILE", exit: .usage)
            }
            answer = try node.post(path, ["transaction": .string(text)])
        }
        guard let id = answer["id"]?.string else { throw .bug("the node took it and named no id") }
        LastTransaction(chain: session.chain, id: id, node: node.url).write(session)
        return try stay(with: id, invocation, session, node)
    }

    // Read here first, because a refusal here can name the line.
    private static func historical(_ document: InputDocument) throws(CommandFailure) -> JSONValue {
        let root = document.document.value
        let path: JSONPath = root["transaction"]?.object == nil ? [] : ["transaction"]
        let value = document.document[path] ?? .null
        let read = try HistoricalInput.read(value, at: path, document)
        do throws(HistoricalFieldRejection) {
            try read.checkStated()
        } catch {
            throw document.refusal(of: JSONPath(path.steps + error.path.steps), error.problem)
        }
        return value
    }

    private static func stay(
        with id: String, _ invocation: Invocation, _ session: Session, _ node: NodeClient
    ) throws(CommandFailure) -> Outcome {
        let wait = invocation.text("wait").flatMap { Sender.Wait(rawValue: $0) } ?? .final
        guard wait != .none else {
            return Outcome(
                data: ["id": .string(id), "chain": .string(session.chain), "state": "pending"],
                lines: ["sent  \(id)"])
        }
        let data = try TransactionWait(session, node).wait(for: id, on: session.chain, until: wait)
        return Outcome(data: data, lines: TransactionActions.lines(of: data))
    }
}
