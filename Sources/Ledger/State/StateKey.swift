public import Primitives

/// Names one record: a table byte, then the table's primary key.
public struct StateKey: Sendable, Hashable, Comparable, Canonical {
    /// The table byte and the primary key.
    public let bytes: [UInt8]

    /// The most bytes in a key.
    public static let longest = 512

    /// Joins a table and a primary key.
    public init(_ table: StateTable, _ primary: [UInt8] = []) {
        var bytes = [UInt8]()
        bytes.reserveCapacity(1 + primary.count)
        bytes.append(table.rawValue)
        bytes.append(contentsOf: primary)
        self.bytes = bytes
    }

    /// Wraps the whole key.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// The table byte, or 0 for an empty key.
    public var table: UInt8 { bytes.first ?? 0 }

    /// Byte order.
    public static func < (left: StateKey, right: StateKey) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// Writes the bytes with a length.
    public func encode(to writer: inout ByteWriter) { writer.write(bytes: bytes) }

    /// Reads bytes with a length.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        bytes = try reader.readByteString(most: StateKey.longest)
    }
}

/// The tables of a chain's state; the number is the first byte of every key.
public enum StateTable: UInt8, Sendable, CaseIterable {
    /// Chain-wide single records such as the fee pool.
    case chain = 0x00
    /// Balances: address ‖ asset number.
    case balances = 0x01
    /// Hash-onion heads of block producers: public key.
    case onions = 0x03
    /// Registered DApp chains: chain id.
    case dapps = 0x10
    /// DApp names in use: UTF-8 name.
    case dappNames = 0x11
    /// Bundles of registered DApps: bundle hash.
    case bundles = 0x12
    /// Escrows of side chains on the main chain: chain id.
    case escrows = 0x20
    /// Messages to a side chain: chain id ‖ sequence.
    case inbox = 0x21
    /// Messages to the main chain: sequence.
    case outbox = 0x22
    /// Withdrawals already paid: chain id ‖ sequence.
    case paid = 0x23
    /// Records owned by a DApp's JavaScript.
    case dapp = 0x80
}
