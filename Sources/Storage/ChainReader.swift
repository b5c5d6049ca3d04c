public import Ledger
public import Primitives

/// Reads a chain's database without disturbing its writer; every answer comes from one committed state.
///
/// Used by one thread at a time. Transactions by sender are not here: that index is the explorer's.
public final class ChainReader: Sendable {
    private let connection: Connection

    /// The most summaries in one list.
    public static let mostSummaries = 1_000

    /// Opens a read-only connection to an existing database of a chain.
    public init(path: String, chain: ChainID) throws(StorageFailure) {
        try Schema.checkHeader(of: path)
        connection = try Connection(file: path, access: .read)
        try connection.exclusively("open it") { () throws(StorageFailure) in
            try connection.execute(Schema.readerSettings)
            try connection.read { () throws(StorageFailure) in
                try Schema.check(in: connection)
                try ChainDatabase.check(connection, is: chain)
            }
        }
    }

    init(sharing connection: Connection) { self.connection = connection }

    /// Answers all queries made inside `body` from one and the same committed state.
    ///
    /// Keep it short: the log cannot be shortened past an open snapshot.
    public func snapshot<Result>(
        _ body: () throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result {
        try connection.exclusively("read it") { () throws(StorageFailure) in
            try connection.read { () throws(StorageFailure) in
                // The snapshot begins with the first row read.
                _ = try totals()
                return try body()
            }
        }
    }

    /// The last final height, 0 for genesis.
    public func finalHeight() throws(StorageFailure) -> Height {
        try snapshot { () throws(StorageFailure) in try totals().finalHeight }
    }

    /// The last final block, or nil at genesis.
    public func latestFinal() throws(StorageFailure) -> Block? {
        try snapshot { () throws(StorageFailure) in try block(at: try totals().finalHeight) }
    }

    /// The final block at a height.
    public func block(at height: Height) throws(StorageFailure) -> Block? {
        try query(at: height) { (rows, number) throws(StorageFailure) in try rows.block(number) }
    }

    /// A stored block by id, final or not.
    public func block(_ id: BlockID) throws(StorageFailure) -> Block? {
        try snapshot { () throws(StorageFailure) in
            let rows = BlockRows(connection)
            guard let number = try rows.number(of: id) else { return nil }
            let block = try rows.block(number)
            guard block.id == id else { throw rows.damaged(.blocks, number) }
            return block
        }
    }

    /// True when the block with this id is final.
    public func isFinal(_ id: BlockID) throws(StorageFailure) -> Bool {
        try snapshot { () throws(StorageFailure) in
            let rows = BlockRows(connection)
            guard let number = try rows.number(of: id) else { return false }
            return try rows.number(at: try rows.head(number).header.height) == number
        }
    }

    /// Final blocks without their transactions, newest first, from a height (or the newest) downwards.
    ///
    /// At most `mostSummaries`, whatever `most` says.
    public func summaries(from newest: Height? = nil, most: Int) throws(StorageFailure) -> [BlockSummary] {
        try snapshot { () throws(StorageFailure) in
            let rows = BlockRows(connection)
            let final = try totals().finalHeight
            var next = min(newest ?? final, final)
            var list: [BlockSummary] = []
            while next > .zero, list.count < min(most, ChainReader.mostSummaries) {
                guard let number = try rows.number(at: next) else {
                    throw rows.damaged(.final, Int64(next.value))
                }
                list.append(try rows.head(number).summary)
                next = next.previous ?? .zero
            }
            return list
        }
    }

    /// Final blocks above a height in ascending order, at most `most`; fails where undo data was pruned.
    public func finalBlocks(above height: Height, most: Int) throws(StorageFailure) -> [StoredBlock] {
        try snapshot { () throws(StorageFailure) in
            let rows = BlockRows(connection)
            var list: [StoredBlock] = []
            var next = height.next
            while list.count < most, let number = try rows.number(at: next) {
                list.append(try rows.stored(number))
                next = next.next
            }
            return list
        }
    }

    /// The receipts of the final block at a height.
    public func receipts(at height: Height) throws(StorageFailure) -> [Receipt]? {
        try query(at: height) { (rows, number) throws(StorageFailure) in try rows.receipts(number) }
    }

    /// The changes of the final block at a height, or nil when it is not final or they were pruned.
    public func changes(at height: Height) throws(StorageFailure) -> ChangeSet? {
        try query(at: height) { (rows, number) throws(StorageFailure) in try rows.changes(number) } ?? nil
    }

    /// The certificate kept for a height.
    public func certificate(at height: Height) throws(StorageFailure) -> [UInt8]? {
        guard let key = Int64(exactly: height.value) else { return nil }
        return try snapshot { () throws(StorageFailure) -> [UInt8]? in
            let found = try connection.first(
                "SELECT bytes, tag FROM certificates WHERE height = ?", .integer(key)
            ) { row throws(StorageFailure) in (try row.blob(0), UInt64(bitPattern: try row.integer(1))) }
            guard let (bytes, tag) = found else { return nil }
            guard tag == RowTag.of(.certificates, height.value, bytes) else {
                throw .damaged(file: connection.file, .row(.certificates, row: key))
            }
            return bytes
        }
    }

    /// Where a final transaction is; if an id was used again after its expiry, the newest place.
    public func location(of id: TransactionID) throws(StorageFailure) -> TransactionLocation? {
        try snapshot { () throws(StorageFailure) in
            for place in try candidates(id) {
                let height = Height(UInt64(bitPattern: place.height))
                let rows = BlockRows(connection)
                guard let number = try rows.number(at: height) else {
                    throw rows.damaged(.transactions, place.height)
                }
                // Eight bytes may coincide, so the whole id decides.
                let ids = try rows.ids(number)
                guard ids.indices.contains(place.index) else {
                    throw rows.damaged(.transactions, place.height)
                }
                if ids[place.index] == id { return TransactionLocation(height: height, index: place.index) }
            }
            return nil
        }
    }

    private func candidates(_ id: TransactionID) throws(StorageFailure) -> [(height: Int64, index: Int)] {
        var list: [(height: Int64, index: Int)] = []
        try connection.each(
            "SELECT height, position FROM transactions WHERE prefix = ? ORDER BY height DESC, position DESC LIMIT 64",
            .integer(Int64(bitPattern: id.bytes.a))
        ) { row throws(StorageFailure) in list.append((try row.integer(0), Int(try row.integer(1)))) }
        return list
    }

    private func totals() throws(StorageFailure) -> Totals {
        try MetaRow.totals.load(Totals.self, from: connection)
    }

    private func query<Result>(
        at height: Height, _ body: (BlockRows, Int64) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result? {
        try snapshot { () throws(StorageFailure) in
            let rows = BlockRows(connection)
            guard let number = try rows.number(at: height) else { return nil }
            return try body(rows, number)
        }
    }
}
