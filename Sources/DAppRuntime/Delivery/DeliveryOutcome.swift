public import Primitives

/// What a delivery did: one result a call and one write set for all of them.
public struct DeliveryOutcome: Canonical, Equatable, Sendable {
    /// Most records in one write set.
    public static let mostWrites = 1_000_000
    /// Most balances in one write set.
    public static let mostBalances = 100_000

    /// One result for each call, in order.
    public let results: [CallResult]
    /// Records that changed, by key, each key once.
    public let writes: [RecordWrite]
    /// Balances that changed, by asset and address, each once.
    public let balances: [BalanceWrite]

    /// Joins results and a write set that is already sorted.
    public init(results: [CallResult], writes: [RecordWrite], balances: [BalanceWrite]) {
        self.results = results
        self.writes = writes
        self.balances = balances
    }

    /// Reads an outcome; unsorted or repeated keys are not canonical.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let results: [CallResult] = try reader.readList(most: Delivery.mostCalls)
        let start = reader.offset
        let writes: [RecordWrite] = try reader.readList(most: Self.mostWrites)
        let balances: [BalanceWrite] = try reader.readList(most: Self.mostBalances)
        for (first, second) in zip(writes, writes.dropFirst())
        where !first.key.lexicographicallyPrecedes(second.key) { throw .notCanonical(offset: start) }
        for (first, second) in zip(balances, balances.dropFirst())
        where !(first.place < second.place) { throw .notCanonical(offset: start) }
        self.init(results: results, writes: writes, balances: balances)
    }

    /// Writes results, records, balances.
    public func encode(to writer: inout ByteWriter) {
        writer.write(list: results)
        writer.write(list: writes)
        writer.write(list: balances)
    }
}

/// The new value of one record.
public struct RecordWrite: Canonical, Equatable, Sendable {
    /// Longest key in bytes.
    public static let longestKey = 1024
    /// Longest value in bytes.
    public static let longestValue = 65_536

    /// Key in the DApp's own namespace.
    public let key: [UInt8]
    /// The value; nil deletes the record.
    public let value: [UInt8]?

    /// Describes one write.
    public init(key: [UInt8], value: [UInt8]?) {
        self.key = key
        self.value = value
    }

    /// Reads key and value within the stated bounds.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        key = try reader.readByteString(most: Self.longestKey)
        value = try reader.readBool() ? try reader.readByteString(most: Self.longestValue) : nil
    }

    /// Writes the key, then the value if there is one.
    public func encode(to writer: inout ByteWriter) {
        writer.write(bytes: key)
        writer.write(value != nil)
        if let value { writer.write(bytes: value) }
    }
}

/// One account's holding of one asset.
public struct BalancePlace: Canonical, Hashable, Comparable, Sendable {
    /// Number of the asset: its index in `DAppContext.assets`.
    public let asset: UInt8
    /// Address text.
    public let address: String

    /// Names a holding.
    public init(address: String, asset: UInt8) {
        self.asset = asset
        self.address = address
    }

    /// By asset, then by the bytes of the address.
    public static func < (left: BalancePlace, right: BalancePlace) -> Bool {
        left.asset == right.asset
            ? left.address.utf8.lexicographicallyPrecedes(right.address.utf8) : left.asset < right.asset
    }

    /// Reads an asset number and an address text.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        asset = try reader.readInteger()
        address = try reader.readString(most: Call.longestAddress)
    }

    /// Writes the asset number, then the address text.
    public func encode(to writer: inout ByteWriter) {
        writer.write(asset)
        writer.write(address)
    }
}

/// The new balance of one account in one asset.
public struct BalanceWrite: Canonical, Equatable, Sendable {
    /// Address text.
    public let address: String
    /// Number of the asset.
    public let asset: UInt8
    /// Base units the account holds now.
    public let units: UInt64

    /// Whose holding of what.
    public var place: BalancePlace { BalancePlace(address: address, asset: asset) }

    /// Describes one write.
    public init(address: String, asset: UInt8, units: UInt64) {
        self.address = address
        self.asset = asset
        self.units = units
    }

    /// Reads place and units.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let place: BalancePlace = try reader.read()
        self.init(address: place.address, asset: place.asset, units: try reader.readInteger())
    }

    /// Writes place and units.
    public func encode(to writer: inout ByteWriter) {
        writer.write(place)
        writer.write(units)
    }
}
