public import Primitives

/// One record's value before and after.
public struct Change: Sendable, Hashable, Canonical {
    /// Which record.
    public let key: StateKey
    /// Its value before, or nil when it did not exist.
    public let old: [UInt8]?
    /// Its value after, or nil when it no longer exists.
    public let new: [UInt8]?

    /// The most bytes in a record.
    public static let largestValue = 400_000

    /// Joins the parts.
    public init(key: StateKey, old: [UInt8]?, new: [UInt8]?) {
        self.key = key
        self.old = old
        self.new = new
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(key)
        for value in [old, new] {
            writer.write(value != nil)
            if let value { writer.write(bytes: value) }
        }
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        key = try reader.read()
        old = try reader.readBool() ? try reader.readByteString(most: Change.largestValue) : nil
        new = try reader.readBool() ? try reader.readByteString(most: Change.largestValue) : nil
    }
}

/// What a block does to the state: changes in key order, each key once, none without effect.
///
/// Undoing it is the exact inverse of applying it.
public struct ChangeSet: Sendable, Hashable, Canonical {
    /// The changes in ascending key order.
    public let changes: [Change]

    /// Nothing.
    public static let empty = ChangeSet([])

    /// The most changes in one block.
    public static let most = 2_000_000

    /// Sorts by key and drops changes without effect; each key must appear at most once.
    public init(_ changes: [Change]) {
        let sorted = changes.filter { $0.old != $0.new }.sorted { $0.key < $1.key }
        for index in sorted.indices.dropFirst() {
            precondition(sorted[index - 1].key != sorted[index].key, "a change set names each key once")
        }
        self.changes = sorted
    }

    /// The inverse: applying it undoes this.
    public var inverse: ChangeSet {
        ChangeSet(changes.map { Change(key: $0.key, old: $0.new, new: $0.old) })
    }

    /// The change of a key, if there is one.
    public subscript(key: StateKey) -> Change? {
        let place = lowerBound(key)
        return place < changes.count && changes[place].key == key ? changes[place] : nil
    }

    /// True when a record of the table changes.
    public func touches(_ table: StateTable) -> Bool {
        let place = lowerBound(StateKey(table))
        return place < changes.count && changes[place].key.table == table.rawValue
    }

    /// The changes of the keys that begin with `prefix` and lie after `after`, in key order.
    func slice(prefix: [UInt8], after: StateKey?) -> ArraySlice<Change> {
        let start = lowerBound(max(after ?? StateKey(bytes: prefix), StateKey(bytes: prefix)))
        let rest = changes[start...].drop { $0.key == after }
        return rest.prefix { $0.key.hasPrefix(prefix) }
    }

    private func lowerBound(_ key: StateKey) -> Int {
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Writes the changes.
    public func encode(to writer: inout ByteWriter) { writer.write(list: changes) }

    /// Reads the changes, which must be in order and have an effect.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let changes = try reader.readList(of: Change.self, most: ChangeSet.most)
        for index in changes.indices {
            guard changes[index].old != changes[index].new,
                index == 0 || changes[index - 1].key < changes[index].key
            else { throw .notCanonical(offset: start) }
        }
        self.changes = changes
    }
}
