public import Primitives

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
    /// Records of the modules of the chain's rules, in key order.
    public let modules: [Record]

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
    public init(
        time: Instant, members: MemberSet, balances: [Balance], onions: [Onion] = [], modules: [Record] = []
    ) {
        self.time = time
        self.members = members
        self.balances = balances
        self.onions = onions
        self.modules = modules
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
        if let modulesDefect { return modulesDefect }
        return self.supply == nil ? "the supply of ETM does not fit into 64 bits" : nil
    }

    /// The records of the state before the first block.
    public var records: [(StateKey, [UInt8])] {
        balances.filter { $0.amount != .zero }.map { (Bank.key($0.address, $0.asset), $0.amount.encoded) }
            + onions.map { (OnionHead.key($0.member), OnionHead(layer: $0.anchor, revealed: 0).encoded) }
            + modules.map { ($0.key, $0.value) }
    }

    // Marks the number of onions when modules' records follow, so that a genesis without any keeps its bytes.
    private static let modulesMark: UInt32 = 1 << 31

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(time)
        writer.write(members)
        writer.write(list: balances)
        writer.write(UInt32(onions.count) | (modules.isEmpty ? 0 : Genesis.modulesMark))
        for onion in onions { writer.write(onion) }
        if !modules.isEmpty { writer.write(list: modules) }
    }

    /// Reads the parts, which must have no defect.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        time = try reader.read()
        members = try reader.read()
        balances = try reader.readList(most: 1_000_000)
        let count = try reader.readInteger(UInt32.self)
        let hasModules = count & Genesis.modulesMark != 0
        onions = try Genesis.readOnions(Int(count & ~Genesis.modulesMark), from: &reader)
        modules = hasModules ? try reader.readList(most: Genesis.mostModuleRecords) : []
        guard !hasModules || !modules.isEmpty else { throw .notCanonical(offset: start) }
        guard defect == nil else { throw .notCanonical(offset: start) }
    }

    private static func readOnions(
        _ count: Int, from reader: inout ByteReader
    ) throws(CodecRejection) -> [Onion] {
        guard count <= MemberSet.most else {
            throw .tooLong(offset: reader.offset, got: count, most: MemberSet.most)
        }
        var onions: [Onion] = []
        for _ in 0..<count { onions.append(try reader.read()) }
        return onions
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
