/// Keys in byte order, sorted when they are asked for.
struct SortedKeys {
    private var sorted: [[UInt8]] = []
    private var added: [[UInt8]] = []

    /// The keys in order.
    var all: [[UInt8]] {
        added.isEmpty ? sorted : Self.merged(sorted, added)
    }

    /// Adds a key that is not there yet.
    mutating func insert(_ key: [UInt8]) {
        added.append(key)
    }

    mutating func remove(_ key: [UInt8]) {
        if let place = added.lastIndex(of: key) {
            added.remove(at: place)
        } else {
            settle()
            let place = firstPlace(notBelow: key)
            if place < sorted.count, sorted[place] == key { sorted.remove(at: place) }
        }
    }

    /// Where keys with this prefix above a key begin.
    mutating func firstPlace(after: [UInt8]?, prefix: [UInt8]) -> Int {
        settle()
        guard let after else { return firstPlace(notBelow: prefix) }
        let place = firstPlace(notBelow: after)
        return place < sorted.count && sorted[place] == after ? place + 1 : place
    }

    /// The key at a place, unless it lacks the prefix or lies above `upper`.
    func key(at place: Int, prefix: [UInt8], through upper: [UInt8]?) -> [UInt8]? {
        guard place < sorted.count, sorted[place].starts(with: prefix) else { return nil }
        if let upper, upper.lexicographicallyPrecedes(sorted[place]) { return nil }
        return sorted[place]
    }

    private mutating func settle() {
        guard !added.isEmpty else { return }
        sorted = Self.merged(sorted, added)
        added.removeAll(keepingCapacity: true)
    }

    private func firstPlace(notBelow key: [UInt8]) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle].lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func merged(_ sorted: [[UInt8]], _ added: [[UInt8]]) -> [[UInt8]] {
        let fresh = added.sorted { $0.lexicographicallyPrecedes($1) }
        var result: [[UInt8]] = []
        result.reserveCapacity(sorted.count + fresh.count)
        var old = sorted[...]
        for key in fresh {
            while let first = old.first, first.lexicographicallyPrecedes(key) {
                result.append(first)
                old.removeFirst()
            }
            result.append(key)
        }
        return result + old
    }
}
