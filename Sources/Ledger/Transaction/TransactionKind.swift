public import Primitives

/// A number that selects the rules of a transaction; each chain's registry says which it knows.
///
/// Numbers are the historical ones where a kind has a historical counterpart (`etm-formats.md` 1.2), and a
/// historical number never means anything else.
public struct TransactionKind: Sendable, Hashable, Comparable, Canonical, CustomStringConvertible {
    /// The number.
    public let number: UInt16

    /// Wraps the number.
    public init(_ number: UInt16) { self.number = number }

    /// Moves native tokens.
    public static let transfer = TransactionKind(0)
    /// Gives the sender's account a second key.
    public static let secondSignature = TransactionKind(1)
    /// Registers the sender as a miner.
    public static let registerMiner = TransactionKind(2)
    /// Votes for a miner with everything that the sender has locked.
    public static let vote = TransactionKind(3)
    /// Makes the sender's account one of several keys.
    public static let multisignature = TransactionKind(4)
    /// Registers a DApp as its own chain.
    public static let registerDApp = TransactionKind(5)
    /// Moves tokens from the main chain into a side chain's escrow.
    public static let deposit = TransactionKind(6)
    /// Pays a proved withdrawal out of a side chain's escrow.
    public static let claim = TransactionKind(7)
    /// Keeps a short content for ever.
    public static let storage = TransactionKind(8)
    /// Registers the sender as an issuer of assets.
    public static let registerIssuer = TransactionKind(9)
    /// Makes an asset of the sender's.
    public static let createAsset = TransactionKind(10)
    /// Chooses an asset's access list, or writes the asset off.
    public static let setAssetFlag = TransactionKind(11)
    /// Puts accounts on an access list of an asset, or takes them off.
    public static let changeAccessList = TransactionKind(12)
    /// Makes units of an asset.
    public static let issueAsset = TransactionKind(13)
    /// Moves units of an asset.
    public static let transferAsset = TransactionKind(14)
    /// Keeps what the sender's account holds where it is, up to a height.
    public static let lockAccount = TransactionKind(100)
    /// Locks an amount for voting.
    public static let lock = TransactionKind(101)
    /// Ends a lock; its amount is released after the unbonding time.
    public static let unlock = TransactionKind(102)
    /// Takes an amount from the sender now and pays it at a later time.
    public static let delayedTransfer = TransactionKind(110)
    /// Ends a miner's registration.
    public static let resignMiner = TransactionKind(120)
    /// Takes back the sender's vote.
    public static let withdrawVote = TransactionKind(121)
    /// Replaces a miner's hash onion.
    public static let newAnchor = TransactionKind(122)
    /// Proves that a member signed two conflicting messages.
    public static let evidence = TransactionKind(123)
    /// Burns tokens on a side chain and sends them back to the main chain.
    public static let withdraw = TransactionKind(140)
    /// Calls a DApp's contract.
    public static let call = TransactionKind(1000)

    /// The number in decimal.
    public var description: String { String(number) }

    /// By number.
    public static func < (left: TransactionKind, right: TransactionKind) -> Bool {
        left.number < right.number
    }

    /// Writes 2 bytes.
    public func encode(to writer: inout ByteWriter) { writer.write(number) }

    /// Reads 2 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) { number = try reader.readInteger() }
}
