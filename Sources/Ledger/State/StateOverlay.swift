public import Primitives

/// A block's pending writes over a reader, with savepoints so that a failing transaction leaves nothing.
public struct StateOverlay: StateReader {
    private let base: any StateReader
    private var written: [StateKey: [UInt8]?] = [:]
    // Keys in the order of their first write; a hash table must not decide any order.
    private var touched: [StateKey] = []
    private var log: [(key: StateKey, previous: [UInt8]??)] = []

    /// Starts without writes.
    public init(_ base: any StateReader) { self.base = base }

    /// The value of a record as the writes so far leave it, or nil.
    public func value(for key: StateKey) -> [UInt8]? {
        if let value = written[key] { return value }
        return base.value(for: key)
    }

    /// Writes or, with nil, removes a record.
    public mutating func set(_ key: StateKey, to value: [UInt8]?) {
        let previous = written.updateValue(value, forKey: key)
        if previous == nil { touched.append(key) }
        log.append((key, previous))
    }

    /// Writes a record's canonical bytes.
    public mutating func write(_ key: StateKey, _ value: some Canonical) { set(key, to: value.encoded) }

    /// Up to `limit` records whose key begins with `prefix` and lies after `after`, in key order.
    public func scan(prefix: [UInt8], after: StateKey?, limit: Int) -> [(key: StateKey, value: [UInt8])] {
        var changed: [Override] = []
        for key in touched where key.hasPrefix(prefix) {
            guard after.map({ $0 < key }) ?? true, let value = written[key] else { continue }
            changed.append(Override(key: key, value: value, age: 0))
        }
        return Override.merge(changed, over: base, prefix: prefix, after: after, limit: limit)
    }

    /// A point to roll back to.
    public var savepoint: Int { log.count }

    /// Takes back every write after the savepoint.
    public mutating func rollBack(to savepoint: Int) {
        while log.count > savepoint, let entry = log.popLast() {
            if let previous = entry.previous {
                written[entry.key] = .some(previous)
            } else {
                written[entry.key] = nil
                if touched.last == entry.key { touched.removeLast() }
            }
        }
    }

    /// Everything written, compared with the base.
    public func changeSet() -> ChangeSet {
        ChangeSet(
            touched.compactMap { key in
                written[key].map { Change(key: key, old: base.value(for: key), new: $0) }
            })
    }
}
