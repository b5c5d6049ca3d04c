internal import Crypto
internal import JSON
internal import Ledger
internal import Primitives
internal import Randomness
internal import Staking

/// Everything about a development network that follows from its options and its first start.
struct DevnetPlan: Sendable {
    struct Account: Sendable {
        let name: String
        let secret: String
        let key: KeyPair
    }

    let options: DevnetOptions
    let genesisTime: Instant
    let validators: [Account]
    let accounts: [Account]
    let faucet: Account
    let onions: [HashOnion]
    let spec: ChainSpec

    private static let names = [
        "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy",
    ]
    /// What the faucet and each validator hold in the first block.
    private static let faucetBalance = Amount.etm(50_000_000)
    private static let validatorBalance = Amount.etm(100_000)

    init(_ options: DevnetOptions, genesisTime: Instant) throws(DevnetFailure) {
        try DevnetPlan.check(options)
        self.options = options
        self.genesisTime = genesisTime
        validators = try (1...options.validators).map { number throws(DevnetFailure) in
            try DevnetPlan.account("validator-\(number)", options)
        }
        accounts = try (0..<options.accounts).map { index throws(DevnetFailure) in
            let name = index < DevnetPlan.names.count ? DevnetPlan.names[index] : "account-\(index)"
            return try DevnetPlan.account(name, options)
        }
        faucet = try DevnetPlan.account("faucet", options)
        onions = validators.compactMap { AccountOnion.onion(of: $0.key, generation: 0) }
        spec = try DevnetPlan.spec(options, genesisTime, validators, accounts, faucet, onions)
    }

    private static func check(_ options: DevnetOptions) throws(DevnetFailure) {
        guard (1...101).contains(options.validators) else {
            throw .badOption("--validators must be from 1 to 101")
        }
        guard (0...100).contains(options.accounts) else {
            throw .badOption("--accounts must be from 0 to 100")
        }
        guard (100...3_600_000).contains(options.blockTime.milliseconds) else {
            throw .badOption("--block-time must be from 100ms to 1h")
        }
        guard options.workBits <= 24 else { throw .badOption("a block may ask for at most 24 bits of work") }
        if let defect = staking(options)?.defect { throw .badOption(defect) }
        guard options.balance <= .etm(1_000_000) else {
            throw .badOption("--balance must be at most 1000000")
        }
    }

    private static func account(_ name: String, _ options: DevnetOptions) throws(DevnetFailure) -> Account {
        let text = "devnet \(options.seed) \(name)"
        var bytes = Array(text.utf8)
        guard let secret = try? AccountSecret(importing: &bytes) else {
            throw .badOption("no key can be made for \(name)")
        }
        return Account(name: name, secret: text, key: KeyPair(secret))
    }

    private static func spec(
        _ options: DevnetOptions, _ time: Instant, _ validators: [Account], _ accounts: [Account],
        _ faucet: Account, _ onions: [HashOnion]
    ) throws(DevnetFailure) -> ChainSpec {
        guard let members = MemberSet(validators.map(\.key.publicKey)), onions.count == validators.count
        else {
            throw .badOption("two validators have the same key")
        }
        let balances =
            validators.map { Genesis.Balance(address: $0.key.address, amount: validatorBalance) }
            + accounts.map { Genesis.Balance(address: $0.key.address, amount: options.balance) }
            + [Genesis.Balance(address: faucet.key.address, amount: faucetBalance)]
        let rules = consensus(options)
        if rules.elections.staking != nil {
            return .main(
                consensus: rules, genesis: try stakes(of: validators, onions, rules, time, balances))
        }
        let heads = zip(validators, onions).map { account, onion in
            Genesis.Onion(member: account.key.publicKey, anchor: Digest(onion.anchor))
        }
        let genesis = Genesis(time: time, members: members, balances: balances, onions: heads)
        return .main(consensus: rules, genesis: genesis)
    }

    /// What each validator has locked in the first block, voting for itself.
    private static let validatorLock = Amount.etm(1_000)

    private static func staking(_ options: DevnetOptions) -> StakingParameters? {
        options.seats.map { seats in
            StakingParameters(
                seats: seats, brackets: StakingParameters.main.brackets, minerDeposit: .etm(1_000),
                unbonding: options.unbonding, tower: options.tower)
        }
    }

    private static func stakes(
        of validators: [Account], _ onions: [HashOnion], _ rules: ConsensusParameters, _ time: Instant,
        _ balances: [Genesis.Balance]
    ) throws(DevnetFailure) -> Genesis {
        let stakes = StakingGenesis(
            miners: zip(validators, onions).map { account, onion in
                .init(key: account.key.publicKey, name: account.name, anchor: Digest(onion.anchor))
            },
            locks: validators.map {
                .init(address: $0.key.address, amount: validatorLock, vote: $0.key.publicKey)
            })
        do throws(StakingGenesis.Defect) {
            return try stakes.genesis(time: time, consensus: rules, balances: balances)
        } catch {
            throw .badOption("the first stakes do not fit: \(error)")
        }
    }

    /// Least time between blocks on demand: longer than it takes to make one final, or else the next leader
    /// proposes an empty block before it knows that nothing is left to do.
    private static let demandInterval = Instant.Span(milliseconds: 100)

    private static func consensus(_ options: DevnetOptions) -> ConsensusParameters {
        let blockTime = options.blockTime.milliseconds
        // Nobody's clock decides when blocks are due on demand; ten years stands for "no heartbeat".
        let never = Instant.Span.seconds(315_360_000)
        var rules = ConsensusParameters(
            leaderRule: options.leader,
            pacing: options.mining == .interval ? .interval : .onDemand(heartbeat: never),
            roundLength: UInt64(options.validators),
            interval: options.mining == .interval ? options.blockTime : demandInterval,
            delta: Instant.Span(milliseconds: max(300, min(1_000, blockTime / 2))))
        rules.workBits = options.workBits
        if let parameters = staking(options) {
            rules.elections = .upos(parameters)
        } else {
            rules.ownTower = options.tower
        }
        return rules
    }

    /// The facts that must not change between starts.
    var identity: JSONValue {
        guard case .object(var facts) = commonIdentity else { return commonIdentity }
        // Absent where they are not used, so that older networks keep their file.
        if let seats = options.seats {
            facts["seats"] = JSONValue(UInt64(seats))
            facts["unbonding"] = JSONValue(options.unbonding.milliseconds)
        }
        if options.leader != .chaos { facts["leader"] = .string(options.leader.name) }
        if options.workBits > 0 { facts["workBits"] = JSONValue(UInt64(options.workBits)) }
        return .object(facts)
    }

    private var commonIdentity: JSONValue {
        [
            "seed": JSONValue(options.seed),
            "validators": JSONValue(UInt64(options.validators)),
            "accounts": JSONValue(UInt64(options.accounts)),
            "balance": .string(options.balance.description),
            "mining": .string(options.mining.rawValue),
            "blockTime": JSONValue(options.blockTime.milliseconds),
            "genesisTime": JSONValue(genesisTime.milliseconds),
            "chain": .string(spec.id.hex),
        ]
    }
}
