import DAppRuntime
import Foundation
import Primitives
import Testing

/// State as a test wants it: records in order and balances by place.
struct MemoryReader: DAppStateReader {
    var records: [[UInt8]: [UInt8]] = [:] {
        didSet { order = records.keys.sorted { $0.lexicographicallyPrecedes($1) } }
    }
    // Sorted once a change, as many scans follow it.
    private var order: [[UInt8]] = []
    var balances: [BalancePlace: UInt64] = [:]

    func value(forKey key: [UInt8]) -> [UInt8]? { records[key] }

    func scan(prefix: [UInt8], after: [UInt8]?, limit: Int) -> [(key: [UInt8], value: [UInt8])] {
        var low = 0
        var high = order.count
        let start = after ?? prefix
        while low < high {
            let middle = (low + high) / 2
            let isBefore = order[middle].lexicographicallyPrecedes(start) || order[middle] == after
            if isBefore { low = middle + 1 } else { high = middle }
        }
        return order[low...].prefix(limit).prefix { $0.starts(with: prefix) }.map { ($0, records[$0] ?? []) }
    }

    func balance(of address: String, asset: UInt8) -> UInt64? {
        address.hasPrefix("A") ? balances[BalancePlace(address: address, asset: asset)] ?? 0 : nil
    }

    mutating func apply(_ outcome: DeliveryOutcome) {
        var records = records
        for write in outcome.writes { records[write.key] = write.value }
        self.records = records
        for write in outcome.balances { balances[write.place] = write.units }
    }

    /// Records as text, for messages and comparisons.
    var texts: [String: String] {
        Dictionary(
            uniqueKeysWithValues: records.map {
                (String(decoding: $0.key, as: UTF8.self), String(decoding: $0.value, as: UTF8.self))
            })
    }
}

enum People {
    static let alice = "A6Jswqk47s9PUcyCc88MMVwzgvHR4tFVH"
    static let bob = "ABcktgV7EjHmxEwQDFFhhztzNqZka8NLV"
    static let carol = "AGvdqXEAMbSARrubpNP44Vqz4krBphHiC"
    static let dapp = "ANEWnMyDUTaYuUsoRVWQQznykg8ZRGCDQ"
    static let dave = "ATYPjCiGbKiwP6r12cdkmVjySbQr7mb3r"
}

enum Place {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The worker program that was built together with these tests.
    static var worker: String {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        for _ in 0..<5 {
            let candidate = folder.appendingPathComponent("etm-dapp-worker").path
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
            folder = folder.deletingLastPathComponent()
        }
        #if DEBUG
            let kind = "debug"
        #else
            let kind = "release"
        #endif
        return root.appendingPathComponent(".build/\(kind)/etm-dapp-worker").path
    }

    static func template(_ name: String) throws -> (bundle: DAppBundle, manifest: [UInt8]) {
        let folder = root.appendingPathComponent("templates/\(name)")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        let files = try paths.filter(DAppBundle.isAllowed).map { path in
            (path: path, bytes: Array(try Data(contentsOf: folder.appendingPathComponent(path))))
        }
        let manifest = Array(try Data(contentsOf: folder.appendingPathComponent(DAppManifest.fileName)))
        return (try DAppBundle(files: files), manifest)
    }
}

/// One DApp under test: a supervisor and the state it works on.
struct Bench: ~Copyable {
    var supervisor: DAppWorkerSupervisor
    var reader = MemoryReader()
    var height: UInt64 = 1
    private var transactions: UInt64 = 0

    init(_ bundle: DAppBundle, guards: WorkerGuards = .patient) {
        let context = DAppContext(
            chainID: ChainID(Bytes32(1, 2, 3, 4)), selfAddress: People.dapp,
            assets: [Asset(symbol: "ETM", decimals: 8), Asset(symbol: "GOLD", decimals: 2)], defaultAsset: 0)
        supervisor = DAppWorkerSupervisor(
            executable: Place.worker, bundle: bundle, context: context, guards: guards)
    }

    /// One contract file called "test" and optional models.
    init(contract: String, models: [String] = [], interface: String? = nil, guards: WorkerGuards = .patient)
        throws
    {
        var files = [(path: "contract/test.js", bytes: Array(contract.utf8))]
        for (index, model) in models.enumerated() { files.append(("model/m\(index).js", Array(model.utf8))) }
        if let interface { files.append(("interface/index.js", Array(interface.utf8))) }
        self.init(try DAppBundle(files: files), guards: guards)
    }

    mutating func call(
        _ name: String, _ arguments: String = "{}", from sender: String = People.alice,
        gas: UInt64 = 10_000_000
    ) -> Call {
        transactions += 1
        let parts = name.split(separator: ".").map(String.init)
        return Call(
            transaction: TransactionID(Bytes32(0, 0, 0, transactions)), sender: sender, contract: parts[0],
            method: parts[1], arguments: Array(arguments.utf8), gasLimit: gas)
    }

    /// Executes one block and applies it.
    mutating func run(_ calls: [Call]) throws -> DeliveryOutcome {
        let delivery = Delivery(
            chainID: ChainID(Bytes32(1, 2, 3, 4)), height: Height(height),
            time: Instant(milliseconds: 1_700_000_000_000 + height * 1000), calls: calls, gasLimit: 50_000_000
        )
        let outcome = try supervisor.execute(delivery, reader: reader)
        reader.apply(outcome)
        height += 1
        return outcome
    }

    mutating func run(
        _ name: String, _ arguments: String = "{}", from sender: String = People.alice,
        gas: UInt64 = 10_000_000
    ) throws -> CallResult {
        try run([call(name, arguments, from: sender, gas: gas)]).results[0]
    }

    mutating func ask(_ path: String, _ parameters: String = "{}") throws -> QueryAnswer {
        let query = Query(
            path: path, parameters: Array(parameters.utf8), height: Height(height),
            time: Instant(milliseconds: 1_700_000_000_000))
        return try supervisor.query(query, reader: reader)
    }
}

extension WorkerGuards {
    /// Room for a debug build on a busy machine.
    static let patient = WorkerGuards(
        wallClockMilliseconds: 120_000, residentBytes: 1 << 30, recycleAboveBytes: 1 << 30,
        recycleAfterDeliveries: 1_000)
}

extension QueryAnswer {
    var text: String {
        switch self {
        case .answered(let bytes): String(decoding: bytes, as: UTF8.self)
        case .refused(let error): "\(error.code): \(error.message)"
        }
    }
}

extension CallResult {
    var returnedText: String { returned.map { String(decoding: $0, as: UTF8.self) } ?? "" }
}
