internal import Crypto
internal import Ledger
internal import Primitives

/// A main chain with funded accounts, and its leader: makes blocks of signed transfers, unmeasured.
struct TransferChain {
    let spec: ChainSpec
    let registry: TransactionRegistry
    private let senders: [KeyPair]
    private let accounts: [Address]
    private var generator: SeededGenerator
    private(set) var height = Height.zero
    private(set) var tip: BlockID
    private var salt: UInt64 = 0

    /// Accounts that sign; all accounts receive.
    static let senderCount = 2_000

    /// Derives everything from one seed.
    init(accounts count: Int, seed: UInt64 = 7) throws {
        var generator = SeededGenerator(seed: seed)
        var senders: [KeyPair] = []
        for _ in 0..<TransferChain.senderCount {
            var bytes: [UInt8] = []
            for _ in 0..<4 { bytes.appendBigEndian(generator.next()) }
            guard let pair = KeyPair(seed: SecretBytes(zeroing: &bytes)) else {
                throw BenchmarkFailure("a seed of 32 bytes makes a key")
            }
            senders.append(pair)
        }
        var accounts = senders.map(\.address)
        while accounts.count < count {
            accounts.append(
                Address(generator.next(), generator.next(), UInt32(truncatingIfNeeded: generator.next())))
        }
        let genesis = Genesis(
            time: Instant(milliseconds: 1_000), members: try TransferChain.members(of: senders),
            balances: accounts.map { Genesis.Balance(address: $0, amount: .etm(10_000)) })
        spec = .main(
            consensus: ConsensusParameters(
                leaderRule: .roundRobin, pacing: .interval, roundLength: 101, interval: .seconds(3),
                delta: .seconds(1)),
            genesis: genesis)
        registry = TransactionRegistry([TransferHandler(assets: 1)])
        self.senders = senders
        self.accounts = accounts
        self.generator = generator
        tip = spec.genesisBlock.id
    }

    private static func members(of senders: [KeyPair]) throws -> MemberSet {
        guard let members = MemberSet(senders.prefix(4).map(\.publicKey)) else {
            throw BenchmarkFailure("four keys make a member set")
        }
        return members
    }

    /// The next signed transfer: a random sender, a random recipient.
    mutating func transfer() -> SignedTransaction {
        let sender = Int(generator.below(UInt64(senders.count)))
        // Never to oneself: that is refused.
        let other = Int(generator.below(UInt64(accounts.count - 1)))
        let payload = TransferPayload(
            recipient: accounts[other < sender ? other : other + 1],
            amount: Amount(units: 1 + generator.below(1_000_000)))
        salt += 1
        return Transaction(
            chain: spec.id, kind: .transfer, expiry: Height(height.value + 100), fee: spec.fees.base,
            salt: salt, sender: senders[sender].publicKey, payload: payload.encoded
        )
        .signed(by: senders[sender])
    }

    /// The bytes of the next block with this many transfers, as a peer would send them.
    mutating func block(transfers count: Int) -> [UInt8] {
        let transactions = (0..<count).map { _ in transfer() }
        height = height.next
        var header = BlockHeader(
            chain: spec.id, height: height, round: spec.consensus.round(of: height), view: View(1))
        header.timestamp = Instant(milliseconds: 1_000 + height.value * 3_000)
        header.parent = tip
        header.transactionsRoot = Block.transactionsRoot(transactions)
        let block = Block(
            header: header.signed(by: senders[Int(height.value % 4)]), transactions: transactions)
        tip = block.id
        return block.encoded
    }

    /// The certificate that three of four members would make for a block.
    func certificate(of block: Block) -> [UInt8] {
        var writer = ByteWriter()
        for sender in senders.prefix(3) { writer.write(sender.sign(Digest(block.id.bytes))) }
        return writer.bytes
    }
}
