public import Primitives

/// What a DApp wants to be: name, token, fees, blocks, consensus.
///
/// The file `etm.dapp.json`, checked.
public struct DAppManifest: Canonical, Equatable, Sendable {
    /// Name of the file in a package.
    public static let fileName = "etm.dapp.json"
    /// Most bytes of that file.
    public static let mostBytes = 65_536
    /// Most validators.
    public static let mostValidators = 101

    /// Lower-case name, `[a-z][a-z0-9-]{1,31}`.
    public let name: String
    /// One sentence for people, at most 160 bytes.
    public let description: String
    /// Shelf of the store.
    public let category: Category
    /// Words for search, at most 160 bytes.
    public let tags: String
    /// A token of its own; nil when the DApp uses only bridged assets.
    public let token: Token?
    /// What calls cost.
    public let fees: Fees
    /// Size and pace of blocks.
    public let blocks: Blocks
    /// How validators agree.
    public let consensus: ConsensusKind
    /// Who leads a view.
    public let leader: LeaderRule
    /// Keys of the validators; empty means those of the main chain.
    public let validators: [PublicKey]
    /// Longest time without a block, even when nothing happens.
    public let heartbeat: Instant.Span

    /// Joins checked parts; `parse` checks a file, decoding checks bytes.
    package init(
        name: String, description: String, category: Category, tags: String, token: Token?, fees: Fees,
        blocks: Blocks, agreement: (consensus: ConsensusKind, leader: LeaderRule), validators: [PublicKey],
        heartbeat: Instant.Span
    ) {
        self.name = name
        self.description = description
        self.category = category
        self.tags = tags
        self.token = token
        self.fees = fees
        self.blocks = blocks
        consensus = agreement.consensus
        leader = agreement.leader
        self.validators = validators
        self.heartbeat = heartbeat
    }

    /// Reads a manifest; values that `parse` would refuse are not canonical.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        self.init(
            name: try reader.readString(most: 32), description: try reader.readString(most: 160),
            category: try Self.readTag(&reader), tags: try reader.readString(most: 160),
            token: try reader.readOptional(), fees: try reader.read(), blocks: try reader.read(),
            agreement: (try Self.readTag(&reader), try Self.readTag(&reader)),
            validators: try reader.readList(most: Self.mostValidators), heartbeat: try reader.read())
        guard ManifestRules.isName(name), ManifestRules.heartbeat.contains(heartbeat.milliseconds),
            Set(validators).count == validators.count,
            fees.currency == "ETM" || fees.currency == token?.symbol
        else { throw .notCanonical(offset: start) }
    }

    /// Writes the fields in order.
    public func encode(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(description)
        writer.write(category.rawValue)
        writer.write(tags)
        writer.write(optional: token)
        writer.write(fees)
        writer.write(blocks)
        writer.write(consensus.rawValue)
        writer.write(leader.rawValue)
        writer.write(list: validators)
        writer.write(heartbeat)
    }

    private static func readTag<Tag: RawRepresentable<UInt8>>(
        _ reader: inout ByteReader
    ) throws(CodecRejection) -> Tag {
        let start = reader.offset
        let raw = try reader.readInteger(UInt8.self)
        guard let tag = Tag(rawValue: raw) else { throw .unknownTag(offset: start, got: Int(raw)) }
        return tag
    }
}

extension DAppManifest {
    /// Shelves of the DApp store (`etm-formats.md`).
    public enum Category: UInt8, CaseIterable, Sendable {
        /// No shelf in particular.
        case common = 1
        /// Trade and finance.
        case business = 2
        /// Forums and messages.
        case social = 3
        /// Learning.
        case education = 4
        /// Music, films, art.
        case entertainment = 5
        /// News.
        case news = 6
        /// Everyday life.
        case life = 7
        /// Tools.
        case utilities = 8
        /// Games.
        case games = 9

        /// The name in a manifest.
        public var name: String {
            switch self {
            case .common: "Common"
            case .business: "Business"
            case .social: "Social"
            case .education: "Education"
            case .entertainment: "Entertainment"
            case .news: "News"
            case .life: "Life"
            case .utilities: "Utilities"
            case .games: "Games"
            }
        }
    }

    /// How validators agree.
    public enum ConsensusKind: UInt8, CaseIterable, Sendable {
        /// Byzantine agreement among the validators.
        case bft = 1
        /// One validator decides.
        case solo = 2
    }

    /// Who leads a view.
    public enum LeaderRule: UInt8, CaseIterable, Sendable {
        /// The chaotic index of the beacon.
        case chaos = 1
        /// One after the other.
        case roundRobin = 2
        /// The chaotic index of the parent's parent, as on the historical network; for comparison.
        case blockID = 3
    }

    /// The DApp's own token.
    public struct Token: Canonical, Equatable, Sendable {
        /// Symbol, `[A-Z]{3,6}`.
        public let symbol: String
        /// Decimal places, 0 to 18.
        public let decimals: UInt8
        /// Base units that exist from the first block.
        public let supply: Amount
        /// Address text of who gets them; nil means the account that deploys.
        public let owner: String?

        package init(symbol: String, decimals: UInt8, supply: Amount, owner: String?) {
            self.symbol = symbol
            self.decimals = decimals
            self.supply = supply
            self.owner = owner
        }

        /// Reads a token within its bounds.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            let start = reader.offset
            self.init(
                symbol: try reader.readString(most: 6), decimals: try reader.readInteger(),
                supply: try reader.read(),
                owner: try reader.readBool() ? try reader.readString(most: Call.longestAddress) : nil)
            guard ManifestRules.isSymbol(symbol), decimals <= 18,
                owner.map(ManifestRules.looksLikeAddress) ?? true
            else { throw .notCanonical(offset: start) }
        }

        /// Writes the fields in order.
        public func encode(to writer: inout ByteWriter) {
            writer.write(symbol)
            writer.write(decimals)
            writer.write(supply)
            writer.write(owner != nil)
            if let owner { writer.write(owner) }
        }
    }

    /// What calls cost.
    public struct Fees: Canonical, Equatable, Sendable {
        /// "ETM" or the token's symbol.
        public let currency: String
        /// Base units that every call pays at least.
        public let minimum: Amount
        /// Base units for 1,000 gas.
        public let gasPrice: Amount

        package init(currency: String, minimum: Amount, gasPrice: Amount) {
            self.currency = currency
            self.minimum = minimum
            self.gasPrice = gasPrice
        }

        /// Reads currency, minimum and price.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            let start = reader.offset
            self.init(
                currency: try reader.readString(most: 6), minimum: try reader.read(),
                gasPrice: try reader.read())
            guard ManifestRules.isSymbol(currency) else { throw .notCanonical(offset: start) }
        }

        /// Writes the fields in order.
        public func encode(to writer: inout ByteWriter) {
            writer.write(currency)
            writer.write(minimum)
            writer.write(gasPrice)
        }
    }

    /// Size and pace of blocks.
    public struct Blocks: Canonical, Equatable, Sendable {
        /// Shortest time between blocks, 200 ms to 60 s.
        public let interval: Instant.Span
        /// Most transactions, 1 to 10,000.
        public let maxTransactions: UInt32
        /// Most bytes, 1,024 to 16 MiB.
        public let maxBytes: UInt32
        /// Most gas of all calls together, 100,000 to 1,000,000,000.
        public let gas: UInt64

        package init(interval: Instant.Span, maxTransactions: UInt32, maxBytes: UInt32, gas: UInt64) {
            self.interval = interval
            self.maxTransactions = maxTransactions
            self.maxBytes = maxBytes
            self.gas = gas
        }

        /// Reads four numbers within their bounds.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            let start = reader.offset
            self.init(
                interval: try reader.read(), maxTransactions: try reader.readInteger(),
                maxBytes: try reader.readInteger(), gas: try reader.readInteger())
            guard ManifestRules.interval.contains(interval.milliseconds),
                ManifestRules.transactions.contains(UInt64(maxTransactions)),
                ManifestRules.bytes.contains(UInt64(maxBytes)), ManifestRules.gas.contains(gas)
            else { throw .notCanonical(offset: start) }
        }

        /// Writes the fields in order.
        public func encode(to writer: inout ByteWriter) {
            writer.write(interval)
            writer.write(maxTransactions)
            writer.write(maxBytes)
            writer.write(gas)
        }
    }
}

/// Why a manifest is refused: everything wrong with it, in the order of the file.
///
/// Blame: the author of the package. Consequence: it is not deployed.
public struct ManifestRejection: Error, Equatable, Sendable {
    /// At least one finding.
    public let diagnostics: [Diagnostic]
}
