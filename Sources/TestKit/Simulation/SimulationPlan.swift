package import Consensus
public import Ledger
public import Primitives

/// Everything that decides a simulation; equal plans give equal runs.
public struct SimulationPlan: Sendable {
    /// Which of the named plans it is; with seed and sizes it is enough to run it again.
    public internal(set) var name = Name.standard
    /// Seeds the one generator.
    public var seed: UInt64
    /// Nodes in the network.
    public var nodes: Int
    /// Members of a round, drawn from the nodes by the round's root; equal to `nodes` when all always sit.
    public var seats: Int
    /// How many of the nodes lie; at most floor((seats - 1) / 3) for the promises to hold.
    public var liars: Int
    /// The chain's agreed numbers.
    public var parameters: ConsensusParameters
    /// How links behave while everything breaks.
    public var network: NetworkModel
    /// The first nodes that are away during the safety phase.
    public var absentees = 0
    /// How many of them stay away for good.
    public var deserters = 0
    /// A partition that stands through the safety phase from `splitAfter` on.
    public var split = Partition.none
    /// How long the network is whole before the split.
    public var splitAfter = Instant.Span(milliseconds: 0)
    /// What is done to single nodes, and how soon they must be back; nil for nothing.
    public var perturbations: PerturbationPlan?
    /// What liars do; nil for everything.
    public var role: LiarRole?
    /// Which faults happen in the safety phase.
    public var faults = FaultRates()
    /// How long everything breaks.
    public var safetyPhase: Instant.Span
    /// New heights that every honest node must reach after healing.
    public var demandedHeights: UInt64 = 6
    /// The time allowed for them.
    public var livenessPhase: Instant.Span
    /// Sign with Ed25519 instead of the fast fake.
    public var usesRealKeys = false
    /// Execute transfers on the real ledger instead of hashing headers.
    public var usesRealLedger = false
    /// Every message in this many goes through its byte form; 0 for none.
    public var codecEvery: UInt64 = 16
    /// Rules that honest replicas break, to prove that the checkers see it.
    package var mutations: Mutations = []
    /// Overlook everything but forks and halts, as mutated replicas break their word at once.
    package var looksForForksOnly = false

    /// Odds of the faults in the safety phase.
    public struct FaultRates: Sendable, Hashable {
        /// Crashes of each node.
        public var crashesPerNode: UInt64 = 1
        /// Partitions, one after the other.
        public var partitions: UInt64 = 2
        /// How long a crashed node stays away at most.
        public var longestOutage = Instant.Span.seconds(3)
        /// How long a partition lasts at most.
        public var longestPartition = Instant.Span.seconds(4)
        /// Largest clock offset in milliseconds.
        public var clockOffset: UInt64 = 40
        /// Largest clock rate error in parts per million.
        public var clockDrift: UInt64 = 200
        /// Executions answered "cannot judge yet", of 1000.
        public var unavailablePerMille: UInt64 = 20
        /// Milliseconds between two lies of a liar.
        public var lieEvery: UInt64 = 40

        /// The standard odds.
        public init() {}

        /// No faults.
        public static let none: FaultRates = {
            var rates = FaultRates()
            rates.crashesPerNode = 0
            rates.partitions = 0
            rates.clockOffset = 0
            rates.clockDrift = 0
            rates.unavailablePerMille = 0
            return rates
        }()
    }

    /// A network of `nodes` with all faults on and Δ = 100 ms.
    public init(seed: UInt64, nodes: Int, seats: Int? = nil, liars: Int? = nil) {
        self.seed = seed
        self.nodes = nodes
        self.seats = seats ?? nodes
        self.liars = liars ?? ((seats ?? nodes) - 1) / 3
        parameters = ConsensusParameters(
            leaderRule: .chaos, pacing: .interval, roundLength: 3,
            interval: Instant.Span(milliseconds: 150), delta: Instant.Span(milliseconds: 100))
        network = NetworkModel(leastLatency: 2, mostLatency: 250, lossPerMille: 80, duplicationPerMille: 50)
        safetyPhase = .seconds(8)
        livenessPhase = .seconds(60)
    }
}

/// What a simulation did, for summaries.
public struct SimulationReport: Sendable, Equatable {
    /// Mixes every event in order; equal plans give equal digests.
    public var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    /// Events handled.
    public var events: UInt64 = 0
    /// The highest height that an honest node finalised.
    public var heights: UInt64 = 0
    /// The highest final height when the network healed.
    public var heightsAtHealing: UInt64 = 0
    /// Views of closed rounds, on the node that went through most.
    public var views: UInt64 = 0
    /// The highest final height when the planned split began.
    public var heightsAtSplit: UInt64 = 0
    /// How long after healing the first new height was final.
    public var resumedAfter: Instant.Span?
    /// Faults that were injected, by kind.
    public var injected = FaultCounts()
    /// Nodes that came back after a perturbation.
    public var recoveries: [Recovery] = []
    /// Proofs of misbehaviour that honest nodes reported.
    public var evidence: UInt64 = 0
    /// Penalties that honest nodes gave.
    public var penalties: UInt64 = 0
    /// Rounds that opened with other members than the one before.
    public var turnovers: UInt64 = 0
    /// Members that lost their deposit for signing twice.
    public var frozen: UInt64 = 0
    /// Blocks that left an honest node's memory as dead.
    public var abandoned: UInt64 = 0

    /// Nothing yet.
    public init() {}

    /// All faults that were injected.
    public var faults: UInt64 { injected.total }

    mutating func mix(_ value: UInt64) {
        digest = (digest ^ value) &* 0x0000_0100_0000_01b3
        digest ^= digest >> 29
    }
}

/// A broken promise, with the line that shows it again.
public struct SimulationFailure: Error, CustomStringConvertible, Sendable {
    /// What was broken.
    public enum Kind: Sendable, Equatable {
        /// Two honest nodes finalised different blocks at one height.
        case fork(Height)
        /// Honest nodes stopped growing after the network had healed.
        case stuck(lowest: Height, wanted: Height)
        /// An honest key signed two conflicting messages.
        case contradiction(node: Int)
        /// An honest node was accused.
        case wronglyAccused(node: Int)
        /// An honest node stopped itself.
        case halted(node: Int, String)
        /// A node did not reach in time what was final when its perturbation ended.
        case late(node: Int, String, at: Height, target: Height)
        /// The shell's contract was broken, or an invariant of the ledger.
        case broken(String)
    }

    /// What was broken.
    public let kind: Kind
    /// When, in virtual time.
    public let time: Instant
    /// The line that runs it again.
    public let reproduction: String

    /// One line.
    public var description: String { "\(kind) at \(time) ms; again with: \(reproduction)" }
}
