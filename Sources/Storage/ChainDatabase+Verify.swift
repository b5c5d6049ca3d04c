internal import Ledger
internal import Primitives

extension ChainDatabase {
    /// Checks SQLite's own structure and the checksum of every row of every table.
    ///
    /// Takes time in proportion to the file; opening does it only up to `verifiedWhenOpened` bytes. For larger
    /// files every row is still checked when it is read, but a missing index entry would go unnoticed.
    public func verify() throws(StorageFailure) {
        try connection.exclusively("verify it") { () throws(StorageFailure) in
            try connection.read { () throws(StorageFailure) in
                try checkIntegrity()
                let totals = try MetaRow.totals.load(Totals.self, from: connection)
                try verifyBlocks(totals)
                try verifyFinal(totals)
                try verifySide(.changes, totals)
                try verifySide(.ids, totals)
                try verifyTransactions(totals)
                try verifyCertificates(totals)
                try forEachSnapshotRecord { _ in }
                _ = try journal(totals)
                try verifyUnfinal(totals)
            }
        }
    }

    private func checkIntegrity() throws(StorageFailure) {
        let report = try connection.first("PRAGMA integrity_check(1)") { row throws(StorageFailure) in
            try row.text(0)
        }
        guard report == "ok" else {
            throw .damaged(file: file, .integrity(report: report ?? "the integrity check gave no answer"))
        }
    }

    private func expect(_ total: TableTotal, _ expected: TableTotal, _ table: StoredTable)
        throws(StorageFailure)
    {
        guard total == expected else { throw .damaged(file: file, .rows(table)) }
    }

    private func verifyBlocks(_ totals: Totals) throws(StorageFailure) {
        var total = TableTotal()
        try connection.each(
            """
            SELECT number, count, header, transactions, receipts, tag, bodytag, receipttag, id, height FROM blocks
            ORDER BY number
            """
        ) { row throws(StorageFailure) in
            let number = UInt64(bitPattern: try row.integer(0))
            let count = UInt64(bitPattern: try row.integer(1))
            let header = try row.blob(2)
            let tags = BlockTags(
                head: RowTag.of(.blocks, part: 1, number, and: count, header),
                body: RowTag.of(.blocks, part: 2, number, try row.blob(3)),
                receipts: RowTag.of(.blocks, part: 3, number, try row.blob(4)))
            let damage = StorageFailure.damaged(file: file, .row(.blocks, row: Int64(bitPattern: number)))
            guard try BlockTags(row, from: 5) == tags else { throw damage }
            let decoded: BlockHeader
            do { decoded = try BlockHeader(decoding: header) } catch { throw damage }
            guard try row.blob(8) == decoded.id.array,
                try row.integer(9) == Int64(bitPattern: decoded.height.value)
            else { throw damage }
            total.add(tags.sum)
        }
        try expect(total, totals.blocks, .blocks)
    }

    private func verifyFinal(_ totals: Totals) throws(StorageFailure) {
        var total = TableTotal()
        var height: UInt64 = 0
        try connection.each("SELECT height, number, tag FROM final ORDER BY height") {
            row throws(StorageFailure) in
            height += 1
            let number = UInt64(bitPattern: try row.integer(1))
            let tag = RowTag.of(.final, height, and: number, [])
            guard try row.integer(0) == Int64(bitPattern: height),
                try row.integer(2) == Int64(bitPattern: tag)
            else {
                throw .damaged(file: file, .row(.final, row: Int64(bitPattern: height)))
            }
            total.add(tag)
        }
        guard height == totals.finalHeight.value else { throw .damaged(file: file, .rows(.final)) }
        try expect(total, totals.final, .final)
    }

    private func verifySide(_ table: SideTable, _ totals: Totals) throws(StorageFailure) {
        var total = TableTotal()
        try connection.each("SELECT number, tag, bytes FROM \(table.stored.rawValue) ORDER BY number") {
            row throws(StorageFailure) in
            let number = try row.integer(0)
            let tag = RowTag.of(table.stored, UInt64(bitPattern: number), try row.blob(2))
            guard try row.integer(1) == Int64(bitPattern: tag) else {
                throw .damaged(file: file, .row(table.stored, row: number))
            }
            total.add(tag)
        }
        try expect(total, totals[keyPath: table.total], table.stored)
    }

    private func verifyTransactions(_ totals: Totals) throws(StorageFailure) {
        var total = TableTotal()
        var last: (Int64, Int64, Int64)?
        try connection.each("SELECT prefix, height, position FROM transactions") {
            row throws(StorageFailure) in
            let entry = (try row.integer(0), try row.integer(1), try row.integer(2))
            if let last, last >= entry { throw .damaged(file: file, .rows(.transactions)) }
            last = entry
            total.add(
                RowTag.mix(
                    prefix: UInt64(bitPattern: entry.0), height: UInt64(bitPattern: entry.1),
                    index: UInt64(bitPattern: entry.2)))
        }
        try expect(total, totals.transactions, .transactions)
    }

    private func verifyCertificates(_ totals: Totals) throws(StorageFailure) {
        var total = TableTotal()
        try connection.each("SELECT height, tag, bytes FROM certificates ORDER BY height") {
            row throws(StorageFailure) in
            let height = try row.integer(0)
            let tag = RowTag.of(.certificates, UInt64(bitPattern: height), try row.blob(2))
            guard try row.integer(1) == Int64(bitPattern: tag) else {
                throw .damaged(file: file, .row(.certificates, row: height))
            }
            total.add(tag)
        }
        try expect(total, totals.certificates, .certificates)
    }

    private func verifyUnfinal(_ totals: Totals) throws(StorageFailure) {
        var total = TableTotal()
        try connection.each("SELECT number, tag FROM unfinal ORDER BY number") { row throws(StorageFailure) in
            let number = try row.integer(0)
            let tag = RowTag.of(.unfinal, UInt64(bitPattern: number), [])
            guard try row.integer(1) == Int64(bitPattern: tag) else {
                throw .damaged(file: file, .row(.unfinal, row: number))
            }
            total.add(tag)
        }
        try expect(total, totals.unfinal, .unfinal)
    }
}
