internal import Crypto
internal import JSON
internal import Primitives

/// What the asset commands ask.
enum AssetListing {
    // A list for people ends somewhere.
    private static let mostShown = 10_000

    static func issuer(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        _ = try AssetView.chain(session)
        let word = try invocation.requiredArgument()
        let named = try session.node.find("/v1/issuers/\(word.percentEncoded)")
        let data: JSONValue
        if let named {
            data = named
        } else {
            let account = try? AccountBook(session).address(word)
            guard let account, let owned = try session.node.find("/v1/issuers/\(account.address)") else {
                throw CommandFailure(
                    "NO_ISSUER", "no issuer has the name or account \"\(word)\"",
                    hint: "etm asset list\(session.flags())", exit: .notFound)
            }
            data = owned
        }
        var pairs = [
            ("issuer", data["name"]?.string ?? "?"), ("account", data["owner"]?.string ?? "?"),
            ("since", "block \(StatusText.number(data["registered"]))"),
        ]
        if let text = data["description"]?.string, !text.isEmpty { pairs.append(("description", text)) }
        return Outcome(data: data, lines: TextLayout.pairs(pairs))
    }

    static func list(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        _ = try AssetView.chain(session)
        let filter = invocation.text("issuer").map { "?issuer=\($0.percentEncoded)" } ?? ""
        let assets = try AssetView.pages("/v1/assets\(filter)", "assets", most: mostShown, session)
        let rows = assets.map {
            [
                $0["currency"]?.string ?? "?", display($0["quantity"]), display($0["maximum"]),
                $0["writtenOff"]?.bool == true ? "written off" : $0["list"]?.string ?? "?",
            ]
        }
        let table = TextLayout.table(["ASSET", "EXISTS", "MAXIMUM", "GOES BY"], rows, right: [1, 2])
        return Outcome(
            data: ["assets": .array(assets)], lines: rows.isEmpty ? [] : table,
            notes: rows.isEmpty
                ? ["nobody has made an asset yet", "Next  etm asset issuer register NAME"] : [])
    }

    static func show(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        _ = try AssetView.chain(session)
        let data = try AssetView.load(try invocation.requiredArgument(), session).data
        let rights = (data["rights"]?.object?.members ?? []).filter { $0.value.bool == true }.map(\.key)
        var pairs = [
            ("asset", data["currency"]?.string ?? "?"), ("issuer's account", data["owner"]?.string ?? "?"),
            ("exists", display(data["quantity"])), ("maximum", display(data["maximum"])),
            ("decimal places", StatusText.number(data["precision"])),
            ("rights", rights.isEmpty ? "none" : rights.joined(separator: ", ")),
            ("goes by", data["list"]?.string ?? "?"),
            ("made in", "block \(StatusText.number(data["created"]))"),
        ]
        if data["writtenOff"]?.bool == true { pairs.append(("written off", "nothing of it moves again")) }
        if let text = data["description"]?.string, !text.isEmpty { pairs.append(("description", text)) }
        return Outcome(data: data, lines: TextLayout.pairs(pairs))
    }

    static func balance(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        _ = try AssetView.chain(session)
        let account = try StakingView.account(invocation, session)
        let path = "/v1/accounts/\(account.address)/assets"
        let held = try AssetView.pages(path, "holdings", most: mostShown, session)
        let lines = held.map { entry in
            let isStuck = entry["writtenOff"]?.bool == true || entry["barred"]?.bool == true
            let reason = entry["writtenOff"]?.bool == true ? "written off" : "barred"
            return "  \(display(entry["amount"]))\(isStuck ? "  (\(reason))" : "")"
        }
        return Outcome(
            data: ["address": .string(account.address.description), "holdings": .array(held)],
            lines: ["\(account.text)"] + (lines.isEmpty ? ["  holds no issuer's assets"] : lines))
    }

    static func access(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        _ = try AssetView.chain(session)
        let asset = try AssetView.load(try invocation.requiredArgument(), session)
        let list = invocation.text("on") ?? "blacklist"
        let path = "/v1/assets/\(asset.currency.percentEncoded)/access/\(list)"
        let accounts = try AssetView.pages(path, "accounts", most: mostShown, session)
        let isInForce = asset.data["list"]?.string == list
        let known = (try? AccountBook(session).all()) ?? []
        let rows = accounts.map { entry in
            let address = entry["address"]?.string ?? "?"
            let name = known.first { $0.address.description == address }?.name ?? ""
            return [address, name, StatusText.number(entry["since"])]
        }
        let head = "\(asset.currency)  \(list), \(isInForce ? "in force" : "not in force")"
        let table = TextLayout.table(["ACCOUNT", "NAME", "SINCE BLOCK"], rows, right: [2])
        return Outcome(
            data: [
                "currency": .string(asset.currency), "list": .string(list), "inForce": .bool(isInForce),
                "accounts": .array(accounts),
            ], lines: [head] + (rows.isEmpty ? ["  nobody is on it"] : table))
    }

    private static func display(_ value: JSONValue?) -> String { value?["display"]?.string ?? "-" }
}
