import DAppRuntime
import Primitives
import Testing

@Suite struct CodecTests {
    static let outcome = DeliveryOutcome(
        results: [
            CallResult(
                status: .succeeded, gasUsed: 7, events: [DAppEvent(name: "a", data: [0x31])],
                returned: [0x32], logs: ["x"]),
            CallResult(
                status: .failed, gasUsed: 9,
                error: CallError(code: "TypeError", message: "m", file: "contract/a.js", line: 3, column: 4)),
        ],
        writes: [RecordWrite(key: [1], value: [2]), RecordWrite(key: [1, 0], value: nil)],
        balances: [
            BalanceWrite(address: "A", asset: 0, units: 1), BalanceWrite(address: "A", asset: 1, units: 2),
        ])
    static let delivery = Delivery(
        chainID: ChainID(Bytes32(1, 2, 3, 4)), height: Height(5), time: Instant(milliseconds: 6),
        calls: [
            Call(
                transaction: TransactionID(.zero), sender: "A", contract: "c", method: "m",
                arguments: [0x7B, 0x7D],
                gasLimit: 10)
        ], gasLimit: 100)

    private func roundTrip<Value: Canonical & Equatable>(_ value: Value) throws {
        let bytes = value.encoded
        #expect(try Value(decoding: bytes) == value)
        for index in bytes.indices {
            for flip: UInt8 in [0x01, 0x80, 0xFF] {
                var broken = bytes
                broken[index] ^= flip
                if let other = try? Value(decoding: broken) { #expect(other.encoded == broken) }
            }
            #expect(throws: CodecRejection.self) { _ = try Value(decoding: Array(bytes.prefix(index))) }
        }
        #expect(throws: CodecRejection.trailingBytes(count: 1)) { _ = try Value(decoding: bytes + [0]) }
    }

    @Test func everyMessageHasOneForm() throws {
        try roundTrip(Self.outcome)
        try roundTrip(Self.delivery)
        try roundTrip(try DAppManifest.parse(Array(ManifestTests.full.utf8)))
        try roundTrip(try DAppBundle(files: [("contract/a.js", [0x61]), ("lib/b/c.js", [0x62])]))
        try roundTrip(Query(path: "a", parameters: [1], height: Height(1), time: .zero))
        try roundTrip(QueryAnswer.answered([1]))
        try roundTrip(HostMessage.execute(Self.delivery, known: [RecordWrite(key: [1], value: nil)]))
        try roundTrip(HostMessage.values(FetchAnswer(values: [nil, [1]], balances: [nil, 5])))
        try roundTrip(
            WorkerMessage.fetch(FetchRequest(keys: [[1]], balances: [BalancePlace(address: "A", asset: 1)])))
        try roundTrip(WorkerMessage.scan(ScanRequest(prefix: [1], after: [2], limit: 3)))
        try roundTrip(WorkerMessage.outcome(Self.outcome))
        try roundTrip(
            CheckReport(
                diagnostics: [Diagnostic(file: "f", line: 1, column: 2, code: "c", message: "m", hint: "h")],
                contracts: [
                    ContractEntry(
                        contract: "c", method: "m", arguments: [TypedName(name: "a", type: "uint")],
                        fee: "0.1")
                ],
                models: [ModelEntry(name: "M", key: "k", fields: [], unique: ["u"], index: [])],
                routes: [RouteEntry(name: "r", path: "p", parameters: [])], engineFingerprint: .zero))
    }

    @Test func unsortedWritesAreRefused() {
        let wrong = DeliveryOutcome(
            results: [], writes: [RecordWrite(key: [2], value: nil), RecordWrite(key: [1], value: nil)],
            balances: [])
        #expect(throws: CodecRejection.self) { _ = try DeliveryOutcome(decoding: wrong.encoded) }
    }

    @Test func aMessageIsCutAtAWholeCharacter() {
        let error = CallError(code: "x", message: String(repeating: "a", count: 511) + "é")
        #expect(error.message.utf8.count == 511)
    }

    @Test func theBundleHasBounds() throws {
        let overhead = 4 + 8 + "contract/a.js".utf8.count
        let largest = [UInt8](repeating: 0x20, count: DAppBundle.mostBytes - overhead)
        #expect(try DAppBundle(files: [("contract/a.js", largest)]).encoded.count == DAppBundle.mostBytes)
        #expect(throws: BundleRejection.tooLarge(bytes: DAppBundle.mostBytes + 1, most: DAppBundle.mostBytes))
        {
            _ = try DAppBundle(files: [("contract/a.js", largest + [0x20])])
        }
        let files = (0..<257).map { (path: "lib/f\($0).js", bytes: [UInt8](arrayLiteral: 0x20)) }
        #expect(try DAppBundle(files: Array(files.prefix(256))).modules.count == 256)
        #expect(throws: BundleRejection.tooManyModules(got: 257, most: 256)) {
            _ = try DAppBundle(files: files)
        }
        #expect(throws: BundleRejection.empty) { _ = try DAppBundle(files: []) }
        #expect(throws: BundleRejection.duplicate("lib/a.js")) {
            _ = try DAppBundle(files: [("lib/a.js", []), ("lib/a.js", [])])
        }
        #expect(throws: BundleRejection.notUTF8("lib/a.js")) {
            _ = try DAppBundle(files: [("lib/a.js", [0xFF])])
        }
    }

    @Test(arguments: [
        "contract/A.js", "contract/a.ts", "contract/b/a.js", "../a.js", "lib/../a.js", "lib//a.js",
        "test/a.js", "a.js", "contract/.js",
        "lib/a b.js", "contract/\(String(repeating: "a", count: 117)).js",
    ])
    func aPathOutsideTheFoldersIsRefused(path: String) {
        #expect(throws: BundleRejection.path(path)) { _ = try DAppBundle(files: [(path, [])]) }
    }

    @Test(arguments: [
        "contract/a-b_1.js", "lib/x/y/z.js", "interface/index.js", "model/m.v2.js",
        "contract/\(String(repeating: "a", count: 116)).js",
    ])
    func aPathInsideTheFoldersIsAccepted(path: String) throws {
        #expect(try DAppBundle(files: [(path, [])]).modules[0].path == path)
    }
}
