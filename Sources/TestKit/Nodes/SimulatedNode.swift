internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives

/// One replica with its disk, ledger, key and clock; a reference, so that looking at a node copies nothing.
final class SimulatedNode {
    let index: Int
    let signer: any Signer
    let isLiar: Bool
    let clock: VirtualClock
    var disk = Disk()
    var ledger: any SimulatedLedger
    var replica: Replica
    var isUp = true
    /// Grows with every crash; answers to questions of an earlier life are lost.
    var life = 0
    /// Tells the last ordered wake from earlier ones.
    var wakeToken = 0
    /// Effects that are still performed before the next crash; nil when none is planned.
    var effectsLeft: Int?
    /// True while all of its links are down.
    var isDisconnected = false
    /// When its process goes on; nil while it runs.
    var pausedUntil: Instant?
    /// What it must reach after a perturbation.
    var comingBack: SimulatedNetwork.Return?
    /// Whether it holds something to put into a block, on a chain on demand.
    var hasNews = false
    /// An order for a block that waits for something to put into it.
    var keptTicket: BuildTicket?
    /// Blocks that the executor accepted in this life.
    var executed: Set<BlockID> = []

    let peer: PeerID
    /// Views of closed rounds.
    var views: UInt64 = 0

    init(_ index: Int, _ signer: any Signer, ledger: any SimulatedLedger, replica: Replica, life: Life) {
        self.index = index
        self.signer = signer
        self.ledger = ledger
        self.replica = replica
        isLiar = life.isLiar
        clock = life.clock
        peer = PeerID(signer.publicKey.bytes)
    }

    /// What the plan made of a node.
    struct Life {
        let isLiar: Bool
        let clock: VirtualClock
    }
}

/// Who sits in a round: a draw from all nodes that only the final last block of the round before decides.
struct MemberDraw: Sendable {
    let keys: [PublicKey]
    let seats: Int
    private static let tag = HashTag("ETM/test-draw/1")

    func members(of round: Round, after root: BlockID) -> MemberSet? {
        guard seats < keys.count else { return MemberSet(keys) }
        let drawn = keys.map { (MemberDraw.order(of: $0, round, root), $0) }.sorted { $0.0 < $1.0 }
        return MemberSet(drawn.prefix(seats).map { $0.1 })
    }

    private static func order(of key: PublicKey, _ round: Round, _ root: BlockID) -> Digest {
        var writer = ByteWriter(capacity: 72)
        writer.write(round)
        writer.write(root)
        writer.write(key)
        return tag.hash(writer.bytes)
    }
}

extension Disk {
    /// What a replica starts with after a crash.
    func start(
        genesis: FinalPoint, parameters: ConsensusParameters, draw: MemberDraw, ledger: any SimulatedLedger
    ) -> ReplicaStart? {
        let point = final.last.map { FinalPoint($0) } ?? genesis
        let round = parameters.round(of: point.height.next)
        let rootHeight = Height((round.value - 1) * parameters.roundLength)
        let root = finalBlock(at: rootHeight).map { FinalPoint($0) } ?? genesis
        let elected = ledger.members(of: round)
        guard let members = elected ?? draw.members(of: round, after: root.block) else { return nil }
        var start = ReplicaStart(finalPoint: point, roundRoot: root, round: round, members: members)
        start.finalBlocksOfRound = Array(final.dropFirst(Int(rootHeight.value)))
        start.unfinalBlocks = unfinal
        start.journal = journal
        return start
    }
}
