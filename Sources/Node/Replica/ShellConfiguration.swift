internal import API
internal import Crypto
internal import Ledger
internal import Primitives
internal import Randomness
internal import Sidechains

/// How blocks come about on a development network's main chain.
public enum Mining: String, Sendable, CaseIterable {
    /// One every block time.
    case interval
    /// One as soon as a transaction waits.
    case instant
    /// Only when asked for.
    case manual
}

/// What the shell of one replica is made with.
struct ShellConfiguration: Sendable {
    let spec: ChainSpec
    /// The registration of a side chain.
    let record: SideChainRecord?
    /// The member key; nil for a replica that only follows.
    let key: KeyPair?
    /// The name by which peers know this node.
    let node: NodeIdentity
    /// The hash onions of a main-chain member.
    let onions: OnionShelf?
    /// The database file.
    let file: String
    let link: any PeerLink
    /// Only ask for blocks on demand.
    let mining: Mining
    let clock: NodeClock
    /// Builds time towers beside the chain's thread.
    let towers: TowerThread
    /// The main chain of the same node; nil for the main chain itself.
    let mainChain: (any MainChainWindow)?
    /// Makes the executor of contract calls, on the replica's own thread.
    let makeContracts: @Sendable () throws -> any NodeContracts
    let observer: any ShellObserver
}

/// What a side chain may see of its node's main chain: final blocks only.
protocol MainChainWindow: Sendable {
    /// The last final block and the records after it.
    var latest: (anchor: Anchor, state: StateView) { get }
    /// The final block at a height, or nil above the last one.
    func finalID(at height: Height) -> BlockID?
    /// The first round that opened after a time, if its tower is known by a final block's height.
    func draw(after time: Instant, upTo anchor: Height) -> DrawAnswer
}

/// What a main chain says about a ticket.
enum DrawAnswer: Sendable, Hashable {
    /// This round decides it.
    case decided(SettledDraw)
    /// No round that is known by then opened after the ticket's time.
    case open
    /// This node cannot say it yet, for instance because it still builds the tower.
    case unavailable
}

/// The executor of contract calls as a shell owns it.
protocol NodeContracts: ContractExecutor {
    /// The DApp's callable surface, for people.
    var interface: DAppInterface? { get }
    /// Ends the worker.
    func stop()
}

/// Who hears what a shell does; called on the shell's thread, never waits.
protocol ShellObserver: Sendable {
    /// Something final or otherwise visible changed.
    func published(_ snapshot: ChainSnapshot)
    /// A block became final.
    func finalised(_ block: FinalBlock, logs: [(transaction: TransactionID, text: String)], spec: ChainSpec)
    /// Transactions began to wait (no height) or entered an unfinal block.
    func waiting(_ transactions: [SignedTransaction], at height: Height?)
    /// Transactions no longer wait: they are final, expired or were pushed out.
    func settled(_ transactions: [TransactionID])
    /// The replica changed its lifecycle.
    func changed(_ lifecycle: ChainLifecycle)
    /// A line for the node's log.
    func log(_ text: String)
}

/// One node of a network.
struct NodeIdentity: Sendable {
    let name: String
    let key: PublicKey
}
