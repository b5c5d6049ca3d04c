internal import Crypto
public import Primitives

/// Why a transaction about issuers or their assets had no effect.
///
/// Blame: the sender, or a race that the sender lost. Consequence: the receipt says so.
public enum AssetRefusal: Error, Equatable, Sendable {
    /// Another issuer has this name, perhaps in other letters' case.
    case nameTaken(String)
    /// The account is an issuer already.
    case alreadyIssuer(String)
    /// The sender is not the issuer that the asset names.
    case notIssuer(String)
    /// The issuer has made this asset already.
    case assetExists(String)
    /// Nobody has made this asset.
    case unknownAsset(String)
    /// The asset is another account's.
    case notOwner(String)
    /// The asset was written off.
    case writtenOff(String)
    /// The asset was made without the right to do this.
    case notGranted(String, AssetRight)
    /// The asset goes by this list already.
    case listUnchanged(String)
    /// The account is on the list already.
    case alreadyListed(Address)
    /// The account is not on the list.
    case notListed(Address)
    /// More would be issued than there may ever be.
    case aboveMaximum(quantity: UInt256, amount: UInt256, maximum: UInt256)
    /// The asset's access list shuts the account out.
    case barred(Address, String)
    /// The account holds less than the transaction moves.
    case insufficient(account: Address, currency: String, held: UInt256, needed: UInt256)

    /// A stable upper-case word for receipts and the interface.
    public var code: String {
        switch self {
        case .nameTaken: "NAME_TAKEN"
        case .alreadyIssuer: "ALREADY_ISSUER"
        case .notIssuer: "NOT_ISSUER"
        case .assetExists: "ASSET_EXISTS"
        case .unknownAsset: "UNKNOWN_ASSET"
        case .notOwner: "NOT_ASSET_OWNER"
        case .writtenOff: "WRITTEN_OFF"
        case .notGranted: "NOT_GRANTED"
        case .listUnchanged: "LIST_UNCHANGED"
        case .alreadyListed: "ALREADY_LISTED"
        case .notListed: "NOT_LISTED"
        case .aboveMaximum: "ABOVE_MAXIMUM"
        case .barred: "BARRED"
        case .insufficient: "INSUFFICIENT_ASSET"
        }
    }

    /// One sentence that says what is wrong.
    public var message: String {
        switch self {
        case .nameTaken(let name): "an issuer named \"\(name)\" exists; capital letters make no difference"
        case .alreadyIssuer(let name): "the account is the issuer \(name) already"
        case .notIssuer(let name): "the sender is not the issuer \(name)"
        case .assetExists(let currency): "\(currency) exists"
        case .unknownAsset(let currency): "nobody has made \(currency)"
        case .notOwner(let currency): "\(currency) is another account's"
        case .writtenOff(let currency): "\(currency) was written off"
        case .notGranted(let currency, let right): "\(currency) was made without the right to \(right.phrase)"
        case .listUnchanged(let currency): "\(currency) goes by this list already"
        case .alreadyListed(let account): "\(account) is on the list already"
        case .notListed(let account): "\(account) is not on the list"
        case .aboveMaximum(let quantity, let amount, let maximum):
            "\(quantity) base units exist and there may be \(maximum): \(amount) more are too many"
        case .barred(let account, let currency): "the access list of \(currency) bars \(account)"
        case .insufficient(let account, let currency, let held, let needed):
            "\(account) holds \(held) base units of \(currency) and needs \(needed)"
        }
    }
}

/// What an asset's issuer may do to it, as it said when it made the asset.
public enum AssetRight: UInt8, Sendable, Hashable, CaseIterable {
    /// End the asset for ever.
    case writeOff
    /// Let only listed accounts take part.
    case whitelist
    /// Shut listed accounts out.
    case blacklist

    /// What the right is to do.
    var phrase: String {
        switch self {
        case .writeOff: "write it off"
        case .whitelist: "keep a whitelist"
        case .blacklist: "keep a blacklist"
        }
    }
}
