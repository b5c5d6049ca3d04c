internal import API
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// Hands over a version 0 transaction that an old library signed, as its JSON.
enum HistoricalSending {
    /// The document in a file; nil when the file holds no JSON object.
    static func document(_ path: String, _ session: Session) throws(CommandFailure) -> InputDocument? {
        let content = try InputDocument.bytes(of: path, session)
        guard String(validating: content, as: UTF8.self)?.trimmed().hasPrefix("{") == true else { return nil }
        return try InputDocument(bytes: content, source: InputDocument.name(of: path))
    }

    static func send(
        _ document: InputDocument, _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        let (value, read) = try transaction(document)
        let facts = facts(read)
        guard !session.settings.isDryRun else {
            return Outcome(
                data: ["dryRun": true, "id": .string(read.id.hex)], lines: TextLayout.pairs(facts, indent: 2))
        }
        session.terminal.notes(["Send \(document.source)"] + TextLayout.pairs(facts, indent: 2))
        try Consent.given(for: "Send it?", session)
        let node = try session.node
        let answer = try node.post(
            "/v1/chains/\(session.chain.percentEncoded)/transactions/historical", value)
        let id = answer["id"]?.string ?? read.id.hex
        LastTransaction(chain: session.chain, id: id, node: node.url).write(session)
        let wait = invocation.text("wait").flatMap { Sender.Wait(rawValue: $0) } ?? .final
        guard wait != .none else {
            return Outcome(
                data: ["id": .string(id), "chain": .string(session.chain), "state": "pending"],
                lines: ["sent  \(id)"])
        }
        let data = try TransactionWait(session, node).wait(for: id, on: session.chain, until: wait)
        return Outcome(data: data, lines: TransactionActions.lines(of: data))
    }

    // Read here first, because a refusal here names the line.
    private static func transaction(
        _ document: InputDocument
    ) throws(CommandFailure) -> (JSONValue, HistoricalDocument) {
        let isWrapped = document.document.value["transaction"]?.object != nil
        let path: JSONPath = isWrapped ? ["transaction"] : []
        let value = document.document[path] ?? .null
        let read = try HistoricalInput.read(value, at: path, document)
        do throws(HistoricalFieldRejection) {
            try read.checkStated()
        } catch {
            throw document.refusal(of: JSONPath(path.steps + error.path.steps), error.problem)
        }
        return (value, read)
    }

    private static func facts(_ read: HistoricalDocument) -> [(String, String)] {
        let transaction = read.transaction
        var pairs = [
            ("transaction", read.id.hex), ("kind", "\(transaction.kind.name), version 0"),
            ("from", Address(of: transaction.sender).description),
        ]
        if let recipient = transaction.recipient { pairs.append(("to", recipient.description)) }
        if transaction.amount != .zero { pairs.append(("amount", "\(transaction.amount.formatted()) ETM")) }
        for member in HistoricalShape.fields(transaction).members where member.value != "" {
            pairs.append((member.key, member.value.string ?? member.value.description))
        }
        pairs.append(("fee", "\(transaction.fee.formatted()) ETM"))
        return pairs
    }
}
