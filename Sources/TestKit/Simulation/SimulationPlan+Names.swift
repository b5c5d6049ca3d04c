internal import Ledger
public import Primitives

extension SimulationPlan {
    /// The plans that a line can name.
    public enum Name: String, Sendable, CaseIterable {
        /// All faults, sizes as given.
        case standard
        /// Sizes, leader rule, pacing and ledger vary with the seed.
        case varied
        /// Links that hold messages up for longer than timers run.
        case hostile
        /// Finalisations reach one node only.
        case selective
        /// Members elected by votes that change in every round.
        case elected
        /// Ten nodes that are disconnected, paused, killed, restarted and upgraded one after the other.
        case perturbed
        /// Liars that keep to one role.
        case playing
        /// A hundred members that fall into two halves.
        case halved
        /// Every node hears its neighbours on a ring only.
        case ring
        /// 101 members for an hour.
        case soak
    }

    /// 4 to 7 nodes; seed by seed other sizes, leader rules, pacings and ledgers.
    public static func varied(seed: UInt64) -> SimulationPlan {
        let nodes = 4 + Int(seed % 4)
        var plan = SimulationPlan(seed: seed, nodes: nodes, seats: seed % 3 == 0 ? 4 : nodes)
        plan.name = .varied
        if seed % 4 == 1 { plan.parameters.leaderRule = .roundRobin }
        if seed % 5 == 2 { plan.parameters.pacing = .onDemand(heartbeat: .seconds(4)) }
        plan.usesRealLedger = seed % 2 == 0
        return plan
    }

    /// Four members, one of them a liar, on links that hold every other message up for longer than any timer.
    public static func hostile(seed: UInt64) -> SimulationPlan {
        var plan = SimulationPlan(seed: seed, nodes: 4)
        plan.name = .hostile
        plan.parameters.leaderRule = .roundRobin
        plan.parameters.roundLength = 2
        plan.parameters.interval = Instant.Span(milliseconds: 20)
        plan.network = NetworkModel(
            leastLatency: 1, mostLatency: 100, lossPerMille: 50, duplicationPerMille: 50)
        plan.network.stragglePerMille = 400
        plan.network.straggleLatency = 1200
        plan.faults.crashesPerNode = 0
        plan.faults.lieEvery = 15
        plan.safetyPhase = .seconds(16)
        return plan
    }

    /// The same, but an adversary keeps every finalisation from all but one node.
    public static func selective(seed: UInt64) -> SimulationPlan {
        var plan = hostile(seed: seed)
        plan.name = .selective
        plan.parameters.roundLength = 6
        plan.network.stragglePerMille = 250
        plan.network.straggleLatency = 600
        plan.network.finalityReachesOnly = Int(seed % 3)
        return plan
    }

    /// Seven miners for four seats, elected anew every three heights, with light proofs of work and every fault.
    public static func elected(seed: UInt64) -> SimulationPlan {
        var plan = SimulationPlan(seed: seed, nodes: 7, seats: 4)
        plan.name = .elected
        plan.parameters.workBits = 4
        plan.parameters.elections = .upos(
            StakingParameters(
                seats: 4, brackets: StakingParameters.main.brackets, minerDeposit: .etm(1_000),
                unbonding: .seconds(3)))
        plan.safetyPhase = .seconds(12)
        plan.demandedHeights = 9
        return plan
    }

    /// Ten nodes under eleven perturbations of five kinds; each must be back within 20 s.
    public static func perturbed(seed: UInt64) -> SimulationPlan {
        var plan = SimulationPlan(seed: seed, nodes: 10, liars: 0)
        plan.name = .perturbed
        plan.parameters.roundLength = 10
        plan.parameters.interval = .seconds(1)
        plan.parameters.delta = Instant.Span(milliseconds: 300)
        plan.network = NetworkModel(
            leastLatency: 5, mostLatency: 120, lossPerMille: 10, duplicationPerMille: 10)
        plan.faults = .none
        let perturbations = PerturbationPlan()
        plan.perturbations = perturbations
        plan.safetyPhase = perturbations.end
        plan.usesRealLedger = seed % 2 == 0
        return plan
    }

    /// A hundred members that lose sight of the other half for a minute.
    public static func halved(seed: UInt64) -> SimulationPlan {
        var plan = SimulationPlan(seed: seed, nodes: 100, liars: 0)
        plan.name = .halved
        plan.parameters.roundLength = 100
        plan.parameters.interval = .seconds(3)
        plan.parameters.delta = .seconds(1)
        plan.network = NetworkModel(
            leastLatency: 10, mostLatency: 300, lossPerMille: 10, duplicationPerMille: 10)
        plan.faults = .none
        plan.split = Partition(side: (1 << 50) - 1, isOneWay: false)
        plan.splitAfter = .seconds(20)
        plan.safetyPhase = .seconds(80)
        // Two rounds.
        plan.livenessPhase = .seconds(600)
        plan.codecEvery = 1_000
        return plan
    }

    /// Seven members on a ring, each of which hears two neighbours on either side: five of seven.
    public static func ring(seed: UInt64) -> SimulationPlan {
        var plan = SimulationPlan(seed: seed, nodes: 7, liars: 0)
        plan.name = .ring
        plan.faults.partitions = 0
        plan.split = .ring(reach: 2, of: 7)
        plan.splitAfter = .seconds(2)
        return plan
    }

    /// One role for all liars, the strictest that a network of seven bears.
    public static func playing(_ role: LiarRole, seed: UInt64) -> SimulationPlan {
        var plan = varied(seed: seed * 4 + 3)
        plan.name = .playing
        plan.role = role
        return plan
    }

    /// 101 members with every fault for one virtual hour: 3 s blocks, Δ = 1 s, 101 heights a round.
    public static func soak(seed: UInt64, length: Instant.Span = .seconds(3_600)) -> SimulationPlan {
        var plan = SimulationPlan(seed: seed, nodes: 101, seats: 101, liars: 10)
        plan.name = .soak
        plan.parameters.roundLength = 101
        plan.parameters.interval = .seconds(3)
        plan.parameters.delta = .seconds(1)
        plan.network = NetworkModel(
            leastLatency: 10, mostLatency: 300, lossPerMille: 20, duplicationPerMille: 10)
        plan.faults.crashesPerNode = 2
        plan.faults.partitions = 12
        plan.faults.longestOutage = .seconds(120)
        plan.faults.longestPartition = .seconds(60)
        plan.faults.lieEvery = 2_000
        plan.safetyPhase = length
        plan.livenessPhase = .seconds(600)
        plan.codecEvery = 1_000
        return plan
    }

    /// The one line that runs this plan again.
    public var reproduction: String {
        "ETM_SIM_PLAN=\(name.rawValue) ETM_SIM_SEED=\(seed) ETM_SIM_NODES=\(nodes) ETM_SIM_SEATS=\(seats)"
            + " ETM_SIM_LIARS=\(liars)" + (role.map { " ETM_SIM_ROLE=\($0)" } ?? "")
            + " swift test --filter SimulationTests.ReproductionTests"
    }

    /// Reads what `reproduction` wrote; nil without a seed.
    public init?(reproducing environment: [String: String]) {
        guard let seed = environment["ETM_SIM_SEED"].flatMap({ UInt64($0) }) else { return nil }
        switch environment["ETM_SIM_PLAN"].flatMap({ Name(rawValue: $0) }) {
        case .varied: self = .varied(seed: seed)
        case .hostile: self = .hostile(seed: seed)
        case .selective: self = .selective(seed: seed)
        case .elected: self = .elected(seed: seed)
        case .perturbed: self = .perturbed(seed: seed)
        case .halved: self = .halved(seed: seed)
        case .ring: self = .ring(seed: seed)
        case .playing:
            let role = LiarRole.allCases.first { "\($0)" == environment["ETM_SIM_ROLE"] }
            self = .playing(role ?? .voteTwice, seed: (seed - 3) / 4)
        case .soak: self = .soak(seed: seed)
        case .standard, nil:
            let nodes = environment["ETM_SIM_NODES"].flatMap { Int($0) } ?? 4
            self.init(
                seed: seed, nodes: nodes, seats: environment["ETM_SIM_SEATS"].flatMap { Int($0) },
                liars: environment["ETM_SIM_LIARS"].flatMap { Int($0) })
        }
    }
}
