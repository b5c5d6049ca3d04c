public import Primitives

/// Why a version 0 transaction may not enter a chain.
///
/// Blame: the sender, or a library that builds what the historical rules do not allow. Consequence:
/// refused, nothing charged.
public enum HistoricalRefusal: Error, Equatable, Sendable {
    /// A field of the transaction, as the historical JSON names it.
    public enum Field: String, Sendable {
        /// A common field.
        case timestamp, senderPublicKey, requesterPublicKey, recipientId, amount, message, args, fee
        /// A signature.
        case signature, signSignature, signatures
        /// A field of an asset.
        case username, votes, min, lifetime, keysgroup, content, name, desc, maximum, precision, strategy
        /// A field of an asset.
        case allowWriteoff, allowWhitelist, allowBlacklist, currency, flagType, flag, list
        /// A field of an asset.
        case operation = "operator"
    }

    /// The chain takes no version 0 transactions.
    case notTaken
    /// It was made later than the block.
    case fromTheFuture(made: Instant, block: Instant)
    /// It was made too long ago: its id could be forgotten while it still entered.
    case tooOld(made: Instant, block: Instant, life: Instant.Span)
    /// The signed bytes, which carry no lengths, fit other fields as well, or none.
    case ambiguous(HistoricalKind)
    /// The kind needs the field.
    case missing(Field)
    /// The kind has no such field.
    case unexpected(Field)
    /// The field breaks a rule.
    case outOfBounds(Field, rule: String)
    /// The field names one thing twice.
    case repeated(Field)
    /// Sender and recipient are one account.
    case sameAccount
    /// This chain does the same in another way.
    case replaced(HistoricalKind, by: String)
    /// The same order, signed again by one signer, would use the group's signatures a second time.
    case usedSignatures(Digest)

    /// One sentence that says what is wrong.
    public var message: String {
        switch self {
        case .notTaken: "this chain takes no version 0 transactions"
        case .fromTheFuture(let made, let block):
            "the version 0 transaction was made at \(made) ms, after the block's time \(block) ms"
        case .tooOld(let made, let block, let life):
            "the version 0 transaction was made at \(made) ms, more than \(life.milliseconds) ms before the "
                + "block's time \(block) ms"
        case .ambiguous(let kind):
            "the signed bytes of a version 0 \(kind.name) have no lengths, and these fit other fields as well"
        case .missing(let field): "a version 0 transaction of this kind needs \"\(field.rawValue)\""
        case .unexpected(let field): "a version 0 transaction of this kind has no \"\(field.rawValue)\""
        case .outOfBounds(let field, let rule): "\"\(field.rawValue)\" \(rule)"
        case .repeated(let field): "\"\(field.rawValue)\" names one thing twice"
        case .sameAccount: "sender and recipient are one account"
        case .replaced(let kind, let use): "a version 0 \(kind.name) is not carried out here: \(use)"
        case .usedSignatures: "the group's signatures of this order have been used already"
        }
    }
}
