internal import Ledger
internal import Primitives

/// The net effect of the final blocks above the snapshot, in key order.
struct Replay {
    let snapshotHeight: Height
    let finalHeight: Height
    /// For each changed key: the value that the snapshot must have, and the value at the final height.
    let net: [(key: StateKey, before: [UInt8]?, after: [UInt8]?, height: Height)]

    /// Reads the changes and checks that each follows from the one before it.
    init(_ connection: Connection) throws(StorageFailure) {
        let totals = try MetaRow.totals.load(Totals.self, from: connection)
        finalHeight = totals.finalHeight
        snapshotHeight = totals.snapshotHeight ?? .zero
        let rows = BlockRows(connection)
        var steps: [(change: Change, height: Height)] = []
        var height = snapshotHeight
        while height < finalHeight {
            height = height.next
            guard let number = try rows.number(at: height), let changes = try rows.changes(number) else {
                throw rows.damaged(.changes, Int64(bitPattern: height.value))
            }
            for change in changes.changes { steps.append((change, height)) }
        }
        net = try Replay.merge(Replay.sorted(steps), connection.file)
    }

    /// By key, and for one key in the order of the blocks.
    private static func sorted(_ steps: [(change: Change, height: Height)]) -> [(
        change: Change, height: Height
    )] {
        // Comparing plain words settles nearly every pair without touching the keys' reference counts.
        var order = steps.enumerated().map { (prefix: prefix($1.change.key), index: $0) }
        order.sort { left, right in
            if left.prefix != right.prefix { return left.prefix < right.prefix }
            let (first, second) = (steps[left.index].change.key, steps[right.index].change.key)
            return first == second ? left.index < right.index : first < second
        }
        return order.map { steps[$0.index] }
    }

    /// The first eight bytes, padded with zeros: keys in order have prefixes in order.
    private static func prefix(_ key: StateKey) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<8 { word = word << 8 | (index < key.bytes.count ? UInt64(key.bytes[index]) : 0) }
        return word
    }

    private static func merge(
        _ steps: [(change: Change, height: Height)], _ file: String
    ) throws(StorageFailure) -> [(key: StateKey, before: [UInt8]?, after: [UInt8]?, height: Height)] {
        var net: [(key: StateKey, before: [UInt8]?, after: [UInt8]?, height: Height)] = []
        for step in steps {
            guard let last = net.last, last.key == step.change.key else {
                net.append((step.change.key, step.change.old, step.change.new, step.height))
                continue
            }
            guard last.after == step.change.old else { throw .damaged(file: file, .history(step.height)) }
            net[net.count - 1].after = step.change.new
        }
        return net
    }

    /// What a flush to the final height writes.
    var writes: [StateWrite] { net.map { StateWrite(key: $0.key, value: $0.after) } }
}
