public import Consensus
public import Crypto
public import Ledger
public import Primitives

/// What a simulated node builds and executes blocks with.
public protocol SimulatedLedger: Sendable {
    /// The point that round 1 starts from.
    var genesis: FinalPoint { get }
    /// Builds and signs what a ticket asks for, or nil when its parent is not known.
    mutating func build(_ ticket: BuildTicket, at now: Instant, by signer: any Signer) -> Block?
    /// Executes a block on its parent.
    mutating func execute(_ block: Block) -> ExecutionVerdict
    /// Makes executed blocks durable, oldest first.
    mutating func commit(_ blocks: [BlockID])
    /// Forgets blocks.
    mutating func abandon(_ blocks: [BlockID])
    /// Loses everything that is not committed.
    mutating func crash()
    /// Names a broken invariant of the committed state, or nil.
    func brokenInvariant() -> String?
    /// From now on builds blocks without anybody's transactions.
    mutating func leaveOut()
    /// Hears of proof that a member broke the rules.
    mutating func note(_ evidence: Evidence)
    /// The members of a round as the committed state names them; nil where the simulation draws them.
    func members(of round: Round) -> MemberSet?
}

extension SimulatedLedger {
    /// Ledgers without transactions have nothing to leave out.
    public mutating func leaveOut() {}

    /// Ledgers without punishment have no use for it.
    public mutating func note(_ evidence: Evidence) {}

    /// The simulation draws members for ledgers that know none.
    public func members(of round: Round) -> MemberSet? { nil }
}

/// The least ledger that has a state root: a hash chain over headers.
public struct HashLedger: SimulatedLedger {
    /// What a block's children need.
    private struct Node: Sendable {
        let height: Height
        let root: Digest
        let beacon: Digest
        let timestamp: Instant
    }

    private let chain: ChainID
    private let rule: LeaderRule
    private var committed: (id: BlockID, node: Node)
    private var unfinal: [BlockID: Node] = [:]
    /// The point that round 1 starts from.
    public let genesis: FinalPoint
    private static let tag = HashTag("ETM/test-root/1")

    /// A chain that starts at time zero.
    public init(chain: ChainID, rule: LeaderRule = .chaos) {
        self.chain = chain
        self.rule = rule
        let id = BlockID(HashLedger.tag.hash(chain.array).bytes)
        genesis = FinalPoint(height: .zero, block: id, beacon: Digest(id.bytes), timestamp: .zero)
        committed = (id, Node(height: .zero, root: .zero, beacon: genesis.beacon, timestamp: .zero))
    }

    private func node(_ id: BlockID) -> Node? { id == committed.id ? committed.node : unfinal[id] }

    /// An empty block with the right root and beacon.
    public mutating func build(_ ticket: BuildTicket, at now: Instant, by signer: any Signer) -> Block? {
        guard let parent = node(ticket.parent) else { return nil }
        var header = BlockHeader(chain: chain, height: ticket.height, round: ticket.round, view: ticket.view)
        header.timestamp = max(now, ticket.notBefore)
        header.parent = ticket.parent
        header.parentView = ticket.parentView
        header.transactionsRoot = Block.transactionsRoot([])
        complete(&header, above: parent.root, parent.beacon)
        return Block(header: header.signed(by: signer), transactions: [])
    }

    private func complete(_ header: inout BlockHeader, above root: Digest, _ beacon: Digest) {
        header.beacon = BeaconRule.beacon(after: beacon, in: header, rule: rule)
        header.stateRoot = HashLedger.tag.hash(root.bytes, header.beacon.bytes)
    }

    /// Compares root and beacon.
    public mutating func execute(_ block: Block) -> ExecutionVerdict {
        guard let parent = node(block.header.parent) else { return .unavailable }
        var expected = block.header
        complete(&expected, above: parent.root, parent.beacon)
        guard expected == block.header else { return .invalid("wrong_root") }
        unfinal[block.id] = Node(
            height: block.header.height, root: block.header.stateRoot, beacon: block.header.beacon,
            timestamp: block.header.timestamp)
        return .valid
    }

    /// Makes executed blocks durable, oldest first.
    public mutating func commit(_ blocks: [BlockID]) {
        for id in blocks {
            if let node = unfinal[id] { committed = (id, node) }
            unfinal[id] = nil
        }
    }

    /// Forgets blocks.
    public mutating func abandon(_ blocks: [BlockID]) { for id in blocks { unfinal[id] = nil } }

    /// Loses everything that is not committed.
    public mutating func crash() { unfinal = [:] }

    /// A hash chain has none.
    public func brokenInvariant() -> String? { nil }
}
