internal import Primitives

/// How many rows a table has and the wrapping sum of their checksums.
///
/// A row's checksum proves the row; the sum proves that no row is missing, stale or added.
struct TableTotal: Equatable, Canonical {
    private(set) var count: UInt64 = 0
    private(set) var sum: UInt64 = 0

    init() {}

    mutating func add(_ tag: UInt64) {
        count &+= 1
        sum &+= tag
    }

    mutating func remove(_ tag: UInt64) {
        count &-= 1
        sum &-= tag
    }

    func encode(to writer: inout ByteWriter) {
        writer.write(count)
        writer.write(sum)
    }

    init(from reader: inout ByteReader) throws(CodecRejection) {
        count = try reader.readInteger()
        sum = try reader.readInteger()
    }
}

/// Where the chain stands and what every table must hold; one row, rewritten by every transaction.
struct Totals: Equatable, Canonical {
    /// The number of the next stored block.
    var nextNumber: UInt64 = 1
    /// The last final height.
    var finalHeight = Height.zero
    /// The final block at that height; genesis at height 0.
    var finalID: BlockID
    /// The height of the snapshot in `state`, once there is one.
    var snapshotHeight: Height?
    /// The journal holds and accepts records of this round and later ones.
    var journalFloor = Round.zero
    /// Changes are kept above this height.
    var undoFloor = Height.zero
    var blocks = TableTotal()
    var final = TableTotal()
    var unfinal = TableTotal()
    var changes = TableTotal()
    var ids = TableTotal()
    var transactions = TableTotal()
    var journal = TableTotal()
    var certificates = TableTotal()
    var state = TableTotal()

    /// The totals of a chain that has only its genesis.
    init(genesis: BlockID) { finalID = genesis }

    func encode(to writer: inout ByteWriter) {
        writer.write(nextNumber)
        writer.write(finalHeight)
        writer.write(finalID)
        writer.write(optional: snapshotHeight)
        writer.write(journalFloor)
        writer.write(undoFloor)
        for total in [blocks, final, unfinal, changes, ids, transactions, journal, certificates, state] {
            writer.write(total)
        }
    }

    init(from reader: inout ByteReader) throws(CodecRejection) {
        nextNumber = try reader.readInteger()
        finalHeight = try reader.read()
        finalID = try reader.read()
        snapshotHeight = try reader.readOptional()
        journalFloor = try reader.read()
        undoFloor = try reader.read()
        blocks = try reader.read()
        final = try reader.read()
        unfinal = try reader.read()
        changes = try reader.read()
        ids = try reader.read()
        transactions = try reader.read()
        journal = try reader.read()
        certificates = try reader.read()
        state = try reader.read()
    }
}

/// Which chain a file belongs to.
struct ChainIdentity: Equatable, Canonical {
    let chain: ChainID
    let genesis: BlockID

    init(chain: ChainID, genesis: BlockID) {
        self.chain = chain
        self.genesis = genesis
    }

    func encode(to writer: inout ByteWriter) {
        writer.write(chain)
        writer.write(genesis)
    }

    init(from reader: inout ByteReader) throws(CodecRejection) {
        chain = try reader.read()
        genesis = try reader.read()
    }
}

/// The rows of `meta`: a name, and a canonical value with its checksum.
enum MetaRow: String {
    /// A `ChainIdentity`.
    case identity
    /// The `Totals`.
    case totals

    /// Reads a row, which must exist.
    func load<Value: Canonical>(_ type: Value.Type, from connection: Connection) throws(StorageFailure)
        -> Value
    {
        let damage = StorageFailure.damaged(
            file: connection.file, .row(.meta, row: self == .identity ? 1 : 2))
        let found = try connection.first(
            "SELECT value, tag FROM meta WHERE name = ?", .text(rawValue)
        ) { row throws(StorageFailure) in (try row.blob(0), try row.integer(1)) }
        guard let (bytes, tag) = found, tag == Int64(bitPattern: checksum(bytes)) else { throw damage }
        do { return try Value(decoding: bytes) } catch { throw damage }
    }

    /// Writes a row.
    func store(_ value: some Canonical, to connection: Connection) throws(StorageFailure) {
        let bytes = value.encoded
        try connection.run(
            "INSERT OR REPLACE INTO meta(name, value, tag) VALUES(?, ?, ?)",
            .text(rawValue), .blob(bytes), .integer(Int64(bitPattern: checksum(bytes))))
    }

    private func checksum(_ bytes: [UInt8]) -> UInt64 {
        RowTag.of(.meta, self == .identity ? 1 : 2, bytes)
    }
}
