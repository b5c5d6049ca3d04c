internal import API
internal import Consensus
internal import Ledger
internal import Primitives

/// Everything that can reach a replica's thread.
enum ShellMessage: Sendable {
    /// Encoded bytes of a peer.
    case frame(PeerID, [UInt8])
    /// A peer joined.
    case connected(PeerID)
    /// A peer left.
    case disconnected(PeerID)
    /// A transaction of this node's users, form and signature checked.
    case submit(CheckedTransaction, @Sendable (Result<TransactionID, Refusal>) -> Void)
    /// A request for a proof under the last final root.
    case prove(StateKey, @Sendable (Result<(header: BlockHeader, proof: StateProof), Refusal>) -> Void)
    /// The search for a block's proof of work ended, with nil when time ran out.
    case worked(BuildTicket, UInt64?)
    /// The main chain has a new final block.
    case mainAdvanced
    /// The node's clock was moved.
    case clockMoved
    /// Make this many more blocks (manual mining).
    case mine(Int, @Sendable (Result<Height, Refusal>) -> Void)
    /// End the thread in good order.
    case stop
}
