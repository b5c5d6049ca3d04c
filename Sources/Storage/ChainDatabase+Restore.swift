internal import Ledger
internal import Primitives

extension ChainDatabase {
    /// Reads all that a node needs to go on, checking every row on the way.
    ///
    /// The caller should still compare the records' root with the final header's: that proves the state
    /// to the network's standard, a checksum only to the disk's.
    public func restore() throws(StorageFailure) -> RestoredChain {
        try connection.exclusively("restore it") { () throws(StorageFailure) in
            try connection.read { () throws(StorageFailure) in
                let totals = try MetaRow.totals.load(Totals.self, from: connection)
                var records: [StateRecord] = []
                records.reserveCapacity(Int(clamping: min(totals.state.count, 1 << 24)))
                try forEachRecord { record in records.append(record) }
                return RestoredChain(
                    snapshotHeight: totals.snapshotHeight, finalHeight: totals.finalHeight,
                    finalHeader: try finalHeader(totals), records: records,
                    unfinalBlocks: try unfinalBlocks(totals), journal: try journal(totals),
                    journalFloor: totals.journalFloor, recentTransactions: try recentTransactions(totals))
            }
        }
    }

    /// Calls `body` with every record at the final height in key order, without holding all of them.
    public func forEachRecord(
        _ body: (StateRecord) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        try connection.exclusively("read the state") { () throws(StorageFailure) in
            try connection.read { () throws(StorageFailure) in
                let replay = try Replay(connection)
                var next = 0
                try forEachSnapshotRecord { record throws(StorageFailure) in
                    while next < replay.net.count, replay.net[next].key < record.key {
                        try add(replay, next, to: nil, body)
                        next += 1
                    }
                    guard next < replay.net.count, replay.net[next].key == record.key else {
                        return try body(record)
                    }
                    try add(replay, next, to: record.value, body)
                    next += 1
                }
                for index in next..<max(next, replay.net.count) { try add(replay, index, to: nil, body) }
            }
        }
    }

    private func add(
        _ replay: Replay, _ index: Int, to value: [UInt8]?,
        _ body: (StateRecord) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        let change = replay.net[index]
        guard change.before == value else { throw .damaged(file: file, .history(change.height)) }
        if let after = change.after { try body(StateRecord(key: change.key, value: after)) }
    }

    func forEachSnapshotRecord(
        _ body: (StateRecord) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        let expected = try MetaRow.totals.load(Totals.self, from: connection).state
        var total = TableTotal()
        var last: StateKey?
        try connection.each("SELECT key, tag, value FROM state ORDER BY key") { row throws(StorageFailure) in
            let record = StateRecord(key: StateKey(bytes: try row.blob(0)), value: try row.blob(2))
            let tag = UInt64(bitPattern: try row.integer(1))
            guard tag == RowTag.of(.state, 0, record.key.bytes, record.value) else {
                throw .damaged(file: file, .row(.state, row: Int64(total.count)))
            }
            if let last, last >= record.key { throw .damaged(file: file, .rows(.state)) }
            last = record.key
            total.add(tag)
            try body(record)
        }
        guard total == expected else { throw .damaged(file: file, .rows(.state)) }
    }

    private func finalHeader(_ totals: Totals) throws(StorageFailure) -> BlockHeader? {
        guard totals.finalHeight > .zero else { return nil }
        let rows = BlockRows(connection)
        guard let number = try rows.number(at: totals.finalHeight) else {
            throw rows.damaged(.final, Int64(totals.finalHeight.value))
        }
        let head = try rows.head(number)
        guard head.id == totals.finalID else { throw rows.damaged(.blocks, number) }
        return head.header
    }

    private func unfinalBlocks(_ totals: Totals) throws(StorageFailure) -> [StoredBlock] {
        var numbers: [Int64] = []
        var total = TableTotal()
        try connection.each("SELECT number, tag FROM unfinal ORDER BY number") { row throws(StorageFailure) in
            let number = try row.integer(0)
            let tag = UInt64(bitPattern: try row.integer(1))
            guard tag == RowTag.of(.unfinal, UInt64(bitPattern: number), []) else {
                throw .damaged(file: file, .row(.unfinal, row: number))
            }
            total.add(tag)
            numbers.append(number)
        }
        guard total == totals.unfinal else { throw .damaged(file: file, .rows(.unfinal)) }
        let rows = BlockRows(connection)
        var blocks: [StoredBlock] = []
        for number in numbers { blocks.append(try rows.stored(number)) }
        return blocks
    }

    func journal(_ totals: Totals) throws(StorageFailure) -> [JournalRecord] {
        var records: [JournalRecord] = []
        var total = TableTotal()
        try connection.each(
            "SELECT round, view, kind, tag, bytes FROM journal ORDER BY round, view, kind"
        ) { row throws(StorageFailure) in
            let round = try row.integer(0)
            let damage = StorageFailure.damaged(file: file, .row(.journal, row: round))
            guard let kind = UInt8(exactly: try row.integer(2)) else { throw damage }
            let record = JournalRecord(
                round: Round(UInt64(bitPattern: round)), view: View(UInt64(bitPattern: try row.integer(1))),
                kind: kind, bytes: try row.blob(4))
            let tag = UInt64(bitPattern: try row.integer(3))
            guard tag == RowTag.of(record) else { throw damage }
            total.add(tag)
            records.append(record)
        }
        // A missing record could lead to a second signature, so it is as bad as a changed one.
        guard total == totals.journal else { throw .damaged(file: file, .rows(.journal)) }
        return records
    }

    private func recentTransactions(_ totals: Totals) throws(StorageFailure) -> [IncludedTransaction] {
        let rows = BlockRows(connection)
        let final = totals.finalHeight.value
        let first = final > Transaction.longestLife ? final - Transaction.longestLife : 1
        var list: [IncludedTransaction] = []
        var height = first
        while height <= final {
            guard let number = try rows.number(at: Height(height)) else {
                throw rows.damaged(.final, Int64(height))
            }
            for id in try rows.ids(number) {
                list.append(IncludedTransaction(id: id, height: Height(height)))
            }
            height += 1
        }
        return list
    }
}
