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
        steps.sort { $0.change.key == $1.change.key ? $0.height < $1.height : $0.change.key < $1.change.key }
        net = try Replay.merge(steps, connection.file)
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
