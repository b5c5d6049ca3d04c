import Crypto
import Ledger
import Primitives
import Sidechains
import Testing

/// The key pair of a number.
func key(_ number: UInt64) -> KeyPair {
    var bytes = [UInt8](repeating: 0, count: 24)
    bytes.appendBigEndian(number)
    guard let pair = KeyPair(seed: SecretBytes(zeroing: &bytes)) else { preconditionFailure("32 bytes") }
    return pair
}

func address(_ number: UInt64) -> Address { key(number).address }

func digest(_ number: UInt64) -> Digest { SHA256.hash(Bytes32(0, 0, 0, number)) }

/// A dictionary with the interface of a state.
struct ModelState: StateReader {
    var records: [StateKey: [UInt8]] = [:]

    func value(for key: StateKey) -> [UInt8]? { records[key] }

    func scan(prefix: [UInt8], after: StateKey?, limit: Int) -> [(key: StateKey, value: [UInt8])] {
        records.filter { row in row.key.hasPrefix(prefix) && (after.map { $0 < row.key } ?? true) }
            .sorted { $0.key < $1.key }.prefix(max(0, limit)).map { (key: $0.key, value: $0.value) }
    }

    mutating func apply(_ changes: ChangeSet) {
        for change in changes.changes { records[change.key] = change.new }
    }

    mutating func write(_ key: StateKey, _ value: some Canonical) { records[key] = value.encoded }

    func balance(_ number: UInt64, _ asset: AssetNumber = .etm) -> UInt64 {
        Bank.balance(of: address(number), asset: asset, in: self).units
    }
}

/// A chain that runs through its real rules and executor, with its headers and outboxes.
struct Ledgered {
    let spec: ChainSpec
    let executor: BlockExecutor
    let rules: AdmissionRules
    let validators: [KeyPair]
    var state: ModelState
    var headers: [BlockHeader]
    var outboxes: [[OutboxMessage]] = [[]]
    private var salt: UInt64 = 0

    init(_ spec: ChainSpec, validators: [KeyPair]) {
        self.spec = spec
        self.validators = validators
        let registry = ChainRules.registry(for: spec, verifier: Ed25519Verifier())
        executor = ChainRules.executor(for: spec, verifier: Ed25519Verifier())
        rules = AdmissionRules(spec: spec, registry: registry)
        state = ModelState(records: Dictionary(uniqueKeysWithValues: spec.genesis.records))
        headers = [spec.genesisBlock.header]
    }

    var height: UInt64 { UInt64(headers.count - 1) }

    /// A signed transaction with a fresh salt and exactly the least fee.
    mutating func transaction(
        _ kind: TransactionKind, from sender: UInt64, _ payload: some Canonical, extraFee: UInt64 = 0
    ) throws -> SignedTransaction {
        let bytes = payload.encoded
        let handler = ChainRules.registry(for: spec, verifier: Ed25519Verifier())[kind]
        let fee = try #require(handler).minimumFee(for: bytes, fees: spec.fees).units + extraFee
        salt += 1
        return Transaction(
            chain: spec.id, kind: kind, expiry: Height(height + 100), fee: Amount(units: fee), salt: salt,
            sender: .zero, payload: bytes
        ).signed(by: key(sender))
    }

    /// Executes a block of these transactions as a validator and keeps it.
    @discardableResult
    mutating func run(
        _ transactions: [SignedTransaction], inbox: [InboxMessage] = []
    ) throws -> [Receipt] {
        var header = BlockHeader(
            chain: spec.id, height: Height(height + 1), round: Round(1), view: View(height + 1))
        header.timestamp = spec.genesis.time.advanced(by: spec.consensus.interval.times(height + 1))
        header.parent = headers[headers.count - 1].id
        let context = BlockContext(
            chain: spec.id, height: header.height, time: header.timestamp, leader: validators[0].publicKey)
        let block = try executor.verify(
            try transactions.map { try rules.check($0, verifier: Ed25519Verifier()) },
            frame: .init(context: context, reveal: .zero, inbox: inbox), on: state, isKnown: { _ in false },
            contracts: NoContracts())
        state.apply(block.changes)
        header.transactionsRoot = Block.transactionsRoot(transactions)
        header.receiptsRoot = block.receiptsRoot
        header.outboxRoot = block.outboxRoot
        headers.append(header.signed(by: validators[0]))
        outboxes.append(block.outbox)
        return block.receipts
    }

    /// A certificate by all validators for a header.
    func certificate(
        for header: BlockHeader, kind: VoteKind = .finalize, by signers: [KeyPair]? = nil
    ) throws -> Certificate {
        let ballot = Ballot(kind, round: header.round, view: header.view, block: header.id)
        return Certificate(
            ballot, votes: (signers ?? validators).map { Vote(ballot, on: spec.id, by: $0) },
            members: spec.genesis.members)
    }

    /// The proof of a withdrawal with as many headers as asked for.
    func proof(of sequence: UInt64, headers count: Int = 1) throws -> WithdrawalProof {
        let place = try #require(outboxes.firstIndex { $0.contains { $0.sequence == sequence } })
        let index = try #require(outboxes[place].firstIndex { $0.sequence == sequence })
        let chain = Array(headers[place...].prefix(count))
        return try #require(
            WithdrawalProof(
                headers: chain, certificate: try certificate(for: chain[chain.count - 1]),
                outbox: outboxes[place], index: index))
    }
}

/// A main chain with rich accounts 1 to 5 and the side chains registered on it.
struct World {
    static let wealth = Amount.etm(1_000)
    var main: Ledgered
    var sides: [Ledgered] = []

    init() throws {
        let validators = (100..<104 as Range<UInt64>).map(key)
        let spec = ChainSpec.main(
            consensus: World.consensus(),
            genesis: Genesis(
                time: Instant(milliseconds: 1_700_000_000_000),
                members: try #require(MemberSet(validators.map(\.publicKey))),
                balances: (1...5).map { .init(address: address($0), amount: World.wealth) }))
        main = Ledgered(spec, validators: validators)
    }

    static func consensus() -> ConsensusParameters {
        ConsensusParameters(
            leaderRule: .roundRobin, pacing: .onDemand(heartbeat: .seconds(600)), roundLength: 4,
            interval: .init(milliseconds: 1_000), delta: .init(milliseconds: 500))
    }

    static func registration(_ name: String = "hello", validators: [KeyPair]? = nil) throws -> Registration {
        let keys = (validators ?? (200..<204 as Range<UInt64>).map(key)).map(\.publicKey)
        return Registration(
            name: name, validators: try #require(MemberSet(keys)), consensus: consensus(),
            limits: BlockLimits(transactions: 100, bytes: 65_536, gas: 1_000_000, callGas: 100_000),
            fees: FeeSchedule(
                currency: .etm, base: Amount(units: 1_000), registration: .zero, registrationDeposit: .zero,
                perKilobyte: .zero, gasPrice: .zero),
            bundle: [1, 2, 3])
    }

    /// Registers a chain of four validators and starts it.
    @discardableResult
    mutating func register(_ name: String = "hello", owner: UInt64 = 1) throws -> Int {
        let first = 200 + 10 * UInt64(sides.count)
        let validators = (first..<first + 4).map(key)
        let registration = try World.registration(name, validators: validators)
        let transaction = try main.transaction(.registerDApp, from: owner, registration)
        try #require(try main.run([transaction]).allSatisfy { $0.error == nil })
        let id = SideChainRecord.chainID(of: transaction.id)
        let record = try #require(main.state.read(SideChainRecord.self, SideChainRecord.key(id)))
        sides.append(Ledgered(record.spec(of: id), validators: validators))
        return sides.count - 1
    }

    @discardableResult
    mutating func deposit(_ amount: UInt64, from sender: UInt64 = 1, to recipient: UInt64, side: Int = 0)
        throws
        -> Receipt
    {
        let payload = DepositPayload(
            chain: sides[side].spec.id, recipient: address(recipient), amount: Amount(units: amount))
        let receipts = try main.run([try main.transaction(.deposit, from: sender, payload)])
        return try #require(receipts.first)
    }

    /// The messages that a side chain's next block injects.
    func due(side: Int = 0, upTo height: UInt64? = nil) -> [InboxMessage] {
        SideChainDirectory.inbox(
            of: sides[side].spec.id, from: Inbox.next(in: sides[side].state),
            upTo: Height(height ?? main.height), limit: Inbox.most, in: main.state)
    }

    mutating func deliver(side: Int = 0) throws { try sides[side].run([], inbox: due(side: side)) }

    @discardableResult
    mutating func withdraw(_ amount: UInt64, from sender: UInt64, to recipient: UInt64, side: Int = 0) throws
        -> Receipt
    {
        let payload = WithdrawPayload(recipient: address(recipient), amount: Amount(units: amount))
        let receipts = try sides[side].run([try sides[side].transaction(.withdraw, from: sender, payload)])
        return try #require(receipts.first)
    }

    @discardableResult
    mutating func claim(
        _ proof: WithdrawalProof, by bringer: UInt64 = 2, side: Int = 0, extraFee: UInt64 = 0
    ) throws -> Receipt {
        let payload = ClaimPayload(chain: sides[side].spec.id, proof: proof)
        let receipts = try main.run([try main.transaction(.claim, from: bringer, payload, extraFee: extraFee)]
        )
        return try #require(receipts.first)
    }

    func escrow(_ side: Int = 0) -> Escrow {
        main.state.read(Escrow.self, Escrow.key(sides[side].spec.id)) ?? Escrow()
    }

    /// What the audit says; nil when a figure is impossible.
    func audit() -> Conservation? {
        guard let main = Conservation.audit(main: main.state, genesis: main.spec.genesis) else { return nil }
        var parts: [Conservation.Side] = []
        for side in sides {
            guard
                let part = Conservation.audit(side: side.state, chain: side.spec.id, main: self.main.state)
            else { return nil }
            parts.append(part)
        }
        return Conservation(main: main, sides: parts)
    }
}
