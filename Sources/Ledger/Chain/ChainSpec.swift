internal import Crypto
public import Primitives

/// A token that a chain keeps balances of.
public struct AssetSpec: Sendable, Hashable, Canonical {
    /// Three to six capital letters.
    public let symbol: String
    /// Decimal places shown to people.
    public let decimals: UInt8

    /// ETM.
    public static let etm = AssetSpec(symbol: "ETM", decimals: UInt8(Amount.decimals))

    /// Joins the parts.
    public init(symbol: String, decimals: UInt8) {
        self.symbol = symbol
        self.decimals = decimals
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(symbol)
        writer.write(decimals)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        symbol = try reader.readString(most: 16)
        decimals = try reader.readInteger()
    }
}

/// The bounds of a chain's blocks.
public struct BlockLimits: Sendable, Hashable, Canonical {
    /// The most transactions.
    public var transactions: UInt32
    /// The most bytes of all transactions together.
    public var bytes: UInt32
    /// The most gas of all calls together.
    public var gas: UInt64
    /// The most gas of one call.
    public var callGas: UInt64

    /// The main chain's: 3,000 transactions, 2 MiB.
    public static let main = BlockLimits(transactions: 3_000, bytes: 2_097_152, gas: 0, callGas: 0)

    /// Joins the parts.
    public init(transactions: UInt32, bytes: UInt32, gas: UInt64, callGas: UInt64) {
        self.transactions = transactions
        self.bytes = bytes
        self.gas = gas
        self.callGas = callGas
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(transactions)
        writer.write(bytes)
        writer.write(gas)
        writer.write(callGas)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        transactions = try reader.readInteger()
        bytes = try reader.readInteger()
        gas = try reader.readInteger()
        callGas = try reader.readInteger()
    }
}

/// Everything that the nodes of a chain must agree on before its first block.
public struct ChainSpec: Sendable, Hashable {
    /// Main or side.
    public enum Role: Sendable, Hashable {
        /// The chain that holds registrations and escrows.
        case main
        /// A DApp's own chain.
        case side
    }

    /// The chain's id.
    public let id: ChainID
    /// Its name: "main", or the DApp's.
    public let name: String
    /// Main or side.
    public let role: Role
    /// How blocks are made.
    public let consensus: ConsensusParameters
    /// The bounds of a block.
    public let limits: BlockLimits
    /// What is charged.
    public let fees: FeeSchedule
    /// The tokens, by asset number.
    public let assets: [AssetSpec]
    /// True when version 0 transactions may enter.
    public let acceptsHistorical: Bool
    /// The state before the first block, and who makes it.
    public let genesis: Genesis

    /// Joins the parts.
    public init(
        id: ChainID, name: String, role: Role, consensus: ConsensusParameters, limits: BlockLimits,
        fees: FeeSchedule, assets: [AssetSpec], acceptsHistorical: Bool, genesis: Genesis
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.consensus = consensus
        self.limits = limits
        self.fees = fees
        self.assets = assets
        self.acceptsHistorical = acceptsHistorical
        self.genesis = genesis
    }

    private static let mainTag = HashTag("ETM/main-chain/1")

    /// A main chain: its id is the tagged hash of everything below.
    public static func main(
        consensus: ConsensusParameters, limits: BlockLimits = .main, fees: FeeSchedule = .main,
        acceptsHistorical: Bool = true, genesis: Genesis
    ) -> ChainSpec {
        var writer = ByteWriter()
        writer.write(consensus)
        writer.write(limits)
        writer.write(fees)
        writer.write(acceptsHistorical)
        writer.write(genesis)
        return ChainSpec(
            id: ChainID(mainTag.hash(writer.bytes).bytes), name: "main", role: .main, consensus: consensus,
            limits: limits, fees: fees, assets: [.etm], acceptsHistorical: acceptsHistorical, genesis: genesis
        )
    }

    /// How old a version 0 transaction may be: at most 1,200 blocks' time, so that its id is still remembered.
    public var historicalLife: Instant.Span {
        min(HistoricalTransaction.longestLife, consensus.interval.times(Transaction.longestLife))
    }

    /// The block at height 0: no leader, no signature, only the state that the specification gives.
    public var genesisBlock: Block {
        var header = BlockHeader(chain: id, height: .zero, round: .zero, view: .zero)
        header.timestamp = genesis.time
        header.transactionsRoot = Block.transactionsRoot([])
        header.receiptsRoot = Block.transactionsRoot([])
        header.outboxRoot = OutboxMessage.root([])
        header.beacon = Digest(id.bytes)
        header.stateRoot = ChainState(records: genesis.records, finalBlock: .zero).finalRoot
        return Block(header: header, transactions: [])
    }
}
