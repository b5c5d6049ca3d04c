internal import Assets
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Transport

/// Issuers, their assets, who holds them and whom they bar.
enum AssetResource {
    // A description may have four kilobytes, so an answer stays below one megabyte.
    private static let mostRecords: UInt64 = 200
    private static let mostAccounts: UInt64 = 1_000

    /// The main chain's state; what it answers about is there whether or not the chain elects its members.
    private struct View {
        let snapshot: ChainSnapshot
        let query: AssetQuery<StateView>

        init(_ call: Call) throws(Refusal) {
            snapshot = try call.chain().snapshot
            query = AssetQuery(snapshot.state)
        }

        /// An answer's first members.
        var head: JSONObject {
            var object = JSONObject()
            object["height"] = JSONValue(snapshot.finalHeader.height.value)
            return object
        }
    }

    static func issuers(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let view = try View(call)
            let limit = try call.number("limit", standard: 100, in: 1...mostRecords)
            let after = call.request.queryValue("after")
            if let after, !AssetNames.isIssuer(after) {
                throw .badRequest("\"after\" must be what \"next\" said")
            }
            let page = view.query.issuers(after: after, limit: Int(limit))
            var object = view.head
            object["issuers"] = .array(page.map { .object(AssetShape.issuer($0)) })
            object["next"] = next(page.last?.name, page.count, limit)
            return .object(object)
        }
    }

    static func issuer(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let view = try View(call)
            let word = call.parameters["issuer"] ?? ""
            let owner = Address(text: word).flatMap { AssetBook.issuer(of: $0, in: view.snapshot.state) }
            guard let issuer = owner ?? AssetBook.issuer(named: word, in: view.snapshot.state) else {
                throw .notFound("no issuer has the name or account \"\(word)\"", hint: "etm asset list")
            }
            return .object(AssetShape.issuer(issuer))
        }
    }

    static func list(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let view = try View(call)
            let limit = try call.number("limit", standard: 100, in: 1...mostRecords)
            var issuer: String?
            if let name = call.request.queryValue("issuer") {
                guard let record = AssetBook.issuer(named: name, in: view.snapshot.state) else {
                    throw .notFound("no issuer has the name \"\(name)\"", hint: "etm asset list")
                }
                issuer = record.name
            }
            let page = view.query.assets(of: issuer, after: try after(call), limit: Int(limit))
            var object = view.head
            object["assets"] = .array(page.map { .object(AssetShape.asset($0)) })
            object["next"] = next(page.last?.currency, page.count, limit)
            return .object(object)
        }
    }

    static func show(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let view = try View(call)
            return .object(AssetShape.asset(try asset(call, view)))
        }
    }

    static func access(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let view = try View(call)
            let asset = try asset(call, view)
            let word = call.parameters["list"]
            guard let list = AccessList.allCases.first(where: { "\($0)" == word }) else {
                throw .badRequest("a list is \"blacklist\" or \"whitelist\"")
            }
            let limit = try call.number("limit", standard: 100, in: 1...mostAccounts)
            var mark: Address?
            if let text = call.request.queryValue("after") {
                guard let address = Address(text: text) else {
                    throw .badRequest("\"after\" must be an address")
                }
                mark = address
            }
            let page = view.query.listed(on: list, of: asset.currency, after: mark, limit: Int(limit))
            var object = view.head
            object["currency"] = .string(asset.currency)
            object["list"] = .string("\(list)")
            object["inForce"] = .bool(asset.list == list)
            object["accounts"] = .array(
                page.map {
                    ["address": .string($0.account.description), "since": JSONValue($0.since.value)]
                })
            object["next"] = next(page.last?.account.description, page.count, limit)
            return .object(object)
        }
    }

    static func holdings(_ call: Call) {
        call.attempt { () throws(Refusal) in
            let view = try View(call)
            guard let text = call.parameters["address"], let address = Address(text: text) else {
                throw .badRequest("an address is the letter A and Base58Check text")
            }
            let limit = try call.number("limit", standard: 100, in: 1...mostRecords)
            let page = view.query.holdings(of: address, after: try after(call), limit: Int(limit))
            var object = view.head
            object["address"] = .string(address.description)
            object["holdings"] = .array(page.map { holding($0.asset, $0.amount, address, view) })
            object["next"] = next(page.last?.asset.currency, page.count, limit)
            return .object(object)
        }
    }

    private static func holding(
        _ asset: AssetRecord, _ amount: UInt256, _ account: Address, _ view: View
    ) -> JSONValue {
        let isAdmitted = AssetBook.isAdmitted(account, to: asset, in: view.snapshot.state)
        return [
            "currency": .string(asset.currency), "amount": AssetShape.amount(amount, asset),
            "precision": JSONValue(UInt64(asset.precision)), "barred": .bool(!isAdmitted),
            "writtenOff": .bool(asset.isWrittenOff),
        ]
    }

    /// The asset that the path names; its issuer may be written in whatever capitals.
    private static func asset(_ call: Call, _ view: View) throws(Refusal) -> AssetRecord {
        let word = call.parameters["currency"] ?? ""
        if let name = AssetNames.issuer(of: word),
            let issuer = AssetBook.issuer(named: name, in: view.snapshot.state),
            let found = AssetBook.asset(
                issuer.name + word.dropFirst(name.utf8.count), in: view.snapshot.state)
        {
            return found
        }
        throw .notFound("nobody has made an asset \"\(word)\"", hint: "etm asset list")
    }

    private static func after(_ call: Call) throws(Refusal) -> String? {
        guard let mark = call.request.queryValue("after") else { return nil }
        guard AssetNames.issuer(of: mark) != nil else {
            throw .badRequest("\"after\" must be what \"next\" said")
        }
        return mark
    }

    private static func next(_ last: String?, _ count: Int, _ limit: UInt64) -> JSONValue {
        count == Int(limit) ? last.map { .string($0) } ?? .null : .null
    }
}
