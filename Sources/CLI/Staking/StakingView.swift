internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives

/// The main chain as commands about locks, votes and miners see it.
struct StakingView {
    let chain: ChainView
    /// The agreed numbers of the elections.
    let rules: JSONValue

    /// Asks the node; fails where members are fixed.
    static func load(_ session: Session) throws(CommandFailure) -> StakingView {
        guard session.chain == "main" else {
            throw CommandFailure(
                "NO_ELECTIONS", "only the main chain has locks, votes and elections, not \(session.chain)",
                hint: "--chain main", exit: .refused)
        }
        let chain = try ChainView.load("main", session)
        guard let rules = chain.data["parameters"]?["elections"], !rules.isNull else {
            throw CommandFailure(
                "NO_ELECTIONS", "the members of this chain are fixed: nobody locks, votes or stands",
                hint: "etm devnet up --name elected --seats 3", exit: .refused)
        }
        return StakingView(chain: chain, rules: rules)
    }

    /// How long released amounts wait.
    var unbonding: String {
        DurationText.format(Instant.Span(milliseconds: rules["unbonding"]?.uint64 ?? 0))
    }

    /// What a miner leaves while it is registered.
    var minerDeposit: Amount { ChainView.amount(rules["minerDeposit"]) ?? .zero }

    /// The account that the command's argument names, else the sender.
    static func account(
        _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> (text: String, address: Address) {
        let book = AccountBook(session)
        let word: String
        if let argument = invocation.argument { word = argument } else { word = try book.sender().name }
        let (name, address) = try book.address(word)
        return (name.map { "\($0)  \(address)" } ?? address.description, address)
    }

    /// An account's locks, vote and releases.
    static func stake(of address: Address, _ session: Session) throws(CommandFailure) -> JSONValue {
        try session.node.get("/v1/stakes/\(address)")
    }

    /// A miner by name or key; fails with a suggestion.
    static func miner(_ word: String, _ session: Session) throws(CommandFailure) -> JSONValue {
        if let found = try session.node.find("/v1/miners/\(word.percentEncoded)") { return found }
        let names = try miners(session).compactMap { $0["name"]?.string }
        throw CommandFailure(
            "NO_MINER",
            "no miner has the name or key \"\(word)\"" + Suggestion.phrase(for: word, among: names),
            hint: "etm validator list", exit: .notFound)
    }

    // A chain may have a million miners; a list for people ends somewhere.
    private static let mostMiners = 10_000

    /// Every miner, by number; at most `mostMiners`.
    static func miners(_ session: Session) throws(CommandFailure) -> [JSONValue] {
        var found: [JSONValue] = []
        var next: UInt64? = 0
        while let after = next, found.count < mostMiners {
            let page = try session.node.get("/v1/miners?after=\(after)")
            found += page["miners"]?.array ?? []
            next = page["next"]?.uint64
        }
        return found
    }

    /// The figure for people of an amount or a weight.
    static func display(_ value: JSONValue?) -> String { value?["display"]?.string ?? "-" }

    /// The base units of an amount or a weight.
    static func units(_ value: JSONValue?) -> UInt64 { ChainView.amount(value)?.units ?? 0 }

    /// A miner's name, or its key where it has none.
    static func name(_ value: JSONValue?) -> String {
        value?["name"]?.string ?? value?["key"]?.string ?? "nobody"
    }
}
