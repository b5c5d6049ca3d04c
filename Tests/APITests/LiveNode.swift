import API
import Crypto
import Dispatch
import JSON
import Ledger
import Primitives
import Sidechains
import Synchronization
import Testing
import Transport

/// A node of a main chain and the side chain "hello", behind the real server on a free loopback port.
final class LiveNode: Sendable {
    let main: LiveChain
    let side: LiveChain
    let hub: EventHub
    let url: String
    let port: UInt16
    private let server: HTTPServer
    private let client = HTTPClient()
    private let salt = Atomic<UInt64>(0)
    private let facts: NodeFacts

    static let wealth = Amount.etm(1_000)

    init(hub: EventHub = EventHub(), isDevnet: Bool = true, wealth: Amount = LiveNode.wealth) throws {
        let validators = (100..<104 as Range<UInt64>).map(key)
        main = LiveChain(try LiveNode.mainSpec(validators, wealth), validators: validators)
        let members = (200..<204 as Range<UInt64>).map(key)
        let registration = try LiveNode.registration(members)
        let payload = registration.encoded
        let transaction = Transaction(
            chain: main.spec.id, kind: .registerDApp, expiry: Height(50), fee: .etm(101), salt: 1 << 60,
            sender: .zero, payload: payload
        ).signed(by: key(1))
        main.submit(transaction) { result in
            if case .failure(let refusal) = result { Issue.record("\(refusal)") }
        }
        try main.make()
        let id = SideChainRecord.chainID(of: transaction.id)
        let record = try #require(main.snapshot.state.read(SideChainRecord.self, SideChainRecord.key(id)))
        side = LiveChain(record.spec(of: id), validators: members, record: record)
        facts = NodeFacts(main: main, side: side, isDevnet: isDevnet)
        self.hub = hub
        let handler = APIHandler(
            node: facts, events: hub, reading: QueueLane("reading"), control: QueueLane("control"))
        var configuration = HTTPServerConfiguration()
        configuration.stopTime = .milliseconds(50)
        server = HTTPServer(configuration: configuration, handler: handler)
        try server.start()
        port = server.port ?? 0
        url = "http://127.0.0.1:\(port)"
    }

    deinit { server.stop() }

    private static func mainSpec(_ validators: [KeyPair], _ wealth: Amount) throws -> ChainSpec {
        .main(
            consensus: consensus,
            genesis: Genesis(
                time: Instant(milliseconds: 1_700_000_000_000),
                members: try #require(MemberSet(validators.map(\.publicKey))),
                balances: (1...5).map { .init(address: key($0).address, amount: wealth) }))
    }

    private static let consensus = ConsensusParameters(
        leaderRule: .roundRobin, pacing: .onDemand(heartbeat: .seconds(600)), roundLength: 4,
        interval: .init(milliseconds: 1_000), delta: .init(milliseconds: 500))

    private static func registration(_ members: [KeyPair]) throws -> Registration {
        var registration = Registration(
            name: "hello", validators: try #require(MemberSet(members.map(\.publicKey))),
            consensus: consensus,
            limits: BlockLimits(transactions: 100, bytes: 65_536, gas: 1_000_000, callGas: 100_000),
            fees: FeeSchedule(
                currency: .etm, base: Amount(units: 1_000), registration: .zero, registrationDeposit: .zero,
                perKilobyte: .zero, gasPrice: .zero),
            bundle: [1, 2, 3])
        registration.token = .init(
            symbol: "GOLD", decimals: 2, supply: Amount(units: 7_700), holder: key(2).address)
        return registration
    }

    // MARK: Asking

    func get(_ path: String) throws -> Answer { try Answer(client.send(url: url + path)) }

    func post(_ path: String, _ body: JSONValue) throws -> Answer {
        try post(path, bytes: JSONWriter.compact(body))
    }

    func post(_ path: String, bytes: [UInt8]) throws -> Answer {
        try Answer(client.send(method: .post, url: url + path, body: bytes))
    }

    func send(_ method: HTTPMethod, _ path: String) throws -> HTTPResponse {
        try client.send(method: method, url: url + path)
    }

    /// Reads so many lines of the stream; `begun` runs after the first of them.
    func stream(_ query: String, lines count: Int, begun: () throws -> Void = {}) throws -> [JSONValue] {
        var lines: [JSONValue] = []
        try withoutActuallyEscaping(begun) { begun in
            _ = try client.stream(url: "\(url)/v1/stream?\(query)", timeout: .seconds(20)) { line in
                lines.append((try? JSONParser.parse(line)) ?? "no JSON")
                if lines.count == 1 { try? begun() }
                return lines.count < count
            }
        }
        return lines
    }

    // MARK: Acting

    func transfer(
        _ units: UInt64, from sender: UInt64 = 1, to recipient: UInt64 = 2, fee: UInt64 = 10_000_000,
        expiry: UInt64? = nil
    ) -> SignedTransaction {
        let payload = TransferPayload(recipient: key(recipient).address, amount: Amount(units: units))
        return sign(.transfer, payload, by: sender, fee: fee, expiry: expiry)
    }

    func sign(
        _ kind: TransactionKind, _ payload: some Canonical, by sender: UInt64, fee: UInt64 = 10_000_000,
        expiry: UInt64? = nil, on chain: LiveChain? = nil
    ) -> SignedTransaction {
        let chain = chain ?? main
        let height = chain.snapshot.finalHeader.height.value
        return Transaction(
            chain: chain.spec.id, kind: kind, expiry: Height(expiry ?? height + 100), fee: Amount(units: fee),
            salt: salt.add(1, ordering: .relaxed).newValue, sender: .zero, payload: payload.encoded
        ).signed(by: key(sender))
    }

    func submit(_ signed: SignedTransaction, to chain: String = "main") throws -> Answer {
        try post("/v1/chains/\(chain)/transactions", ["transaction": .string(Hex.encode(signed.bytes))])
    }
}

/// What the interface answered.
struct Answer {
    let status: Int
    let body: JSONValue

    init(_ response: HTTPResponse) throws {
        status = response.status
        body = try JSONParser.parse(response.body)
        #expect(response.contentType == "application/json")
        #expect(body["v"] == 1 && body["ok"] == .bool((200..<300).contains(status)))
    }

    var data: JSONValue { body["data"] ?? .null }
    var error: JSONValue { body["error"] ?? .null }
    var code: String { error["code"]?.string ?? "" }
}

/// A lane on a queue.
struct QueueLane: WorkLane {
    private let queue: DispatchQueue

    init(_ name: String) { queue = DispatchQueue(label: name) }

    func run(_ work: @escaping @Sendable () -> Void) -> Bool {
        queue.async(execute: work)
        return true
    }
}

/// Both chains as a node shows them.
private struct NodeFacts: NodeQueries {
    let main: LiveChain
    let side: LiveChain
    let isDevnet: Bool

    var version: String { "0.0.7" }
    var chains: [any ChainQueries] { [main, side] }
    var time: Instant { main.snapshot.finalHeader.timestamp }
    var unreadiness: [String] { side.snapshot.lifecycle == .starting ? ["chain hello is starting"] : [] }
    var memberNames: [PublicKey: String] { [key(100).publicKey: "validator-1"] }
    var devnet: (any DevnetControls)? { isDevnet ? Controls(main: main) : nil }

    func chain(_ name: String) -> (any ChainQueries)? {
        for chain in [main, side] where name == chain.spec.name || name == chain.spec.id.hex { return chain }
        return nil
    }

    func conservation() -> Conservation? {
        let (top, below) = (main.snapshot, side.snapshot)
        guard let total = Conservation.audit(main: top.state, genesis: top.spec.genesis),
            let part = Conservation.audit(side: below.state, chain: below.spec.id, main: top.state)
        else { return nil }
        return Conservation(main: total, sides: [part])
    }

    func startChain(_ name: String) -> Result<ChainLifecycle, Refusal> { set(name, .starting) }

    func stopChain(_ name: String) -> Result<ChainLifecycle, Refusal> { set(name, .stopped) }

    private func set(_ name: String, _ state: ChainLifecycle) -> Result<ChainLifecycle, Refusal> {
        guard name == side.spec.name else {
            return .failure(Refusal(code: "NOT_FOUND", message: "no side chain is named \(name)"))
        }
        side.set(state)
        return .success(state)
    }
}

/// Blocks by hand, on a chain where nobody else makes them.
private struct Controls: DevnetControls {
    let main: LiveChain

    var description: JSONValue { ["name": "test", "mine": "manual", "accounts": []] }

    func mine(_ count: Int, reply: @escaping @Sendable (Result<Height, Refusal>) -> Void) {
        for _ in 0..<count { _ = try? main.make() }
        reply(.success(main.snapshot.finalHeader.height))
    }

    func fund(
        _ address: Address, amount: Amount,
        reply: @escaping @Sendable (Result<TransactionID, Refusal>) -> Void
    ) {
        let payload = TransferPayload(recipient: address, amount: amount)
        let transaction = Transaction(
            chain: main.spec.id, kind: .transfer, expiry: main.snapshot.finalHeader.height.next,
            fee: main.spec.fees.base, salt: 0, sender: .zero, payload: payload.encoded)
        main.submit(transaction.signed(by: key(5)), reply: reply)
    }

    func advanceTime(by span: Instant.Span) -> Instant? { nil }

    func stop() {}
}
