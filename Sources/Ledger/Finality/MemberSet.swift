public import Primitives

/// The members of a round, in key order, and the quorums that follow from their number.
public struct MemberSet: Sendable, Hashable, Canonical {
    /// Keys in ascending order, each once.
    public let keys: [PublicKey]

    /// The most members a chain may have.
    public static let most = 1024

    /// Sorts the keys; nil when there are none, too many, or one twice.
    public init?(_ keys: [PublicKey]) {
        let sorted = keys.sorted()
        guard (1...MemberSet.most).contains(sorted.count) else { return nil }
        for index in sorted.indices.dropFirst() where sorted[index] == sorted[index - 1] { return nil }
        self.keys = sorted
    }

    /// How many members there are.
    public var count: Int { keys.count }

    /// The most Byzantine members that the protocol survives: floor((n - 1) / 3).
    public var tolerated: Int { (count - 1) / 3 }

    /// Votes that nullify or finalise: floor(2n / 3) + 1 distinct members (`consensus.md` 1).
    public var quorum: Int { 2 * count / 3 + 1 }

    /// Votes that notarise besides the leader's: 68 for 101 members, else floor(2n / 3) (`mathematics.md` 7.4).
    public var otherVotes: Int { count == 101 ? 68 : 2 * count / 3 }

    /// The seat of a key, or nil for a stranger.
    public func seat(of key: PublicKey) -> Int? {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == key ? low : nil
    }

    /// Writes the keys.
    public func encode(to writer: inout ByteWriter) { writer.write(list: keys) }

    /// Reads the keys, which must be in ascending order.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let keys = try reader.readList(of: PublicKey.self, most: MemberSet.most)
        guard let set = MemberSet(keys), set.keys == keys else { throw .notCanonical(offset: start) }
        self = set
    }
}
