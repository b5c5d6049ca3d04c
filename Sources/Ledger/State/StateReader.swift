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
        var overrides = OrderedOverrides()
        for layer in layers {
            for change in layer.changes where change.key.hasPrefix(prefix) {
                overrides.set(change.key, change.new)
            }
        }
        return overrides.merge(over: records, prefix: prefix, after: after, limit: limit)
    }
}

/// Changed values in key order, merged over a base when scanning.
struct OrderedOverrides {
    private var keys: [StateKey] = []
    private var values: [[UInt8]?] = []

    mutating func set(_ key: StateKey, _ value: [UInt8]?) {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        if low < keys.count, keys[low] == key {
            values[low] = value
        } else {
            keys.insert(key, at: low)
            values.insert(value, at: low)
        }
    }

    func merge(
        over base: any StateReader, prefix: [UInt8], after: StateKey?, limit: Int
    ) -> [(key: StateKey, value: [UInt8])] {
        guard limit > 0 else { return [] }
        // At most `keys.count` base rows can be hidden, so this many suffice.
        let rows = base.scan(prefix: prefix, after: after, limit: limit + keys.count)
        var found: [(key: StateKey, value: [UInt8])] = []
        var row = 0
        var index = after.map { mark in keys.firstIndex { $0 > mark } ?? keys.count } ?? 0
        while found.count < limit, row < rows.count || index < keys.count {
            if index < keys.count, row >= rows.count || keys[index] <= rows[row].key {
                if row < rows.count, rows[row].key == keys[index] { row += 1 }
                if let value = values[index] { found.append((keys[index], value)) }
                index += 1
            } else {
                found.append(rows[row])
                row += 1
            }
        }
        return found
    }
}
