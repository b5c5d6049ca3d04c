internal import Crypto
public import Primitives
internal import Randomness

/// A miner in the draw.
public struct Candidate: Sendable, Hashable {
    /// The miner's key.
    public let key: PublicKey
    /// Its votes times its coefficient.
    public let weight: UInt64

    /// Joins the parts.
    public init(key: PublicKey, weight: UInt64) {
        self.key = key
        self.weight = weight
    }
}

/// Why a draw cannot be held.
///
/// Blame: whoever made the list. Consequence: an audit refuses it; a chain's own lists never have either.
public enum ElectionRejection: Error, Equatable, Sendable {
    /// A key stands twice in the list.
    case duplicate(PublicKey)
    /// The weights together do not fit into 64 bits.
    case overflow
}

/// The draw of a round's members: sequential, weighted, without replacement (`mathematics.md` 3).
public enum Election {
    private static let seedTag = HashTag("ETM/election/1")
    private static let drawTag = HashTag("ETM/draw/1")

    /// The seed of the draw for a round from the beacon of the round before.
    public static func seed(round: Round, beacon: Digest) -> Digest {
        var state = seedTag.begin()
        state.update(round.value)
        state.update(beacon.bytes)
        return state.finish()
    }

    /// Keys in the order drawn; all of them when there are no more candidates than seats.
    ///
    /// The order of the list does not matter. When no weight is left the rest is drawn uniformly.
    public static func draw(
        _ candidates: [Candidate], seed: Digest, seats: Int
    ) throws(ElectionRejection) -> [PublicKey] {
        var urn = try Urn(candidates)
        var stream = HashStream(seed: seed.bytes, tag: drawTag)
        var chosen: [PublicKey] = []
        let count = min(seats, candidates.count)
        chosen.reserveCapacity(count)
        while chosen.count < count { chosen.append(urn.take(&stream)) }
        return chosen
    }

    /// The candidates that were not yet drawn.
    private struct Urn {
        private let sorted: [Candidate]
        private var weights: FenwickTree
        private var total: UInt64
        private var isTaken: [Bool]
        // Counts who is left; made only when no weight is.
        private var rest: FenwickTree?
        private var left: Int

        init(_ candidates: [Candidate]) throws(ElectionRejection) {
            sorted = Urn.inOrder(candidates)
            var sum: UInt64 = 0
            for index in sorted.indices {
                if index > 0, sorted[index].key == sorted[index - 1].key {
                    throw .duplicate(sorted[index].key)
                }
                let (more, overflow) = sum.addingReportingOverflow(sorted[index].weight)
                guard !overflow else { throw .overflow }
                sum = more
            }
            total = sum
            weights = FenwickTree(sorted.map(\.weight))
            isTaken = Array(repeating: false, count: sorted.count)
            left = sorted.count
        }

        private static func inOrder(_ candidates: [Candidate]) -> [Candidate] {
            for index in candidates.indices.dropFirst()
            where candidates[index].key < candidates[index - 1].key {
                return candidates.sorted { $0.key < $1.key }
            }
            return candidates
        }

        mutating func take(_ stream: inout HashStream) -> PublicKey {
            let place = total > 0 ? weights.find(stream.below(total)) : takeUnweighted(&stream)
            weights.subtract(sorted[place].weight, at: place)
            total -= sorted[place].weight
            isTaken[place] = true
            left -= 1
            return sorted[place].key
        }

        private mutating func takeUnweighted(_ stream: inout HashStream) -> Int {
            var tree = rest ?? FenwickTree(isTaken.map { $0 ? 0 : 1 })
            let place = tree.find(stream.below(UInt64(left)))
            tree.subtract(1, at: place)
            rest = tree
            return place
        }
    }
}
