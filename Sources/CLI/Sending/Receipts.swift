package import JSON
internal import Primitives

/// What a node says became, or would become, of a transaction.
package struct ReceiptView: Sendable {
    /// The receipt as the node gave it.
    package let data: JSONValue

    /// Takes a receipt, or something that holds one under "receipt".
    package init(_ data: JSONValue) { self.data = data["receipt"] ?? data }

    /// Whether it took effect.
    package var isOK: Bool { data["status"]?.string == "ok" }

    /// What was or would be paid.
    var feePaid: Amount? { ChainView.amount(data["feePaid"]) }

    /// Units of computation used.
    package var gasUsed: UInt64 { data["gasUsed"]?.uint64 ?? 0 }

    /// Why it failed, as a failure of the command: reason, source line and gas; the state is unchanged.
    package func failure(transaction: String?, hint: String = "") -> CommandFailure {
        let error = data["error"] ?? [:]
        var facts = JSONObject()
        for member in error.object?.members ?? []
        where !["code", "message", "at", "hint"].contains(member.key) {
            facts[member.key] = member.value
        }
        facts["gasUsed"] = .string(String(gasUsed))
        if let fee = data["feePaid"] { facts["feePaid"] = fee }
        if let transaction { facts["transaction"] = .string(transaction) }
        facts["stateChanged"] = false
        return CommandFailure(
            error["code"]?.string ?? "FAILED", error["message"]?.string ?? "the transaction failed",
            hint: error["hint"]?.string ?? transaction.map { "etm tx trace \($0)" } ?? hint, exit: .refused,
            place: SourcePlace(error["at"]), facts: facts,
            report: gasUsed > 0 ? ["gas used \(gasUsed.grouped) · no state changed"] : [])
    }

    /// Lines about events and the returned value.
    package var lines: [String] {
        var lines: [String] = []
        if let returned = data["returned"], !returned.isNull { lines.append("returned  \(returned)") }
        for event in data["events"]?.array ?? [] {
            lines.append("event     \(event["name"]?.string ?? "?") \(event["data"] ?? .null)")
        }
        if gasUsed > 0 { lines.append("gas       \(gasUsed.grouped)") }
        return lines
    }
}
