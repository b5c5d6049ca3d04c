internal import Crypto
public import Primitives

/// Why an included transaction had no effect; its sender still pays the fee.
///
/// Blame: the sender, or a race that the sender lost. Consequence: the receipt says so.
public enum ExecutionError: Error, Equatable, Sendable {
    /// The account holds less than the transaction moves.
    case insufficientBalance(account: Address, asset: AssetNumber, balance: Amount, needed: Amount)
    /// A sum would not fit into 64 bits.
    case overflow
    /// The amount must be above zero.
    case zeroAmount
    /// Sender and recipient are the same account.
    case sameAccount
    /// A DApp with this name exists.
    case nameTaken(String)
    /// No DApp chain has this id.
    case unknownChain(ChainID)
    /// The escrow holds less than the withdrawal asks for: the side chain is lying.
    case escrowTooSmall(balance: Amount, needed: Amount)
    /// This withdrawal was paid before.
    case alreadyPaid(sequence: UInt64)
    /// The proof does not prove the withdrawal.
    case badProof(String)
    /// A rule of locks, votes and miners.
    case staking(StakingRefusal)
    /// A rule of an account's own policy.
    case account(AccountRefusal)
    /// A rule of issuers and their assets.
    case asset(AssetRefusal)
    /// A delayed transfer's time lies too near or too far.
    case dueOutOfRange(earliest: Instant, latest: Instant, got: Instant)
    /// The payload asks for something that the chain's rules do not allow.
    case notAllowed(String)

    /// A stable upper-case word for receipts and the interface.
    public var code: String {
        switch self {
        case .insufficientBalance: "INSUFFICIENT_BALANCE"
        case .overflow: "OVERFLOW"
        case .zeroAmount: "ZERO_AMOUNT"
        case .sameAccount: "SAME_ACCOUNT"
        case .nameTaken: "NAME_TAKEN"
        case .unknownChain: "UNKNOWN_CHAIN"
        case .escrowTooSmall: "ESCROW_TOO_SMALL"
        case .alreadyPaid: "ALREADY_PAID"
        case .badProof: "BAD_PROOF"
        case .staking(let refusal): refusal.code
        case .account(let refusal): refusal.code
        case .asset(let refusal): refusal.code
        case .dueOutOfRange: "DUE_OUT_OF_RANGE"
        case .notAllowed: "NOT_ALLOWED"
        }
    }

    /// One sentence that says what is wrong.
    public var message: String {
        switch self {
        case .insufficientBalance(let account, let asset, let balance, let needed):
            "\(account) holds \(balance) base units of asset \(asset) and needs \(needed): "
                + "\(needed.units - min(balance.units, needed.units)) short"
        case .overflow: "the sum does not fit into 64 bits"
        case .zeroAmount: "the amount must be above zero"
        case .sameAccount: "sender and recipient are the same account"
        case .nameTaken(let name): "a DApp named \"\(name)\" exists"
        case .unknownChain(let chain): "no DApp chain has the id \(chain)"
        case .escrowTooSmall(let balance, let needed):
            "the escrow holds \(balance) base units and the withdrawal asks for \(needed)"
        case .alreadyPaid(let sequence): "withdrawal \(sequence) was paid before"
        case .badProof(let reason): "the withdrawal is not proved: \(reason)"
        case .staking(let refusal): refusal.message
        case .account(let refusal): refusal.message
        case .asset(let refusal): refusal.message
        case .dueOutOfRange(let earliest, let latest, let got):
            "the transfer is due at \(got) ms and must be due from \(earliest) to \(latest)"
        case .notAllowed(let reason): reason
        }
    }

    /// The form that receipts carry.
    public var receipt: ReceiptError { ReceiptError(code: code, message: message) }
}
