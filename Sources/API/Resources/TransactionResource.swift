internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Transport

/// Transactions: shown, traced, simulated and taken.
enum TransactionResource {
    // There is no index by sender in a node: a search looks at so many heights, and at so many transactions.
    private static let mostHeights = 20_000
    private static let mostLooked = 20_000

    static func show(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let chain = try call.chain()
            let id = try call.transactionID()
            if let found = find(id, on: chain) { return .object(json(found, on: chain)) }
            guard let pending = chain.pending(id) else {
                // It may have become final between the two looks.
                if let found = find(id, on: chain) { return .object(json(found, on: chain)) }
                throw .notFound(
                    "no transaction \(id) waits or is final on this chain",
                    hint: "etm tx show ID --chain NAME")
            }
            let snapshot = chain.snapshot
            var object = TransactionShape.json(pending.transaction, in: snapshot.spec, state: snapshot.state)
            object["state"] = pending.height == nil ? "pending" : "included"
            if let height = pending.height { object["height"] = JSONValue(height.value) }
            return .object(object)
        }
    }

    static func trace(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let chain = try call.chain()
            let id = try call.transactionID()
            guard let found = find(id, on: chain) else {
                throw .notFound("transaction \(id) is not final on this chain", hint: "etm tx wait \(id)")
            }
            var object = json(found, on: chain)
            let height = found.final.block.header.height
            let changes = chain.changes(at: height) ?? .empty
            let isAlone = found.final.block.transactions.count == 1
            object["scope"] = isAlone ? "transaction" : "block"
            Shape.changes(changes, in: &object)
            object["stateChanged"] = .bool(found.receipt.map { $0.error == nil } ?? false)
            object["logs"] = .array(
                chain.logs(after: 0, limit: 10_000).filter { $0.transaction == id }.map { .string($0.text) })
            return .object(object)
        }
    }

    static func list(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let chain = try call.chain()
            guard let text = call.request.queryValue("sender"), let sender = Address(text: text) else {
                throw .badRequest("\"sender\" must be an address")
            }
            let limit = try call.number("limit", standard: 20, in: 1...100)
            let (found, lowest) = search(sender, on: chain, limit: Int(limit))
            return [
                "transactions": .array(found.map { .object(json($0, on: chain)) }),
                "searchedDownTo": JSONValue(lowest.value),
            ]
        }
    }

    /// An account's latest transactions, newest first, and the lowest height that was looked at.
    private static func search(
        _ sender: Address, on chain: any ChainQueries, limit: Int
    ) -> (found: [Found], lowest: Height) {
        var found: [Found] = []
        var lowest = chain.snapshot.finalHeader.height
        var next: Height? = lowest
        var heights = 0
        var looked = 0
        while let from = next, heights < mostHeights, looked < mostLooked, found.count < limit {
            let page = chain.summaries(from: from, most: 500)
            for summary in page where looked < mostLooked && found.count < limit {
                lowest = summary.header.height
                guard summary.transactionCount > 0, let final = chain.finalBlock(at: lowest) else { continue }
                looked += summary.transactionCount
                found += places(of: sender, in: final).prefix(limit - found.count)
            }
            heights += page.count
            next = page.last?.header.height.previous
        }
        return (found, lowest)
    }

    private static func places(of sender: Address, in final: FinalBlock) -> [Found] {
        let transactions = final.block.transactions
        return transactions.indices.reversed().compactMap { index in
            Address(of: transactions[index].sender) == sender ? Found(final: final, index: index) : nil
        }
    }

    static func submit(_ call: Call) {
        do throws(Refusal) {
            let chain = try call.chain()
            chain.submit(try call.signedTransaction()) { result in
                switch result {
                case .success(let id): call.answer(["id": .string(id.hex), "state": "pending"], status: 202)
                case .failure(let refusal): call.refuse(refusal)
                }
            }
        } catch {
            call.refuse(error)
        }
    }

    static func simulate(_ call: Call) {
        do throws(Refusal) {
            let chain = try call.chain()
            let spec = chain.snapshot.spec
            chain.simulate(try call.signedTransaction()) { result in
                switch result {
                case .success(let trial): call.answer(simulation(trial, in: spec))
                case .failure(let refusal): call.refuse(refusal)
                }
            }
        } catch {
            call.refuse(error)
        }
    }

    private static func simulation(_ trial: Simulation, in spec: ChainSpec) -> JSONValue {
        var object = Shape.receipt(trial.receipt, in: spec).object ?? JSONObject()
        object["stateChanged"] = .bool(trial.receipt.error == nil)
        Shape.changes(trial.changes, in: &object)
        object["logs"] = .array(trial.logs.map { .string($0) })
        return .object(object)
    }

    struct Found {
        let final: FinalBlock
        let index: Int
        var receipt: Receipt? { final.receipts.indices.contains(index) ? final.receipts[index] : nil }
    }

    static func find(_ id: TransactionID, on chain: any ChainQueries) -> Found? {
        guard let place = chain.location(of: id), let final = chain.finalBlock(at: place.height),
            final.block.transactions.indices.contains(place.index)
        else { return nil }
        return Found(final: final, index: place.index)
    }

    private static func json(_ found: Found, on chain: any ChainQueries) -> JSONObject {
        let snapshot = chain.snapshot
        let spec = snapshot.spec
        let header = found.final.block.header
        var object = TransactionShape.json(
            found.final.block.transactions[found.index], in: spec, state: snapshot.state)
        object["state"] = "final"
        object["height"] = JSONValue(header.height.value)
        object["block"] = .string(found.final.block.id.hex)
        object["index"] = JSONValue(UInt64(found.index))
        object["time"] = JSONValue(header.timestamp.milliseconds)
        if let receipt = found.receipt { object["receipt"] = Shape.receipt(receipt, in: spec) }
        return object
    }
}
