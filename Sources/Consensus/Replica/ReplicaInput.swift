public import Ledger
public import Primitives

extension Replica {
    /// What may happen to a replica.
    public enum Input: Sendable {
        /// The first input, once.
        case started
        /// A peer's message, decoded.
        case received(from: PeerID, ReplicaMessage)
        /// A connection to a peer stands.
        case connected(PeerID)
        /// A connection to a peer is gone.
        case disconnected(PeerID)
        /// The time of the last `.wake` has come.
        case woke
        /// The builder's answer to `.build`, exactly one; nil when there is nothing or no time.
        case built(BuildTicket, Block?)
        /// The executor's answer to `.execute`, exactly one.
        case executed(BlockID, ExecutionVerdict)
        /// Whether this node holds something to put into a block; matters to `.onDemand` pacing only.
        case causeChanged(Bool)
        /// The answer to `.openRound`: the members that the final state names.
        case roundOpened(Round, MemberSet)
    }
}

/// What executing a block came to.
public enum ExecutionVerdict: Sendable, Hashable {
    /// Every root in the header is what execution gives.
    case valid
    /// The block breaks a rule, named by a text code.
    case invalid(String)
    /// It cannot be judged yet, for instance because its anchor has not been seen final: it is asked again.
    case unavailable
}

/// An order to the builder, and what its block must say.
public struct BuildTicket: Sendable, Hashable {
    /// The round.
    public let round: Round
    /// The view.
    public let view: View
    /// The height to build.
    public let height: Height
    /// The block to build on; it has been executed.
    public let parent: BlockID
    /// The view in which the parent was notarised.
    public let parentView: View
    /// The least timestamp; it has passed already.
    public let notBefore: Instant
    /// Members give the view up at this time.
    public let deadline: Instant
    /// True when the block is due whether or not there is something to put into it.
    ///
    /// On a chain on demand: the heartbeat, or a notarised parent that missed finality in its own view and
    /// needs a child that gets there. Otherwise the shell keeps the ticket until it has something.
    public let mayBeEmpty: Bool

    /// Joins the parts.
    public init(
        place: Proposal.Place, height: Height, notBefore: Instant, deadline: Instant,
        mayBeEmpty: Bool = true
    ) {
        round = place.round
        view = place.view
        parent = place.parent
        parentView = place.parentView
        self.height = height
        self.notBefore = notBefore
        self.deadline = deadline
        self.mayBeEmpty = mayBeEmpty
    }
}
