internal import Consensus
internal import Crypto
internal import Ledger
internal import Primitives
internal import TestKit

/// How fast a node catches up on empty blocks when it checks all 68 co-signatures of each.
///
/// One replica on one core takes ten rounds of 101 members from a peer's ranges: decode, chain, certificate,
/// execution, round change. What stays out is the disk.
struct EmptySync: Benchmark {
    var name: String { "sync.empty.blocksPerSecond" }

    private static let members = 101
    private static let blocks: UInt64 = 1_010

    private struct Sample {
        var cpu = 0.0
        var wall = 0.0
    }

    /// Keeps blocks a second of one thread.
    func run(_ options: Options, _ report: inout Report) throws {
        report.heading("catching up on empty blocks, 68 co-signatures each, one core, no disk")
        let history = try SyncHistory(members: Self.members, blocks: Self.blocks)
        let outcome = try options.bench.measure { try sample(history) }
        let checks = Double(Self.blocks) * 68
        report.line("blocks".left(34) + "\(Self.blocks) in \(Self.blocks / 101) rounds")
        report.line(
            "µs a co-signature, all costs".left(34)
                + outcome.spread { $0.cpu / checks * 1e6 }.text(decimals: 2))
        report.line(
            "ms CPU a block".left(34)
                + outcome.spread { $0.cpu / Double(Self.blocks) * 1e3 }.text(decimals: 3))
        report.line(outcome.note)
        let rate = outcome.spread { Double(Self.blocks) / $0.wall }
        report.line("blocks/s".left(34) + rate.text(decimals: 0))
        report.add(Figure(name: name, value: rate.median, unit: "blocks/s", bar: .least(350)))
    }

    private func sample(_ history: SyncHistory) throws -> Sample {
        var follower = SyncFollower(history)
        let cpu = Clock.thread
        let wall = Clock.wall
        try follower.catchUp()
        return Sample(cpu: Clock.thread - cpu, wall: Clock.wall - wall)
    }
}

/// A chain that somebody has: final blocks, each with a certificate of a bare quorum.
final class SyncHistory: FinalBlockArchive {
    let chain: ChainID
    let parameters: ConsensusParameters
    let members: MemberSet
    private var blocks: [Block] = []
    private var certificates: [Certificate] = []

    init(members count: Int, blocks: UInt64) throws {
        chain = ChainID(Bytes32(0x73_79_6e_63, 0, 0, 1))
        parameters = ConsensusParameters(
            leaderRule: .chaos, pacing: .interval, roundLength: 101, interval: .seconds(3),
            delta: .seconds(1))
        let pairs = try (0..<count).map { try SyncHistory.pair(UInt64($0)) }
        guard let members = MemberSet(pairs.map(\.publicKey)) else {
            throw BenchmarkFailure("seeded keys differ")
        }
        self.members = members
        try make(blocks, signers: pairs.sorted { $0.publicKey < $1.publicKey })
    }

    var tip: Status {
        Status(
            round: parameters.round(of: Height(UInt64(blocks.count))), view: View(1),
            finalHeight: Height(UInt64(blocks.count)), finalBlock: blocks.last?.id ?? .zero)
    }

    /// The ledger before the first block.
    func ledger() -> TransferLedger {
        var ledger = TransferLedger(chain: chain, consensus: parameters, seed: 5, node: 0)
        ledger.leaveOut()
        return ledger
    }

    private static func pair(_ number: UInt64) throws -> KeyPair {
        var bytes = SHA256.hash([0x73] + bytes(number)).array
        guard let pair = KeyPair(seed: SecretBytes(zeroing: &bytes)) else {
            throw BenchmarkFailure("a seed of 32 bytes makes a key")
        }
        return pair
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(number)
        return bytes
    }

    private func make(_ count: UInt64, signers: [KeyPair]) throws {
        var ledger = ledger()
        var parent = ledger.genesis
        for number in 1...count {
            let view = View((number - 1) % parameters.roundLength + 1)
            let place = Proposal.Place(
                round: parameters.round(of: Height(number)), view: view, parent: parent.block,
                parentView: View(view.value - 1))
            let time = parent.timestamp.advanced(by: parameters.interval)
            let ticket = BuildTicket(place: place, height: Height(number), notBefore: time, deadline: time)
            let leader = signers[Int(number) % signers.count]
            guard let block = ledger.build(ticket, at: time, by: leader), ledger.execute(block) == .valid
            else { throw BenchmarkFailure("block \(number) cannot be built") }
            ledger.commit([block.id])
            blocks.append(block)
            let ballot = Ballot(.finalize, round: place.round, view: view, block: block.id)
            let votes = (0..<members.quorum).map {
                Vote(ballot, on: chain, by: signers[(Int(number) + $0) % signers.count])
            }
            certificates.append(Certificate(ballot, votes: votes, members: members))
            parent = FinalPoint(block)
        }
    }

    func finalBlock(at height: Height) -> Block? {
        height.value >= 1 && height.value <= UInt64(blocks.count) ? blocks[Int(height.value) - 1] : nil
    }

    func finality(atOrAbove height: Height) -> Certificate? {
        height.value >= 1 && height.value <= UInt64(certificates.count)
            ? certificates[Int(height.value) - 1] : nil
    }
}

/// A replica that follows, with its peer's answers and its own ledger.
private struct SyncFollower {
    private let history: SyncHistory
    private let ranges: [UInt64: [UInt8]]
    private let peer = PeerID(Bytes32(7, 7, 7, 7))
    private var ledger: TransferLedger
    private var replica: Replica
    private var inputs: [Replica.Input] = []
    private var now = Instant(milliseconds: 1_000_000_000)

    init(_ history: SyncHistory) {
        self.history = history
        ledger = history.ledger()
        let start = ReplicaStart(
            finalPoint: ledger.genesis, roundRoot: ledger.genesis, round: Round(1), members: history.members)
        replica = Replica(
            ReplicaConfiguration(
                chain: history.chain, parameters: history.parameters, signer: nil,
                verifier: Ed25519Verifier(), jitterSeed: 1),
            from: start)
        ranges = SyncFollower.encoded(history)
    }

    // A peer reads ranges from its disk in their byte form; that is its time, not ours.
    private static func encoded(_ history: SyncHistory) -> [UInt64: [UInt8]] {
        var ranges: [UInt64: [UInt8]] = [:]
        var next: UInt64 = 1
        while next <= history.tip.finalHeight.value {
            let range = BlockRange(answering: RangeRequest(first: Height(next)), from: history)
            ranges[next] = ReplicaMessage.range(range).encoded
            next += UInt64(max(1, range.segments.reduce(0) { $0 + $1.blocks.count }))
        }
        return ranges
    }

    mutating func catchUp() throws {
        inputs = [.started, .connected(peer), .received(from: peer, .status(history.tip))]
        var next = 0
        var effects: [Replica.Effect] = []
        while next < inputs.count {
            let input = inputs[next]
            next += 1
            effects.removeAll(keepingCapacity: true)
            replica.step(input, at: now, into: &effects)
            for effect in effects { try perform(effect) }
        }
        guard replica.status.finalHeight == history.tip.finalHeight else {
            throw BenchmarkFailure("it stopped at height \(replica.status.finalHeight)")
        }
    }

    private mutating func perform(_ effect: Replica.Effect) throws {
        switch effect {
        case .send(_, .rangeRequest(let request)):
            guard let bytes = ranges[request.first.value] else { return }
            inputs.append(.received(from: peer, try ReplicaMessage(decoding: bytes)))
        case .execute(let block): inputs.append(.executed(block.id, ledger.execute(block)))
        case .finalized(let blocks, _): ledger.commit(blocks)
        case .openRound(let round, _): inputs.append(.roundOpened(round, history.members))
        default: break
        }
    }
}
