import Crypto
import Ledger
import Primitives
import Testing

/// A chain with funded accounts 1 to 8 and everything that its blocks need.
struct TestChain {
    static let wealth = Amount.etm(1_000)
    let spec: ChainSpec
    let rules: AdmissionRules
    let executor: BlockExecutor

    init(_ spec: ChainSpec) {
        self.spec = spec
        let registry = TransactionRegistry(
            [TransferHandler(assets: spec.assets.count), CallHandler(limits: spec.limits)]
                + AccountHandlers.all)
        rules = AdmissionRules(spec: spec, registry: registry)
        executor = BlockExecutor(spec: spec, registry: registry)
    }

    static func main(limits: BlockLimits = .main, onions: [Genesis.Onion] = []) throws -> TestChain {
        TestChain(
            .main(
                consensus: consensus(interval: 3_000), limits: limits,
                genesis: Genesis(
                    time: Instant(milliseconds: 1_700_000_000_000), members: try members(4),
                    balances: (1...8).map { .init(address: address($0), amount: wealth) }, onions: onions)))
    }

    static func side(
        limits: BlockLimits = BlockLimits(transactions: 50, bytes: 65_536, gas: 100_000, callGas: 40_000),
        gasPrice: UInt64 = 1_000, currency: AssetNumber = .etm
    ) throws -> TestChain {
        let balances = (1...8).flatMap { number in
            [AssetNumber.etm, .own].map {
                Genesis.Balance(address: address(number), asset: $0, amount: wealth)
            }
        }
        return TestChain(
            ChainSpec(
                id: ChainID(digest(77).bytes), name: "side", role: .side,
                consensus: consensus(interval: 1_000),
                limits: limits,
                fees: FeeSchedule(
                    currency: currency, base: Amount(units: 1_000), registration: .zero,
                    registrationDeposit: .zero, perKilobyte: Amount(units: 100),
                    gasPrice: Amount(units: gasPrice)),
                assets: [.etm, AssetSpec(symbol: "OWN", decimals: 8)], acceptsHistorical: false,
                genesis: Genesis(
                    time: Instant(milliseconds: 1_700_000_000_000), members: try members(4),
                    balances: balances)))
    }

    static func consensus(interval: UInt64) -> ConsensusParameters {
        ConsensusParameters(
            leaderRule: .roundRobin, pacing: .interval, roundLength: 4,
            interval: .init(milliseconds: interval), delta: .init(milliseconds: 1_000))
    }

    var genesis: ModelState {
        ModelState(records: Dictionary(uniqueKeysWithValues: spec.genesis.records))
    }

    func transaction(
        _ kind: TransactionKind = .transfer, from sender: UInt64, payload: [UInt8], fee: UInt64? = nil,
        expiry: UInt64 = 100, salt: UInt64 = 0
    ) -> SignedTransaction {
        Transaction(
            chain: spec.id, kind: kind, expiry: Height(expiry),
            fee: fee.map(Amount.init(units:)) ?? spec.fees.base,
            salt: salt, sender: .zero, payload: payload
        ).signed(by: key(sender))
    }

    func transfer(
        from sender: UInt64, to recipient: UInt64, _ amount: UInt64, asset: AssetNumber = .etm,
        fee: UInt64? = nil, expiry: UInt64 = 100, salt: UInt64 = 0
    ) -> SignedTransaction {
        let payload = TransferPayload(
            recipient: address(recipient), asset: asset, amount: Amount(units: amount))
        return transaction(from: sender, payload: payload.encoded, fee: fee, expiry: expiry, salt: salt)
    }

    func call(
        from sender: UInt64, _ method: String, arguments: [UInt8] = [], gas: UInt64 = 10_000, salt: UInt64 = 0
    ) -> SignedTransaction {
        let payload = CallPayload(contract: "c", method: method, arguments: arguments, gasLimit: gas).encoded
        let handler = CallHandler(limits: spec.limits)
        return transaction(
            .call, from: sender, payload: payload,
            fee: handler.minimumFee(for: payload, fees: spec.fees).units, salt: salt)
    }

    func check(_ transactions: [SignedTransaction]) throws -> [CheckedTransaction] {
        try transactions.map { try rules.checkForm($0) }
    }

    func frame(
        at height: UInt64 = 1, leader: PublicKey = .zero, reveal: Digest = .zero, inbox: [InboxMessage] = []
    ) -> BlockExecutor.Frame {
        let time = spec.genesis.time.advanced(by: spec.consensus.interval.times(height))
        return BlockExecutor.Frame(
            context: BlockContext(chain: spec.id, height: Height(height), time: time, leader: leader),
            reveal: reveal, inbox: inbox)
    }

    func verify(
        _ transactions: [SignedTransaction], _ frame: BlockExecutor.Frame? = nil, on state: ModelState? = nil,
        known: Set<TransactionID> = [], contracts: some ContractExecutor = NoContracts()
    ) throws -> ExecutedBlock {
        try executor.verify(
            try check(transactions), frame: frame ?? self.frame(), on: state ?? genesis,
            isKnown: { known.contains($0) }, contracts: contracts)
    }

    func assemble(
        _ transactions: [SignedTransaction], _ frame: BlockExecutor.Frame? = nil, on state: ModelState? = nil,
        known: Set<TransactionID> = [], contracts: some ContractExecutor = NoContracts()
    ) throws -> ExecutedBlock {
        try executor.assemble(
            try check(transactions), frame: frame ?? self.frame(), on: state ?? genesis,
            isKnown: { known.contains($0) }, contracts: contracts)
    }
}

/// A contract executor whose code is a Swift function.
struct ClosureContracts: ContractExecutor {
    let run: @Sendable ([ContractCall], any StateReader) throws(ContractFailure) -> ContractOutcome

    func deliver(
        _ calls: [ContractCall], in block: BlockContext, gasLimit: UInt64, state: any StateReader
    ) throws(ContractFailure) -> ContractOutcome {
        try run(calls, state)
    }
}
