internal import JSON
internal import Ledger
internal import Primitives

/// What the command needs to know of a chain before it sends something there.
struct ChainView: Sendable {
    let name: String
    let id: ChainID
    let height: UInt64
    let isMain: Bool
    let currencies: [Currency]
    let feeCurrency: Int
    let gasPrice: Amount
    let callGas: UInt64
    let data: JSONValue

    /// Asks the node; an unknown chain fails with a suggestion.
    static func load(_ name: String, _ session: Session) throws(CommandFailure) -> ChainView {
        guard let data = try session.node.find("/v1/chains/\(name.percentEncoded)") else {
            throw try unknown(name, session)
        }
        guard let id = data["id"]?.string.flatMap({ ChainID(hex: $0) }) else {
            throw .bug("the node described chain \(name) without its id")
        }
        let fees = data["fees"]
        let limits = data["limits"] ?? data["parameters"]?["limits"] ?? data["parameters"]
        return ChainView(
            name: data["name"]?.string ?? name, id: id, height: data["height"]?.uint64 ?? 0,
            isMain: data["kind"]?.string == "main", currencies: currencies(data),
            feeCurrency: fees?["currency"]?.int ?? 0,
            gasPrice: amount(fees?["gasPrice"]) ?? .zero, callGas: limits?["callGas"]?.uint64 ?? 1_000_000,
            data: data)
    }

    private static func unknown(_ name: String, _ session: Session) throws(CommandFailure) -> CommandFailure {
        let chains = try session.node.get("/v1/chains").array ?? []
        let names = chains.compactMap { $0["name"]?.string }
        return CommandFailure(
            "NO_CHAIN", "there is no chain \"\(name)\"" + Suggestion.phrase(for: name, among: names),
            hint: "etm chain list", exit: .notFound)
    }

    private static func currencies(_ data: JSONValue) -> [Currency] {
        let list = (data["assets"]?.array ?? []).map {
            Currency(symbol: $0["symbol"]?.string ?? "?", decimals: $0["decimals"]?.int ?? 0)
        }
        return list.isEmpty ? [.etm] : list
    }

    /// The chain's description once its replica runs here; fails when it cannot.
    static func awaitRunning(_ name: String, _ session: Session) throws(CommandFailure) -> JSONValue {
        let path = "/v1/chains/\(name.percentEncoded)"
        return try session.wait(for: "waiting until chain \(name) runs", hint: "etm chain inspect \(name)") {
            () throws(CommandFailure) -> JSONValue? in
            guard let chain = try session.node.find(path) else { return nil }
            switch chain["state"]?.string {
            case "running": return chain
            case "failed":
                let reason = chain["reason"]?.string ?? chain["note"]?.string ?? "no reason was given"
                throw CommandFailure(
                    "CHAIN_FAILED", "chain \(name) does not run: \(reason)", hint: "etm devnet logs",
                    exit: .refused)
            default: return nil
            }
        }
    }

    /// Base units given as a string, or as an object with units.
    static func amount(_ value: JSONValue?) -> Amount? {
        let text = value?.string ?? value?["units"]?.string
        return (text.flatMap { UInt64($0) } ?? value?.uint64).map { Amount(units: $0) }
    }

    /// The asset that a symbol names; without one, ETM.
    func asset(_ symbol: String?) throws(CommandFailure) -> Int {
        guard let symbol else { return 0 }
        if let index = currencies.firstIndex(where: { $0.symbol.uppercased() == symbol }) { return index }
        throw .usage(
            "WRONG_CURRENCY", "chain \(name) has no \(symbol)",
            hint: "it has \(currencies.map(\.symbol).joined(separator: ", "))")
    }

    /// The balances of an account here, by asset, and what the account asks for.
    func standing(
        of address: Address, _ session: Session
    ) throws(CommandFailure) -> (balances: [Amount], policy: AccountPolicy?) {
        let data = try session.node.get("/v1/chains/\(name.percentEncoded)/accounts/\(address)")
        var amounts = currencies.map { _ in Amount.zero }
        for entry in data["balances"]?.array ?? [] {
            let index = entry["asset"]?.int ?? currencies.firstIndex { $0.symbol == entry["symbol"]?.string }
            guard let index, amounts.indices.contains(index) else { continue }
            amounts[index] = Self.amount(entry) ?? .zero
        }
        return (amounts, try PolicyView.read(data))
    }
}
