import Assets
import Crypto
import Ledger
import Primitives
import Testing

/// Accepts every signature: these tests are about what comes after it.
struct AnySignature: SignatureVerifier {
    func verify(_ signature: Signature, of digest: Digest, by key: PublicKey) -> Bool { true }
}

/// The public key of a number; nobody signs with it.
func key(_ number: UInt64) -> PublicKey { PublicKey(SHA256.hash(Bytes32(7, 0, 0, number)).bytes) }

func address(_ number: UInt64) -> Address { Address(of: key(number)) }

func units(_ number: UInt64) -> UInt256 { UInt256(number) }

/// A main chain whose blocks go through the real executor.
struct Market {
    let spec: ChainSpec
    let registry: TransactionRegistry
    let executor: BlockExecutor
    let admission: AdmissionRules
    var state = OrderedRecords()
    var time = Market.start
    var height: UInt64 = 0
    /// What each block changed, oldest first.
    var changes: [ChangeSet] = []
    private var salt: UInt64 = 0

    static let start = Instant(milliseconds: 1_700_000_000_000)
    static let wealth = Amount.etm(100_000)
    static let gold = "Bank.GOLD"

    /// Accounts 1 to 20 are rich.
    init() throws {
        let members = try #require(MemberSet([key(100)]))
        let consensus = ConsensusParameters(
            leaderRule: .roundRobin, pacing: .interval, roundLength: 4, interval: .seconds(3),
            delta: .seconds(1))
        spec = .main(
            consensus: consensus,
            genesis: Genesis(
                time: Market.start, members: members,
                balances: (1...20).map { .init(address: address($0), amount: Market.wealth) }))
        let rules = try #require(AssetRules(spec: spec))
        registry = TransactionRegistry([TransferHandler(assets: 1)] + rules.handlers)
        executor = BlockExecutor(spec: spec, registry: registry, finishers: rules.finishers)
        admission = AdmissionRules(spec: spec, registry: registry)
        for (key, value) in spec.genesis.records { state.set(key, to: value) }
    }

    /// One with Bank, account 1's, and its asset, of which account 1 holds `quantity`.
    static func open(
        maximum: UInt256 = units(1_000), quantity: UInt64 = 100,
        rights: AssetRights = .init(writeOff: true, whitelist: true, blacklist: true)
    ) throws -> Market {
        var market = try Market()
        try market.succeed(.registerIssuer, RegisterIssuerPayload(name: "Bank", description: ""))
        let asset = CreateAssetPayload(
            currency: gold, description: "", maximum: maximum, precision: 2, rights: rights)
        try market.succeed(.createAsset, asset)
        if quantity > 0 {
            try market.succeed(.issueAsset, IssueAssetPayload(currency: gold, amount: units(quantity)))
        }
        return market
    }

    func held(_ account: UInt64, _ currency: String = Market.gold) -> UInt256 {
        AssetBook.holding(of: address(account), currency, in: state)
    }
    func balance(_ account: UInt64) -> UInt64 { Bank.balance(of: address(account), in: state).units }
    var asset: AssetRecord? { AssetBook.asset(Market.gold, in: state) }

    func fee(_ kind: TransactionKind, _ payload: [UInt8]) throws -> Amount {
        try #require(registry[kind]).minimumFee(for: payload, fees: spec.fees)
    }

    /// A transaction with a fresh salt and the least fee.
    mutating func order(
        _ kind: TransactionKind, _ payload: some Canonical, from sender: UInt64 = 1
    ) throws -> SignedTransaction {
        salt += 1
        let transaction = Transaction(
            chain: spec.id, kind: kind, expiry: Height(height + 100), fee: try fee(kind, payload.encoded),
            salt: salt, sender: key(sender), payload: payload.encoded)
        return SignedTransaction(transaction, signature: .zero)
    }

    /// Why a payload may not enter a block, or nil.
    mutating func refusal(
        _ kind: TransactionKind, _ payload: some Canonical
    ) throws -> AdmissionRejection? {
        let signed = try order(kind, payload)
        do throws(AdmissionRejection) {
            _ = try admission.checkForm(signed)
            return nil
        } catch {
            return error
        }
    }

    /// Makes the next block.
    @discardableResult
    mutating func run(
        _ transactions: [SignedTransaction] = [], after span: Instant.Span = .seconds(3)
    ) throws -> [Receipt] {
        let next = time.advanced(by: span)
        let context = BlockContext(chain: spec.id, height: Height(height + 1), time: next, leader: key(100))
        let block = try executor.verify(
            try transactions.map { try admission.check($0, verifier: AnySignature()) },
            frame: .init(context: context, reveal: .zero, inbox: []), on: state, isKnown: { _ in false },
            contracts: NoContracts())
        state.apply(block.changes)
        changes.append(block.changes)
        time = next
        height += 1
        return block.receipts
    }

    /// Runs one transaction in a block of its own and gives the code of its failure, or nil.
    ///
    /// A transaction that fails must change nothing but its sender's balance and the fee pool.
    @discardableResult
    mutating func act(
        _ kind: TransactionKind, _ payload: some Canonical, from sender: UInt64 = 1
    ) throws -> String? {
        let order = try order(kind, payload, from: sender)
        let receipt = try run([order])[0]
        if receipt.error != nil {
            let touched = try #require(changes.last).changes.map(\.key)
            #expect(touched.count == 2 && touched.contains(Bank.feeKey(.etm)))
            #expect(touched.contains(Bank.key(address(sender), .etm)) && receipt.events.isEmpty)
        }
        return receipt.error?.code
    }

    /// Runs one transaction that must take effect.
    mutating func succeed(
        _ kind: TransactionKind, _ payload: some Canonical, from sender: UInt64 = 1
    ) throws {
        let code = try act(kind, payload, from: sender)
        try #require(code == nil)
    }

    /// Takes back what the last block changed, and nothing else.
    mutating func undo() throws {
        let last = changes.popLast()
        state.apply(try #require(last).inverse)
    }

    /// Moves gold.
    @discardableResult
    mutating func move(_ amount: UInt64, from sender: UInt64, to recipient: UInt64) throws -> String? {
        let payload = TransferAssetPayload(
            recipient: address(recipient), currency: Market.gold, amount: units(amount))
        return try act(.transferAsset, payload, from: sender)
    }

    /// What must always hold: every base unit is somewhere.
    func brokenInvariant() -> String? {
        guard let held = Bank.supply(of: .etm, in: state), let vaults = Vault.total(in: state) else {
            return "a sum does not fit"
        }
        guard held.adding(vaults) == spec.genesis.supply else { return "ETM was made or lost" }
        return AssetAudit.defect(in: state)
    }
}
