package import Primitives

/// What the host tells a worker.
package enum HostMessage: Canonical, Equatable, Sendable {
    /// Load this bundle; nothing was loaded before.
    case load(DAppBundle, DAppContext)
    /// Check this bundle without running calls.
    case check(DAppBundle)
    /// Execute a delivery; the records are known already, to save round trips.
    case execute(Delivery, known: [RecordWrite])
    /// Answer a query.
    case query(Query)
    /// What a `fetch` asked for, in its order.
    case values(FetchAnswer)
    /// What a `scan` asked for.
    case page([RecordWrite])
    /// Tell how often each site was reached.
    case coverage
    /// Load these tests; nothing was loaded before.
    case tests(TestFiles)
    /// Run the test of this number with this seed.
    case run(UInt32, seed: String)
    /// JSON that answers a `request`.
    case reply([UInt8])

    package init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let tag = try reader.readInteger(UInt8.self)
        switch tag {
        case 1: self = .load(try reader.read(), try reader.read())
        case 2: self = .check(try reader.read())
        case 3: self = .execute(try reader.read(), known: try reader.readList(most: WorkerProtocol.mostKeys))
        case 4: self = .query(try reader.read())
        case 5: self = .values(try reader.read())
        case 6: self = .page(try reader.readList(most: WorkerProtocol.mostKeys))
        case 7: self = .coverage
        case 8: self = .tests(try reader.read())
        case 9:
            self = .run(try reader.readInteger(), seed: try reader.readString(most: TestFiles.longestSeed))
        case 10: self = .reply(try reader.readByteString(most: TestFiles.mostTextBytes))
        default: throw .unknownTag(offset: start, got: Int(tag))
        }
    }

    package func encode(to writer: inout ByteWriter) {
        switch self {
        case .load(let bundle, let context):
            writer.write(UInt8(1))
            writer.write(bundle)
            writer.write(context)
        case .check(let bundle):
            writer.write(UInt8(2))
            writer.write(bundle)
        case .execute(let delivery, let known):
            writer.write(UInt8(3))
            writer.write(delivery)
            writer.write(list: known)
        case .query(let query):
            writer.write(UInt8(4))
            writer.write(query)
        case .values(let answer):
            writer.write(UInt8(5))
            writer.write(answer)
        case .page(let records):
            writer.write(UInt8(6))
            writer.write(list: records)
        case .coverage: writer.write(UInt8(7))
        case .tests(let files):
            writer.write(UInt8(8))
            writer.write(files)
        case .run(let index, let seed):
            writer.write(UInt8(9))
            writer.write(index)
            writer.write(seed)
        case .reply(let bytes):
            writer.write(UInt8(10))
            writer.write(bytes: bytes)
        }
    }
}

/// What a worker tells the host.
package enum WorkerMessage: Canonical, Equatable, Sendable {
    /// The engine runs, the sandbox is closed; carries the engine fingerprint.
    case ready(Digest)
    /// The result of `load` or `check`.
    case report(CheckReport)
    /// The result of `execute`.
    case outcome(DeliveryOutcome)
    /// The result of `query`.
    case answer(QueryAnswer)
    /// Values are needed to go on.
    case fetch(FetchRequest)
    /// A page of records is needed to go on.
    case scan(ScanRequest)
    /// The result of `coverage`.
    case coverage([CoverageSite])
    /// The tests do not compile.
    case refused([Diagnostic])
    /// JSON of the tests that there are.
    case offered([UInt8])
    /// JSON of something that a test wants from its chain.
    case request([UInt8])
    /// JSON of how a test ended.
    case verdict([UInt8])

    package init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let tag = try reader.readInteger(UInt8.self)
        switch tag {
        case 1: self = .ready(try reader.read())
        case 2: self = .report(try reader.read())
        case 3: self = .outcome(try reader.read())
        case 4: self = .answer(try reader.read())
        case 5: self = .fetch(try reader.read())
        case 6: self = .scan(try reader.read())
        case 7: self = .coverage(try reader.readList(most: CoverageSite.most))
        case 8: self = .refused(try reader.readList(most: CheckReport.mostDiagnostics))
        case 9: self = .offered(try reader.readByteString(most: TestFiles.mostTextBytes))
        case 10: self = .request(try reader.readByteString(most: TestFiles.mostTextBytes))
        case 11: self = .verdict(try reader.readByteString(most: TestFiles.mostTextBytes))
        default: throw .unknownTag(offset: start, got: Int(tag))
        }
    }

    package func encode(to writer: inout ByteWriter) {
        switch self {
        case .ready(let fingerprint):
            writer.write(UInt8(1))
            writer.write(fingerprint)
        case .report(let report):
            writer.write(UInt8(2))
            writer.write(report)
        case .outcome(let outcome):
            writer.write(UInt8(3))
            writer.write(outcome)
        case .answer(let answer):
            writer.write(UInt8(4))
            writer.write(answer)
        case .fetch(let request):
            writer.write(UInt8(5))
            writer.write(request)
        case .scan(let request):
            writer.write(UInt8(6))
            writer.write(request)
        case .coverage(let sites):
            writer.write(UInt8(7))
            writer.write(list: sites)
        case .refused(let findings):
            writer.write(UInt8(8))
            writer.write(list: Array(findings.prefix(CheckReport.mostDiagnostics)))
        case .offered(let bytes): Self.encode(9, bytes, to: &writer)
        case .request(let bytes): Self.encode(10, bytes, to: &writer)
        case .verdict(let bytes): Self.encode(11, bytes, to: &writer)
        }
    }

    private static func encode(_ tag: UInt8, _ bytes: [UInt8], to writer: inout ByteWriter) {
        writer.write(tag)
        writer.write(bytes: bytes)
    }
}

/// Bounds of the protocol between host and worker.
package enum WorkerProtocol {
    /// Longest frame in bytes.
    package static let mostFrameBytes = 64 << 20
    /// Most keys in one request, and most records in one page.
    package static let mostKeys = 65_536
    /// The descriptor at which a worker finds its socket.
    package static let descriptor: Int32 = 3
}

/// Keys and balances whose values a worker lacks.
package struct FetchRequest: Canonical, Equatable, Sendable {
    /// Record keys.
    package let keys: [[UInt8]]
    /// Holdings.
    package let balances: [BalancePlace]

    package init(keys: [[UInt8]], balances: [BalancePlace]) {
        self.keys = keys
        self.balances = balances
    }

    package init(from reader: inout ByteReader) throws(CodecRejection) {
        var keys: [[UInt8]] = []
        for _ in 0..<(try reader.readCount(most: WorkerProtocol.mostKeys)) {
            keys.append(try reader.readByteString(most: RecordWrite.longestKey))
        }
        self.init(keys: keys, balances: try reader.readList(most: WorkerProtocol.mostKeys))
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(UInt32(keys.count))
        for key in keys { writer.write(bytes: key) }
        writer.write(list: balances)
    }
}

/// The values for a `FetchRequest`, in its order.
package struct FetchAnswer: Canonical, Equatable, Sendable {
    /// One value a key; nil where there is no record.
    package let values: [[UInt8]?]
    /// One number a holding; nil where the address is not valid.
    package let balances: [UInt64?]

    package init(values: [[UInt8]?], balances: [UInt64?]) {
        self.values = values
        self.balances = balances
    }

    package init(from reader: inout ByteReader) throws(CodecRejection) {
        var values: [[UInt8]?] = []
        for _ in 0..<(try reader.readCount(most: WorkerProtocol.mostKeys)) {
            values.append(
                try reader.readBool() ? try reader.readByteString(most: RecordWrite.longestValue) : nil)
        }
        var balances: [UInt64?] = []
        for _ in 0..<(try reader.readCount(most: WorkerProtocol.mostKeys)) {
            balances.append(try reader.readBool() ? try reader.readInteger() : nil)
        }
        self.init(values: values, balances: balances)
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(UInt32(values.count))
        for value in values {
            writer.write(value != nil)
            if let value { writer.write(bytes: value) }
        }
        writer.write(UInt32(balances.count))
        for units in balances {
            writer.write(units != nil)
            if let units { writer.write(units) }
        }
    }
}

/// A page of records: keys with a prefix above a place, ascending.
package struct ScanRequest: Canonical, Equatable, Sendable {
    /// What every key begins with.
    package let prefix: [UInt8]
    /// The key before the page; nil for the first page.
    package let after: [UInt8]?
    /// Most records, at most `WorkerProtocol.mostKeys`.
    package let limit: UInt32

    package init(prefix: [UInt8], after: [UInt8]?, limit: UInt32) {
        self.prefix = prefix
        self.after = after
        self.limit = limit
    }

    package init(from reader: inout ByteReader) throws(CodecRejection) {
        prefix = try reader.readByteString(most: RecordWrite.longestKey)
        after = try reader.readBool() ? try reader.readByteString(most: RecordWrite.longestKey) : nil
        limit = try reader.readInteger()
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(bytes: prefix)
        writer.write(after != nil)
        if let after { writer.write(bytes: after) }
        writer.write(limit)
    }
}
