public import Ledger
public import Primitives

/// What an owner asks for when a DApp becomes its own chain; the chain's parameters follow from it alone.
public struct Registration: Sendable, Hashable, Canonical {
    /// Lower-case, `[a-z][a-z0-9-]{1,31}`, unique on the main chain.
    public var name: String
    /// At most 160 bytes.
    public var description: String
    /// 1 to 9 (`etm-formats.md` 1.2).
    public var category: UInt8
    /// At most 160 bytes.
    public var tags: String
    /// The DApp's own token, if it has one.
    public var token: Token?
    /// What calls cost.
    public var fees: FeeSchedule
    /// The bounds of a block.
    public var limits: BlockLimits
    /// How blocks are made.
    public var consensus: ConsensusParameters
    /// Who makes and finalises blocks.
    public var validators: MemberSet
    /// The canonical bytes of the DApp's bundle.
    public var bundle: [UInt8]

    /// A side chain's own token.
    public struct Token: Sendable, Hashable, Canonical {
        /// Three to six capital letters, not ETM.
        public let symbol: String
        /// Decimal places, at most 18.
        public let decimals: UInt8
        /// Base units that exist from the first block on; above zero.
        public let supply: Amount
        /// Who holds them first.
        public let holder: Address

        /// Joins the parts.
        public init(symbol: String, decimals: UInt8, supply: Amount, holder: Address) {
            self.symbol = symbol
            self.decimals = decimals
            self.supply = supply
            self.holder = holder
        }

        /// Writes the parts.
        public func encode(to writer: inout ByteWriter) {
            writer.write(symbol)
            writer.write(decimals)
            writer.write(supply)
            writer.write(holder)
        }

        /// Reads the parts.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            symbol = try reader.readString(most: 6)
            decimals = try reader.readInteger()
            supply = try reader.read()
            holder = try reader.read()
        }
    }

    /// The most bytes in a bundle.
    public static let largestBundle = 270_000
    private static let longestText = 160

    /// Joins the parts.
    public init(
        name: String, validators: MemberSet, consensus: ConsensusParameters, limits: BlockLimits,
        fees: FeeSchedule,
        bundle: [UInt8]
    ) {
        self.name = name
        description = ""
        category = 1
        tags = ""
        token = nil
        self.fees = fees
        self.limits = limits
        self.consensus = consensus
        self.validators = validators
        self.bundle = bundle
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(description)
        writer.write(category)
        writer.write(tags)
        writer.write(optional: token)
        writer.write(fees)
        writer.write(limits)
        writer.write(consensus)
        writer.write(validators)
        writer.write(bytes: bundle)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        name = try reader.readString(most: 32)
        description = try reader.readString(most: Registration.longestText)
        category = try reader.readInteger()
        tags = try reader.readString(most: Registration.longestText)
        token = try reader.readOptional()
        fees = try reader.read()
        limits = try reader.read()
        consensus = try reader.read()
        validators = try reader.read()
        bundle = try reader.readByteString(most: Registration.largestBundle)
    }

    /// Why the main chain refuses the registration, or nil; every bound is a sentence.
    public var defect: String? {
        if !Registration.isName(name) {
            return "the name must match [a-z][a-z0-9-]{1,31} and not be \"main\""
        }
        if !(1...9).contains(category) { return "the category must be from 1 to 9" }
        if description.utf8.count > Registration.longestText { return "the description may have 160 bytes" }
        if tags.utf8.count > Registration.longestText { return "the tags may have 160 bytes" }
        if let token, let defect = token.defect { return defect }
        if fees.currency > (token == nil ? .etm : .own) {
            return "fees are in a token that the chain does not have"
        }
        return consensusDefect ?? limitsDefect
    }

    private var consensusDefect: String? {
        if !(200...60_000).contains(consensus.interval.milliseconds) {
            return "the block interval must be from 200 ms to 60 s"
        }
        if !(100...60_000).contains(consensus.delta.milliseconds) { return "Δ must be from 100 ms to 60 s" }
        if !(1...10_000).contains(consensus.roundLength) { return "a round must have 1 to 10,000 heights" }
        if case .onDemand(let heartbeat) = consensus.pacing,
            !(1_000...86_400_000).contains(heartbeat.milliseconds)
        {
            return "the heartbeat must be from 1 s to 24 h"
        }
        if consensus.elections != .fixed { return "a DApp chain's validators are fixed" }
        if consensus.ownTower != nil { return "a DApp chain draws from the main chain's time towers" }
        return validators.count > 101 ? "a chain may have at most 101 validators" : nil
    }

    private var limitsDefect: String? {
        if !(1...10_000).contains(limits.transactions) { return "a block may have 1 to 10,000 transactions" }
        if !(1_024...4_194_304).contains(limits.bytes) { return "a block may have 1 KiB to 4 MiB" }
        if !(1...1_000_000_000).contains(limits.gas) { return "a block may have 1 to 1,000,000,000 gas" }
        if !(1...limits.gas).contains(limits.callGas) { return "a call may use 1 gas up to the block's gas" }
        if bundle.isEmpty { return "the bundle is empty" }
        return bundle.count > Registration.largestBundle ? "the bundle may have 270,000 bytes" : nil
    }

    private static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (2...32).contains(bytes.count), let first = bytes.first, (0x61...0x7a).contains(first) else {
            return false
        }
        let isPlain = bytes.allSatisfy {
            (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d
        }
        return isPlain && name != "main"
    }
}

extension Registration.Token {
    fileprivate var defect: String? {
        let bytes = Array(symbol.utf8)
        guard (3...6).contains(bytes.count), bytes.allSatisfy({ (0x41...0x5a).contains($0) }), symbol != "ETM"
        else {
            return "the token's symbol must be three to six capital letters and not ETM"
        }
        if supply == .zero { return "the token's supply must be above zero" }
        return decimals <= 18 ? nil : "the token may have at most 18 decimals"
    }
}
