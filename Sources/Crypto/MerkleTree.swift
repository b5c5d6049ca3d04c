public import Primitives

/// The binary Merkle tree of `mathematics.md` 7.1 over a list of byte strings.
///
/// A leaf is SHA-256(00 ‖ data), a node SHA-256(01 ‖ left ‖ right), a lone node moves up unchanged
/// and the empty tree is SHA-256 of nothing.
public enum MerkleTree {
    /// The root over the leaves' data.
    public static func root(_ leaves: [[UInt8]]) -> Digest {
        guard !leaves.isEmpty else { return SHA256.hash([]) }
        var level = leaves.map(leaf)
        while level.count > 1 { level = parents(of: level) }
        return level[0]
    }

    /// The siblings from the leaf at `index` up to the root; empty when `index` is out of range.
    public static func proof(of index: Int, in leaves: [[UInt8]]) -> [Digest] {
        guard leaves.indices.contains(index) else { return [] }
        var level = leaves.map(leaf)
        var position = index
        var path: [Digest] = []
        while level.count > 1 {
            let sibling = position ^ 1
            if sibling < level.count { path.append(level[sibling]) }
            level = parents(of: level)
            position /= 2
        }
        return path
    }

    /// True when `data` is leaf `index` of `count` under `root`; the path must have exactly the right length.
    public static func verify(_ data: [UInt8], index: Int, count: Int, path: [Digest], root: Digest) -> Bool {
        guard count > 0, (0..<count).contains(index) else { return false }
        var hash = leaf(data)
        var position = index
        var width = count
        var rest = path[...]
        while width > 1 {
            if position ^ 1 < width {
                guard let sibling = rest.popFirst() else { return false }
                hash = position & 1 == 0 ? node(hash, sibling) : node(sibling, hash)
            }
            position /= 2
            width = (width + 1) / 2
        }
        return rest.isEmpty && hash == root
    }

    private static func parents(of level: [Digest]) -> [Digest] {
        stride(from: 0, to: level.count, by: 2).map { index in
            index + 1 < level.count ? node(level[index], level[index + 1]) : level[index]
        }
    }

    private static func leaf(_ data: [UInt8]) -> Digest {
        var state = SHA256()
        state.update(byte: 0)
        state.update(data)
        return state.finish()
    }

    private static func node(_ left: Digest, _ right: Digest) -> Digest {
        var state = SHA256()
        state.update(byte: 1)
        state.update(left.bytes)
        state.update(right.bytes)
        return state.finish()
    }
}
