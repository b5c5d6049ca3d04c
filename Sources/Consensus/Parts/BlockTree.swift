internal import Ledger
internal import Primitives

/// Blocks above the last final one, and what executing them came to.
struct BlockTree: Sendable {
    /// How far a block's execution is.
    enum Execution: Sendable, Equatable {
        case idle
        case running
        case valid
        case invalid(String)
        /// It could not be judged; it is asked again at this time.
        case deferred(until: Instant)
    }

    struct Entry: Sendable {
        let block: Block
        var execution = Execution.idle
        var isStored = false
        /// The proposal that brought it, to be passed on with it.
        var proposal: Proposal?
    }

    /// A walk from a block down to the last final one.
    enum Path: Equatable {
        /// Blocks above the final one, oldest first.
        case complete([BlockID])
        /// This block is not here yet.
        case missing(BlockID)
        /// The block does not descend from the final one.
        case elsewhere
    }

    private(set) var tip: FinalPoint
    private var entries: [BlockID: Entry] = [:]
    private var order: [BlockID] = []

    init(tip: FinalPoint) { self.tip = tip }

    var count: Int { order.count }

    subscript(id: BlockID) -> Entry? { entries[id] }

    /// What a child needs to know of a block, if it is here or is the last final one.
    func point(_ id: BlockID) -> FinalPoint? {
        id == tip.block ? tip : entries[id].map { FinalPoint($0.block) }
    }

    func isExecuted(_ id: BlockID) -> Bool { id == tip.block || entries[id]?.execution == .valid }

    /// Adds a block once; false when it was here.
    mutating func insert(_ block: Block, proposal: Proposal?, isStored: Bool = false) -> Bool {
        guard entries[block.id] == nil, block.id != tip.block else { return false }
        entries[block.id] = Entry(block: block, isStored: isStored, proposal: proposal)
        order.append(block.id)
        return true
    }

    mutating func setExecution(_ id: BlockID, _ execution: Execution) { entries[id]?.execution = execution }

    mutating func setStored(_ id: BlockID) { entries[id]?.isStored = true }

    mutating func setProposal(_ id: BlockID, _ proposal: Proposal) { entries[id]?.proposal = proposal }

    func path(to id: BlockID) -> Path {
        var path: [BlockID] = []
        var next = id
        while next != tip.block {
            guard let entry = entries[next] else {
                return path.isEmpty || above(path) ? .missing(next) : .elsewhere
            }
            guard entry.block.header.height > tip.height else { return .elsewhere }
            path.append(next)
            next = entry.block.header.parent
        }
        return .complete(path.reversed())
    }

    private func above(_ path: [BlockID]) -> Bool {
        guard let last = path.last, let entry = entries[last] else { return false }
        return entry.block.header.height > tip.height.next
    }

    /// Blocks whose retry is due at or before a time, and the next later retry.
    func deferred(at now: Instant) -> (due: [BlockID], next: Instant?) {
        var due: [BlockID] = []
        var next: Instant?
        for id in order {
            guard case .deferred(let time) = entries[id]?.execution else { continue }
            if time <= now { due.append(id) } else { next = min(next ?? time, time) }
        }
        return (due, next)
    }

    /// Makes a block the last final one; returns the blocks that can never be final any more.
    mutating func finalize(_ path: [BlockID]) -> [BlockID] {
        guard let last = path.last, let block = entries[last]?.block else { return [] }
        tip = FinalPoint(block)
        for id in path { entries[id] = nil }
        order.removeAll { entries[$0] == nil }
        return prune()
    }

    /// Forgets everything above the last final block.
    mutating func removeAll() -> [BlockID] {
        let all = order
        entries = [:]
        order = []
        return all
    }

    private mutating func prune() -> [BlockID] {
        let byHeight = order.compactMap { entries[$0]?.block.header.height }.enumerated().sorted {
            ($0.element, $0.offset) < ($1.element, $1.offset)
        }
        var dropped: [BlockID] = []
        for (index, height) in byHeight {
            let id = order[index]
            guard let parent = entries[id]?.block.header.parent,
                !canDescend(height: height, parent: parent, dropped)
            else { continue }
            dropped.append(id)
        }
        for id in dropped { entries[id] = nil }
        order.removeAll { entries[$0] == nil }
        return dropped
    }

    private func canDescend(height: Height, parent: BlockID, _ dropped: [BlockID]) -> Bool {
        guard height > tip.height else { return false }
        if height == tip.height.next { return parent == tip.block }
        return parent != tip.block && !dropped.contains(parent)
    }
}
