public import Primitives

/// A binary hash tree over a list, in the shape of RFC 6962 (`mathematics.md` 7.1).
///
/// A leaf is SHA-256(00, data) and a node SHA-256(01, left, right), so no node passes for a leaf; a node
/// without a neighbour moves up unchanged, so no leaf counts twice. The empty tree is SHA-256("").
public struct MerkleTree: Sendable {
    /// `levels[0]` are the leaves; each level above has half as many, rounded up, down to one.
    private let levels: [[Digest]]

    /// Builds the tree over leaf hashes made by `leaf`.
    public init(leaves: [Digest]) {
        var levels = [leaves]
        var level = leaves
        while level.count > 1 {
            level = Self.above(level)
            levels.append(level)
        }
        self.levels = levels
    }

    /// Builds the tree over the data of the leaves.
    public init(of data: [[UInt8]]) { self.init(leaves: data.map(Self.leaf)) }

    /// How many leaves there are.
    public var count: Int { levels[0].count }

    /// The hash that stands for the whole list; it does not state how long the list is.
    public var root: Digest { levels[levels.count - 1].first ?? Self.empty }

    /// The neighbours on the way from a leaf to the root, lowest first; nil when there is no such leaf.
    public func proof(at index: Int) -> [Digest]? {
        guard levels[0].indices.contains(index) else { return nil }
        var path: [Digest] = []
        var place = index
        for level in levels.dropLast() {
            if place ^ 1 < level.count { path.append(level[place ^ 1]) }
            place >>= 1
        }
        return path
    }

    /// True when `leaf` is at `index` of a list of `count` leaves with this root.
    ///
    /// The index and the count fix the exact length of the path. Whoever checks must know the count from
    /// elsewhere (a header states it): a false count can misplace a leaf, though never invent one.
    public static func verify(
        leaf: Digest, index: Int, count: Int, path: [Digest], root: Digest
    ) -> Bool {
        guard index >= 0, index < count else { return false }
        var node = leaf
        var place = index
        var width = count
        var used = 0
        while width > 1 {
            if place ^ 1 < width {
                guard used < path.count else { return false }
                node = place & 1 == 0 ? Self.node(node, path[used]) : Self.node(path[used], node)
                used += 1
            }
            place >>= 1
            width = width / 2 + width & 1
        }
        return used == path.count && node == root
    }

    /// The root over leaf hashes, without keeping the tree.
    public static func root(of leaves: [Digest]) -> Digest {
        guard var level = leaves.isEmpty ? nil : leaves else { return empty }
        while level.count > 1 { level = above(level) }
        return level[0]
    }

    /// The hash of one leaf's data.
    public static func leaf(_ data: [UInt8]) -> Digest {
        var state = SHA256()
        state.update(byte: 0)
        state.update(data)
        return state.finish()
    }

    /// The hash of two neighbours.
    public static func node(_ left: Digest, _ right: Digest) -> Digest {
        var state = SHA256()
        state.update(byte: 1)
        state.update(left.bytes, right.bytes)
        return state.finish()
    }

    private static let empty = SHA256.hash([])

    private static func above(_ level: [Digest]) -> [Digest] {
        var next: [Digest] = []
        next.reserveCapacity(level.count / 2 + 1)
        for index in stride(from: 0, to: level.count - 1, by: 2) {
            next.append(node(level[index], level[index + 1]))
        }
        if !level.count.isMultiple(of: 2) { next.append(level[level.count - 1]) }
        return next
    }
}
