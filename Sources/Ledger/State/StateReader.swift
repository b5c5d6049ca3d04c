public import Primitives

/// Read access to a chain's records at one point of its history.
public protocol StateReader: Sendable {
    /// The value of a record, or nil.
    func value(for key: StateKey) -> [UInt8]?
    /// Up to `limit` records whose key begins with `prefix` and lies after `after`, in key order.
    func scan(prefix: [UInt8], after: StateKey?, limit: Int) -> [(key: StateKey, value: [UInt8])]
}

extension StateReader {
    /// Decodes a record, or nil when it does not exist.
    ///
    /// Records were written by this code from checked values; one that does not decode means a damaged
    /// state, and reading on would fork the chain.
    public func read<Value: Canonical>(_ type: Value.Type = Value.self, _ key: StateKey) -> Value? {
        Self.decode(type, value(for: key), key)
    }

    static func decode<Value: Canonical>(_ type: Value.Type, _ bytes: [UInt8]?, _ key: StateKey) -> Value? {
        guard let bytes else { return nil }
        guard let value = try? Value(decoding: bytes) else {
            preconditionFailure("the record \(Hex.encode(key.bytes)) is damaged")
        }
        return value
    }
}

extension OrderedRecords: StateReader {
    /// The value of a record, or nil.
    public func value(for key: StateKey) -> [UInt8]? { self[key] }
}

/// The records as one block left them: the final records and the changes of the unfinal blocks above them.
public struct StateView: StateReader {
    private let records: OrderedRecords
    // Oldest first.
    private let layers: [ChangeSet]

    /// Stacks changes, oldest first, on records.
    public init(records: OrderedRecords, layers: [ChangeSet] = []) {
        self.records = records
        self.layers = layers
    }

    /// The value of a record, or nil.
    public func value(for key: StateKey) -> [UInt8]? {
        for layer in layers.reversed() {
            if let change = layer[key] { return change.new }
        }
        return records[key]
    }

    /// Up to `limit` records whose key begins with `prefix` and lies after `after`, in key order.
    public func scan(prefix: [UInt8], after: StateKey?, limit: Int) -> [(key: StateKey, value: [UInt8])] {
        var changed: [Override] = []
        for layer in layers {
            for change in layer.slice(prefix: prefix, after: after) {
                changed.append(Override(key: change.key, value: change.new, age: changed.count))
            }
        }
        return Override.merge(changed, over: records, prefix: prefix, after: after, limit: limit)
    }
}

/// A changed value that hides the base's value when scanning; of one key's the last counts.
struct Override {
    let key: StateKey
    let value: [UInt8]?
    let age: Int

    static func merge(
        _ changed: [Override], over base: any StateReader, prefix: [UInt8], after: StateKey?, limit: Int
    ) -> [(key: StateKey, value: [UInt8])] {
        guard limit > 0 else { return [] }
        let overrides = latest(of: changed)
        // Only removed rows leave the result shorter, so this many of the base suffice.
        let removed = overrides.count { $0.value == nil }
        let rows = base.scan(
            prefix: prefix, after: after, limit: limit > Int.max - removed ? .max : limit + removed)
        var found: [(key: StateKey, value: [UInt8])] = []
        var row = 0
        var index = 0
        while found.count < limit, row < rows.count || index < overrides.count {
            if index < overrides.count, row >= rows.count || overrides[index].key <= rows[row].key {
                if row < rows.count, rows[row].key == overrides[index].key { row += 1 }
                if let value = overrides[index].value { found.append((overrides[index].key, value)) }
                index += 1
            } else {
                found.append(rows[row])
                row += 1
            }
        }
        return found
    }

    // In key order, each key once.
    private static func latest(of changed: [Override]) -> [Override] {
        var kept: [Override] = []
        for change in changed.sorted(by: { ($0.key, $0.age) < ($1.key, $1.age) }) {
            if kept.last?.key == change.key { kept.removeLast() }
            kept.append(change)
        }
        return kept
    }
}
