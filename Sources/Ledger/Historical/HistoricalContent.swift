public import Primitives

/// What a version 0 transaction says beside its common fields, by kind (`etm-formats.md` 1.2).
///
/// Values are kept as they were signed; `HistoricalRules` says which of them are allowed.
public enum HistoricalContent: Sendable, Hashable {
    /// Moves ETM.
    case send
    /// The second key.
    case secondSignature(PublicKey)
    /// The miner's name.
    case delegate(username: String)
    /// Votes and withdrawn votes.
    case vote([HistoricalVote])
    /// The group.
    case multisignature(HistoricalGroup)
    /// The DApp's description.
    case registerDApp(HistoricalDApp)
    /// The DApp, the currency and, unless that is ETM, the amount.
    case inTransfer(dapp: String, currency: String, amount: String?)
    /// The DApp, the side chain's transaction, the currency and the amount.
    case outTransfer(dapp: String, transaction: String, currency: String, amount: String)
    /// The bytes.
    case storage([UInt8])
    /// The issuer's name and description.
    case issuer(name: String, description: String)
    /// The asset.
    case asset(HistoricalAsset)
    /// The currency, which flag, and its value.
    case flags(currency: String, type: UInt8, flag: UInt8)
    /// The change of an access list.
    case acl(HistoricalAccessChange)
    /// The currency and the amount in decimal.
    case issue(currency: String, amount: String)
    /// The currency and the amount in decimal.
    case assetTransfer(currency: String, amount: String)
    /// The height is the argument.
    case lockHeight
    /// The amount is the argument.
    case lockVotes
    /// The locks are the arguments.
    case unlockVotes
    /// The time is the argument.
    case delayTransfer
    /// Nothing.
    case resignDelegate

    /// The kind that the content belongs to.
    public var kind: HistoricalKind {
        switch self {
        case .send: .send
        case .secondSignature: .secondSignature
        case .delegate: .delegate
        case .vote: .vote
        case .multisignature: .multisignature
        case .registerDApp: .registerDApp
        case .inTransfer: .inTransfer
        case .outTransfer: .outTransfer
        case .storage: .storage
        case .issuer: .issuer
        case .asset: .asset
        case .flags: .flags
        case .acl: .acl
        case .issue: .issue
        case .assetTransfer: .assetTransfer
        case .lockHeight: .lockHeight
        case .lockVotes: .lockVotes
        case .unlockVotes: .unlockVotes
        case .delayTransfer: .delayTransfer
        case .resignDelegate: .resignDelegate
        }
    }
}

/// One entry of a version 0 vote.
public struct HistoricalVote: Sendable, Hashable, Canonical {
    /// True for "+", false for "-".
    public let isFor: Bool
    /// The miner's key.
    public let miner: PublicKey

    /// Joins the parts.
    public init(isFor: Bool, miner: PublicKey) {
        self.isFor = isFor
        self.miner = miner
    }

    /// Reads a sign and 64 hexadecimal digits; nil for anything else.
    public init?(text: some StringProtocol) {
        guard let sign = text.utf8.first, sign == 0x2b || sign == 0x2d,
            let key = PublicKey(hex: String(text.dropFirst()))
        else { return nil }
        self.init(isFor: sign == 0x2b, miner: key)
    }

    /// A sign and 64 hexadecimal digits.
    public var text: String { (isFor ? "+" : "-") + miner.hex }

    /// Writes 33 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(isFor)
        writer.write(miner)
    }

    /// Reads 33 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        isFor = try reader.readBool()
        miner = try reader.read()
    }
}

/// A version 0 group: so many of these keys, beside the account's own, must sign.
public struct HistoricalGroup: Sendable, Hashable, Canonical {
    /// How many signatures are needed, the account's own among them.
    public let minimum: UInt8
    /// Hours that the historical network waited for signatures; without effect here.
    public let lifetime: UInt8
    /// The members' keys, in the order that was signed.
    public let keys: [PublicKey]

    /// The most keys that are read at all.
    static let mostKeys = 64

    /// Joins the parts.
    public init(minimum: UInt8, lifetime: UInt8, keys: [PublicKey]) {
        self.minimum = minimum
        self.lifetime = lifetime
        self.keys = keys
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(minimum)
        writer.write(lifetime)
        writer.write(list: keys)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        minimum = try reader.readInteger()
        lifetime = try reader.readInteger()
        keys = try reader.readList(most: HistoricalGroup.mostKeys)
    }
}

/// A change of an asset's access list.
public struct HistoricalAccessChange: Sendable, Hashable, Canonical {
    /// The asset.
    public let currency: String
    /// "+" adds, "-" removes.
    public let operation: String
    /// 0 for the list of those who may not, 1 for the list of those who may.
    public let flag: UInt8
    /// Addresses as texts.
    public let list: [String]

    /// Joins the parts.
    public init(currency: String, operation: String, flag: UInt8, list: [String]) {
        self.currency = currency
        self.operation = operation
        self.flag = flag
        self.list = list
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(currency)
        writer.write(operation)
        writer.write(flag)
        writer.write(texts: list)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        currency = try reader.readString(most: HistoricalTransaction.longestWord)
        operation = try reader.readString(most: HistoricalTransaction.longestWord)
        flag = try reader.readInteger()
        list = try reader.readTexts(most: HistoricalTransaction.mostArguments)
    }
}
