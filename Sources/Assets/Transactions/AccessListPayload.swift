public import Primitives

/// Onto a list or off it.
public enum AccessChange: UInt8, Sendable, Hashable, CaseIterable, Canonical {
    /// Onto it.
    case add = 1
    /// Off it.
    case remove = 2

    /// Reads the historical operator, "+" or "-"; nil for anything else.
    public init?(sign: String) {
        switch sign {
        case "+": self = .add
        case "-": self = .remove
        default: return nil
        }
    }

    /// The historical operator.
    public var sign: String { self == .add ? "+" : "-" }

    /// Writes one byte.
    public func encode(to writer: inout ByteWriter) { writer.write(rawValue) }

    /// Reads one byte.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let tag = try reader.readInteger(UInt8.self)
        guard let change = AccessChange(rawValue: tag) else {
            throw .unknownTag(offset: start, got: Int(tag))
        }
        self = change
    }
}

/// The payload of a change to an asset's list.
public struct ChangeAccessListPayload: Sendable, Hashable, JudgedPayload {
    /// The asset.
    public let currency: String
    /// Onto the list or off it.
    public let change: AccessChange
    /// Which list.
    public let list: AccessList
    /// 1 to 10 accounts, each once.
    public let accounts: [Address]

    /// The most accounts of one change.
    public static let mostAccounts = 10

    /// Joins the parts.
    public init(currency: String, change: AccessChange, list: AccessList, accounts: [Address]) {
        self.currency = currency
        self.change = change
        self.list = list
        self.accounts = accounts
    }

    /// What is wrong with the fields, or nil.
    public var defect: String? {
        if let defect = AssetNames.defect(currency) { return defect }
        guard (1...Self.mostAccounts).contains(accounts.count) else {
            return "a change names 1 to \(Self.mostAccounts) accounts"
        }
        return Set(accounts).count == accounts.count ? nil : "an account is named twice"
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(currency)
        writer.write(change)
        writer.write(list)
        writer.write(list: accounts)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        currency = try reader.readString(most: AssetNames.longestCurrency)
        change = try reader.read()
        list = try reader.read()
        accounts = try reader.readList(most: Self.mostAccounts)
    }
}
