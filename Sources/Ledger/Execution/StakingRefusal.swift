public import Primitives

/// Why a transaction about locks, votes or miners had no effect.
///
/// Blame: the sender, or a race that the sender lost. Consequence: the receipt says so.
public enum StakingRefusal: Error, Equatable, Sendable {
    /// The amount is below the least lock.
    case lockTooSmall(least: Amount, got: Amount)
    /// The account has as many locks as one may have.
    case tooManyLocks(most: Int)
    /// The account has a lock of this id already.
    case lockExists(TransactionID)
    /// The account has no active lock of this id: there never was one, or it was released.
    case unknownLock(TransactionID)
    /// The account has locked nothing.
    case nothingLocked
    /// The account votes for nobody.
    case noVote
    /// The account votes, but not for this miner.
    case otherVote(PublicKey)
    /// No miner has this key.
    case unknownMiner(PublicKey)
    /// The miner gave up.
    case resignedMiner(PublicKey)
    /// The miner was shut out for breaking the rules of consensus.
    case frozenMiner(PublicKey)
    /// The account is a miner already.
    case alreadyMiner(PublicKey)
    /// A miner's key must be its account's.
    case notOwnKey(PublicKey)
    /// Another miner has this name.
    case nameTaken(String)
    /// The chain cannot take more of these.
    case full(most: UInt64)
    /// The hashing test names a block that is unknown or too old, or its nonce does not pass.
    case badWork
    /// An anchor of this miner already waits for its round.
    case anchorPending(Round)
    /// The evidence proves nothing against a member of its round.
    case notProved
    /// The offence lies further back than deposits are held.
    case evidenceExpired(Round)

    /// A stable upper-case word for receipts and the interface.
    public var code: String {
        switch self {
        case .lockTooSmall: "LOCK_TOO_SMALL"
        case .tooManyLocks: "TOO_MANY_LOCKS"
        case .lockExists: "LOCK_EXISTS"
        case .unknownLock: "UNKNOWN_LOCK"
        case .nothingLocked: "NOTHING_LOCKED"
        case .noVote: "NO_VOTE"
        case .otherVote: "OTHER_VOTE"
        case .unknownMiner: "UNKNOWN_MINER"
        case .resignedMiner: "RESIGNED_MINER"
        case .frozenMiner: "FROZEN_MINER"
        case .alreadyMiner: "ALREADY_MINER"
        case .notOwnKey: "NOT_OWN_KEY"
        case .nameTaken: "NAME_TAKEN"
        case .full: "FULL"
        case .badWork: "BAD_WORK"
        case .anchorPending: "ANCHOR_PENDING"
        case .notProved: "NOT_PROVED"
        case .evidenceExpired: "EVIDENCE_EXPIRED"
        }
    }

    /// One sentence that says what is wrong.
    public var message: String {
        switch self {
        case .lockTooSmall(let least, let got): "a lock holds at least \(least) base units, not \(got)"
        case .tooManyLocks(let most): "the account has \(most) locks, the most that one may have"
        case .lockExists(let id): "the account has a lock \(id) already"
        case .unknownLock(let id): "the account has no active lock \(id)"
        case .nothingLocked: "the account has locked nothing, so it has no vote"
        case .noVote: "the account votes for nobody"
        case .otherVote(let key): "the account's vote is not miner \(key)'s"
        case .unknownMiner(let key): "no miner has the key \(key)"
        case .resignedMiner(let key): "the miner \(key) has resigned"
        case .frozenMiner(let key): "the miner \(key) was shut out for signing twice"
        case .alreadyMiner(let key): "\(key) is a miner already"
        case .notOwnKey(let key): "the key \(key) is not the sender's"
        case .nameTaken(let name): "a miner named \"\(name)\" exists"
        case .full(let most): "the chain takes at most \(most) of these"
        case .badWork: "the hashing test names no recent block, or its nonce does not pass"
        case .anchorPending(let round): "an anchor already waits for round \(round)"
        case .notProved: "the evidence proves nothing against a member of its round"
        case .evidenceExpired(let round): "offences of round \(round) can no longer be punished"
        }
    }
}
