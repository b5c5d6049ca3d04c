internal import Ledger
internal import Primitives

/// Writes one batch inside an open transaction and keeps the totals in step.
struct BatchWriter {
    let connection: Connection
    var totals: Totals
    let chain: ChainID

    /// Reads the totals as they are before the batch.
    init(_ connection: Connection) throws(StorageFailure) {
        self.connection = connection
        totals = try MetaRow.totals.load(Totals.self, from: connection)
        chain = try MetaRow.identity.load(ChainIdentity.self, from: connection).chain
    }

    /// Writes everything; the caller stores the totals.
    mutating func write(_ batch: StoreBatch) throws(StorageFailure) {
        try checkCounts(batch)
        for block in batch.blocks { try insert(block) }
        for block in batch.finalized { try finalize(block) }
        for id in batch.abandoned { try abandon(id) }
        for certificate in batch.certificates { try insert(certificate) }
        for record in batch.journal { try insert(record) }
        if let floor = batch.journalFloor { try raiseJournalFloor(to: floor) }
    }

    func fault(_ fault: BatchFault) -> StorageFailure { .invalidBatch(file: connection.file, fault) }

    /// SQLite's integers are signed: numbers above 2^63 - 1 would sort wrongly.
    func ordered(_ value: UInt64) throws(StorageFailure) -> Int64 {
        guard let number = Int64(exactly: value) else { throw fault(.outOfRange(value)) }
        return number
    }

    func bounded(_ table: StoredTable, _ count: Int, most: Int) throws(StorageFailure) {
        guard count <= most else { throw fault(.tooLarge(table, got: count, most: most)) }
    }

    private func checkCounts(_ batch: StoreBatch) throws(StorageFailure) {
        let counts: [(StoredTable, Int)] = [
            (.blocks, batch.blocks.count), (.final, batch.finalized.count), (.journal, batch.journal.count),
            (.certificates, batch.certificates.count), (.unfinal, batch.abandoned.count),
        ]
        for (table, count) in counts { try bounded(table, count, most: StoreBatch.mostBlocks) }
    }

    private mutating func insert(_ certificate: StoredCertificate) throws(StorageFailure) {
        try bounded(.certificates, certificate.bytes.count, most: StoredCertificate.largest)
        let height = try ordered(certificate.height.value)
        let tag = RowTag.of(.certificates, certificate.height.value, certificate.bytes)
        let old = try connection.first("SELECT tag FROM certificates WHERE height = ?", .integer(height)) {
            row throws(StorageFailure) in try row.integer(0)
        }
        if let old { totals.certificates.remove(UInt64(bitPattern: old)) }
        try connection.run(
            "INSERT OR REPLACE INTO certificates(height, tag, bytes) VALUES(?, ?, ?)",
            .integer(height), .integer(Int64(bitPattern: tag)), .blob(certificate.bytes))
        totals.certificates.add(tag)
    }

    private mutating func insert(_ record: JournalRecord) throws(StorageFailure) {
        try bounded(.journal, record.bytes.count, most: JournalRecord.largest)
        guard record.round >= totals.journalFloor else {
            throw fault(.belowFloor(record.round, floor: totals.journalFloor))
        }
        let round = try ordered(record.round.value)
        let view = try ordered(record.view.value)
        let known = try connection.first(
            "SELECT bytes FROM journal WHERE round = ? AND view = ? AND kind = ?",
            .integer(round), .integer(view), .integer(Int64(record.kind))
        ) { row throws(StorageFailure) in try row.blob(0) }
        if let known {
            guard known == record.bytes else {
                throw fault(.conflictingRecord(record.round, record.view, kind: record.kind))
            }
            return
        }
        try bounded(.journal, Int(totals.journal.count) + 1, most: ChainDatabase.mostJournalRecords)
        let tag = RowTag.of(record)
        try connection.run(
            "INSERT INTO journal(round, view, kind, tag, bytes) VALUES(?, ?, ?, ?, ?)", .integer(round),
            .integer(view), .integer(Int64(record.kind)), .integer(Int64(bitPattern: tag)),
            .blob(record.bytes))
        totals.journal.add(tag)
    }

    private mutating func raiseJournalFloor(to floor: Round) throws(StorageFailure) {
        guard floor > totals.journalFloor else { return }
        totals.journalFloor = floor
        var total = totals.journal
        try connection.each(
            "DELETE FROM journal WHERE round < ? RETURNING tag", .integer(try ordered(floor.value))
        ) { row throws(StorageFailure) in total.remove(UInt64(bitPattern: try row.integer(0))) }
        totals.journal = total
    }
}

extension RowTag {
    /// The checksum of a journal row.
    static func of(_ record: JournalRecord) -> UInt64 {
        of(.journal, part: record.kind, record.round.value, and: record.view.value, record.bytes)
    }
}
