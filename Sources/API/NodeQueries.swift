public import JSON
public import Ledger
public import Primitives
public import Randomness
public import Sidechains

/// What a node tells the interface about a chain that it runs, as of the last final block.
public struct ChainSnapshot: Sendable {
    /// What the chain's nodes agree on.
    public var spec: ChainSpec
    /// Whether its replica runs.
    public var lifecycle: ChainLifecycle
    /// The last final block.
    public var finalHeader: BlockHeader
    /// The last final block's id.
    public var finalBlock: BlockID
    /// The records after it.
    public var state: StateView
    /// The highest block that was executed here, final or not.
    public var head: Height
    /// Transactions that wait.
    public var pendingCount: Int
    /// Bytes of transactions that wait.
    public var pendingBytes: Int
    /// The members of the open round.
    public var members: MemberSet
    /// The registration of a side chain; nil for the main chain.
    public var record: SideChainRecord?

    /// Joins the parts.
    public init(
        spec: ChainSpec, lifecycle: ChainLifecycle, finalHeader: BlockHeader, finalBlock: BlockID,
        state: StateView,
        members: MemberSet
    ) {
        self.spec = spec
        self.lifecycle = lifecycle
        self.finalHeader = finalHeader
        self.finalBlock = finalBlock
        self.state = state
        self.members = members
        head = finalHeader.height
        pendingCount = 0
        pendingBytes = 0
        record = nil
    }
}

/// Whether a chain's replica runs on this node.
public enum ChainLifecycle: Sendable, Equatable {
    /// Its store is being opened or its worker started.
    case starting
    /// It takes part.
    case running
    /// Somebody stopped it; it can be started again.
    case stopped
    /// It cannot go on, for this reason; the supervisor tries again later.
    case failed(String)

    /// One lower-case word.
    public var word: String {
        switch self {
        case .starting: "starting"
        case .running: "running"
        case .stopped: "stopped"
        case .failed: "failed"
        }
    }
}

/// One chain as the interface needs it; every call is safe from any thread.
///
/// Calls with a `reply` answer later from another thread, exactly once.
public protocol ChainQueries: Sendable {
    /// The chain as of its last final block.
    var snapshot: ChainSnapshot { get }
    /// A final block by height; nil above the last one.
    func finalBlock(at height: Height) -> FinalBlock?
    /// A final block by id.
    func finalBlock(id: BlockID) -> FinalBlock?
    /// Where a final transaction is.
    func location(of transaction: TransactionID) -> (height: Height, index: Int)?
    /// Final blocks without their contents, newest first, from a height downwards; genesis is the last.
    func summaries(from newest: Height, most: Int) -> [FinalSummary]
    /// What a final block changed.
    func changes(at height: Height) -> ChangeSet?
    /// A transaction that waits or is in an unfinal block, with that block's height.
    func pending(_ transaction: TransactionID) -> (transaction: SignedTransaction, height: Height?)?
    /// Checks a transaction and puts it into the mempool.
    func submit(
        _ transaction: SignedTransaction, reply: @escaping @Sendable (Result<TransactionID, Refusal>) -> Void)
    /// Says what a transaction would do now; its signature is not checked.
    func simulate(
        _ transaction: SignedTransaction, reply: @escaping @Sendable (Result<Simulation, Refusal>) -> Void)
    /// Proves a record or its absence under the last final state root.
    func prove(
        _ key: StateKey,
        reply: @escaping @Sendable (Result<(header: BlockHeader, proof: StateProof), Refusal>) -> Void)
    /// Runs a read-only route of a DApp; the answer is JSON text.
    func query(
        path: String, parameters: [UInt8], reply: @escaping @Sendable (Result<[UInt8], Refusal>) -> Void)
    /// The DApp's callable surface; nil on the main chain or before its worker has started.
    var interface: DAppInterface? { get }
    /// What contracts logged after a cursor, oldest first.
    func logs(after cursor: UInt64, limit: Int) -> [LogEntry]
    /// A time tower; nil while a long one is in work.
    func tower(over input: TowerInput, profile: TowerProfile) -> TimeTower?
}

extension ChainQueries {
    /// Builds the tower where it is asked for.
    public func tower(over input: TowerInput, profile: TowerProfile) -> TimeTower? {
        TimeTower(over: input, profile: profile)
    }
}

/// Something that happened, for subscribers.
public struct NodeEvent: Sendable {
    /// "block", "transaction", "event", "chain".
    public let kind: String
    /// The chain's name.
    public let chain: String
    /// An object with the members to show, without cursor, kind and chain.
    public let body: JSONValue

    /// Joins the parts.
    public init(kind: String, chain: String, body: JSONValue) {
        self.kind = kind
        self.chain = chain
        self.body = body
    }
}

/// A node as the interface needs it; every call is safe from any thread.
public protocol NodeQueries: Sendable {
    /// The software's version.
    var version: String { get }
    /// The main chain first, then side chains by name.
    var chains: [any ChainQueries] { get }
    /// A chain by name, "main" included, or by its id in hexadecimal.
    func chain(_ name: String) -> (any ChainQueries)?
    /// The time that the node's chains go by.
    var time: Instant { get }
    /// Why the node is not ready to be used; empty when it is.
    var unreadiness: [String] { get }
    /// Where all ETM is; nil while the chains move too fast to be compared.
    func conservation() -> Conservation?
    /// The names of the main chain's members, where they have names.
    var memberNames: [PublicKey: String] { get }
    /// Starts a side chain's replica on this node.
    func startChain(_ name: String) -> Result<ChainLifecycle, Refusal>
    /// Stops a side chain's replica on this node.
    func stopChain(_ name: String) -> Result<ChainLifecycle, Refusal>
    /// The controls of a development network; nil on any other node.
    var devnet: (any DevnetControls)? { get }
}

/// What only a development network can do.
public protocol DevnetControls: Sendable {
    /// Name, process, seed, mode, directory and accounts as JSON.
    var description: JSONValue { get }
    /// Makes this many main-chain blocks; replies with the height once they are final.
    func mine(_ count: Int, reply: @escaping @Sendable (Result<Height, Refusal>) -> Void)
    /// Sends tokens from the faucet.
    func fund(
        _ address: Address, amount: Amount,
        reply: @escaping @Sendable (Result<TransactionID, Refusal>) -> Void)
    /// Moves the network's clock forward and gives its new time; nil when that is further than it goes.
    func advanceTime(by span: Instant.Span) -> Instant?
    /// Stops the whole network after answering.
    func stop()
}
