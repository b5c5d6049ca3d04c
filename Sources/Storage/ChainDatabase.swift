public import Primitives

/// One chain's blocks, state snapshot and signing journal in one SQLite file, open for writing.
///
/// Used by one thread at a time. What a call wrote is on the disk when the call returns.
public final class ChainDatabase: Sendable {
    /// The database file.
    public let file: String
    let connection: Connection
    private let lock: FileLock

    /// Files up to this many bytes are checked completely whenever they are opened; `verify` checks larger ones.
    public static let verifiedWhenOpened = 16 << 20
    /// The most bytes in one part of a block's row.
    public static let largestPart = 512 << 20
    /// The most blocks that may be neither final nor abandoned.
    public static let mostUnfinalBlocks = 4_096
    /// The most journal records; rounds below the floor are dropped long before.
    public static let mostJournalRecords = 1_000_000

    /// Opens the database of a chain, or creates it (mode 0600) in an existing directory.
    ///
    /// Claims the file for this process, refuses a file that is damaged, of another chain or of a later
    /// format, and replays the log that a killed process left.
    public init(path: String, chain: ChainID, genesis: BlockID) throws(StorageFailure) {
        file = path
        lock = try FileLock(claiming: path)
        let identity = ChainIdentity(chain: chain, genesis: genesis)
        if try FileSystem.size(path) == nil { try ChainDatabase.create(path, identity) }
        try Schema.checkHeader(of: path)
        let log = try LogInspection(of: path)
        guard !log.hasBrokenHeader, log.lostCommits < 2 else {
            throw .damaged(file: path, .log(lostCommits: log.lostCommits))
        }
        connection = try Connection(file: path, access: .write)
        try open(identity, replaying: log.commits)
    }

    /// A read-only connection for another thread, which sees each commit as a whole.
    public func openReader() throws(StorageFailure) -> ChainReader {
        let identity = try connection.exclusively("read its identity") { () throws(StorageFailure) in
            try MetaRow.identity.load(ChainIdentity.self, from: connection)
        }
        return try ChainReader(path: file, chain: identity.chain)
    }

    /// The queries of `ChainReader` on this connection, for the thread that writes.
    public var queries: ChainReader { ChainReader(sharing: connection) }

    /// Moves the log into the main file, so that the next start has nothing to replay.
    ///
    /// Pages that a reader's open snapshot still needs stay in the log.
    public func checkpoint() throws(StorageFailure) {
        try connection.exclusively("move its log into it") { () throws(StorageFailure) in
            try connection.each("PRAGMA wal_checkpoint(TRUNCATE)") { _ in }
        }
    }

    /// Gives pages freed by pruning back to the file system; rewrites the whole file.
    public func vacuum() throws(StorageFailure) {
        try connection.exclusively("shrink it") { () throws(StorageFailure) in
            try connection.execute("VACUUM")
            try connection.each("PRAGMA wal_checkpoint(TRUNCATE)") { _ in }
        }
    }

    private static func create(_ path: String, _ identity: ChainIdentity) throws(StorageFailure) {
        // A log without its database would be replayed into the new one.
        guard (try FileSystem.size(path + "-wal") ?? 0) == 0 else { throw .damaged(file: path, .orphanLog) }
        let draft = path + ".new"
        for suffix in ["", "-journal"] { try FileSystem.remove(draft + suffix) }
        try FileSystem.createPrivate(draft)
        do {
            let connection = try Connection(file: draft, access: .write)
            try connection.exclusively("create it") { () throws(StorageFailure) in
                try Schema.create(in: connection, identity: identity)
            }
        }
        // Only a complete file gets the final name, so a half-made one is never taken for a damaged one.
        try FileSystem.publish(draft, as: path)
    }

    private func open(_ expected: ChainIdentity, replaying commits: Int) throws(StorageFailure) {
        try connection.exclusively("open it") { () throws(StorageFailure) in
            try connection.execute(Schema.writerSettings)
            try Schema.check(in: connection)
            try ChainDatabase.check(connection, is: expected.chain)
            let found = try MetaRow.identity.load(ChainIdentity.self, from: connection)
            guard found.genesis == expected.genesis else {
                throw .wrongGenesis(file: file, expected: expected.genesis, got: found.genesis)
            }
            try checkSize(replaying: commits)
            if try (FileSystem.size(file) ?? 0) <= ChainDatabase.verifiedWhenOpened { try verify() }
            // Last, because it is the first thing that may write.
            try connection.execute("PRAGMA journal_mode = WAL")
            // The log opens with the first read after that.
            _ = try MetaRow.totals.load(Totals.self, from: connection)
        }
    }

    static func check(_ connection: Connection, is chain: ChainID) throws(StorageFailure) {
        let found = try MetaRow.identity.load(ChainIdentity.self, from: connection)
        guard found.chain == chain else {
            throw .wrongChain(file: connection.file, expected: chain, got: found.chain)
        }
    }

    private func checkSize(replaying commits: Int) throws(StorageFailure) {
        // While the log has pages, the main file may rightly be shorter than the database.
        guard commits == 0 else { return }
        let pages = try connection.first("PRAGMA page_count") { row throws(StorageFailure) in
            try row.integer(0)
        }
        let expected = Int(pages ?? 0) * Schema.pageSize
        let got = try FileSystem.size(file) ?? 0
        guard got >= expected else { throw .damaged(file: file, .truncated(expected: expected, got: got)) }
    }
}
