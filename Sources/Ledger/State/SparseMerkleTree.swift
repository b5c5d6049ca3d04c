internal import Crypto
public import Primitives

/// The hashes that commit a state to one root.
///
/// A record lies at the tagged hash of its key. A subtree with one record is that record's leaf, an
/// empty subtree is zero, so the tree holds about 1.4 nodes a record however deep the paths are.
enum TreeHash {
    private static let pathTag = HashTag("ETM/state-key/1")
    private static let valueTag = HashTag("ETM/state-value/1")
    private static let leafTag = HashTag("ETM/state-leaf/1")
    private static let nodeTag = HashTag("ETM/state-node/1")

    static func path(_ key: StateKey) -> Bytes32 { pathTag.hash(key.bytes).bytes }
    static func value(_ value: [UInt8]) -> Bytes32 { valueTag.hash(value).bytes }
    static func leaf(_ path: Bytes32, _ value: Bytes32) -> Digest { leafTag.hash(path, value) }
    static func node(_ left: Digest, _ right: Digest) -> Digest { nodeTag.hash(left.bytes, right.bytes) }
}

/// The sparse Merkle tree over a chain's final records and the unfinal blocks above them.
///
/// Nodes live in slot arrays and are never changed: an update makes new nodes beside the old ones, so
/// every unfinal block has its own root. Committing frees what the update replaced, discarding frees
/// what it made. Updates of a block are batched: a node above many changes is hashed once.
public struct SparseMerkleTree: Sendable {
    /// Names a subtree: zero is empty, odd numbers are leaves.
    struct Reference: Sendable, Equatable {
        let raw: UInt32
        static let empty = Reference(raw: 0)
        var isLeaf: Bool { raw & 1 == 1 }
        var slot: Int { Int(raw >> 1) }
        static func leaf(_ slot: Int) -> Reference { Reference(raw: UInt32(slot) << 1 | 1) }
        static func inner(_ slot: Int) -> Reference { Reference(raw: UInt32(slot) << 1) }
    }

    /// The root after one block and the slots that it made and replaced.
    public struct Version: Sendable {
        let root: Reference
        /// The root hash.
        public let digest: Digest
        fileprivate let made: [Reference]
        fileprivate let replaced: [Reference]
    }

    struct Inner: Sendable {
        let hash: Digest
        let left, right: Reference
    }

    struct Leaf: Sendable {
        let path, value: Bytes32
    }

    // Slot 0 of the inner nodes stays unused so that reference zero can mean empty.
    private(set) var inners: [Inner] = [Inner(hash: .zero, left: .empty, right: .empty)]
    private(set) var leaves: [Leaf] = []
    private var freeInners: [UInt32] = []
    private var freeLeaves: [UInt32] = []

    /// The empty tree; its root is zero.
    public static let emptyVersion = Version(root: .empty, digest: .zero, made: [], replaced: [])

    /// Starts empty.
    public init() {}

    /// The tree after a block's changes on top of a version.
    public mutating func update(_ version: Version, with changes: ChangeSet) -> Version {
        var items = changes.changes.map { change in
            Item(path: TreeHash.path(change.key), value: change.new.map(TreeHash.value), existing: .empty)
        }
        items.sort { $0.path < $1.path }
        var pass = Pass()
        let root = update(version.root, Part(items, items.indices, depth: 0), &pass)
        return Version(root: root, digest: hash(of: root), made: pass.made, replaced: pass.replaced)
    }

    /// Frees what the version replaced; call it once the version is final.
    public mutating func commit(_ version: Version) { release(version.replaced) }

    /// Frees what the version made; call it when the version can no longer become final.
    public mutating func discard(_ version: Version) { release(version.made) }

    /// How many slots hold a node of any version.
    package var nodeCount: Int { inners.count - 1 - freeInners.count + leaves.count - freeLeaves.count }

    func hash(of reference: Reference) -> Digest {
        if reference == .empty { return .zero }
        guard reference.isLeaf else { return inners[reference.slot].hash }
        let leaf = leaves[reference.slot]
        return TreeHash.leaf(leaf.path, leaf.value)
    }

    // One record to place: a new value, a removal (nil), or a leaf that already exists.
    private struct Item {
        let path: Bytes32
        let value: Bytes32?
        let existing: Reference
    }

    private struct Pass {
        var made: [Reference] = []
        var replaced: [Reference] = []
    }

    // The items whose paths agree in the first `depth` bits: a range of an array that is never copied.
    private struct Part {
        let items: [Item]
        let range: Range<Int>
        let depth: Int

        init(_ items: [Item], _ range: Range<Int>, depth: Int) {
            self.items = items
            self.range = range
            self.depth = depth
        }

        var count: Int { range.count }
        var first: Item { items[range.lowerBound] }
        var kept: [Item] { items[range].filter { $0.value != nil } }

        // Those whose next bit is 0, and those whose next bit is 1.
        func split() -> (left: Part, right: Part) {
            var low = range.lowerBound
            var high = range.upperBound
            while low < high {
                let middle = (low + high) / 2
                if items[middle].path.bit(depth) { high = middle } else { low = middle + 1 }
            }
            return (
                Part(items, range.lowerBound..<low, depth: depth + 1),
                Part(items, low..<range.upperBound, depth: depth + 1)
            )
        }
    }

    private mutating func update(_ reference: Reference, _ part: Part, _ pass: inout Pass) -> Reference {
        if part.range.isEmpty { return reference }
        if reference == .empty {
            let kept = part.kept
            return build(Part(kept, kept.indices, depth: part.depth), &pass)
        }
        if reference.isLeaf { return replace(reference, part, &pass) }
        let inner = inners[reference.slot]
        let (lower, upper) = part.split()
        let left = update(inner.left, lower, &pass)
        let right = update(inner.right, upper, &pass)
        if left == inner.left, right == inner.right { return reference }
        pass.replaced.append(reference)
        return join(left, right, &pass)
    }

    private mutating func replace(_ reference: Reference, _ part: Part, _ pass: inout Pass) -> Reference {
        let leaf = leaves[reference.slot]
        if part.count == 1, part.first.path == leaf.path {
            guard part.first.value != leaf.value else { return reference }
            pass.replaced.append(reference)
            return part.first.value.map { makeLeaf(Leaf(path: leaf.path, value: $0), &pass) } ?? .empty
        }
        var kept = part.kept
        if let same = part.items[part.range].first(where: { $0.path == leaf.path }) {
            if same.value == leaf.value, kept.count == 1 { return reference }
            pass.replaced.append(reference)
        } else {
            let position = kept.firstIndex { $0.path > leaf.path } ?? kept.count
            kept.insert(Item(path: leaf.path, value: leaf.value, existing: reference), at: position)
        }
        return build(Part(kept, kept.indices, depth: part.depth), &pass)
    }

    private mutating func build(_ part: Part, _ pass: inout Pass) -> Reference {
        if part.range.isEmpty { return .empty }
        if part.count == 1 {
            guard part.first.existing == .empty, let value = part.first.value else { return part.first.existing }
            return makeLeaf(Leaf(path: part.first.path, value: value), &pass)
        }
        let (lower, upper) = part.split()
        let left = build(lower, &pass)
        let right = build(upper, &pass)
        return join(left, right, &pass)
    }

    // A lone leaf stands for its whole subtree; anything else needs a node.
    private mutating func join(_ left: Reference, _ right: Reference, _ pass: inout Pass) -> Reference {
        if left == .empty, right == .empty || right.isLeaf { return right }
        if right == .empty, left.isLeaf { return left }
        let inner = Inner(hash: TreeHash.node(hash(of: left), hash(of: right)), left: left, right: right)
        let slot: Int
        if let free = freeInners.popLast() {
            slot = Int(free)
            inners[slot] = inner
        } else {
            slot = inners.count
            inners.append(inner)
        }
        pass.made.append(.inner(slot))
        return .inner(slot)
    }

    private mutating func makeLeaf(_ leaf: Leaf, _ pass: inout Pass) -> Reference {
        let slot: Int
        if let free = freeLeaves.popLast() {
            slot = Int(free)
            leaves[slot] = leaf
        } else {
            slot = leaves.count
            leaves.append(leaf)
        }
        pass.made.append(.leaf(slot))
        return .leaf(slot)
    }

    private mutating func release(_ references: [Reference]) {
        for reference in references {
            if reference.isLeaf {
                freeLeaves.append(UInt32(reference.slot))
            } else {
                freeInners.append(UInt32(reference.slot))
            }
        }
    }
}
