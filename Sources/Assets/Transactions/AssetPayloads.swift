internal import Ledger
public import Primitives

/// The payload of an issuer's registration.
public struct RegisterIssuerPayload: Sendable, Hashable, JudgedPayload {
    /// 1 to 16 letters.
    public let name: String
    /// At most 4,096 bytes of UTF-8.
    public let description: String

    /// Joins the parts.
    public init(name: String, description: String) {
        self.name = name
        self.description = description
    }

    /// What is wrong with the fields, or nil.
    public var defect: String? {
        AssetNames.isIssuer(name) ? nil : "an issuer's name has 1 to 16 letters of the English alphabet"
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(description)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        name = try reader.readString(most: AssetNames.longestIssuer)
        description = try reader.readString(most: AssetNames.longestDescription)
    }
}

/// The payload of a new asset.
public struct CreateAssetPayload: Sendable, Hashable, JudgedPayload {
    /// The issuer's name, a point, and 3 to 6 capital letters.
    public let currency: String
    /// At most 4,096 bytes of UTF-8.
    public let description: String
    /// The most base units that may ever exist, 1 to 10^48.
    public let maximum: UInt256
    /// Decimal places, 0 to 16.
    public let precision: UInt8
    /// Must be empty: nobody's expressions are evaluated here (`etm-formats.md` 8.1, 15).
    public let strategy: String
    /// What the issuer may do to it later.
    public let rights: AssetRights

    /// The most decimal places.
    public static let mostPlaces: UInt8 = 16
    /// The most bytes of a strategy that is read in order to be refused.
    public static let longestStrategy = 256

    /// Joins the parts.
    public init(
        currency: String, description: String, maximum: UInt256, precision: UInt8, strategy: String = "",
        rights: AssetRights = .none
    ) {
        self.currency = currency
        self.description = description
        self.maximum = maximum
        self.precision = precision
        self.strategy = strategy
        self.rights = rights
    }

    /// What is wrong with the fields, or nil.
    public var defect: String? {
        if let defect = AssetNames.defect(currency) ?? AssetAmount.defect(maximum) { return defect }
        if precision > Self.mostPlaces { return "an asset has at most 16 decimal places" }
        return strategy.isEmpty ? nil : "an asset has no strategy: expressions are not evaluated"
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(currency)
        writer.write(description)
        writer.write(maximum)
        writer.write(precision)
        writer.write(strategy)
        writer.write(rights)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        currency = try reader.readString(most: AssetNames.longestCurrency)
        description = try reader.readString(most: AssetNames.longestDescription)
        maximum = try reader.read()
        precision = try reader.readInteger()
        strategy = try reader.readString(most: Self.longestStrategy)
        rights = try reader.read()
    }
}

/// The payload of a flag: 1 chooses the list that the asset goes by, 2 writes it off.
public struct SetAssetFlagPayload: Sendable, Hashable, JudgedPayload {
    /// The asset.
    public let currency: String
    /// 1 for the list, 2 for writing off.
    public let flagType: UInt8
    /// The list's number; 1 for writing off.
    public let flag: UInt8

    /// Joins the historical fields.
    public init(currency: String, flagType: UInt8, flag: UInt8) {
        self.currency = currency
        self.flagType = flagType
        self.flag = flag
    }

    /// Lets the asset go by a list.
    public init(currency: String, list: AccessList) {
        self.init(currency: currency, flagType: 1, flag: list.rawValue)
    }

    /// Ends the asset.
    public init(writingOff currency: String) { self.init(currency: currency, flagType: 2, flag: 1) }

    /// The list that is chosen; nil when the asset is written off.
    public var list: AccessList? { flagType == 1 ? AccessList(rawValue: flag) : nil }

    /// What is wrong with the fields, or nil.
    public var defect: String? {
        if let defect = AssetNames.defect(currency) { return defect }
        switch flagType {
        case 1: return list == nil ? "the flag must be 0 (blacklist) or 1 (whitelist)" : nil
        case 2: return flag == 1 ? nil : "the flag of writing off must be 1: nothing is taken back"
        default: return "the flag's type must be 1 (list) or 2 (writing off)"
        }
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(currency)
        writer.write(flagType)
        writer.write(flag)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        currency = try reader.readString(most: AssetNames.longestCurrency)
        flagType = try reader.readInteger()
        flag = try reader.readInteger()
    }
}

/// The payload of new units of an asset.
public struct IssueAssetPayload: Sendable, Hashable, JudgedPayload {
    /// The asset.
    public let currency: String
    /// Base units, 1 to 10^48.
    public let amount: UInt256

    /// Joins the parts.
    public init(currency: String, amount: UInt256) {
        self.currency = currency
        self.amount = amount
    }

    /// What is wrong with the fields, or nil.
    public var defect: String? { AssetNames.defect(currency) ?? AssetAmount.defect(amount) }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(currency)
        writer.write(amount)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        currency = try reader.readString(most: AssetNames.longestCurrency)
        amount = try reader.read()
    }
}

/// The payload of a transfer of an asset.
public struct TransferAssetPayload: Sendable, Hashable, JudgedPayload {
    /// Who receives.
    public let recipient: Address
    /// The asset.
    public let currency: String
    /// Base units, 1 to 10^48.
    public let amount: UInt256
    /// At most 256 bytes of UTF-8; may be empty.
    public let message: String

    /// Joins the parts.
    public init(recipient: Address, currency: String, amount: UInt256, message: String = "") {
        self.recipient = recipient
        self.currency = currency
        self.amount = amount
        self.message = message
    }

    /// What is wrong with the fields, or nil.
    public var defect: String? { AssetNames.defect(currency) ?? AssetAmount.defect(amount) }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(recipient)
        writer.write(currency)
        writer.write(amount)
        writer.write(message)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        recipient = try reader.read()
        currency = try reader.readString(most: AssetNames.longestCurrency)
        amount = try reader.read()
        message = try reader.readString(most: TransferPayload.longestMessage)
    }
}
