internal import Ledger
internal import Primitives

extension BatchWriter {
    /// Stores an unfinal block, unless it is stored already.
    mutating func insert(_ stored: StoredBlock) throws(StorageFailure) {
        let header = stored.block.header
        guard header.chain == chain else { throw fault(.wrongChain(header.chain)) }
        guard header.height > .zero else { throw fault(.outOfRange(0)) }
        let height = try ordered(header.height.value)
        guard try BlockRows(connection).number(of: stored.block.id) == nil else { return }
        try bounded(.unfinal, Int(totals.unfinal.count) + 1, most: ChainDatabase.mostUnfinalBlocks)
        try bounded(.blocks, stored.block.transactions.count, most: Block.mostTransactions)
        try bounded(.blocks, stored.receipts.count, most: Block.mostTransactions)
        let number = totals.nextNumber
        totals.nextNumber += 1
        try insertRow(stored, number, height)
        try insertSide(.changes, number, BlockRows.joined(stored.changes))
        try insertSide(.ids, number, BlockRows.joined(stored.block.transactions.map(\.id)))
        let mark = RowTag.of(.unfinal, number, [])
        try connection.run(
            "INSERT INTO unfinal(number, tag) VALUES(?, ?)", .integer(Int64(bitPattern: number)),
            .integer(Int64(bitPattern: mark)))
        totals.unfinal.add(mark)
    }

    private mutating func insertRow(
        _ stored: StoredBlock, _ number: UInt64, _ height: Int64
    ) throws(StorageFailure) {
        let body = BlockRows.joined(stored.block.transactions)
        var receipts = ByteWriter(capacity: 64 * stored.receipts.count + 4)
        receipts.write(list: stored.receipts)
        for part in [body.count, receipts.bytes.count] {
            try bounded(.blocks, part, most: ChainDatabase.largestPart)
        }
        let count = UInt64(stored.block.transactions.count)
        let header = stored.block.header.encoded
        let tags = BlockTags(
            head: RowTag.of(.blocks, part: 1, number, and: count, header),
            body: RowTag.of(.blocks, part: 2, number, body),
            receipts: RowTag.of(.blocks, part: 3, number, receipts.bytes))
        try connection.run(
            """
            INSERT INTO blocks(number, height, id, count, header, tag, bodytag, receipttag, transactions, receipts)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .integer(Int64(bitPattern: number)), .integer(height), .blob(stored.block.id.array),
            .integer(Int64(count)), .blob(header), .integer(Int64(bitPattern: tags.head)),
            .integer(Int64(bitPattern: tags.body)), .integer(Int64(bitPattern: tags.receipts)),
            .blob(body), .blob(receipts.bytes))
        totals.blocks.add(tags.sum)
    }

    private mutating func insertSide(
        _ table: SideTable, _ number: UInt64, _ bytes: [UInt8]
    ) throws(StorageFailure) {
        try bounded(table.stored, bytes.count, most: ChainDatabase.largestPart)
        let tag = RowTag.of(table.stored, number, bytes)
        try connection.run(
            table.insert, .integer(Int64(bitPattern: number)), .integer(Int64(bitPattern: tag)), .blob(bytes))
        totals[keyPath: table.total].add(tag)
    }

    private mutating func removeSide(_ table: SideTable, _ number: Int64) throws(StorageFailure) {
        let tag = try connection.first(table.tag, .integer(number)) { row throws(StorageFailure) in
            try row.integer(0)
        }
        guard let tag else { return }
        try connection.run(table.delete, .integer(number))
        totals[keyPath: table.total].remove(UInt64(bitPattern: tag))
    }

    /// Makes the next height final.
    mutating func finalize(_ reference: BlockReference) throws(StorageFailure) {
        guard totals.snapshotHeight != nil else { throw fault(.noSnapshot) }
        guard reference.height == totals.finalHeight.next else {
            throw fault(.notNextHeight(expected: totals.finalHeight.next, got: reference.height))
        }
        let rows = BlockRows(connection)
        guard let number = try rows.number(of: reference.id) else { throw fault(.unknownBlock(reference.id)) }
        let head = try rows.head(number)
        guard head.id == reference.id else { throw rows.damaged(.blocks, number) }
        guard head.header.height == reference.height else {
            throw fault(.notNextHeight(expected: reference.height, got: head.header.height))
        }
        guard head.header.parent == totals.finalID else {
            throw fault(.wrongParent(expected: totals.finalID, got: head.header.parent))
        }
        totals.finalHeight = reference.height
        totals.finalID = reference.id
        try removeUnfinal(number)
        let tag = RowTag.of(.final, reference.height.value, and: UInt64(bitPattern: number), [])
        try connection.run(
            "INSERT INTO final(height, number, tag) VALUES(?, ?, ?)", .integer(Int64(reference.height.value)),
            .integer(number), .integer(Int64(bitPattern: tag)))
        totals.final.add(tag)
        try index(try rows.ids(number), at: reference.height)
        try forgetIDs()
    }

    private mutating func index(_ ids: [TransactionID], at height: Height) throws(StorageFailure) {
        // Inserting in key order touches each page of the tree once.
        let entries = ids.enumerated().map { (prefix: Int64(bitPattern: $1.bytes.a), index: $0) }
            .sorted { ($0.prefix, $0.index) < ($1.prefix, $1.index) }
        let insert = try connection.prepare(
            "INSERT INTO transactions(prefix, height, position) VALUES(?, ?, ?)")
        try insert.bind(2, Int64(height.value))
        for entry in entries {
            try insert.bind(1, entry.prefix)
            try insert.bind(3, Int64(entry.index))
            try insert.run()
            totals.transactions.add(
                RowTag.mix(
                    prefix: UInt64(bitPattern: entry.prefix), height: height.value, index: UInt64(entry.index)
                ))
        }
    }

    private mutating func forgetIDs() throws(StorageFailure) {
        guard totals.finalHeight.value > Transaction.longestLife + 1 else { return }
        let old = Height(totals.finalHeight.value - Transaction.longestLife - 1)
        if let number = try BlockRows(connection).number(at: old) { try removeSide(.ids, number) }
    }

    /// Drops a block that can never become final.
    mutating func abandon(_ id: BlockID) throws(StorageFailure) {
        guard let number = try BlockRows(connection).number(of: id) else { return }
        guard try removeUnfinal(number) else { throw fault(.isFinal(id)) }
        try removeSide(.changes, number)
        try removeSide(.ids, number)
        let tags = try connection.first(
            "SELECT tag, bodytag, receipttag FROM blocks WHERE number = ?", .integer(number)
        ) { row throws(StorageFailure) in try BlockTags(row, from: 0) }
        guard let tags else { throw .damaged(file: connection.file, .row(.blocks, row: number)) }
        try connection.run("DELETE FROM blocks WHERE number = ?", .integer(number))
        totals.blocks.remove(tags.sum)
    }

    @discardableResult
    private mutating func removeUnfinal(_ number: Int64) throws(StorageFailure) -> Bool {
        let tag = try connection.first("SELECT tag FROM unfinal WHERE number = ?", .integer(number)) {
            row throws(StorageFailure) in try row.integer(0)
        }
        guard let tag else { return false }
        try connection.run("DELETE FROM unfinal WHERE number = ?", .integer(number))
        totals.unfinal.remove(UInt64(bitPattern: tag))
        return true
    }

    /// Drops the changes of final blocks at or below a height that the snapshot covers.
    mutating func pruneUndo(below height: Height) throws(StorageFailure) {
        guard let snapshot = totals.snapshotHeight else { throw fault(.noSnapshot) }
        guard height <= snapshot else {
            throw fault(.snapshotOutOfOrder(lowest: totals.undoFloor, highest: snapshot, got: height))
        }
        while totals.undoFloor < height {
            totals.undoFloor = totals.undoFloor.next
            guard let number = try BlockRows(connection).number(at: totals.undoFloor) else {
                throw .damaged(file: connection.file, .row(.final, row: Int64(totals.undoFloor.value)))
            }
            try removeSide(.changes, number)
        }
    }
}

/// The two tables that hold one blob a block beside its row.
enum SideTable {
    case changes
    case ids

    var stored: StoredTable { self == .changes ? .changes : .ids }
    var total: WritableKeyPath<Totals, TableTotal> { self == .changes ? \.changes : \.ids }
    var insert: String { "INSERT INTO \(stored.rawValue)(number, tag, bytes) VALUES(?, ?, ?)" }
    var select: String { "SELECT tag, bytes FROM \(stored.rawValue) WHERE number = ?" }
    var tag: String { "SELECT tag FROM \(stored.rawValue) WHERE number = ?" }
    var delete: String { "DELETE FROM \(stored.rawValue) WHERE number = ?" }
}
