internal import Assets
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// An asset as commands about it see it.
struct AssetView {
    let currency: String
    let precision: Int
    /// What the node says of it.
    let data: JSONValue

    private init(_ data: JSONValue) throws(CommandFailure) {
        guard let currency = data["currency"]?.string, let precision = data["precision"]?.int,
            (0...Int(CreateAssetPayload.mostPlaces)).contains(precision)
        else { throw .bug("the node described an asset without its name or places") }
        self.currency = currency
        self.precision = precision
        self.data = data
    }

    /// The main chain, which alone has issuers and their assets.
    static func chain(_ session: Session) throws(CommandFailure) -> ChainView {
        guard session.chain == "main" else {
            throw CommandFailure(
                "MAIN_CHAIN_ONLY", "only the main chain has this, not \(session.chain)",
                hint: "--chain main", exit: .refused)
        }
        return try ChainView.load("main", session)
    }

    /// Asks the node; an unknown asset fails with a suggestion.
    static func load(_ word: String, _ session: Session) throws(CommandFailure) -> AssetView {
        if let found = try session.node.find("/v1/assets/\(word.percentEncoded)") {
            return try AssetView(found)
        }
        let known = try session.node.get("/v1/assets?limit=200")["assets"]?.array ?? []
        let names = known.compactMap { $0["currency"]?.string }
        throw CommandFailure(
            "NO_ASSET", "nobody has made an asset \"\(word)\"" + Suggestion.phrase(for: word, among: names),
            hint: "etm asset list\(session.flags())", exit: .notFound)
    }

    /// The base units of an amount in the asset's own decimals.
    func amount(_ text: String) throws(CommandFailure) -> UInt256 {
        try AssetView.amount(text, of: currency, precision)
    }

    /// The base units of an amount with so many decimals; exact, or refused.
    static func amount(
        _ text: String, of currency: String, _ precision: Int
    ) throws(CommandFailure) -> UInt256 {
        guard let typed = AmountText(text) else { throw .bug("an unchecked amount") }
        let symbol = currency.split(separator: ".").last.map(String.init) ?? currency
        if let other = typed.symbol, other != symbol {
            throw .usage(
                "WRONG_CURRENCY", "this takes \(currency), not \(other)", hint: "write \(typed.digits)")
        }
        guard let amount = UInt256(decimal: typed.digits, decimals: precision), amount != .zero,
            amount <= AssetAmount.most
        else {
            throw .usage(
                "BAD_AMOUNT",
                "\(typed.digits) is no amount of \(currency): it is above zero, has at most \(precision) decimal "
                    + "places and at most 10^48 base units",
                hint: "amounts are exact decimals such as 10 or 0.5")
        }
        return amount
    }

    /// For people.
    func display(_ amount: UInt256) -> String { "\(amount.formatted(decimals: precision)) \(currency)" }

    /// How much an account holds.
    func holding(of address: Address, _ session: Session) throws(CommandFailure) -> UInt256 {
        let path = "/v1/accounts/\(address)/assets"
        let held = try AssetView.pages(path, "holdings", most: .max, session)
            .first { $0["currency"]?.string == currency }
        return held?["amount"]?["units"]?.string.flatMap { UInt256(decimal: $0) } ?? .zero
    }

    /// Every record of a paged answer, at most `most` of them.
    static func pages(
        _ path: String, _ member: String, most: Int, _ session: Session
    ) throws(CommandFailure) -> [JSONValue] {
        var found: [JSONValue] = []
        var mark: String?
        repeat {
            let joint = path.contains("?") ? "&" : "?"
            let page = try session.node.get(path + (mark.map { "\(joint)after=\($0.percentEncoded)" } ?? ""))
            found += page[member]?.array ?? []
            mark = page["next"]?.string
        } while mark != nil && found.count < most
        return Array(found.prefix(most))
    }
}
