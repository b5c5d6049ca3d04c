internal import Ledger
internal import Primitives

/// Whom to ask for what is missing, and what is under way.
struct Synchroniser: Sendable {
    struct Peer: Sendable {
        let id: PeerID
        var finalHeight = Height.zero
        var round = Round.zero
        /// When it last sent something.
        var heard: Instant
        /// When it last got unasked help.
        var helped: Instant?
    }

    struct PendingBlock: Sendable {
        let id: BlockID
        var asked: Instant
        var attempts = 1
    }

    /// A range that was asked for.
    struct PendingRange: Sendable {
        let peer: PeerID
        let first: Height
        let asked: Instant
    }

    private(set) var peers: [Peer] = []
    private(set) var blocks: [PendingBlock] = []
    private(set) var range: PendingRange?
    /// Proved or yet unproved segments, oldest first, that follow the last final block.
    var segments: [RangeSegment] = []
    /// Who sent the segments.
    var segmentSource: PeerID?
    /// When certificates of missing views may be asked for again.
    var certificatesAskable = Instant.zero
    private var jitter: SeededGenerator

    init(seed: UInt64) { jitter = SeededGenerator(seed: seed ^ 0x5359_4e43) }

    /// Notes that a peer spoke.
    mutating func hear(_ id: PeerID, at now: Instant) {
        if let index = peers.firstIndex(where: { $0.id == id }) {
            peers[index].heard = now
            return
        }
        if peers.count == ConsensusLimits.peers,
            let silent = peers.indices.min(by: { peers[$0].heard < peers[$1].heard })
        {
            peers.remove(at: silent)
        }
        peers.append(Peer(id: id, heard: now))
    }

    mutating func forget(_ id: PeerID) {
        peers.removeAll { $0.id == id }
        if range?.peer == id { range = nil }
    }

    /// Notes how far a peer says it is.
    mutating func note(_ status: Status, of id: PeerID) {
        guard let index = peers.firstIndex(where: { $0.id == id }) else { return }
        peers[index].finalHeight = status.finalHeight
        peers[index].round = status.round
    }

    /// Stops believing what a peer said about its height, because it could not show it.
    mutating func doubt(_ id: PeerID) {
        guard let index = peers.firstIndex(where: { $0.id == id }) else { return }
        peers[index].finalHeight = .zero
    }

    /// True at most once per `pause` for a peer, so that nobody makes us talk without end.
    mutating func mayHelp(_ id: PeerID, at now: Instant, pause: Instant.Span) -> Bool {
        guard let index = peers.firstIndex(where: { $0.id == id }) else { return false }
        if let helped = peers[index].helped, now < helped.advanced(by: pause) { return false }
        peers[index].helped = now
        return true
    }

    /// Some peer that says it is above a height, other than one that just failed.
    mutating func peer(above height: Height, except failed: PeerID?) -> PeerID? {
        let able = peers.filter { $0.finalHeight > height }
        let others = able.filter { $0.id != failed }
        let choice = others.isEmpty ? able : others
        return choice.isEmpty ? nil : choice[Int(jitter.below(UInt64(choice.count)))].id
    }

    /// Some peer.
    mutating func anyPeer() -> PeerID? {
        peers.isEmpty ? nil : peers[Int(jitter.below(UInt64(peers.count)))].id
    }

    func awaits(_ id: BlockID) -> Bool { blocks.contains { $0.id == id } }

    /// Notes that a block is asked for; false when it is under way or too many are.
    mutating func want(_ id: BlockID, at now: Instant) -> Bool {
        guard !awaits(id), blocks.count < ConsensusLimits.pendingBlocks else { return false }
        blocks.append(PendingBlock(id: id, asked: now))
        return true
    }

    mutating func arrived(_ id: BlockID) { blocks.removeAll { $0.id == id } }

    /// Blocks asked for before a time, which count as asked for again now.
    mutating func overdueBlocks(before time: Instant, now: Instant) -> [BlockID] {
        var overdue: [BlockID] = []
        for index in blocks.indices where blocks[index].asked <= time {
            blocks[index].asked = now
            blocks[index].attempts += 1
            overdue.append(blocks[index].id)
        }
        blocks.removeAll { $0.attempts > ConsensusLimits.blockAttempts }
        return overdue
    }

    mutating func forgetBlocks() { blocks = [] }

    mutating func asked(_ peer: PeerID, first: Height, at now: Instant) {
        range = PendingRange(peer: peer, first: first, asked: now)
    }

    mutating func rangeEnded() { range = nil }

    /// When the oldest question is due for an answer.
    func nextDeadline(patience: Instant.Span) -> Instant? {
        let times = blocks.map(\.asked) + [range?.asked].compactMap { $0 }
        return times.min()?.advanced(by: patience)
    }
}
