internal import Crypto
public import Primitives

/// Proves that a state root holds a record's value, or that it holds no such record.
public struct StateProof: Sendable, Hashable, Canonical {
    /// Sibling hashes from the root downwards; zero for an empty sibling.
    public let siblings: [Digest]
    /// The leaf where the path ends: its path and the hash of its value; nil when it ends in nothing.
    public let leaf: Leaf?

    /// A record's place and content hash.
    public struct Leaf: Sendable, Hashable, Canonical {
        /// The tagged hash of the key.
        public let path: Bytes32
        /// The tagged hash of the value.
        public let value: Bytes32

        init(path: Bytes32, value: Bytes32) {
            self.path = path
            self.value = value
        }

        /// Writes 64 bytes.
        public func encode(to writer: inout ByteWriter) {
            writer.write(path)
            writer.write(value)
        }

        /// Reads 64 bytes.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            path = try reader.readBytes32()
            value = try reader.readBytes32()
        }
    }

    init(siblings: [Digest], leaf: Leaf?) {
        self.siblings = siblings
        self.leaf = leaf
    }

    /// True when the root holds exactly `value` at `key`; nil asks for proof of absence.
    public func verify(_ value: [UInt8]?, at key: StateKey, root: Digest) -> Bool {
        let path = TreeHash.path(key)
        if let value {
            guard let leaf, leaf.path == path, leaf.value == TreeHash.value(value) else { return false }
        } else if let leaf {
            guard leaf.path != path, StateProof.agree(leaf.path, path, bits: siblings.count) else {
                return false
            }
        }
        var hash = leaf.map { TreeHash.leaf($0.path, $0.value) } ?? .zero
        for depth in siblings.indices.reversed() {
            hash =
                path.bit(depth) ? TreeHash.node(siblings[depth], hash) : TreeHash.node(hash, siblings[depth])
        }
        return hash == root
    }

    private static func agree(_ left: Bytes32, _ right: Bytes32, bits: Int) -> Bool {
        (0..<bits).allSatisfy { left.bit($0) == right.bit($0) }
    }

    /// Writes the siblings and the leaf.
    public func encode(to writer: inout ByteWriter) {
        writer.write(list: siblings)
        writer.write(optional: leaf)
    }

    /// Reads at most 256 siblings and the leaf.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        siblings = try reader.readList(most: 256)
        leaf = try reader.readOptional()
    }
}

extension SparseMerkleTree {
    /// The proof for a key, present or absent, under a version's root.
    public func proof(of key: StateKey, in version: Version) -> StateProof {
        let path = TreeHash.path(key)
        var siblings: [Digest] = []
        var reference = version.root.reference
        while reference != .empty, !reference.isLeaf {
            let inner = inners[reference.slot]
            let goesRight = path.bit(siblings.count)
            siblings.append(goesRight ? inner.left.hash : inner.right.hash)
            reference = goesRight ? inner.right.reference : inner.left.reference
        }
        guard reference.isLeaf else { return StateProof(siblings: siblings, leaf: nil) }
        let leaf = leaves[reference.slot]
        return StateProof(siblings: siblings, leaf: StateProof.Leaf(path: leaf.path, value: leaf.value))
    }
}
