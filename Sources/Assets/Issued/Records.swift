public import Ledger
public import Primitives

/// An account that may make assets.
public struct IssuerRecord: Sendable, Hashable, Canonical {
    /// Its name as it was registered.
    public let name: String
    /// The account.
    public let owner: Address
    /// What it says of itself.
    public let description: String
    /// When it registered.
    public let registered: Height

    /// The record of a name; capital letters make no difference.
    public static func key(_ name: String) -> StateKey {
        StateKey(.issuers, Array(name.lowercased().utf8))
    }

    /// The record of an account's issuer, which holds its name.
    public static func ownerKey(_ owner: Address) -> StateKey { StateKey(.issuerOwners, owner.array) }

    init(name: String, owner: Address, description: String, registered: Height) {
        self.name = name
        self.owner = owner
        self.description = description
        self.registered = registered
    }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(owner)
        writer.write(description)
        writer.write(registered)
    }

    /// Reads the fields.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        name = try reader.readString(most: AssetNames.longestIssuer)
        owner = try reader.read()
        description = try reader.readString(most: AssetNames.longestDescription)
        registered = try reader.read()
    }
}

/// The name of an account's issuer, as the state keeps it under the account.
public struct IssuerName: Sendable, Hashable, Canonical {
    /// The name as it was registered.
    public let name: String

    init(_ name: String) { self.name = name }

    /// Writes the name.
    public func encode(to writer: inout ByteWriter) { writer.write(name) }

    /// Reads the name.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        name = try reader.readString(most: AssetNames.longestIssuer)
    }
}

/// Which accounts an asset's list concerns; the numbers are the historical flags.
public enum AccessList: UInt8, Sendable, Hashable, CaseIterable, Canonical {
    /// Listed accounts are shut out.
    case blacklist = 0
    /// Only listed accounts take part.
    case whitelist = 1

    /// The right that an asset needs for it.
    public var right: AssetRight { self == .blacklist ? .blacklist : .whitelist }

    /// Writes one byte.
    public func encode(to writer: inout ByteWriter) { writer.write(rawValue) }

    /// Reads one byte.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let tag = try reader.readInteger(UInt8.self)
        guard let list = AccessList(rawValue: tag) else { throw .unknownTag(offset: start, got: Int(tag)) }
        self = list
    }
}

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

/// What an issuer may do to its asset, fixed when it makes it.
public struct AssetRights: Sendable, Hashable, Canonical {
    /// Whether it may end the asset.
    public let writeOff: Bool
    /// Whether it may let only listed accounts take part.
    public let whitelist: Bool
    /// Whether it may shut listed accounts out.
    public let blacklist: Bool

    /// Nothing.
    public static let none = AssetRights()

    /// Joins the parts.
    public init(writeOff: Bool = false, whitelist: Bool = false, blacklist: Bool = false) {
        self.writeOff = writeOff
        self.whitelist = whitelist
        self.blacklist = blacklist
    }

    /// Whether the issuer may do this.
    public func contains(_ right: AssetRight) -> Bool {
        switch right {
        case .writeOff: writeOff
        case .whitelist: whitelist
        case .blacklist: blacklist
        }
    }

    /// Writes three bytes in the historical order.
    public func encode(to writer: inout ByteWriter) {
        writer.write(writeOff)
        writer.write(whitelist)
        writer.write(blacklist)
    }

    /// Reads three bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        writeOff = try reader.readBool()
        whitelist = try reader.readBool()
        blacklist = try reader.readBool()
    }
}
