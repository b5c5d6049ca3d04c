import Consensus
import Crypto
import Ledger
import Primitives
import TestKit

/// One replica under test, the keys of all members, and builders for what they say.
struct Script {
    static let chain = ChainID(Bytes32(7, 7, 7, 7))
    static let start = Instant(milliseconds: 1_000_000)
    static let interval = Instant.Span(milliseconds: 1_000)
    static let delta = Instant.Span(milliseconds: 100)

    let signers: [FakeSigner]
    let members: MemberSet
    var parameters: ConsensusParameters
    let root: FinalPoint
    let seat: Int?
    var replica: Replica
    var now = Script.start
    var round = Round(1)
    /// Everything that was ordered, in order.
    var log: [Replica.Effect] = []
    /// Whether `.execute` and `.build` are answered at once.
    var answers = true

    /// A replica at `seat` of `count`, one interval after a root at height 0; leaders are seat (height + view) mod n.
    init(
        seat: Int?, of count: Int = 4, pacing: Pacing = .interval, roundLength: UInt64 = 10,
        mutations: Mutations = [], workBits: UInt8 = 0, change: (inout ReplicaStart) -> Void = { _ in }
    ) {
        let signers = Script.signers(count)
        self.signers = signers
        members = MemberSet(signers.map(\.publicKey))!
        self.seat = seat
        parameters = ConsensusParameters(
            leaderRule: .roundRobin, pacing: pacing, roundLength: roundLength, interval: Script.interval,
            delta: Script.delta)
        parameters.workBits = workBits
        root = FinalPoint(
            height: .zero, block: BlockID(Bytes32(1, 2, 3, 4)), beacon: .zero,
            timestamp: Instant(milliseconds: Script.start.milliseconds - 1_000))
        var start = ReplicaStart(finalPoint: root, roundRoot: root, round: Round(1), members: members)
        change(&start)
        replica = Replica(
            Script.configuration(seat.map { signers[$0] }, parameters, mutations), from: start)
    }

    static func signers(_ count: Int) -> [FakeSigner] {
        (0..<count).map { FakeSigner(seed: UInt64($0) + 100) }.sorted { $0.publicKey < $1.publicKey }
    }

    static func configuration(
        _ signer: (any Signer)?, _ parameters: ConsensusParameters, _ mutations: Mutations = []
    ) -> ReplicaConfiguration {
        var configuration = ReplicaConfiguration(
            chain: chain, parameters: parameters, signer: signer, verifier: FakeVerifier(), jitterSeed: 1)
        configuration.mutations = mutations
        return configuration
    }

    static func peer(_ index: Int) -> PeerID { PeerID(Bytes32(9, 9, 9, UInt64(index))) }

    // MARK: Running

    /// Takes one input, answers executions if `answers`, and returns everything that was ordered.
    @discardableResult
    mutating func step(_ input: Replica.Input) -> [Replica.Effect] {
        var effects: [Replica.Effect] = []
        replica.step(input, at: now, into: &effects)
        log += effects
        guard answers else { return effects }
        for effect in effects {
            if case .execute(let block) = effect { effects += step(.executed(block.id, .valid)) }
        }
        return effects
    }

    @discardableResult
    mutating func receive(_ message: ReplicaMessage, from peer: Int = 1) -> [Replica.Effect] {
        step(.received(from: Script.peer(peer), message))
    }

    /// Lets time pass and wakes the replica.
    @discardableResult
    mutating func wait(_ milliseconds: UInt64) -> [Replica.Effect] {
        now = now.advanced(by: Instant.Span(milliseconds: milliseconds))
        return step(.woke)
    }

    // MARK: What others say

    func leader(height: UInt64, view: UInt64) -> Int { Int((height + view) % UInt64(members.count)) }

    /// A good block in a view on a parent.
    func block(
        view: UInt64, on parent: FinalPoint, parentView: UInt64 = 0,
        change: (inout BlockHeader) -> Void = { _ in }
    ) -> Block {
        let height = parent.height.next
        var header = BlockHeader(chain: Script.chain, height: height, round: round, view: View(view))
        header.timestamp = parent.timestamp.advanced(by: Script.interval)
        header.parent = parent.block
        header.parentView = View(parentView)
        header.transactionsRoot = Block.transactionsRoot([])
        change(&header)
        let signer = signers[leader(height: height.value, view: view)]
        return Block(header: header.signed(by: signer), transactions: [])
    }

    /// The leader's proposal of a block in its own view.
    func proposal(_ block: Block) -> ReplicaMessage {
        let header = block.header
        let place = Proposal.Place(
            round: header.round, view: header.view, parent: header.parent, parentView: header.parentView)
        let signer = signers.first { $0.publicKey == header.leader } ?? signers[0]
        let proposal = Proposal(
            at: place, block: block.id, height: header.height, on: Script.chain, by: signer)
        return .proposal(proposal, block)
    }

    func vote(_ kind: VoteKind, view: UInt64, _ block: BlockID = .zero, by seat: Int) -> Vote {
        Vote(Ballot(kind, round: round, view: View(view), block: block), on: Script.chain, by: signers[seat])
    }

    func certificate(_ kind: VoteKind, view: UInt64, _ block: BlockID = .zero, by seats: [Int]) -> Certificate
    {
        let votes = seats.map { vote(kind, view: view, block, by: $0) }
        return Certificate(votes[0].ballot, votes: votes, members: members)
    }

    /// Everyone but the replica notarises a block that it has.
    mutating func notarize(_ block: Block, in view: UInt64) {
        for seat in members.keys.indices where seat != self.seat {
            receive(.vote(vote(.notarize, view: view, block.id, by: seat)))
        }
    }

    mutating func finalize(_ block: Block, in view: UInt64) {
        for seat in members.keys.indices where seat != self.seat {
            receive(.vote(vote(.finalize, view: view, block.id, by: seat)))
        }
    }

    mutating func nullify(_ view: UInt64) {
        for seat in members.keys.indices where seat != self.seat {
            receive(.vote(vote(.nullify, view: view, by: seat)))
        }
    }
}

extension [Replica.Effect] {
    /// Own votes that were broadcast.
    var votes: [Ballot] {
        compactMap { if case .broadcast(.vote(let vote)) = $0 { vote.ballot } else { nil } }
    }

    func votes(_ kind: VoteKind) -> [Ballot] { votes.filter { $0.kind == kind } }

    var faults: [PeerFault] { compactMap { if case .penalise(_, let fault) = $0 { fault } else { nil } } }

    var executions: [BlockID] { compactMap { if case .execute(let block) = $0 { block.id } else { nil } } }

    var finalized: [BlockID] {
        flatMap { effect -> [BlockID] in if case .finalized(let ids, _) = effect { ids } else { [] } }
    }

    var tickets: [BuildTicket] { compactMap { if case .build(let ticket) = $0 { ticket } else { nil } } }

    var proposals: [Proposal] {
        compactMap { if case .broadcast(.proposal(let proposal, _)) = $0 { proposal } else { nil } }
    }

    var evidence: [Evidence] { compactMap { if case .evidence(let evidence) = $0 { evidence } else { nil } } }

    var wakes: [Instant] { compactMap { if case .wake(let time) = $0 { time } else { nil } } }

    var opened: [Round] { compactMap { if case .openRound(let round, _) = $0 { round } else { nil } } }

    var sent: [ReplicaMessage] { compactMap { if case .send(_, let message) = $0 { message } else { nil } } }

    var requestedBlocks: [BlockID] {
        flatMap { effect -> [BlockID] in
            switch effect {
            case .send(_, .blockRequest(let ids)), .broadcast(.blockRequest(let ids)): ids
            default: []
            }
        }
    }

    /// The names of the effects, to compare their order.
    var names: [String] { map { String("\($0)".prefix { $0 != "(" }) } }
}
