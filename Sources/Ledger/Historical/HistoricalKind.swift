public import Primitives

/// The kinds of version 0 transactions, numbered as the historical network did (`etm-formats.md` 1.2).
public enum HistoricalKind: UInt8, Sendable, Hashable, CaseIterable, Canonical {
    /// Moves ETM.
    case send = 0
    /// Registers a second key.
    case secondSignature = 1
    /// Registers a miner.
    case delegate = 2
    /// Votes for a miner, withdraws a vote, or both.
    case vote = 3
    /// Makes the account a group's.
    case multisignature = 4
    /// Registers a DApp by a link.
    case registerDApp = 5
    /// Moves value into a DApp's reserve.
    case inTransfer = 6
    /// Moves value out of a DApp's reserve.
    case outTransfer = 7
    /// Stores bytes.
    case storage = 8
    /// Registers an issuer of assets.
    case issuer = 9
    /// Registers an asset.
    case asset = 10
    /// Sets an asset's flags.
    case flags = 11
    /// Changes an asset's access list.
    case acl = 12
    /// Issues an amount of an asset.
    case issue = 13
    /// Moves an asset.
    case assetTransfer = 14
    /// Locks the account up to a height.
    case lockHeight = 100
    /// Locks ETM for voting.
    case lockVotes = 101
    /// Ends locks.
    case unlockVotes = 102
    /// Moves ETM at a later time.
    case delayTransfer = 110
    /// Ends a miner's registration.
    case resignDelegate = 120

    /// The number as the current format writes it.
    public var transactionKind: TransactionKind { TransactionKind(UInt16(rawValue)) }

    /// The name in camel case, for people and JSON.
    public var name: String {
        switch self {
        case .send: "transfer"
        case .secondSignature: "secondSignature"
        case .delegate: "delegate"
        case .vote: "vote"
        case .multisignature: "multisignature"
        case .registerDApp: "registerDApp"
        case .inTransfer: "inTransfer"
        case .outTransfer: "outTransfer"
        case .storage: "storage"
        case .issuer: "issuer"
        case .asset: "asset"
        case .flags: "flags"
        case .acl: "acl"
        case .issue: "issue"
        case .assetTransfer: "assetTransfer"
        case .lockHeight: "lockHeight"
        case .lockVotes: "lockVotes"
        case .unlockVotes: "unlockVotes"
        case .delayTransfer: "delayTransfer"
        case .resignDelegate: "resignDelegate"
        }
    }

    /// Kinds that carry texts beside their asset: the number of arguments that they may have.
    public var argumentCounts: ClosedRange<Int> {
        switch self {
        case .lockHeight, .lockVotes, .delayTransfer: 1...1
        case .unlockVotes: 1...HistoricalTransaction.mostArguments
        default: 0...0
        }
    }

    /// True where a message can be told from what follows it.
    public var mayHaveMessage: Bool { self == .send || self == .delayTransfer }

    /// True where someone receives something.
    public var hasRecipient: Bool {
        switch self {
        case .send, .delegate, .outTransfer, .assetTransfer, .delayTransfer: true
        default: false
        }
    }

    /// Writes 1 byte.
    public func encode(to writer: inout ByteWriter) { writer.write(rawValue) }

    /// Reads 1 byte.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let number: UInt8 = try reader.readInteger()
        guard let kind = HistoricalKind(rawValue: number) else {
            throw .unknownTag(offset: start, got: Int(number))
        }
        self = kind
    }
}
