internal import Crypto
public import Ledger
public import Primitives

/// What the main chain's state keeps of a registered DApp chain.
public struct SideChainRecord: Sendable, Hashable, Canonical {
    /// The registration without its bundle.
    public let registration: Registration
    /// The tagged hash of the bundle's bytes.
    public let bundleHash: Digest
    /// Who registered it.
    public let owner: Address
    /// The height that included the registration.
    public let height: Height
    /// The timestamp of that block.
    public let time: Instant
    /// What the owner locked.
    public let deposit: Amount

    private static let bundleTag = HashTag("ETM/bundle/1")
    private static let chainTag = HashTag("ETM/side-chain/1")
    private static let accountTag = HashTag("ETM/dapp-account/1")

    /// Joins the parts and takes the bundle out.
    public init(_ registration: Registration, owner: Address, height: Height, time: Instant, deposit: Amount)
    {
        bundleHash = SideChainRecord.hash(ofBundle: registration.bundle)
        var slim = registration
        slim.bundle = []
        self.registration = slim
        self.owner = owner
        self.height = height
        self.time = time
        self.deposit = deposit
    }

    /// The id of the chain that a registration makes.
    public static func chainID(of transaction: TransactionID) -> ChainID {
        ChainID(chainTag.hash(transaction.array).bytes)
    }

    /// The tagged hash of a bundle's bytes.
    public static func hash(ofBundle bundle: [UInt8]) -> Digest { bundleTag.hash(bundle) }

    /// The DApp's own account on its chain; nobody has a key for it.
    public static func account(of chain: ChainID) -> Address {
        Address(bytes: accountTag.hash(chain.array).array.prefix(20)) ?? .zero
    }

    /// The record of a chain.
    public static func key(_ chain: ChainID) -> StateKey { StateKey(.dapps, chain.array) }

    /// The record that says which chain has a name.
    public static func nameKey(_ name: String) -> StateKey { StateKey(.dappNames, Array(name.utf8)) }

    /// The record of a bundle's bytes.
    public static func bundleKey(_ hash: Digest) -> StateKey { StateKey(.bundles, hash.array) }

    /// Everything that the chain's nodes must agree on.
    public func spec(of chain: ChainID) -> ChainSpec {
        let token = registration.token
        return ChainSpec(
            id: chain, name: registration.name, role: .side, consensus: registration.consensus,
            limits: registration.limits, fees: registration.fees,
            assets: [.etm] + (token.map { [AssetSpec(symbol: $0.symbol, decimals: $0.decimals)] } ?? []),
            acceptsHistorical: false,
            genesis: Genesis(
                time: time, members: registration.validators,
                balances: token.map { [.init(address: $0.holder, asset: .own, amount: $0.supply)] } ?? []))
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(registration)
        writer.write(bundleHash)
        writer.write(owner)
        writer.write(height)
        writer.write(time)
        writer.write(deposit)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        registration = try reader.read()
        bundleHash = try reader.read()
        owner = try reader.read()
        height = try reader.read()
        time = try reader.read()
        deposit = try reader.read()
    }
}

/// What the main chain holds for a side chain.
public struct Escrow: Sendable, Hashable, Canonical {
    /// Base units of ETM that may still be withdrawn.
    public var balance: Amount
    /// Base units ever paid in.
    public var deposited: Amount
    /// Base units ever paid out.
    public var paid: Amount
    /// The sequence number of the next deposit.
    public var nextDeposit: UInt64

    /// An empty escrow.
    public init() {
        balance = .zero
        deposited = .zero
        paid = .zero
        nextDeposit = 0
    }

    /// The record of a chain's escrow.
    public static func key(_ chain: ChainID) -> StateKey { StateKey(.escrows, chain.array) }

    /// The record of one message to a chain.
    public static func inboxKey(_ chain: ChainID, _ sequence: UInt64) -> StateKey {
        var bytes = chain.array
        bytes.appendBigEndian(sequence)
        return StateKey(.inbox, bytes)
    }

    /// The record that says that a withdrawal was paid.
    public static func paidKey(_ chain: ChainID, _ sequence: UInt64) -> StateKey {
        var bytes = chain.array
        bytes.appendBigEndian(sequence)
        return StateKey(.paid, bytes)
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(balance)
        writer.write(deposited)
        writer.write(paid)
        writer.write(nextDeposit)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        balance = try reader.read()
        deposited = try reader.read()
        paid = try reader.read()
        nextDeposit = try reader.readInteger()
    }
}
