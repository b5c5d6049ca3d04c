internal import Primitives

/// How links misbehave; the generator decides each message's fate.
public struct NetworkModel: Sendable, Hashable {
    /// The least milliseconds that a message travels.
    public var leastLatency: UInt64
    /// The most milliseconds that a message travels; anything between is equally likely, so messages overtake.
    public var mostLatency: UInt64
    /// Messages lost, of 1000.
    public var lossPerMille: UInt64
    /// Messages delivered twice, of 1000.
    public var duplicationPerMille: UInt64
    /// Messages held up on the way, of 1000.
    public var stragglePerMille: UInt64 = 0
    /// The most milliseconds that a message is held up.
    public var straggleLatency: UInt64 = 0
    /// The one node that finalisations reach; an adversary that owns the network keeps them from the others.
    public var finalityReachesOnly: Int?

    /// Joins the parts.
    public init(
        leastLatency: UInt64, mostLatency: UInt64, lossPerMille: UInt64 = 0, duplicationPerMille: UInt64 = 0
    ) {
        self.leastLatency = leastLatency
        self.mostLatency = mostLatency
        self.lossPerMille = lossPerMille
        self.duplicationPerMille = duplicationPerMille
    }

    /// A network on which the protocol promises progress when Δ is at least 100 ms.
    public static let healthy = NetworkModel(leastLatency: 5, mostLatency: 60)

    /// When the copies of one message arrive.
    func arrivals(_ generator: inout SeededGenerator, at now: Instant) -> [Instant] {
        guard !generator.chance(perMille: lossPerMille) else { return [] }
        let copies = generator.chance(perMille: duplicationPerMille) ? 2 : 1
        return (0..<copies).map { _ in
            var latency = leastLatency + generator.below(mostLatency - leastLatency + 1)
            if generator.chance(perMille: stragglePerMille) {
                latency += generator.below(straggleLatency + 1)
            }
            return now.advanced(by: Instant.Span(milliseconds: latency))
        }
    }
}

/// Which links are cut.
public struct Partition: Sendable, Hashable {
    /// The nodes on one side, one bit each.
    public var side: UInt128
    /// Only messages from the side to the others are lost; the other direction works.
    public var isOneWay: Bool
    /// On a ring, how far a node hears and how many nodes there are; nil where sides are cut.
    private var ring: Ring?

    private struct Ring: Hashable {
        let reach: Int
        let nodes: Int
    }

    /// Nothing is cut.
    public static let none = Partition(side: 0, isOneWay: false)

    /// Each node hears only so many neighbours on either side; no two hear the same ones.
    public static func ring(reach: Int, of nodes: Int) -> Partition {
        var partition = none
        partition.ring = Ring(reach: reach, nodes: max(1, nodes))
        return partition
    }

    /// Cuts a side off.
    public init(side: UInt128, isOneWay: Bool) {
        self.side = side
        self.isOneWay = isOneWay
    }

    /// True when a message between two nodes is lost.
    public func cuts(from sender: Int, to receiver: Int) -> Bool {
        if let ring {
            let gap = abs(sender - receiver) % ring.nodes
            return min(gap, ring.nodes - gap) > ring.reach
        }
        let fromSide = side >> UInt128(sender) & 1 == 1
        let toSide = side >> UInt128(receiver) & 1 == 1
        return isOneWay ? fromSide && !toSide : fromSide != toSide
    }
}
