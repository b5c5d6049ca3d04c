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
        let root: Branch
        /// The root hash.
        public var digest: Digest { root.hash }
        fileprivate let made: [Reference]
        fileprivate let replaced: [Reference]
    }

    // A subtree and its hash: the parent holds both, so that hashing a node reads nothing but the node.
    struct Branch: Sendable, Equatable {
        let reference: Reference
        let hash: Digest
        static let empty = Branch(reference: .empty, hash: .zero)
    }

    struct Inner: Sendable {
        let left, right: Branch
    }

    struct Leaf: Sendable {
        let path, value: Bytes32
    }

    // Slot 0 of the inner nodes stays unused so that reference zero can mean empty.
    private(set) var inners: [Inner] = [Inner(left: .empty, right: .empty)]
    private(set) var leaves: [Leaf] = []
    private var freeInners: [UInt32] = []
    private var freeLeaves: [UInt32] = []

    /// The empty tree; its root is zero.
    public static let emptyVersion = Version(root: .empty, made: [], replaced: [])

    /// Starts empty.
    public init() {}

    /// The tree after a block's changes on top of a version.
    public mutating func update(_ version: Version, with changes: ChangeSet) -> Version {
        var items = changes.changes.map { change in
            Item(path: TreeHash.path(change.key), value: change.new.map(TreeHash.value), existing: .empty)
        }
        items.sort { $0.path < $1.path }
        var pass = Pass(items: items)
        let root = update(version.root, items.indices, depth: 0, &pass)
        return Version(root: root, made: pass.made, replaced: pass.replaced)
    }

    /// Frees what the version replaced; call it once the version is final.
    public mutating func commit(_ version: Version) { release(version.replaced) }

    /// Frees what the version made; call it when the version can no longer become final.
    public mutating func discard(_ version: Version) { release(version.made) }

    /// How many slots hold a node of any version.
    package var nodeCount: Int { inners.count - 1 - freeInners.count + leaves.count - freeLeaves.count }

    // One record to place: a new value, a removal (nil), or a leaf that already exists.
    private struct Item {
        let path: Bytes32
        let value: Bytes32?
        let existing: Branch
    }

    private struct Pass {
        // Sorted by path; below an existing leaf or an empty subtree, what remains is appended and built.
        var items: [Item]
        var made: [Reference] = []
        var replaced: [Reference] = []

        // Splits items that agree before bit `depth`: those with a 0 there, then those with a 1.
        func split(_ range: Range<Int>, _ depth: Int) -> Int {
            var low = range.lowerBound
            var high = range.upperBound
            while low < high {
                let middle = (low + high) / 2
                if items[middle].path.bit(depth) { high = middle } else { low = middle + 1 }
            }
            return low
        }

        // Appends the items of a range that are no removals, and a leaf among them in its place.
        mutating func keep(_ range: Range<Int>, besides leaf: Item?) -> Range<Int> {
            let start = items.count
            var leaf = leaf
            for index in range {
                if let next = leaf, next.path < items[index].path {
                    items.append(next)
                    leaf = nil
                }
                if items[index].value != nil { items.append(items[index]) }
            }
            if let leaf { items.append(leaf) }
            return start..<items.count
        }
    }

    private mutating func update(
        _ branch: Branch, _ range: Range<Int>, depth: Int, _ pass: inout Pass
    ) -> Branch {
        if range.isEmpty { return branch }
        if branch.reference == .empty { return build(pass.keep(range, besides: nil), depth: depth, &pass) }
        if branch.reference.isLeaf { return replace(branch, range, depth: depth, &pass) }
        let inner = inners[branch.reference.slot]
        let middle = pass.split(range, depth)
        let left = update(inner.left, range.lowerBound..<middle, depth: depth + 1, &pass)
        let right = update(inner.right, middle..<range.upperBound, depth: depth + 1, &pass)
        if left.reference == inner.left.reference, right.reference == inner.right.reference { return branch }
        pass.replaced.append(branch.reference)
        return join(left, right, &pass)
    }

    private mutating func replace(
        _ branch: Branch, _ range: Range<Int>, depth: Int, _ pass: inout Pass
    ) -> Branch {
        let leaf = leaves[branch.reference.slot]
        guard let same = range.first(where: { pass.items[$0].path == leaf.path }) else {
            let existing = Item(path: leaf.path, value: leaf.value, existing: branch)
            return build(pass.keep(range, besides: existing), depth: depth, &pass)
        }
        let value = pass.items[same].value
        if range.count == 1, value == leaf.value { return branch }
        pass.replaced.append(branch.reference)
        if range.count == 1 {
            return value.map { makeLeaf(Leaf(path: leaf.path, value: $0), &pass) } ?? .empty
        }
        return build(pass.keep(range, besides: nil), depth: depth, &pass)
    }

    private mutating func build(_ range: Range<Int>, depth: Int, _ pass: inout Pass) -> Branch {
        if range.isEmpty { return .empty }
        if range.count == 1 {
            let item = pass.items[range.lowerBound]
            guard item.existing == .empty, let value = item.value else { return item.existing }
            return makeLeaf(Leaf(path: item.path, value: value), &pass)
        }
        let middle = pass.split(range, depth)
        let left = build(range.lowerBound..<middle, depth: depth + 1, &pass)
        let right = build(middle..<range.upperBound, depth: depth + 1, &pass)
        return join(left, right, &pass)
    }

    // A lone leaf stands for its whole subtree; anything else needs a node.
    private mutating func join(_ left: Branch, _ right: Branch, _ pass: inout Pass) -> Branch {
        if left == .empty, right == .empty || right.reference.isLeaf { return right }
        if right == .empty, left.reference.isLeaf { return left }
        let inner = Inner(left: left, right: right)
        let slot: Int
        if let free = freeInners.popLast() {
            slot = Int(free)
            inners[slot] = inner
        } else {
            slot = inners.count
            inners.append(inner)
        }
        pass.made.append(.inner(slot))
        return Branch(reference: .inner(slot), hash: TreeHash.node(left.hash, right.hash))
    }

    private mutating func makeLeaf(_ leaf: Leaf, _ pass: inout Pass) -> Branch {
        let slot: Int
        if let free = freeLeaves.popLast() {
            slot = Int(free)
            leaves[slot] = leaf
        } else {
            slot = leaves.count
            leaves.append(leaf)
        }
        pass.made.append(.leaf(slot))
        return Branch(reference: .leaf(slot), hash: TreeHash.leaf(leaf.path, leaf.value))
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
