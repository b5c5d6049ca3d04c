internal import Crypto
internal import DAppRuntime
internal import Ledger
internal import Primitives

/// A side chain that runs the token template, and blocks of unsigned transfers on it, unmeasured.
struct TokenChain {
    let spec: ChainSpec
    let registry: TransactionRegistry
    private let accounts: [(key: PublicKey, address: Address)]
    private var generator: SeededGenerator
    private(set) var height = Height.zero
    private(set) var tip: BlockID
    private var salt: UInt64 = 0

    /// Accounts that hold tokens.
    static let accountCount = 1_000
    /// Gas of one call; a transfer needs a small part of it.
    static let gasLimit: UInt64 = 100_000

    /// Derives everything from one seed.
    init(seed: UInt64 = 13) throws {
        var generator = SeededGenerator(seed: seed)
        let keys = (0..<TokenChain.accountCount).map { _ in
            PublicKey(Bytes32(generator.next(), generator.next(), generator.next(), generator.next()))
        }
        accounts = keys.map { ($0, Address(of: $0)) }
        guard let members = MemberSet(Array(keys.prefix(1))) else { throw BenchmarkFailure("no member set") }
        let limits = BlockLimits(
            transactions: 2_000, bytes: 2_097_152, gas: TokenChain.gasLimit * 2_000,
            callGas: TokenChain.gasLimit)
        var fees = FeeSchedule.main
        fees.base = .zero
        fees.perKilobyte = .zero
        spec = ChainSpec(
            id: ChainID(SHA256.hash([1]).bytes), name: "token", role: .side,
            consensus: ConsensusParameters(
                leaderRule: .roundRobin, pacing: .interval, roundLength: 101, interval: .seconds(1),
                delta: .seconds(1)), limits: limits, fees: fees,
            assets: [.etm, AssetSpec(symbol: "TOK", decimals: 0)], acceptsHistorical: false,
            genesis: Genesis(time: Instant(milliseconds: 1_000), members: members, balances: []))
        registry = TransactionRegistry([CallHandler(limits: limits)])
        self.generator = generator
        tip = spec.genesisBlock.id
    }

    /// The DApp's sources.
    static func bundle() throws -> DAppBundle {
        let names = ["contract/token", "model/account", "model/allowance", "model/token"].map { $0 + ".js" }
        return try DAppBundle(
            files: names.map { name in
                guard let text = TextFile.read("templates/token/" + name) else {
                    throw BenchmarkFailure(
                        "templates/token/\(name) cannot be read; run in the project's folder")
                }
                return (path: name, bytes: Array(text.utf8))
            })
    }

    /// The bytes of the block that creates the token and gives every account some.
    mutating func firstBlock() -> [UInt8] {
        let create = call(
            0, "create", "{\"name\":\"T\",\"symbol\":\"T\",\"decimals\":0,\"supply\":\"1000000000000\"}")
        let gifts = accounts.indices.dropFirst().map { transfer(from: 0, to: $0, amount: 1_000_000) }
        return block([create] + gifts)
    }

    /// The bytes of the next block with this many transfers between random accounts.
    mutating func block(transfers count: Int) -> [UInt8] {
        let transactions = (0..<count).map { _ in
            let from = Int(generator.below(UInt64(accounts.count)))
            return transfer(from: from, to: Int(generator.below(UInt64(accounts.count))), amount: 1)
        }
        return block(transactions)
    }

    /// The same calls as a worker measures them alone.
    static func measurement(blocks: Int, transfers: Int) throws -> CallMeasurement {
        var chain = try TokenChain()
        var list = [try delivery(of: chain.firstBlock())]
        for _ in 0..<blocks { list.append(try delivery(of: chain.block(transfers: transfers))) }
        let context = DAppContext(
            chainID: chain.spec.id, selfAddress: Address.zero.description,
            assets: chain.spec.assets.map { Asset(symbol: $0.symbol, decimals: $0.decimals) },
            defaultAsset: chain.spec.fees.currency.number)
        return CallMeasurement(bundle: try bundle(), context: context, blocks: list)
    }

    private static func delivery(of bytes: [UInt8]) throws -> Delivery {
        let block = try Block(decoding: bytes)
        let calls = try block.transactions.map { signed in
            guard case .v1(let transaction, _) = signed.content else {
                throw BenchmarkFailure("a historical transaction in a block of calls")
            }
            let payload = try CallPayload(decoding: transaction.payload)
            return Call(
                transaction: signed.id, sender: "\(Address(of: transaction.sender))",
                contract: payload.contract, method: payload.method, arguments: payload.arguments,
                gasLimit: payload.gasLimit)
        }
        return Delivery(
            chainID: block.header.chain, height: block.header.height, time: block.header.timestamp,
            calls: calls, gasLimit: gasLimit * 2_000)
    }

    private mutating func transfer(from: Int, to: Int, amount: UInt64) -> SignedTransaction {
        call(from, "transfer", "{\"to\":\"\(accounts[to].address)\",\"amount\":\"\(amount)\"}")
    }

    private mutating func call(_ sender: Int, _ method: String, _ arguments: String) -> SignedTransaction {
        salt += 1
        let payload = CallPayload(
            contract: "token", method: method, arguments: Array(arguments.utf8), gasLimit: TokenChain.gasLimit
        )
        let transaction = Transaction(
            chain: spec.id, kind: .call, expiry: Height(height.value + 100), fee: .zero, salt: salt,
            sender: accounts[sender].key, payload: payload.encoded)
        return SignedTransaction(transaction, signature: .zero)
    }

    private mutating func block(_ transactions: [SignedTransaction]) -> [UInt8] {
        height = height.next
        var header = BlockHeader(
            chain: spec.id, height: height, round: spec.consensus.round(of: height), view: View(1))
        header.timestamp = Instant(milliseconds: 1_000 + height.value * 1_000)
        header.parent = tip
        header.leader = accounts[0].key
        header.transactionsRoot = Block.transactionsRoot(transactions)
        let block = Block(header: header, transactions: transactions)
        tip = block.id
        return block.encoded
    }
}
