import Crypto
import Ledger
import Primitives
import Randomness
import Staking
import Testing

/// Accepts every signature: these tests are about what comes after it.
struct AnySignature: SignatureVerifier {
    func verify(_ signature: Signature, of digest: Digest, by key: PublicKey) -> Bool { true }
}

/// The public key of a number; nobody signs with it.
func key(_ number: UInt64) -> PublicKey { PublicKey(SHA256.hash(Bytes32(7, 0, 0, number)).bytes) }

func address(_ number: UInt64) -> Address { Address(of: key(number)) }

/// Judges evidence that is a key and a round, signed by anybody.
struct OpenCourt: EvidenceCourt {
    static func evidence(against key: PublicKey, in round: UInt64) -> EvidencePayload {
        var writer = ByteWriter()
        writer.write(key)
        writer.write(round)
        return EvidencePayload(evidence: writer.bytes)
    }

    func accusation(in evidence: [UInt8]) -> Accusation? {
        var reader = ByteReader(evidence)
        guard let key: PublicKey = try? reader.read(), let round = try? reader.readInteger(UInt64.self),
            reader.remaining == 0
        else { return nil }
        return Accusation(accused: key, round: Round(round))
    }

    func isProved(_ evidence: [UInt8], on chain: ChainID, members: MemberSet) -> Bool {
        accusation(in: evidence).map { members.seat(of: $0.accused) != nil } ?? false
    }
}

/// A chain that elects its members, block by block through the real executor.
struct Stage {
    let spec: ChainSpec
    let rules: StakingRules
    let executor: BlockExecutor
    let admission: AdmissionRules
    var state = OrderedRecords()
    var time: Instant
    var height: UInt64 = 0
    var parent: BlockID
    var beacon: Digest
    var parentView: UInt64 = 0
    private var salt: UInt64 = 0
    private var onions: [PublicKey: HashOnion] = [:]

    static let start = Instant(milliseconds: 1_700_000_000_000)
    static let wealth = Amount.etm(100_000)

    static func parameters(seats: UInt16 = 3) -> StakingParameters {
        var parameters = StakingParameters(
            seats: seats, brackets: StakingParameters.main.brackets, minerDeposit: .etm(1_000),
            unbonding: .seconds(86_400))
        parameters.mostLocks = 4
        return parameters
    }

    static func consensus(_ parameters: StakingParameters, roundLength: UInt64) -> ConsensusParameters {
        var consensus = ConsensusParameters(
            leaderRule: .chaos, pacing: .interval, roundLength: roundLength, interval: .seconds(3),
            delta: .seconds(1))
        consensus.elections = .upos(parameters)
        return consensus
    }

    /// Miners 1 to `miners` sit at first; accounts 1 to 20 are rich; each lock votes for a miner.
    init(
        miners: UInt64 = 3, locks: [(account: UInt64, etm: UInt64, vote: UInt64?)] = [],
        parameters: StakingParameters = Stage.parameters(), roundLength: UInt64 = 4
    ) throws {
        let consensus = Stage.consensus(parameters, roundLength: roundLength)
        var onions: [PublicKey: HashOnion] = [:]
        let first = try (1...miners).map { number in
            let onion = try #require(Stage.onion(number, 0))
            onions[key(number)] = onion
            return StakingGenesis.FirstMiner(
                key: key(number), name: "miner-\(number)", anchor: Digest(onion.anchor))
        }
        let genesis = try StakingGenesis(
            miners: first,
            locks: locks.map {
                .init(address: address($0.account), amount: .etm($0.etm), vote: $0.vote.map(key))
            }
        ).genesis(
            time: Stage.start, consensus: consensus,
            balances: (1...20).map { .init(address: address($0), amount: Stage.wealth) })
        spec = .main(consensus: consensus, genesis: genesis)
        rules = try #require(StakingRules(spec: spec))
        let registry = TransactionRegistry([TransferHandler(assets: 1)] + rules.handlers(court: OpenCourt()))
        executor = BlockExecutor(spec: spec, registry: registry, finishers: [rules.finisher])
        admission = AdmissionRules(spec: spec, registry: registry)
        for (key, value) in genesis.records { state.set(key, to: value) }
        time = Stage.start
        parent = spec.genesisBlock.id
        beacon = spec.genesisBlock.header.beacon
        self.onions = onions
    }

    static func onion(_ number: UInt64, _ generation: UInt64) -> HashOnion? {
        var bytes = SHA256.hash(Bytes32(9, 0, generation, number)).array
        return HashOnion(secret: SecretBytes(zeroing: &bytes), length: 2_048)
    }

    /// Makes the onion of a miner's newest anchor known, so that it can reveal.
    mutating func peel(_ number: UInt64, generation: UInt64) -> Digest {
        guard let onion = Stage.onion(number, generation) else { return .zero }
        pending.append((key(number), onion))
        return Digest(onion.anchor)
    }
    private var pending: [(PublicKey, HashOnion)] = []

    var round: Round { rules.round(of: Height(height + 1)) }
    var members: MemberSet? { rules.members(of: round, in: state) }
    var query: StakeQuery<OrderedRecords> { StakeQuery(rules: rules, state: state) }
    func balance(_ number: UInt64) -> UInt64 { Bank.balance(of: address(number), in: state).units }
    func voter(_ number: UInt64) -> Voter? { StakeBook.voter(of: address(number), in: state)?.voter }
    func miner(_ number: UInt64) -> Miner? { StakeBook.miner(key(number), in: state)?.miner }

    /// A transaction with a fresh salt and the least fee.
    mutating func order(
        _ kind: TransactionKind, from sender: UInt64, _ payload: some Canonical
    ) throws -> SignedTransaction {
        let bytes = payload.encoded
        let registry = TransactionRegistry([TransferHandler(assets: 1)] + rules.handlers(court: OpenCourt()))
        let fee = try #require(registry[kind]).minimumFee(for: bytes, fees: spec.fees)
        salt += 1
        let transaction = Transaction(
            chain: spec.id, kind: kind, expiry: Height(height + 100), fee: fee, salt: salt,
            sender: key(sender), payload: bytes)
        return SignedTransaction(transaction, signature: .zero)
    }

    /// A registration that passes the hashing test, named after the block before.
    mutating func registration(of number: UInt64, name: String? = nil, generation: UInt64 = 0) throws
        -> RegisterMinerPayload
    {
        let bytes = RegisterMinerPayload.workBytes(block: parent, miner: key(number))
        let nonce = try #require(LightWork.search(bytes, bits: rules.registrationBits, nonces: 0..<10_000))
        return RegisterMinerPayload(
            miner: key(number), name: name ?? "miner-\(number)", anchor: peel(number, generation: generation),
            block: parent, nonce: nonce)
    }

    func frame(gap: UInt64, at time: Instant) throws -> BlockExecutor.Frame {
        let members = try #require(members)
        let from = rules.round(of: Height(height)) == round ? parentView : 0
        let view = View(from + gap)
        let seat = Turns.seat(
            .chaos, view: view, height: Height(height + 1), beacon: beacon, members: members.count)
        let leader = members.keys[seat]
        let reveal = try #require(nextLayer(of: leader))
        let next = Digest(Beacon.next(previous: beacon.bytes, reveal: reveal.bytes, slot: view.value))
        let turn = BlockContext.Turn(
            round: round, views: (View(from), view), parent: parent, beacons: (beacon, next))
        let context = BlockContext(
            chain: spec.id, height: Height(height + 1), time: time, leader: leader, turn: turn)
        return BlockExecutor.Frame(context: context, reveal: reveal, inbox: [])
    }

    private func nextLayer(of leader: PublicKey) -> Digest? {
        guard let head = state.read(OnionHead.self, OnionHead.key(leader)) else { return .zero }
        let known = [onions[leader]].compactMap { $0 } + pending.filter { $0.0 == leader }.map { $0.1 }
        for onion in known {
            guard let layer = onion.reveal(at: head.revealed) else { continue }
            if SHA256.hash(layer) == head.layer { return Digest(layer) }
        }
        return nil
    }

    /// Makes the next block; `gap` views after its parent, of which all but the last failed.
    @discardableResult
    mutating func run(
        _ transactions: [SignedTransaction] = [], gap: UInt64 = 1, after span: Instant.Span = .seconds(3)
    ) throws -> [Receipt] {
        let next = time.advanced(by: span)
        let frame = try frame(gap: gap, at: next)
        let checked = try transactions.map { try admission.check($0, verifier: AnySignature()) }
        let block = try executor.verify(
            checked, frame: frame, on: state, isKnown: { _ in false }, contracts: NoContracts())
        state.apply(block.changes)
        let turn = try #require(frame.context.turn)
        time = next
        height += 1
        parent = BlockID(SHA256.hash(Bytes32(11, 0, 0, height)).bytes)
        beacon = turn.beacon
        parentView = turn.view.value
        return block.receipts
    }

    /// Runs one transaction in a block of its own and returns what became of it.
    @discardableResult
    mutating func act(
        _ kind: TransactionKind, from sender: UInt64, _ payload: some Canonical
    ) throws -> String? {
        let order = try order(kind, from: sender, payload)
        let receipts = try run([order])
        return receipts[0].error?.code
    }

    /// Locks and returns the id of the lock.
    @discardableResult
    mutating func lock(_ etm: UInt64, by account: UInt64) throws -> TransactionID {
        let order = try order(.lock, from: account, LockPayload(amount: .etm(etm)))
        let receipts = try run([order])
        try #require(receipts[0].error == nil)
        return order.id
    }

    /// Makes blocks until a round has just been settled.
    mutating func finishRound(after span: Instant.Span = .seconds(3)) throws {
        repeat { try run(after: span) } while !height.isMultiple(of: spec.consensus.roundLength)
    }

    /// What must always hold: every base unit is somewhere, and the vaults say what the pages hold.
    func brokenInvariant() -> String? {
        StakeAudit.defect(in: state, genesis: spec.genesis, height: Height(height), rules: rules)
    }
}
