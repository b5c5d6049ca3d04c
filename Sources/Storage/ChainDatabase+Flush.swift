internal import Ledger
public import Primitives

extension ChainDatabase {
    /// Moves the snapshot to a final height in one transaction.
    ///
    /// `records` are the values at that height of all records changed since the last flush, in key order; for
    /// the first flush, at height 0, the whole genesis state. No block becomes final before that one.
    public func flush(changesUpTo height: Height, records: [StateWrite]) throws(StorageFailure) {
        try connection.exclusively("flush the state") { () throws(StorageFailure) in
            try connection.write { () throws(StorageFailure) in
                var totals = try MetaRow.totals.load(Totals.self, from: connection)
                let lowest = totals.snapshotHeight ?? .zero
                guard height >= lowest, height <= totals.finalHeight else {
                    throw .invalidBatch(
                        file: file,
                        .snapshotOutOfOrder(lowest: lowest, highest: totals.finalHeight, got: height))
                }
                try checkOrder(records)
                try write(records, &totals.state)
                totals.snapshotHeight = height
                try MetaRow.totals.store(totals, to: connection)
            }
        }
    }

    /// Moves the snapshot to the last final height from the stored changes, for a clean close.
    public func flush() throws(StorageFailure) {
        try connection.exclusively("flush the state") { () throws(StorageFailure) in
            let replay = try Replay(connection)
            guard replay.snapshotHeight < replay.finalHeight else { return }
            try flush(changesUpTo: replay.finalHeight, records: replay.writes)
        }
    }

    private func checkOrder(_ records: [StateWrite]) throws(StorageFailure) {
        for index in records.indices.dropFirst() where records[index - 1].key >= records[index].key {
            throw .invalidBatch(file: file, .recordsOutOfOrder(index: index))
        }
        for record in records {
            let size = max(
                record.key.bytes.count - StateKey.longest + Change.largestValue, record.value?.count ?? 0)
            guard size <= Change.largestValue else {
                throw .invalidBatch(file: file, .tooLarge(.state, got: size, most: Change.largestValue))
            }
        }
    }

    private func write(_ records: [StateWrite], _ total: inout TableTotal) throws(StorageFailure) {
        let select = try connection.prepare("SELECT tag FROM state WHERE key = ?")
        let insert = try connection.prepare("INSERT OR REPLACE INTO state(key, tag, value) VALUES(?, ?, ?)")
        let delete = try connection.prepare("DELETE FROM state WHERE key = ?")
        for record in records {
            try select.bind(1, record.key.bytes)
            do {
                defer { select.reset() }
                if try select.step() { total.remove(UInt64(bitPattern: try select.integer(0))) }
            }
            guard let value = record.value else {
                try delete.bind(1, record.key.bytes)
                try delete.run()
                continue
            }
            let tag = RowTag.of(.state, 0, record.key.bytes, value)
            try insert.bind(1, record.key.bytes)
            try insert.bind(2, Int64(bitPattern: tag))
            try insert.bind(3, value)
            try insert.run()
            total.add(tag)
        }
    }
}
