internal import Crypto
internal import Ledger
internal import Primitives

/// Something that a user wants done on a chain, before its fee is known.
struct Order {
    /// What the plan is headed with: "Transfer", "Deposit into hello".
    var title: String
    /// Which rules apply.
    var kind: TransactionKind
    /// The kind's own fields.
    var payload: [UInt8]
    /// What leaves the sender's account besides the fee, by asset.
    var leaves: [(asset: Int, amount: Amount)]
    /// What the plan says between sender and fee.
    var facts: [(String, String)]
    /// Keys that the payload makes responsible for the sender's account: each must sign.
    var asked: [PublicKey] = []
    /// Accounts that sign besides the sender where their keys are on this machine.
    var cosigners: [Account] = []
    /// Whether a devnet's own public test accounts may send it without being asked.
    var asksTestAccounts = true
    /// The least fee the sender knows of, the chain's own when nil; the node corrects it.
    var fee: Amount?
    /// What to type when a simulation fails and the node names nothing better.
    var remedy = ""
    /// Makes the payload that is signed, of the same length, where it depends on the sender's secret.
    var seal: ((KeyPair) throws(CommandFailure) -> [UInt8])?
}
