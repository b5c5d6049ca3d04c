public import Ledger
public import Primitives

/// An asset that an issuer made.
public struct AssetRecord: Sendable, Hashable, Canonical {
    /// Its name: issuer, point, symbol.
    public let currency: String
    /// The issuer's account.
    public let owner: Address
    /// What the issuer says of it.
    public let description: String
    /// The most base units that may ever exist.
    public let maximum: UInt256
    /// Decimal places, 0 to 16.
    public let precision: UInt8
    /// What the issuer may do to it.
    public let rights: AssetRights
    /// When it was made.
    public let created: Height
    /// The list that it goes by.
    public var list = AccessList.blacklist
    /// True once the issuer ended it.
    public var isWrittenOff = false
    /// Base units that exist.
    public var quantity = UInt256.zero

    /// The record of a currency.
    public static func key(_ currency: String) -> StateKey { StateKey(.assets, Array(currency.utf8)) }

    init(_ payload: CreateAssetPayload, owner: Address, created: Height) {
        currency = payload.currency
        self.owner = owner
        description = payload.description
        maximum = payload.maximum
        precision = payload.precision
        rights = payload.rights
        self.created = created
    }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        writer.write(currency)
        writer.write(owner)
        writer.write(description)
        writer.write(maximum)
        writer.write(precision)
        writer.write(rights)
        writer.write(created)
        writer.write(list)
        writer.write(isWrittenOff)
        writer.write(quantity)
    }

    /// Reads the fields.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        currency = try reader.readString(most: AssetNames.longestCurrency)
        owner = try reader.read()
        description = try reader.readString(most: AssetNames.longestDescription)
        maximum = try reader.read()
        precision = try reader.readInteger()
        rights = try reader.read()
        created = try reader.read()
        list = try reader.read()
        isWrittenOff = try reader.readBool()
        quantity = try reader.read()
    }
}
