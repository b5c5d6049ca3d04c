public import Primitives

/// Why a transaction about an account's own policy had no effect.
///
/// Blame: the sender. Consequence: the receipt says so.
public enum AccountRefusal: Error, Equatable, Sendable {
    /// The account has a second key, which stays.
    case hasSecondKey(PublicKey)
    /// The account's own key cannot be its second key or a member of its group.
    case ownKey(PublicKey)
    /// The height is not above the present one, or further away than a lock may be.
    case lockOutOfRange(least: Height, most: Height, got: Height)
    /// The account is locked at least as long already.
    case lockNotLonger(until: Height, got: Height)

    /// A stable upper-case word for receipts and the interface.
    public var code: String {
        switch self {
        case .hasSecondKey: "HAS_SECOND_KEY"
        case .ownKey: "OWN_KEY"
        case .lockOutOfRange: "LOCK_OUT_OF_RANGE"
        case .lockNotLonger: "LOCK_NOT_LONGER"
        }
    }

    /// One sentence that says what is wrong.
    public var message: String {
        switch self {
        case .hasSecondKey(let key): "the account has the second key \(key), which cannot be replaced"
        case .ownKey(let key): "\(key) is the account's own key"
        case .lockOutOfRange(let least, let most, let got):
            "an account can be locked up to a height from \(least) to \(most), not \(got)"
        case .lockNotLonger(let until, let got):
            "the account is locked up to height \(until), which \(got) would not extend"
        }
    }
}
