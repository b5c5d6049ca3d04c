internal import CSQLite
internal import Glibc
internal import Synchronization

/// One SQLite connection with its prepared statements.
@safe
final class Connection: @unchecked Sendable {
    // Sendable because every use goes through `exclusively`, which stops the process when two threads overlap.
    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]
    private var operation = "open it"
    private let owner = Atomic<UInt>(0)

    /// The database file.
    let file: String

    /// How a connection may use its file.
    enum Access {
        /// Read and write an existing file.
        case write
        /// Only read.
        case read
    }

    /// Opens an existing file.
    init(file: String, access: Access) throws(StorageFailure) {
        self.file = file
        let mode = access == .write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY
        var opened: OpaquePointer?
        // SQLite takes names that begin with "file:" for URIs.
        let name = file.hasPrefix("file:") ? "./" + file : file
        let code = unsafe sqlite3_open_v2(name, &opened, mode | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            unsafe sqlite3_close_v2(opened)
            throw Connection.failure("open it", file, code)
        }
        unsafe handle = opened
        unsafe sqlite3_extended_result_codes(handle, 1)
        unsafe sqlite3_busy_timeout(handle, 5_000)
    }

    deinit {
        statements.removeAll()
        unsafe sqlite3_close_v2(handle)
    }

    /// Runs `body` as this thread's use of the connection; `operation` completes "SQLite refused to …".
    ///
    /// Uses nest. Overlapping uses by two threads are a bug and stop the process.
    func exclusively<Result>(
        _ operation: String, _ body: () throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result {
        let thread = UInt(pthread_self())
        guard owner.load(ordering: .acquiring) != thread else { return try body() }
        let (entered, _) = owner.compareExchange(
            expected: 0, desired: thread, ordering: .acquiringAndReleasing)
        precondition(entered, "two threads used one database connection at once")
        defer { owner.store(0, ordering: .releasing) }
        self.operation = operation
        return try body()
    }

    /// The statement for a text, prepared on first use; every text is a literal of this target.
    func prepare(_ sql: String) throws(StorageFailure) -> Statement {
        if let statement = statements[sql] { return statement }
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared = unsafe prepared else { throw failure(code) }
        let statement = unsafe Statement(prepared) { [unowned self] code in failure(code) }
        statements[sql] = statement
        return statement
    }

    /// Runs statements without parameters once.
    func execute(_ sql: String) throws(StorageFailure) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    /// True inside a transaction.
    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// Makes a failure of the current operation from a result code.
    func failure(_ code: Int32) -> StorageFailure { Connection.failure(operation, file, code) }

    private static func failure(_ operation: String, _ file: String, _ code: Int32) -> StorageFailure {
        switch code & 0xff {
        // While reading, a value above SQLite's limit can only come from a broken length.
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT, SQLITE_TOOBIG:
            .damaged(file: file, .structure(code: code))
        case SQLITE_BUSY, SQLITE_LOCKED: .locked(file: file, holder: nil)
        case SQLITE_FULL: .full(file: file, operation: operation)
        default: .engine(operation: operation, file: file, code: code)
        }
    }
}

extension Connection {
    /// Runs a statement that returns no rows.
    func run(_ sql: String, _ fields: Field...) throws(StorageFailure) {
        let statement = try bound(sql, fields)
        try statement.run()
    }

    /// Reads the first row, or returns nil when there is none.
    func first<Result>(
        _ sql: String, _ fields: Field..., read: (Statement) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result? {
        let statement = try bound(sql, fields)
        defer { statement.reset() }
        return try statement.step() ? try read(statement) : nil
    }

    /// Reads every row; `body` must not use the same text.
    func each(
        _ sql: String, _ fields: Field..., body: (Statement) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        let statement = try bound(sql, fields)
        defer { statement.reset() }
        while try statement.step() { try body(statement) }
    }

    /// Runs `body` in one transaction that writes; a failure undoes all of it.
    func write<Result>(_ body: () throws(StorageFailure) -> Result) throws(StorageFailure) -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            rollBack()
            throw error
        }
    }

    /// Runs `body` on one snapshot; a snapshot that is open already is used.
    func read<Result>(_ body: () throws(StorageFailure) -> Result) throws(StorageFailure) -> Result {
        guard !isInTransaction else { return try body() }
        try run("BEGIN")
        defer { rollBack() }
        return try body()
    }

    private func bound(_ sql: String, _ fields: [Field]) throws(StorageFailure) -> Statement {
        let statement = try prepare(sql)
        for (index, field) in fields.enumerated() { try statement.bind(Int32(index + 1), field) }
        return statement
    }

    private func rollBack() {
        guard isInTransaction else { return }
        // The first failure is the one to report; a transaction that cannot be undone ends with the connection.
        do { try execute("ROLLBACK") } catch {}
    }
}
