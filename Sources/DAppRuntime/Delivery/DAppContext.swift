public import Primitives

/// An asset as contracts see it.
public struct Asset: Canonical, Equatable, Sendable {
    /// Symbol of 3 to 6 capital letters.
    public let symbol: String
    /// Decimal places of one whole unit.
    public let decimals: UInt8

    /// Names an asset.
    public init(symbol: String, decimals: UInt8) {
        self.symbol = symbol
        self.decimals = decimals
    }

    /// Reads a symbol of at most 16 bytes and the decimals.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(symbol: try reader.readString(most: 16), decimals: try reader.readInteger())
    }

    /// Writes symbol and decimals.
    public func encode(to writer: inout ByteWriter) {
        writer.write(symbol)
        writer.write(decimals)
    }
}

/// Limits that decide results, so every node of a chain must use the same.
public struct ExecutionLimits: Canonical, Equatable, Sendable {
    /// Gas for evaluating the modules when a bundle is loaded or checked.
    public let loadGas: UInt64
    /// Gas of one read-only query.
    public let queryGas: UInt64
    /// Records that one call may read or write.
    public let recordsPerCall: UInt32

    /// The standard limits (js-runtime.md 8): 10 M gas to load, 50 M a query, 1,024 records a call.
    public static let standard = ExecutionLimits(
        loadGas: 10_000_000, queryGas: 50_000_000, recordsPerCall: 1024)

    /// States the limits.
    public init(loadGas: UInt64, queryGas: UInt64, recordsPerCall: UInt32) {
        self.loadGas = loadGas
        self.queryGas = queryGas
        self.recordsPerCall = recordsPerCall
    }

    /// Reads the three numbers.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            loadGas: try reader.readInteger(), queryGas: try reader.readInteger(),
            recordsPerCall: try reader.readInteger())
    }

    /// Writes the three numbers.
    public func encode(to writer: inout ByteWriter) {
        writer.write(loadGas)
        writer.write(queryGas)
        writer.write(recordsPerCall)
    }
}

/// What stays the same for all deliveries of one DApp.
public struct DAppContext: Canonical, Equatable, Sendable {
    /// The DApp's chain.
    public let chainID: ChainID
    /// Address text of the DApp's own account.
    public let selfAddress: String
    /// The assets; an asset's number is its index.
    public let assets: [Asset]
    /// The asset of `ctx.pay` and `ctx.balance` when none is named.
    public let defaultAsset: UInt8
    /// Limits that decide results.
    public let limits: ExecutionLimits
    /// How long after its block a ticket for a draw waits for a round of the main chain to open.
    public let drawMargin: Instant.Span

    /// Describes a DApp's surroundings.
    public init(
        chainID: ChainID, selfAddress: String, assets: [Asset], defaultAsset: UInt8,
        limits: ExecutionLimits = .standard, drawMargin: Instant.Span = .seconds(10)
    ) {
        self.drawMargin = drawMargin
        self.chainID = chainID
        self.selfAddress = selfAddress
        self.assets = assets
        self.defaultAsset = defaultAsset
        self.limits = limits
    }

    /// Reads at most 255 assets, of which the default must be one.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            chainID: try reader.read(), selfAddress: try reader.readString(most: Call.longestAddress),
            assets: try reader.readList(most: 255), defaultAsset: try reader.readInteger(),
            limits: try reader.read(), drawMargin: try reader.read())
        guard Int(defaultAsset) < assets.count else { throw .notCanonical(offset: reader.offset) }
    }

    /// Writes the fields in order.
    public func encode(to writer: inout ByteWriter) {
        writer.write(chainID)
        writer.write(selfAddress)
        writer.write(list: assets)
        writer.write(defaultAsset)
        writer.write(limits)
        writer.write(drawMargin)
    }
}
