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
            + " ETM_SIM_LIARS=\(liars) swift test --filter SimulationTests.ReproductionTests"
    }

    /// Reads what `reproduction` wrote; nil without a seed.
    public init?(reproducing environment: [String: String]) {
        guard let seed = environment["ETM_SIM_SEED"].flatMap({ UInt64($0) }) else { return nil }
        switch environment["ETM_SIM_PLAN"].flatMap({ Name(rawValue: $0) }) {
        case .varied: self = .varied(seed: seed)
        case .hostile: self = .hostile(seed: seed)
        case .selective: self = .selective(seed: seed)
        case .elected: self = .elected(seed: seed)
        case .soak: self = .soak(seed: seed)
        case .standard, nil:
            let nodes = environment["ETM_SIM_NODES"].flatMap { Int($0) } ?? 4
            self.init(
                seed: seed, nodes: nodes, seats: environment["ETM_SIM_SEATS"].flatMap { Int($0) },
                liars: environment["ETM_SIM_LIARS"].flatMap { Int($0) })
        }
    }
}
