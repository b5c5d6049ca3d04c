public import Primitives

/// A block's pending writes over a reader, with savepoints so that a failing transaction leaves nothing.
public struct StateOverlay: StateReader {
    // A record that was written, perhaps taken back since; `original` is what the base holds.
    private struct Entry {
        let key: StateKey
        let original: [UInt8]?
        var value: [UInt8]?
    }

    private let base: any StateReader
    // In the order of their first write; a hash table must not decide any order.
    private var entries: [Entry] = []
    private var places: [StateKey: Int] = [:]
    private var log: [(place: Int, previous: [UInt8]?)] = []

    /// Starts without writes; makes room for as many records as are expected to change.
    public init(_ base: any StateReader, expecting records: Int = 0) {
        self.base = base
        entries.reserveCapacity(records)
        places.reserveCapacity(records)
    }

    /// The value of a record as the writes so far leave it, or nil.
    public func value(for key: StateKey) -> [UInt8]? {
        if let place = places[key] { return entries[place].value }
        return base.value(for: key)
    }

    /// Writes or, with nil, removes a record.
    public mutating func set(_ key: StateKey, to value: [UInt8]?) {
        write(value, at: place(of: key))
    }

    /// Writes a record's canonical bytes.
    public mutating func write(_ key: StateKey, _ value: some Canonical) { set(key, to: value.encoded) }

    /// Replaces a record's value by what `change` makes of it, with one look-up; nil stands for no record.
    public mutating func update<Failure: Error>(
        _ key: StateKey, _ change: ([UInt8]?) throws(Failure) -> [UInt8]?
    ) throws(Failure) {
        let place = place(of: key)
        write(try change(entries[place].value), at: place)
    }

    private mutating func place(of key: StateKey) -> Int {
        if let place = places[key] { return place }
        let value = base.value(for: key)
        entries.append(Entry(key: key, original: value, value: value))
        places[key] = entries.count - 1
        return entries.count - 1
    }

    private mutating func write(_ value: [UInt8]?, at place: Int) {
        log.append((place, entries[place].value))
        entries[place].value = value
    }

    /// Up to `limit` records whose key begins with `prefix` and lies after `after`, in key order.
    public func scan(prefix: [UInt8], after: StateKey?, limit: Int) -> [(key: StateKey, value: [UInt8])] {
        var changed: [Override] = []
        for entry in entries where entry.key.hasPrefix(prefix) && after.map({ $0 < entry.key }) ?? true {
            changed.append(Override(key: entry.key, value: entry.value, age: 0))
        }
        return Override.merge(changed, over: base, prefix: prefix, after: after, limit: limit)
    }

    /// Gives up rolling back to any point before now, and the memory that it takes.
    mutating func forgetSavepoints() { log.removeAll(keepingCapacity: true) }

    /// A point to roll back to.
    public var savepoint: Int { log.count }

    /// Takes back every write after the savepoint.
    public mutating func rollBack(to savepoint: Int) {
        while log.count > savepoint, let entry = log.popLast() {
            entries[entry.place].value = entry.previous
        }
    }

    /// Everything written, compared with the base.
    public func changeSet() -> ChangeSet {
        ChangeSet(entries.map { Change(key: $0.key, old: $0.original, new: $0.value) })
    }
}
