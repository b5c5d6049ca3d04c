public import Primitives

/// Why a block is not valid on its parent.
///
/// Blame: its leader. Consequence: the view is nullified.
public enum BlockRejection: Error, Equatable, Sendable {
    /// One of the header's roots is not what execution gives.
    case wrongRoot(Root, expected: Digest, got: Digest)
    /// A transaction may not enter.
    case transaction(index: Int, AdmissionRejection)
    /// A contract call precedes a native transaction.
    case wrongOrder(index: Int)
    /// More transactions, bytes or gas than the chain allows.
    case overLimit(Limit, got: UInt64, most: UInt64)
    /// The reveal is not the next layer of the leader's onion.
    case badReveal
    /// The beacon does not follow from the parent's and the reveal.
    case badBeacon
    /// The anchor is lower than the parent's, or the injected messages are not those up to it.
    case badAnchor
    /// The end of the block cannot be executed, or its place in the round is not known.
    case notFinished(ExecutionError)
    /// The code could not run on this machine; the block may still be valid.
    case notExecuted(ContractFailure)

    /// The commitments of a header.
    public enum Root: Sendable, Equatable {
        /// Over transactions.
        case transactions
        /// Over receipts.
        case receipts
        /// Over the state.
        case state
        /// Over messages to the main chain.
        case outbox
    }

    /// The bounds of a block.
    public enum Limit: Sendable, Equatable {
        /// Number of transactions.
        case transactions
        /// Bytes of transactions.
        case bytes
        /// Gas of calls.
        case gas
    }
}
