public import Primitives

/// How a view's leader is chosen.
public enum LeaderRule: UInt8, Sendable, Hashable, Canonical, CaseIterable {
    /// The chaotic index of the parent's beacon (`mathematics.md` 5.3, 5.5).
    case chaos = 1
    /// Seat (height + view) mod n.
    case roundRobin = 2
    /// The chaotic index of the parent's parent, as on the historical network; for comparison only.
    ///
    /// The producer of a block can grind its id, and with it the leader after the next (`mathematics.md` 6.1).
    case blockID = 3

    /// The rule's name in manifests, flags and answers.
    public var name: String {
        switch self {
        case .chaos: "chaos"
        case .roundRobin: "roundRobin"
        case .blockID: "blockId"
        }
    }

    /// The rule of a name, or nil.
    public init?(name: String) {
        guard let rule = LeaderRule.allCases.first(where: { $0.name == name }) else { return nil }
        self = rule
    }

    /// The seat that leads a view where seats take turns.
    public static func roundRobinSeat(height: Height, view: View, members: Int) -> Int {
        Int((height.value &+ view.value) % UInt64(members))
    }

    /// Writes one byte.
    public func encode(to writer: inout ByteWriter) { writer.write(rawValue) }

    /// Reads one byte.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let tag = try reader.readInteger(UInt8.self)
        guard let rule = LeaderRule(rawValue: tag) else { throw .unknownTag(offset: start, got: Int(tag)) }
        self = rule
    }
}

/// When a view opens and its timers run.
public enum Pacing: Sendable, Hashable, Canonical {
    /// A block every interval, empty or not.
    case interval
    /// Only while there is a cause: a transaction, an inbox message, a timer, or `heartbeat` since the last block.
    case onDemand(heartbeat: Instant.Span)

    /// Writes a tag and, on demand, the heartbeat.
    public func encode(to writer: inout ByteWriter) {
        switch self {
        case .interval: writer.write(UInt8(1))
        case .onDemand(let heartbeat):
            writer.write(UInt8(2))
            writer.write(heartbeat)
        }
    }

    /// Reads a tag and, on demand, the heartbeat.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        switch try reader.readInteger(UInt8.self) {
        case 1: self = .interval
        case 2: self = .onDemand(heartbeat: try reader.read())
        case let tag: throw .unknownTag(offset: start, got: Int(tag))
        }
    }
}

/// The agreed numbers that a chain's consensus runs with.
public struct ConsensusParameters: Sendable, Hashable, Canonical {
    /// How leaders are chosen.
    public var leaderRule: LeaderRule
    /// When views open.
    public var pacing: Pacing
    /// Heights in a round, at least 1.
    public var roundLength: UInt64
    /// Least time between a block's timestamp and its child's.
    public var interval: Instant.Span
    /// The delay bound Δ: proposals are due after 2Δ, a view ends after 3Δ, votes are resent every Δ.
    public var delta: Instant.Span
    /// Leading zero bits of every header's light proof of work; at most `LightWork.mostBits`.
    public var workBits: UInt8 = 0
    /// How members come about.
    public var elections = Elections.fixed
    /// The time tower of a chain of fixed members; nil where none is built, and where members are elected.
    public var ownTower: StakingParameters.Tower?

    /// The time tower over each round's beacons, or nil where none is built.
    public var tower: StakingParameters.Tower? { elections.staking?.tower ?? ownTower }

    /// How old a side chain's new block may be by a member's clock when the member votes for it: 25 Δ.
    ///
    /// The longest view lasts 24 Δ, so that no block is refused which the timers would not refuse anyway. Nobody can then put a time into a block that lies further back, with knowledge of what came after it.
    public var oldestVoted: Instant.Span { delta.times(25) }

    /// How long after its block's time a ticket waits for a round to open: 27 Δ and three seconds.
    ///
    /// More than `oldestVoted`, the Δ by which clocks may differ, and the main chain's Δ together.
    public var drawMargin: Instant.Span {
        Instant.Span(milliseconds: delta.times(27).milliseconds + 3_000)
    }

    /// Joins the parts; members are fixed and headers prove no work until told otherwise.
    public init(
        leaderRule: LeaderRule, pacing: Pacing, roundLength: UInt64, interval: Instant.Span,
        delta: Instant.Span
    ) {
        self.leaderRule = leaderRule
        self.pacing = pacing
        self.roundLength = max(1, roundLength)
        self.interval = interval
        self.delta = delta
    }

    /// The round of a height above genesis: ceil(height / length) (`mathematics.md` D-1).
    public func round(of height: Height) -> Round {
        // Not (height + length - 1) / length: a stranger's height may be as large as it likes.
        Round(height.value / roundLength + (height.value.isMultiple(of: roundLength) ? 0 : 1))
    }

    /// The last height of a round; the greatest height for rounds that no chain reaches.
    public func lastHeight(of round: Round) -> Height {
        let (height, overflow) = round.value.multipliedReportingOverflow(by: roundLength)
        return Height(overflow ? .max : height)
    }

    // Marks the leader rule when work or elections follow, so that chains without either keep their ids.
    private static let mark: UInt8 = 0x80
    // Marks it when a tower of the chain's own follows, for the same reason.
    private static let towerMark: UInt8 = 0x40

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        let isPlain = workBits == 0 && elections == .fixed
        let marks =
            (isPlain ? 0 : ConsensusParameters.mark) | (ownTower == nil ? 0 : ConsensusParameters.towerMark)
        writer.write(leaderRule.rawValue | marks)
        writer.write(pacing)
        writer.write(roundLength)
        writer.write(interval)
        writer.write(delta)
        if let ownTower { writer.write(ownTower) }
        guard !isPlain else { return }
        writer.write(workBits)
        writer.write(optional: elections.staking)
    }

    /// Reads the fields.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let first = reader.offset
        let tag = try reader.readInteger(UInt8.self)
        let marks = ConsensusParameters.mark | ConsensusParameters.towerMark
        guard let rule = LeaderRule(rawValue: tag & ~marks) else {
            throw .unknownTag(offset: first, got: Int(tag))
        }
        leaderRule = rule
        pacing = try reader.read()
        let start = reader.offset
        roundLength = try reader.readInteger()
        guard roundLength > 0 else { throw .notCanonical(offset: start) }
        interval = try reader.read()
        delta = try reader.read()
        let extra = reader.offset
        ownTower = tag & ConsensusParameters.towerMark == 0 ? nil : try reader.read()
        guard ownTower.map({ $0.defect == nil }) ?? true else { throw .notCanonical(offset: extra) }
        guard tag & ConsensusParameters.mark != 0 else { return }
        workBits = try reader.readInteger()
        let staking: StakingParameters? = try reader.readOptional()
        elections = staking.map { .upos($0) } ?? .fixed
        guard workBits <= LightWork.mostBits, workBits != 0 || staking != nil,
            staking == nil || ownTower == nil
        else {
            throw .notCanonical(offset: extra)
        }
    }
}
