/// The bounds of a replica's memory and of what it does for others; each says what happens when it is full.
enum ConsensusLimits {
    /// Votes and proposals this many views ahead are dropped, and their sender is asked how far it is.
    static let viewsAhead: UInt64 = 64
    /// Votes of this many views behind are kept; older views keep their certificates only.
    static let viewsBehind: UInt64 = 64
    /// Views whose nullification can be shown to others; of older ones only the fact is kept.
    static let shownViews = 4096
    /// Votes of one kind by one member in one view; the second proves an offence, a third is dropped.
    static let votesPerKind = 2
    /// Proposals of one leader in one view; the second proves an offence, a third is dropped.
    static let proposalsPerLeader = 2
    /// Blocks of one view whose leader cannot be checked yet; further ones are asked for when it can.
    static let uncheckedBlocksPerView = 8
    /// Blocks above the last final one; when full, only certified blocks are admitted.
    static let unfinalBlocks = 1024
    /// Blocks asked for and not yet here; more wait for the next repetition of their mention.
    static let pendingBlocks = 64
    /// How often one block is asked for before the question is dropped; a new mention asks anew.
    static let blockAttempts = 8
    /// Peers remembered; when full, the longest silent one is forgotten.
    static let peers = 256
    /// Messages of the next round kept until it opens; more are dropped, their senders repeat them.
    static let futureMessages = 4096
    /// Messages of the next round kept from one peer.
    static let futureMessagesPerPeer = 512
    /// Proposals with blocks kept for the next round.
    static let futureBlocks = 8
    /// Finalisations waiting for their blocks; when full, the newest replaces the last.
    static let finalityTargets = 16
    /// Chains up to this many members pass every certificate on; larger ones take turns.
    static let membersThatAllRelay = 16
}
