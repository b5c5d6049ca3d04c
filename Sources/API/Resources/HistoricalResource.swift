internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// Version 0 transactions as historical client libraries send them.
enum HistoricalResource {
    static func submit(_ call: Call) {
        do throws(Refusal) {
            let chain = try call.chain()
            let document = try read(call.body)
            let transaction = try resolve(document, in: chain.snapshot.state)
            chain.submit(SignedTransaction(transaction)) { result in
                switch result {
                case .success(let id): call.answer(["id": .string(id.hex), "state": "pending"], status: 202)
                case .failure(let refusal): call.refuse(refusal)
                }
            }
        } catch {
            call.refuse(error)
        }
    }

    // The transaction itself, or as the historical peers wrapped it.
    private static func read(_ body: JSONValue?) throws(Refusal) -> HistoricalDocument {
        guard let body, body.object != nil else { throw .badRequest("the body must be a transaction's JSON") }
        let isWrapped = body["transaction"]?.object != nil
        do throws(HistoricalFieldRejection) {
            let document = try HistoricalDocument(
                isWrapped ? body["transaction"] ?? .null : body, at: isWrapped ? ["transaction"] : [])
            try document.checkStated()
            return document
        } catch {
            throw Refusal(error)
        }
    }

    // The document names neither the second key nor the members: the account does, or the new group itself.
    private static func resolve(
        _ document: HistoricalDocument, in state: some StateReader
    ) throws(Refusal) -> HistoricalTransaction {
        let sender = document.transaction.sender
        let policy = AccountPolicy.of(Address(of: sender), in: state)
        var members = [sender] + (policy?.group?.keys ?? [])
        if case .multisignature(let group) = document.transaction.content { members += group.keys }
        do throws(HistoricalFieldRejection) {
            return try document.resolved(second: policy?.second, members: members)
        } catch {
            throw Refusal(error)
        }
    }
}

extension Refusal {
    fileprivate init(_ rejection: HistoricalFieldRejection) {
        self.init(
            code: "BAD_REQUEST", message: "\"\(rejection.path)\" \(rejection.problem)",
            facts: ["field": rejection.path.description])
    }
}
