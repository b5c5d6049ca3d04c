internal import JSON
internal import Primitives

extension DAppManifest {
    /// Reads the text of `etm.dapp.json`; a refusal names file, line and column of everything that is wrong.
    ///
    /// Defaults: description and tags empty, category Common, no token, fees in ETM with minimum 0 and gas price 0,
    /// blocks of 1 s, 1,000 transactions, 1 MiB and 50,000,000 gas, consensus bft, leader chaos, the main chain's
    /// validators, heartbeat 10 m.
    public static func parse(_ text: [UInt8]) throws(ManifestRejection) -> DAppManifest {
        let document: JSONDocument
        do {
            document = try JSONParser.parseWithPositions(
                text, limits: JSONLimits(maximumBytes: mostBytes, maximumDepth: 8))
        } catch {
            throw ManifestRejection(diagnostics: [
                Diagnostic(
                    file: fileName, line: UInt32(error.position.line), column: UInt32(error.position.column),
                    code: "json", message: error.reason.sentence)
            ])
        }
        var form = ManifestForm(document: document)
        let manifest = form.manifest()
        guard form.diagnostics.isEmpty, let manifest else {
            let sorted = form.diagnostics.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
            throw ManifestRejection(diagnostics: sorted)
        }
        return manifest
    }
}

/// Reads the fields of a manifest one by one and gathers what is wrong.
private struct ManifestForm {
    let document: JSONDocument
    var diagnostics: [Diagnostic] = []

    init(document: JSONDocument) { self.document = document }

    mutating func manifest() -> DAppManifest? {
        guard document.value.object != nil else {
            report([], "type", "The manifest must be an object.", "begin with { \"name\": \"…\" }")
            return nil
        }
        refuseUnknown(
            in: [],
            known: [
                "name", "description", "category", "tags", "token", "fees", "blocks", "consensus", "leader",
                "validators", "heartbeat",
            ])
        let name = name()
        let token = token()
        let manifest = DAppManifest(
            name: name, description: text(["description"], most: 160), category: category(),
            tags: text(["tags"], most: 160), token: token, fees: fees(token: token), blocks: blocks(),
            agreement: (
                choice(["consensus"], [("bft", .bft), ("solo", .solo)], otherwise: .bft),
                choice(
                    ["leader"], [("chaos", .chaos), ("roundRobin", .roundRobin), ("blockId", .blockID)],
                    otherwise: .chaos)
            ),
            validators: validators(),
            heartbeat: span(["heartbeat"], ManifestRules.heartbeat, otherwise: 600_000, "from 1s to 24h"))
        return diagnostics.isEmpty ? manifest : nil
    }

    // Parts

    private mutating func name() -> String {
        guard let value = document[["name"]] else {
            report([], "missing", "The manifest has no name.", "add \"name\": \"my-dapp\"")
            return ""
        }
        guard let name = value.string, ManifestRules.isName(name) else {
            report(
                ["name"], "name", "The name must be 2 to 32 of a-z, 0-9 and -, beginning with a letter.",
                "for example \"my-dapp\"")
            return ""
        }
        return name
    }

    private mutating func category() -> DAppManifest.Category {
        guard let value = document[["category"]] else { return .common }
        if let number = value.int, let raw = UInt8(exactly: number),
            let found = DAppManifest.Category(rawValue: raw)
        {
            return found
        }
        if let found = DAppManifest.Category.allCases.first(where: { $0.name == value.string }) {
            return found
        }
        let names = DAppManifest.Category.allCases.map(\.name).joined(separator: ", ")
        report(["category"], "category", "There is no such category.", "use 1 to 9 or one of \(names)")
        return .common
    }

    private mutating func token() -> DAppManifest.Token? {
        guard isObject(["token"]) else { return nil }
        refuseUnknown(in: ["token"], known: ["symbol", "decimals", "supply", "owner"])
        let symbol = document[["token", "symbol"]]?.string ?? ""
        if !ManifestRules.isSymbol(symbol) || symbol == "ETM" {
            report(
                ["token", "symbol"], "symbol", "The symbol must be 3 to 6 capital letters and not ETM.",
                "for example \"GOLD\"")
        }
        let decimals = number(["token", "decimals"], 0...18, otherwise: 8)
        let supply = decimal(["token", "supply"], decimals: Int(decimals), otherwise: nil)
        var owner: String?
        if let value = document[["token", "owner"]], !value.isNull {
            owner = value.string
            if !(owner.map(ManifestRules.looksLikeAddress) ?? false) {
                report(
                    ["token", "owner"], "address", "The owner must be an address.",
                    "leave it out to own it yourself")
            }
        }
        return DAppManifest.Token(symbol: symbol, decimals: UInt8(decimals), supply: supply, owner: owner)
    }

    private mutating func fees(token: DAppManifest.Token?) -> DAppManifest.Fees {
        guard isObject(["fees"]) else {
            return DAppManifest.Fees(currency: "ETM", minimum: .zero, gasPrice: .zero)
        }
        refuseUnknown(in: ["fees"], known: ["currency", "minimum", "gasPrice"])
        let value = document[["fees", "currency"]]
        let currency = value == nil ? "ETM" : value?.string ?? ""
        if currency != "ETM", currency != token?.symbol || currency.isEmpty {
            report(["fees", "currency"], "currency", "Fees are paid in ETM or in the token.", "use \"ETM\"")
        }
        let decimals = currency == "ETM" ? Amount.decimals : Int(token?.decimals ?? 0)
        return DAppManifest.Fees(
            currency: currency, minimum: decimal(["fees", "minimum"], decimals: decimals, otherwise: .zero),
            gasPrice: decimal(["fees", "gasPrice"], decimals: 0, otherwise: .zero))
    }

    private mutating func blocks() -> DAppManifest.Blocks {
        if isObject(["blocks"]) {
            refuseUnknown(in: ["blocks"], known: ["interval", "maxTransactions", "maxBytes", "gas"])
        }
        return DAppManifest.Blocks(
            interval: span(
                ["blocks", "interval"], ManifestRules.interval, otherwise: 1_000, "from 200ms to 60s"),
            maxTransactions: UInt32(
                number(["blocks", "maxTransactions"], ManifestRules.transactions, otherwise: 1_000)),
            maxBytes: UInt32(number(["blocks", "maxBytes"], ManifestRules.bytes, otherwise: 1_048_576)),
            gas: number(["blocks", "gas"], ManifestRules.gas, otherwise: 50_000_000))
    }

    private mutating func validators() -> [PublicKey] {
        guard let value = document[["validators"]] else { return [] }
        guard let list = value.array, (1...DAppManifest.mostValidators).contains(list.count) else {
            report(
                ["validators"], "validators", "validators is a list of 1 to 101 keys.",
                "leave it out for the main chain's")
            return []
        }
        var keys: [PublicKey] = []
        for (index, item) in list.enumerated() {
            if let key = item.string.flatMap({ PublicKey(hex: $0) }), !keys.contains(key) {
                keys.append(key)
            } else {
                let path = JSONPath([.key("validators"), .index(index)])
                report(
                    path, "validators", "A validator is a public key of 64 hexadecimal digits, named once.")
            }
        }
        return keys
    }

    // Kinds of values

    private mutating func isObject(_ path: JSONPath) -> Bool {
        guard let value = document[path], !value.isNull else { return false }
        if value.object != nil { return true }
        report(path, "type", "\(path) must be an object.")
        return false
    }

    private mutating func text(_ path: JSONPath, most: Int) -> String {
        guard let value = document[path] else { return "" }
        guard let text = value.string, text.utf8.count <= most else {
            report(path, "length", "\(path) must be text of at most \(most) bytes.")
            return ""
        }
        return text
    }

    private mutating func number(_ path: JSONPath, _ range: ClosedRange<UInt64>, otherwise: UInt64) -> UInt64
    {
        guard let value = document[path] else { return otherwise }
        guard let number = value.uint64, range.contains(number) else {
            report(
                path, "range",
                "\(path) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
            return otherwise
        }
        return number
    }

    private mutating func decimal(_ path: JSONPath, decimals: Int, otherwise: Amount?) -> Amount {
        guard let value = document[path] else {
            if otherwise == nil {
                report(path, "missing", "\(path) is missing.", "write it as text, such as \"1000\"")
            }
            return otherwise ?? .zero
        }
        guard let amount = value.string.flatMap({ Amount(decimal: $0, decimals: decimals) }) else {
            report(
                path, "amount",
                "\(path) must be decimal text with at most \(decimals) places, below 2^64 base units.",
                "for example \"1000\"")
            return .zero
        }
        return amount
    }

    private mutating func span(
        _ path: JSONPath, _ range: ClosedRange<UInt64>, otherwise: UInt64, _ bounds: String
    ) -> Instant.Span {
        guard let value = document[path] else { return Instant.Span(milliseconds: otherwise) }
        guard let found = value.string.flatMap(ManifestRules.milliseconds), range.contains(found) else {
            report(path, "range", "\(path) must be a time \(bounds).", "for example \"1s\"")
            return Instant.Span(milliseconds: otherwise)
        }
        return Instant.Span(milliseconds: found)
    }

    private mutating func choice<Value>(
        _ path: JSONPath, _ choices: [(name: String, value: Value)], otherwise: Value
    ) -> Value {
        guard let value = document[path] else { return otherwise }
        if let found = choices.first(where: { $0.name == value.string }) { return found.value }
        let names = choices.map { "\"\($0.name)\"" }.joined(separator: " or ")
        report(path, "choice", "\(path) must be \(names).")
        return otherwise
    }

    // Findings

    private mutating func refuseUnknown(in path: JSONPath, known: [String]) {
        for key in document[path]?.object?.keys ?? [] where !known.contains(key) {
            let place = path.appending(.key(key))
            let position = document.keyPosition(of: place) ?? document.nearestPosition(to: place)
            add(
                position, "unknown-field", "There is no field \(place).",
                "known are \(known.joined(separator: ", "))")
        }
    }

    private mutating func report(_ path: JSONPath, _ code: String, _ message: String, _ hint: String = "") {
        add(document.nearestPosition(to: path), code, message, hint)
    }

    private mutating func add(_ position: JSONPosition, _ code: String, _ message: String, _ hint: String) {
        diagnostics.append(
            Diagnostic(
                file: DAppManifest.fileName, line: UInt32(position.line), column: UInt32(position.column),
                code: code,
                message: message.cut(toBytes: 1024), hint: hint.cut(toBytes: 1024)))
    }
}
