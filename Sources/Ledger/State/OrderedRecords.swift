internal import Primitives

/// The final records of a chain in key order, held in memory.
///
/// A list of small sorted chunks: look-ups are two binary searches, an insertion moves at most one
/// chunk, scans are in key order, and a copy shares every chunk that is not touched afterwards.
public struct OrderedRecords: Sendable {
    private struct Chunk: Sendable {
        var keys: [StateKey]
        var values: [[UInt8]]
    }

    private static let fullChunk = 128
    private var chunks: [Chunk] = []
    // The first key of each chunk, side by side, so that finding a chunk follows no pointers.
    private var firstKeys: [StateKey] = []

    /// How many records there are.
    public private(set) var count = 0

    /// Starts empty.
    public init() {}

    /// The value of a record, or nil.
    public subscript(key: StateKey) -> [UInt8]? {
        guard let chunk = chunkIndex(for: key) else { return nil }
        let position = OrderedRecords.lowerBound(chunks[chunk].keys, key)
        guard position < chunks[chunk].keys.count, chunks[chunk].keys[position] == key else { return nil }
        return chunks[chunk].values[position]
    }

    /// Inserts, replaces or, with nil, removes a record.
    public mutating func set(_ key: StateKey, to value: [UInt8]?) {
        guard let chunk = chunkIndex(for: key) else {
            if let value { startChunk(key, value) }
            return
        }
        let position = OrderedRecords.lowerBound(chunks[chunk].keys, key)
        let exists = position < chunks[chunk].keys.count && chunks[chunk].keys[position] == key
        switch (exists, value) {
        case (true, let value?): chunks[chunk].values[position] = value
        case (true, nil): remove(chunk, position)
        case (false, let value?): insert(key, value, chunk, position)
        case (false, nil): break
        }
    }

    /// Applies every change of a block.
    public mutating func apply(_ changes: ChangeSet) {
        for change in changes.changes { set(change.key, to: change.new) }
    }

    /// Up to `limit` records whose key begins with `prefix` and lies after `after`, in key order.
    public func scan(prefix: [UInt8], after: StateKey?, limit: Int) -> [(key: StateKey, value: [UInt8])] {
        var found: [(key: StateKey, value: [UInt8])] = []
        let from = max(after ?? StateKey(bytes: []), StateKey(bytes: prefix))
        guard limit > 0, var chunk = chunkIndex(for: from) else { return [] }
        var position = OrderedRecords.lowerBound(chunks[chunk].keys, from)
        while chunk < chunks.count {
            while position < chunks[chunk].keys.count {
                let key = chunks[chunk].keys[position]
                if key != after {
                    guard key.hasPrefix(prefix) else { return found }
                    found.append((key, chunks[chunk].values[position]))
                    if found.count == limit { return found }
                }
                position += 1
            }
            chunk += 1
            position = 0
        }
        return found
    }

    // Adds a chunk after the last one.
    private mutating func startChunk(_ key: StateKey, _ value: [UInt8]) {
        chunks.append(Chunk(keys: [key], values: [value]))
        firstKeys.append(key)
        count += 1
    }

    private mutating func insert(_ key: StateKey, _ value: [UInt8], _ chunk: Int, _ position: Int) {
        guard chunks[chunk].keys.count == OrderedRecords.fullChunk else {
            chunks[chunk].keys.insert(key, at: position)
            chunks[chunk].values.insert(value, at: position)
            if position == 0 { firstKeys[chunk] = key }
            count += 1
            return
        }
        // Records that are loaded in order leave full chunks behind them, not half-full ones.
        if chunk == chunks.count - 1, position == OrderedRecords.fullChunk { return startChunk(key, value) }
        let half = OrderedRecords.fullChunk / 2
        split(chunk, at: half)
        insert(key, value, position > half ? chunk + 1 : chunk, position > half ? position - half : position)
    }

    private mutating func split(_ chunk: Int, at middle: Int) {
        let upper = Chunk(
            keys: Array(chunks[chunk].keys[middle...]), values: Array(chunks[chunk].values[middle...]))
        chunks[chunk].keys.removeSubrange(middle...)
        chunks[chunk].values.removeSubrange(middle...)
        chunks.insert(upper, at: chunk + 1)
        firstKeys.insert(upper.keys[0], at: chunk + 1)
    }

    private mutating func remove(_ chunk: Int, _ position: Int) {
        chunks[chunk].keys.remove(at: position)
        chunks[chunk].values.remove(at: position)
        count -= 1
        if let first = chunks[chunk].keys.first {
            firstKeys[chunk] = first
        } else {
            chunks.remove(at: chunk)
            firstKeys.remove(at: chunk)
        }
    }

    // The last chunk that starts at or before the key, or the first; nil only when there is none.
    private func chunkIndex(for key: StateKey) -> Int? {
        guard !chunks.isEmpty else { return nil }
        let after = OrderedRecords.lowerBound(firstKeys, key)
        return after < firstKeys.count && firstKeys[after] == key ? after : max(0, after - 1)
    }

    // How many of the keys come before this one.
    private static func lowerBound(_ keys: [StateKey], _ key: StateKey) -> Int {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
