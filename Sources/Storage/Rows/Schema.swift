internal import Primitives

/// The tables, their format number and the fixed part of the file header.
enum Schema {
    /// The format that this program writes.
    static let version: UInt32 = 1
    /// "ETMc": marks a file as a chain database.
    static let applicationID: UInt32 = 0x4554_4d63
    /// Bytes in a page.
    static let pageSize = 4_096

    // A block's row is never rewritten: what changes later (finality, undo data, ids) has rows of its own.
    private static let tables: [(name: String, sql: String)] = [
        (
            "blocks",
            "CREATE TABLE blocks(number INTEGER PRIMARY KEY, height INTEGER NOT NULL, id BLOB NOT NULL, "
                + "count INTEGER NOT NULL, header BLOB NOT NULL, tag INTEGER NOT NULL, bodytag INTEGER NOT NULL, "
                + "receipttag INTEGER NOT NULL, transactions BLOB NOT NULL, receipts BLOB NOT NULL)"
        ),
        (
            "certificates",
            "CREATE TABLE certificates(height INTEGER PRIMARY KEY, tag INTEGER NOT NULL, "
                + "bytes BLOB NOT NULL)"
        ),
        (
            "changes",
            "CREATE TABLE changes(number INTEGER PRIMARY KEY, tag INTEGER NOT NULL, bytes BLOB NOT NULL)"
        ),
        (
            "final",
            "CREATE TABLE final(height INTEGER PRIMARY KEY, number INTEGER NOT NULL, tag INTEGER NOT NULL)"
        ),
        ("ids", "CREATE TABLE ids(number INTEGER PRIMARY KEY, tag INTEGER NOT NULL, bytes BLOB NOT NULL)"),
        (
            "journal",
            "CREATE TABLE journal(round INTEGER NOT NULL, view INTEGER NOT NULL, kind INTEGER NOT NULL, "
                + "tag INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(round, view, kind)) WITHOUT ROWID"
        ),
        (
            "meta",
            "CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL, tag INTEGER NOT NULL) "
                + "WITHOUT ROWID"
        ),
        (
            "state",
            "CREATE TABLE state(key BLOB PRIMARY KEY, tag INTEGER NOT NULL, value BLOB NOT NULL) "
                + "WITHOUT ROWID"
        ),
        (
            "transactions",
            "CREATE TABLE transactions(prefix INTEGER NOT NULL, height INTEGER NOT NULL, "
                + "position INTEGER NOT NULL, PRIMARY KEY(prefix, height, position)) WITHOUT ROWID"
        ),
        ("unfinal", "CREATE TABLE unfinal(number INTEGER PRIMARY KEY, tag INTEGER NOT NULL)"),
    ]
    private static let index = "CREATE UNIQUE INDEX blocks_by_id ON blocks(id)"

    /// Settings of a connection that writes: every commit reaches the disk before it returns.
    static let writerSettings = """
        PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16777216;
        PRAGMA secure_delete = OFF; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
        PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;
        """
    /// Settings of a connection that reads.
    static let readerSettings = """
        PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -1000;
        """

    /// Fills an empty file; the file must not carry its final name yet.
    static func create(in connection: Connection, identity: ChainIdentity) throws(StorageFailure) {
        try connection.execute("PRAGMA page_size = \(pageSize); PRAGMA synchronous = FULL")
        try connection.write { () throws(StorageFailure) in
            try connection.execute(
                "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
            for table in tables { try connection.execute(table.sql) }
            try connection.execute(index)
            try MetaRow.identity.store(identity, to: connection)
            try MetaRow.totals.store(Totals(genesis: identity.genesis), to: connection)
        }
    }

    /// Refuses tables that differ in any way from those that `create` makes.
    static func check(in connection: Connection) throws(StorageFailure) {
        let table = tables.map { ["table", $0.name, $0.name, $0.sql] }
        let expected = table + [["index", "blocks_by_id", "blocks", index]]
        var found: [[String]] = []
        try connection.each(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type = 'index', name"
        ) { row throws(StorageFailure) in
            found.append([try row.text(0), try row.text(1), try row.text(2), try row.text(3)])
        }
        guard found == expected else { throw .damaged(file: connection.file, .schema) }
    }

    /// Refuses a file whose header has a byte that this program would not have written.
    static func checkHeader(of file: String) throws(StorageFailure) {
        let header = try FileSystem.read(file, from: 0, count: 100)
        guard header.count == 100 else {
            throw .damaged(file: file, .truncated(expected: 100, got: header.count))
        }
        let version = word(header, at: 60)
        let fixed: [(offset: Int, bytes: [UInt8])] = [
            (0, Array("SQLite format 3".utf8) + [0]),
            (16, [0x10, 0x00]), (20, [0, 64, 32, 32]),
            (44, [0, 0, 0, 4]), (48, [0, 0, 0, 0]), (52, [0, 0, 0, 0]), (56, [0, 0, 0, 1]),
            (64, [0, 0, 0, 0]), (68, Array("ETMc".utf8)), (72, [UInt8](repeating: 0, count: 20)),
        ]
        for field in fixed {
            for (index, byte) in field.bytes.enumerated() where header[field.offset + index] != byte {
                throw .damaged(file: file, .header(offset: field.offset + index))
            }
        }
        // 1 is a file that has never been written through a log, 2 one that has.
        for offset in [18, 19] where !(1...2).contains(header[offset]) {
            throw .damaged(file: file, .header(offset: offset))
        }
        guard version != 0 else { throw .damaged(file: file, .header(offset: 60)) }
        guard version <= Schema.version else {
            throw .newerFormat(file: file, supported: Schema.version, got: version)
        }
    }

    private static func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
