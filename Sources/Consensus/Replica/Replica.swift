internal import Crypto
public import Ledger
public import Primitives

/// One chain's consensus on one node: Simplex views, rounds, finality and catching up (`consensus.md` 2–3).
///
/// The parts keep one concern each: `ViewBook` votes and certificates, `SigningGuard` what we signed,
/// `BlockTree` blocks and their execution, `Pacemaker` time, `Synchroniser` questions to peers. After every
/// input `settle` draws the conclusions until none is left.
public struct Replica: Machine {
    let chain: ChainID
    let parameters: ConsensusParameters
    let signer: (any Signer)?
    /// Knows the keys of the open round's members.
    var verifier: any SignatureVerifier
    let mutations: Mutations
    let oldestVoted: Instant.Span?

    var clock = Instant.zero
    var outbox: [Effect] = []
    /// Something changed from which conclusions may follow.
    var isDirty = false
    var isHalted = false

    /// The final last block of the round before.
    var root: FinalPoint
    var book: ViewBook
    var leaders: LeaderSchedule
    var tree: BlockTree
    var promises: SigningGuard
    var pace: Pacemaker
    var sync: Synchroniser
    var future = FutureMessages()

    var view: View
    /// Our seat in the open round, or nil when we only follow.
    var seat: Int?
    /// The round has ended and the members of the next are being looked up.
    var isBetweenRounds = false
    /// Finalisations whose blocks are not all here and executed, lowest view first.
    var targets: [FinalityTarget] = []
    /// What finalised the last final block, to be shown to those who are behind.
    var lastFinality: Certificate?
    /// What admitted us to the view.
    var admission: Certificate?
    /// The order that the builder is working on.
    var ticket: BuildTicket?
    /// When blocks from the future become acceptable, when later than any other timer.
    var retryAt: Instant?
    var armedWake: Instant?

    /// A certified block that is to be committed with its ancestors.
    struct FinalityTarget: Sendable {
        let block: BlockID
        let certificate: Certificate
        /// Its height, when the block is no longer to be found by its view.
        let height: Height?
    }

    /// Rebuilds the replica from what was durable.
    public init(_ configuration: ReplicaConfiguration, from start: ReplicaStart) {
        chain = configuration.chain
        parameters = configuration.parameters
        signer = configuration.signer
        verifier = configuration.verifier.knowing(start.members.keys)
        mutations = configuration.mutations
        oldestVoted = configuration.oldestVoted
        root = start.roundRoot
        tree = BlockTree(tip: start.finalPoint)
        // Only a round's last block is notarised again in later views, so a final block below it has its own view.
        let tipView = start.finalBlocksOfRound.last?.header.view ?? .zero
        book = ViewBook(
            chain: chain, round: start.round, members: start.members, base: (tipView, start.finalPoint.block))
        leaders = LeaderSchedule(rule: parameters.leaderRule, members: start.members)
        view = tipView.next
        promises = SigningGuard(
            start.journal, from: (start.round, tipView),
            allowsBoth: configuration.mutations.contains(.nullifyAndFinalize))
        pace = Pacemaker(parameters: parameters, seed: configuration.jitterSeed)
        sync = Synchroniser(seed: configuration.jitterSeed)
        seat = signer.flatMap { start.members.seat(of: $0.publicKey) }
        restore(start)
    }

    /// Takes one input at a given time and appends what must be done, in order.
    public mutating func step(_ input: Input, at now: Instant, into effects: inout [Effect]) {
        guard !isHalted else { return }
        // A clock that was set back must not make timers older than they are.
        clock = max(clock, now)
        swap(&outbox, &effects)
        handle(input)
        keepTime()
        settle()
        armWake()
        swap(&outbox, &effects)
    }

    private mutating func handle(_ input: Input) {
        switch input {
        case .started: introduce()
        case .received(let peer, let message): receive(message, from: peer)
        case .connected(let peer):
            sync.hear(peer, at: clock)
            send(.status(status), to: peer)
        case .disconnected(let peer): sync.forget(peer)
        case .woke:
            armedWake = nil
            isDirty = true
        case .built(let ticket, let block): take(block, for: ticket)
        case .executed(let id, let verdict): conclude(verdict, of: id)
        case .causeChanged(let isPresent): changeCause(isPresent)
        case .roundOpened(let round, let members): open(round, members)
        }
    }

    /// How far this replica is.
    public var status: Status {
        Status(round: book.round, view: view, finalHeight: tree.tip.height, finalBlock: tree.tip.block)
    }

    /// True when a peer has been asked for past blocks and has not answered.
    public func awaitsRange(from peer: PeerID) -> Bool { sync.range?.peer == peer }

    /// The members of the open round.
    public var members: MemberSet { book.members }

    /// True when this replica votes in the open round.
    public var isMember: Bool { seat != nil }

    /// True after `.halt`: no input has any effect any more.
    public var hasHalted: Bool { isHalted }

    /// Draws conclusions until none is left.
    ///
    /// Each pass either advances a view, casts a vote, or waits for the outside, and a view sees each at most once.
    mutating func settle() {
        while isDirty, !isHalted, !isBetweenRounds {
            isDirty = false
            completeNotarizations()
            commitFinality()
            guard !isBetweenRounds, !isHalted else { return }
            advanceViews()
            updatePace()
            lead()
            considerCandidates()
            executeBestParent()
        }
    }

    mutating func send(_ message: ReplicaMessage, to peer: PeerID) { outbox.append(.send(to: peer, message)) }

    mutating func broadcast(_ message: ReplicaMessage) { outbox.append(.broadcast(message)) }

    mutating func halt(_ reason: HaltReason) {
        isHalted = true
        outbox.append(.halt(reason))
    }
}
