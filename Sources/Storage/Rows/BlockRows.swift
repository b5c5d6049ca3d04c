internal import Ledger
internal import Primitives

/// The three checksums of a block's row: header, transactions, receipts.
struct BlockTags: Equatable {
    let head: UInt64
    let body: UInt64
    let receipts: UInt64

    init(head: UInt64, body: UInt64, receipts: UInt64) {
        self.head = head
        self.body = body
        self.receipts = receipts
    }

    /// Reads them from three columns.
    init(_ row: Statement, from column: Int32) throws(StorageFailure) {
        head = UInt64(bitPattern: try row.integer(column))
        body = UInt64(bitPattern: try row.integer(column + 1))
        receipts = UInt64(bitPattern: try row.integer(column + 2))
    }

    /// What the row adds to the table's sum.
    var sum: UInt64 { head &+ body &+ receipts }
}

/// A block's row without its large parts.
struct BlockHead {
    let number: Int64
    let header: BlockHeader
    let id: BlockID
    let count: Int

    var summary: BlockSummary { BlockSummary(header: header, id: id, transactionCount: count) }
}

/// Reads blocks and what belongs to them, checking every checksum.
struct BlockRows {
    let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    /// The final block's number at a height.
    func number(at height: Height) throws(StorageFailure) -> Int64? {
        guard let key = Int64(exactly: height.value) else { return nil }
        let found = try connection.first("SELECT number, tag FROM final WHERE height = ?", .integer(key)) {
            row throws(StorageFailure) in (try row.integer(0), UInt64(bitPattern: try row.integer(1)))
        }
        guard let (number, tag) = found else { return nil }
        guard tag == RowTag.of(.final, height.value, and: UInt64(bitPattern: number), []) else {
            throw damaged(.final, key)
        }
        return number
    }

    /// The number of a block, final or not.
    func number(of id: BlockID) throws(StorageFailure) -> Int64? {
        try connection.first("SELECT number FROM blocks WHERE id = ?", .blob(id.array)) {
            row throws(StorageFailure) in try row.integer(0)
        }
    }

    /// Whether a stored block is final.
    func isFinal(_ number: Int64) throws(StorageFailure) -> Bool {
        try connection.first("SELECT 1 FROM unfinal WHERE number = ?", .integer(number)) { _ in true } == nil
    }

    /// The header of a stored block.
    func head(_ number: Int64) throws(StorageFailure) -> BlockHead {
        let head = try connection.first(
            "SELECT height, id, count, header, tag FROM blocks WHERE number = ?", .integer(number)
        ) { row throws(StorageFailure) in try readHead(row, number) }
        guard let head else { throw damaged(.blocks, number) }
        return head
    }

    private func readHead(_ row: Statement, _ number: Int64) throws(StorageFailure) -> BlockHead {
        let count = UInt64(bitPattern: try row.integer(2))
        let bytes = try row.blob(3)
        let tag = UInt64(bitPattern: try row.integer(4))
        guard tag == RowTag.of(.blocks, part: 1, UInt64(bitPattern: number), and: count, bytes) else {
            throw damaged(.blocks, number)
        }
        let header: BlockHeader = try decode(bytes, .blocks, number)
        guard try row.blob(1) == header.id.array, try row.integer(0) == Int64(bitPattern: header.height.value)
        else { throw damaged(.blocks, number) }
        return BlockHead(number: number, header: header, id: header.id, count: Int(count))
    }

    /// A stored block.
    func block(_ number: Int64) throws(StorageFailure) -> Block {
        let head = try head(number)
        let bytes = try part(number, "SELECT bodytag, transactions FROM blocks WHERE number = ?", 2)
        var reader = ByteReader(bytes)
        do {
            let list = try reader.readList(of: SignedTransaction.self, most: Block.mostTransactions)
            try reader.finish()
            guard list.count == head.count else { throw damaged(.blocks, number) }
            return Block(header: head.header, transactions: list)
        } catch { throw damaged(.blocks, number) }
    }

    /// A stored block's receipts.
    func receipts(_ number: Int64) throws(StorageFailure) -> [Receipt] {
        let bytes = try part(number, "SELECT receipttag, receipts FROM blocks WHERE number = ?", 3)
        var reader = ByteReader(bytes)
        do {
            let list = try reader.readList(of: Receipt.self, most: Block.mostTransactions)
            try reader.finish()
            return list
        } catch { throw damaged(.blocks, number) }
    }

    private func part(_ number: Int64, _ sql: String, _ part: UInt8) throws(StorageFailure) -> [UInt8] {
        let found = try connection.first(sql, .integer(number)) { row throws(StorageFailure) in
            (UInt64(bitPattern: try row.integer(0)), try row.blob(1))
        }
        guard let (tag, bytes) = found,
            tag == RowTag.of(.blocks, part: part, UInt64(bitPattern: number), bytes)
        else { throw damaged(.blocks, number) }
        return bytes
    }

    /// A stored block's changes, or nil when they were pruned.
    func changes(_ number: Int64) throws(StorageFailure) -> ChangeSet? {
        guard let bytes = try side(.changes, number) else { return nil }
        return try decode(bytes, .changes, number)
    }

    /// The ids of a stored block's transactions, from the list of ids or, once that is gone, from the block.
    func ids(_ number: Int64) throws(StorageFailure) -> [TransactionID] {
        guard let bytes = try side(.ids, number) else { return try block(number).transactions.map(\.id) }
        guard bytes.count.isMultiple(of: 32) else { throw damaged(.ids, number) }
        var reader = ByteReader(bytes)
        var ids: [TransactionID] = []
        ids.reserveCapacity(bytes.count / 32)
        do {
            while reader.remaining > 0 { ids.append(try reader.read()) }
        } catch { throw damaged(.ids, number) }
        return ids
    }

    private func side(_ table: SideTable, _ number: Int64) throws(StorageFailure) -> [UInt8]? {
        let found = try connection.first(table.select, .integer(number)) { row throws(StorageFailure) in
            (UInt64(bitPattern: try row.integer(0)), try row.blob(1))
        }
        guard let (tag, bytes) = found else { return nil }
        guard tag == RowTag.of(table.stored, UInt64(bitPattern: number), bytes) else {
            throw damaged(table.stored, number)
        }
        return bytes
    }

    /// A stored block with its receipts and changes, which must still be there.
    func stored(_ number: Int64) throws(StorageFailure) -> StoredBlock {
        let block = try block(number)
        guard let changes = try changes(number) else {
            throw .invalidBatch(file: connection.file, .pruned(block.header.height))
        }
        return StoredBlock(block: block, receipts: try receipts(number), changes: changes)
    }

    func damaged(_ table: StoredTable, _ row: Int64) -> StorageFailure {
        .damaged(file: connection.file, .row(table, row: row))
    }

    private func decode<Value: Canonical>(
        _ bytes: [UInt8], _ table: StoredTable, _ row: Int64
    ) throws(StorageFailure) -> Value {
        do { return try Value(decoding: bytes) } catch { throw damaged(table, row) }
    }

    /// The canonical list of transactions, joined without a call per byte.
    static func joined(_ transactions: [SignedTransaction]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(transactions.reduce(4) { $0 + $1.bytes.count })
        out.appendBigEndian(UInt32(transactions.count))
        for index in transactions.indices { out.append(contentsOf: transactions[index].bytes) }
        return out
    }

    /// Ids one after the other.
    static func joined(_ ids: [TransactionID]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(ids.count * 32)
        for id in ids { id.bytes.append(to: &out) }
        return out
    }

    /// The canonical form of changes (`ChangeSet.encode`), four times as fast: it is most of what a commit encodes.
    static func joined(_ changes: ChangeSet) -> [UInt8] {
        var size = 4
        // By index: iterating would copy each change out of the array, and retain all that it holds.
        let list = changes.changes
        for index in list.indices {
            size += 14 + list[index].key.count + (list[index].old?.count ?? 0) + (list[index].new?.count ?? 0)
        }
        var out: [UInt8] = []
        out.reserveCapacity(size)
        append(list.count, to: &out)
        for index in list.indices {
            append(list[index].key.count, to: &out)
            list[index].key.append(to: &out)
            append(list[index].old, to: &out)
            append(list[index].new, to: &out)
        }
        return out
    }

    private static func append(_ value: [UInt8]?, to out: inout [UInt8]) {
        guard let value else { return out.append(0) }
        out.append(1)
        append(value.count, to: &out)
        out.append(contentsOf: value)
    }

    private static func append(_ count: Int, to out: inout [UInt8]) {
        let word = UInt32(truncatingIfNeeded: count)
        out.append(UInt8(truncatingIfNeeded: word >> 24))
        out.append(UInt8(truncatingIfNeeded: word >> 16))
        out.append(UInt8(truncatingIfNeeded: word >> 8))
        out.append(UInt8(truncatingIfNeeded: word))
    }
}
