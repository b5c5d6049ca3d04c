public import Ledger
public import Primitives

extension Replica {
    /// What the outside world must do, in order; a durable effect comes to rest before a later one leaves.
    public enum Effect: Sendable {
        /// Keep an unfinal block durably.
        case store(Block)
        /// Append to the signing journal durably.
        case journal(JournalEntry)
        /// Send to one peer.
        case send(to: PeerID, ReplicaMessage)
        /// Send to every peer.
        case broadcast(ReplicaMessage)
        /// Build a block and answer `.built`.
        case build(BuildTicket)
        /// Execute a block whose parent has been executed, and answer `.executed`.
        case execute(Block)
        /// Commit executed and stored blocks, oldest first; durable.
        ///
        /// The certificate finalises the last of them or, while catching up, a descendant in its round.
        case finalized(blocks: [BlockID], Certificate)
        /// Find the members of a round in the state after a final block and answer `.roundOpened`.
        case openRound(Round, after: BlockID)
        /// Forget unfinal blocks that can never become final.
        case abandoned([BlockID])
        /// Give `.woke` at this time; replaces the wake before it, `distantFuture` cancels it.
        case wake(at: Instant)
        /// Answer a peer's range request from the store (`BlockRange.init(answering:from:)`).
        case serveRange(to: PeerID, RangeRequest)
        /// Answer a peer's request for blocks that are final and no longer in memory.
        case serveBlocks(to: PeerID, [BlockID])
        /// Count a fault against a peer.
        case penalise(PeerID, PeerFault)
        /// Keep proof that a member broke the rules.
        case evidence(Evidence)
        /// Stop this replica for good: it cannot go on without danger.
        case halt(HaltReason)
    }
}

/// What a peer did wrong; each case says who is to blame and what follows.
public enum PeerFault: UInt8, Sendable, Hashable, CaseIterable {
    /// A signature is not its signer's. Blame: the peer. Consequence: disconnect.
    case badSignature = 1
    /// A vote, proposal or cause of someone who is no member. Blame: the peer. Consequence: count.
    case notMember = 2
    /// A certificate without a quorum or with a bad signature. Blame: the peer. Consequence: disconnect.
    case badCertificate = 3
    /// A block that does not match its header, id or proposal. Blame: the peer. Consequence: disconnect.
    case badBlock = 4
    /// A proposal of a member that does not lead its view. Blame: the leader or the peer. Consequence: count.
    case notLeader = 5
    /// A range that is no chain above what was asked for or not proved. Blame: the peer. Consequence: disconnect.
    case badRange = 6
    /// More than the bounds allow. Blame: the peer, or nobody when we are far behind. Consequence: count.
    case tooMuch = 7
    /// No useful answer in time. Blame: nobody. Consequence: count.
    case unanswered = 8
}

/// Why a replica stops.
public enum HaltReason: Sendable, Hashable {
    /// A certified final block is invalid here, for the executor's reason: this node's state or rules differ.
    case finalBlockInvalid(BlockID, String)
    /// Two certified final blocks exclude each other: more than a third of the members broke the rules.
    case finalityConflict(BlockID, BlockID)
}
