internal import API
internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Randomness

/// One complete, final round as a node shows it.
struct RoundReading {
    /// Its headers, oldest first.
    let headers: [BlockHeader]
    /// The tower's profile: chosen by hand, else the chain's own.
    let profile: TowerProfile
    /// What the tower stands on.
    let input: TowerInput
    /// True when the node publishes towers of this profile.
    let isPublished: Bool
    private let chain: JSONValue
    private let certificate: Certificate?

    var last: BlockHeader { headers[headers.count - 1] }

    init(_ invocation: Invocation, _ session: Session) throws(CommandFailure) {
        let node = try session.node
        let path = "/v1/chains/\(session.chain.percentEncoded)"
        chain = try node.get(path)
        guard let length = chain["parameters"]?["roundLength"]?.uint64, (1...4_096).contains(length),
            let final = chain["final"]?.uint64
        else { throw .bug("the node describes its chain without a round") }
        let complete = final / length
        let number = invocation.integer("round", default: complete)
        guard number > 0, number <= complete else {
            throw CommandFailure(
                "NOT_COMPLETE", "round \(max(number, 1)) is not final yet; \(complete) are",
                hint: "etm status", exit: .notFound)
        }
        var headers: [BlockHeader] = []
        var certificate: Certificate?
        for height in (number - 1) * length + 1...number * length {
            session.terminal.spin("reading block \(height)")
            let block = try node.get("\(path)/blocks/\(height)")
            guard let header = Self.header(block) else {
                throw .bug("the node shows a block without its header")
            }
            headers.append(header)
            certificate = Self.certificate(block)
        }
        guard let input = TowerInput(values: headers.map(\.beacon.bytes), height: Height(number * length))
        else { throw .bug("a round has no blocks") }
        let chosen = invocation.text("tower").flatMap { TowerProfile(name: $0) }
        let own = Self.profile(of: chain)
        profile = chosen ?? own ?? .standard
        isPublished = own != nil && own == profile && session.chain == "main"
        self.headers = headers
        self.input = input
        self.certificate = certificate
    }

    private static func header(_ block: JSONValue) -> BlockHeader? {
        block["header"]?.string.flatMap { Hex.decode($0) }.flatMap { try? BlockHeader(decoding: $0) }
    }

    private static func certificate(_ block: JSONValue) -> Certificate? {
        block["certificate"]?["bytes"]?.string.flatMap { Hex.decode($0) }
            .flatMap { try? Certificate(decoding: $0) }
    }

    /// The tower that the chain builds, or nil where it builds none.
    private static func profile(of chain: JSONValue) -> TowerProfile? {
        let tower = chain["parameters"]?["tower"]
        guard let lookups = tower?["lookups"]?.uint64.flatMap({ UInt32(exactly: $0) }),
            let hashes = tower?["hashes"]?.uint64
        else { return nil }
        return TowerProfile(lookups: lookups, hashes: hashes)
    }

    /// The round's members: those of the chain, or of the round where members are elected.
    func members(_ session: Session) throws(CommandFailure) -> MemberSet? {
        let isElected = chain["parameters"]?["elections"]?.object != nil
        let list =
            isElected
            ? try session.node.find("/v1/rounds/\(last.round.value)")?["members"]?.array
            : chain["members"]?.array
        guard let list else { return nil }
        let keys = list.compactMap { ($0.string ?? $0["key"]?.string).flatMap { PublicKey(hex: $0) } }
        return keys.count == list.count ? MemberSet(keys) : nil
    }

    /// The proof that the last header is final, as far as the node shows it.
    func finality(_ session: Session) throws(CommandFailure) -> DrawFinality? {
        guard let certificate, certificate.ballot.block == last.id, let members = try members(session) else {
            return nil
        }
        return DrawFinality(certificate: certificate, members: members)
    }
}
