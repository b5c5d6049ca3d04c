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

    /// How old a version 0 transfer may be: at most 1,200 blocks' time, so that its id is still remembered.
    public var historicalLife: Instant.Span {
        min(HistoricalTransfer.longestLife, consensus.interval.times(Transaction.longestLife))
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

/// The state before a chain's first block.
public struct Genesis: Sendable, Hashable, Canonical {
    /// The timestamp of the block at height 0.
    public let time: Instant
    /// Who makes the blocks of round 1.
    public let members: MemberSet
    /// Balances, each account and asset once.
    public let balances: [Balance]
    /// The ends of the members' hash onions; empty where the chain reveals none.
    public let onions: [Onion]

    /// A first balance.
    public struct Balance: Sendable, Hashable, Canonical {
        /// Whose.
        public let address: Address
        /// Of what.
        public let asset: AssetNumber
        /// How much.
        public let amount: Amount

        /// Joins the parts.
        public init(address: Address, asset: AssetNumber = .etm, amount: Amount) {
            self.address = address
            self.asset = asset
            self.amount = amount
        }

        /// Writes the parts.
        public func encode(to writer: inout ByteWriter) {
            writer.write(address)
            writer.write(asset)
            writer.write(amount)
        }

        /// Reads the parts.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            address = try reader.read()
            asset = try reader.read()
            amount = try reader.read()
        }
    }

    /// The end of a member's hash onion.
    public struct Onion: Sendable, Hashable, Canonical {
        /// Whose.
        public let member: PublicKey
        /// SHA-256 applied to the member's secret as often as the onion has layers.
        public let anchor: Digest

        /// Joins the parts.
        public init(member: PublicKey, anchor: Digest) {
            self.member = member
            self.anchor = anchor
        }

        /// Writes the parts.
        public func encode(to writer: inout ByteWriter) {
            writer.write(member)
            writer.write(anchor)
        }

        /// Reads the parts.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            member = try reader.read()
            anchor = try reader.read()
        }
    }

    /// Joins the parts.
    public init(time: Instant, members: MemberSet, balances: [Balance], onions: [Onion] = []) {
        self.time = time
        self.members = members
        self.balances = balances
        self.onions = onions
    }

    /// Why no chain can start from this, or nil: a balance or an onion twice, or a supply above 64 bits.
    public var defect: String? {
        let accounts = balances.map { ($0.address, $0.asset) }.sorted { $0 < $1 }
        for index in accounts.indices.dropFirst() where accounts[index - 1] == accounts[index] {
            return "\(accounts[index].0) is given asset \(accounts[index].1) twice"
        }
        var supply: [AssetNumber: Amount] = [:]
        for balance in balances {
            guard let sum = supply[balance.asset, default: .zero].adding(balance.amount) else {
                return "the supply of asset \(balance.asset) does not fit into 64 bits"
            }
            supply[balance.asset] = sum
        }
        let owners = onions.map(\.member).sorted()
        for index in owners.indices.dropFirst() where owners[index - 1] == owners[index] {
            return "the member \(owners[index]) has two onions"
        }
        return nil
    }

    /// The records of the state before the first block.
    public var records: [(StateKey, [UInt8])] {
        balances.filter { $0.amount != .zero }.map { (Bank.key($0.address, $0.asset), $0.amount.encoded) }
            + onions.map { (OnionHead.key($0.member), OnionHead(layer: $0.anchor, revealed: 0).encoded) }
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(time)
        writer.write(members)
        writer.write(list: balances)
        writer.write(list: onions)
    }

    /// Reads the parts, which must have no defect.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        time = try reader.read()
        members = try reader.read()
        balances = try reader.readList(most: 1_000_000)
        onions = try reader.readList(most: MemberSet.most)
        guard defect == nil else { throw .notCanonical(offset: start) }
    }
}

/// Where a member's hash onion stands (`mathematics.md` 5.5).
public struct OnionHead: Sendable, Hashable, Canonical {
    /// The layer revealed last, or the anchor: the next reveal must hash to it.
    public let layer: Digest
    /// How many layers were revealed.
    public let revealed: UInt64

    /// Joins the parts.
    public init(layer: Digest, revealed: UInt64) {
        self.layer = layer
        self.revealed = revealed
    }

    /// The record of a member's onion.
    public static func key(_ member: PublicKey) -> StateKey { StateKey(.onions, member.array) }

    /// Writes 40 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(layer)
        writer.write(revealed)
    }

    /// Reads 40 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        layer = try reader.read()
        revealed = try reader.readInteger()
    }
}
