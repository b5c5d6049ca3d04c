internal import Crypto
internal import Ledger
internal import Primitives
internal import Staking

/// The election of 101 members from 10^5 candidates.
struct ElectionCost: Benchmark {
    var name: String { "election.candidates1e5.ms" }
    private let count: UInt64 = 100_000

    /// CPU milliseconds of one draw from a list in no order.
    func run(_ options: Options, _ report: inout Report) throws {
        report.heading("election: 101 of \(count) candidates")
        var generator = SeededGenerator(seed: 5)
        let candidates = (0..<count).map { _ in
            Candidate(
                key: PublicKey(Bytes32(generator.next(), generator.next(), 0, 0)),
                weight: generator.below(1 << 40))
        }
        let outcome = try options.bench.measure {
            let seed = Digest(Bytes32(generator.next(), 0, 0, 0))
            let start = Clock.thread
            let drawn = try Election.draw(candidates, seed: seed, seats: 101)
            precondition(drawn.count == 101, "there are enough candidates")
            return (Clock.thread - start) * 1e3
        }
        let spread = outcome.spread { $0 }
        report.line(outcome.note)
        report.add(Figure(name: name, value: spread.median, unit: "ms", bar: .most(50)))
    }
}

/// The settlement of a round in which 10^5 accounts vote for 101 members.
struct SettlementCost: Benchmark {
    var name: String { "settle.voters1e5.ms" }
    private let voters: UInt64 = 100_000
    private let miners: UInt64 = 101

    /// CPU milliseconds of a round's last block without transactions, its state root included.
    func run(_ options: Options, _ report: inout Report) throws {
        report.heading("settlement: a round with \(voters) voters")
        var round = try VotedRound(voters: voters, miners: miners)
        // In the second round every block also pays a part of what the first one settled.
        while round.height < 150 { try round.makeBlock() }
        let ordinary = try measure(options, &round)
        report.line("an ordinary block: " + ordinary.spread { $0 }.text(decimals: 2) + " ms")
        while round.height < 201 { try round.makeBlock() }
        let last = try measure(options, &round)
        let spread = last.spread { $0 }
        report.line("the last block:    " + spread.text(decimals: 2) + " ms; " + last.note)
        report.add(Figure(name: name, value: spread.median, unit: "ms", bar: .most(200)))
    }

    private func measure(_ options: Options, _ round: inout VotedRound) throws -> Bench.Outcome<Double> {
        var copy = round
        return try options.bench.measure {
            let start = Clock.thread
            try copy.tryBlock()
            return (Clock.thread - start) * 1e3
        }
    }
}

/// A chain with many voters, made of empty blocks.
private struct VotedRound {
    let spec: ChainSpec
    let rules: StakingRules
    let executor: BlockExecutor
    var state: ChainState
    var tip: BlockID
    var beacon: Digest
    var height: UInt64 = 0

    init(voters: UInt64, miners: UInt64) throws {
        var consensus = ConsensusParameters(
            leaderRule: .chaos, pacing: .interval, roundLength: 101, interval: .seconds(3),
            delta: .seconds(1))
        consensus.elections = .upos(.main)
        let keys = (0..<miners).map { PublicKey(SHA256.hash(Bytes32(1, 0, 0, $0)).bytes) }
        let stakes = StakingGenesis(
            miners: keys.enumerated().map { .init(key: $1, name: "miner-\($0)", anchor: .zero) },
            locks: (0..<voters).map { number in
                let account = SHA256.hash(Bytes32(2, 0, 0, number)).bytes
                return .init(
                    address: Address(account.a, account.b, UInt32(truncatingIfNeeded: account.c)),
                    amount: Amount(units: Amount.unitsPerETM * (1 + number % 900)),
                    vote: keys[Int(number % miners)])
            })
        let start = try stakes.genesis(time: .zero, consensus: consensus, balances: [])
        // Reveals cost the same with or without voters: these miners have no onions.
        let genesis = Genesis(time: start.time, members: start.members, balances: [], modules: start.modules)
        spec = .main(consensus: consensus, genesis: genesis)
        guard let rules = StakingRules(spec: spec) else { throw BenchmarkFailure("nobody is elected") }
        self.rules = rules
        executor = BlockExecutor(
            spec: spec, registry: TransactionRegistry([]), finishers: [rules.finisher])
        tip = spec.genesisBlock.id
        beacon = spec.genesisBlock.header.beacon
        state = ChainState(records: genesis.records, finalBlock: tip)
    }

    private func execute() throws -> (changes: ChangeSet, beacon: Digest) {
        let next = Height(height + 1)
        guard let view = state.view(at: tip), let members = rules.members(of: rules.round(of: next), in: view)
        else { throw BenchmarkFailure("the members are not known") }
        let own = View(height % 101 + 1)
        let seat = Turns.seat(.chaos, view: own, height: next, beacon: beacon, members: members.count)
        let after = SHA256.hash(beacon.bytes)
        let turn = BlockContext.Turn(
            round: rules.round(of: next), views: (View(height % 101), own), parent: tip,
            beacons: (beacon, after))
        let context = BlockContext(
            chain: spec.id, height: next, time: Instant(milliseconds: 3_000 * next.value),
            leader: members.keys[seat], turn: turn)
        let block = try executor.verify(
            [], frame: .init(context: context, reveal: .zero, inbox: []), on: view,
            isKnown: { _ in false }, contracts: NoContracts())
        return (block.changes, after)
    }

    mutating func tryBlock() throws {
        let (changes, _) = try execute()
        guard state.rootAfter(changes, on: tip) != nil else { throw BenchmarkFailure("no root") }
    }

    mutating func makeBlock() throws {
        let (changes, after) = try execute()
        height += 1
        let id = BlockID(SHA256.hash(Bytes32(3, 0, 0, height)).bytes)
        guard state.stage(id, on: tip, changes: changes, transactions: []) != nil,
            state.finalise(id, at: Height(height)) != nil
        else { throw BenchmarkFailure("the block is not on its parent") }
        tip = id
        beacon = after
    }
}
