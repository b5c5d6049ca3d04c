internal import Crypto
internal import DAppRuntime
internal import Glibc
internal import Ledger
internal import Primitives
internal import Storage

/// Token transfers by contract calls, from bytes to durable, final state, against the raw rate J.
///
/// The whole path of a side chain without signatures: decode, form, the worker process with metering,
/// models and JSON, receipts, state root, commit with one fsync, finalise. CPU of both processes counts.
/// J is the same contract, JIT-less, without its meter and with its state in memory (`js-runtime.md` 9).
struct ContractCalls: Benchmark {
    var name: String { "js.unsigned.overJ" }
    private let blocksPerSample = 3
    private let perBlock = 1_000

    private enum Phase: Int, CaseIterable {
        case decode, form, execute, worker, roots, tree, persist, finalise

        var title: String {
            switch self {
            case .decode: "decode + id hash"
            case .form: "form"
            case .execute: "execute, this process"
            case .worker: "execute, worker process"
            case .roots: "transactions and receipts roots"
            case .tree: "state tree"
            case .persist: "encode + commit (fsync)"
            case .finalise: "finalise"
            }
        }
    }

    /// Calls a second of CPU inside the worker program.
    private struct Rates {
        /// Two host reads and two writes by a function with plain arguments.
        var bare = 0.0
        /// The DApp without its meter: J.
        var plain = 0.0
        /// The worker's whole path in memory.
        var metered = 0.0
    }

    private struct Sample {
        var phases = [Double](repeating: 0, count: Phase.allCases.count)
        var wall = 0.0
        var rates = Rates()
        var cpu: Double { phases.reduce(0, +) }

        mutating func timed<T>(_ phase: Phase, _ body: () throws -> T) rethrows -> T {
            let start = Clock.thread
            let result = try body()
            phases[phase.rawValue] += Clock.thread - start
            return result
        }
    }

    /// Runs the calls and keeps their ratio to J.
    func run(_ options: Options, _ report: inout Report) throws {
        report.heading("contract calls, \(perBlock) token transfers a block, no signatures")
        let program = try ChildProcess.sibling("etm-dapp-worker")
        var chain = try TokenChain()
        var state = ChainState(records: chain.spec.genesis.records, finalBlock: chain.tip)
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let database = try ChainDatabase(
            path: folder.path + "/chain.db", chain: chain.spec.id, genesis: chain.tip)
        try database.flush(changesUpTo: .zero, records: [])
        let worker = try WorkerExecutor(
            executable: program, bundle: try TokenChain.bundle(), spec: chain.spec)
        let calls = try folder.write(
            try TokenChain.measurement(blocks: 3, transfers: perBlock).encoded, as: "calls")
        var warmUp = Sample()
        try take(chain.firstBlock(), chain, &state, database, worker, &warmUp)
        let outcome = try options.bench.measure(helpers: { worker.workerSeconds }) {
            try sample(calls, program, &chain, &state, database, worker)
        }
        show(outcome, &report)
    }

    private func sample(
        _ calls: String, _ program: String, _ chain: inout TokenChain, _ state: inout ChainState,
        _ database: ChainDatabase, _ worker: WorkerExecutor
    ) throws -> Sample {
        var sample = Sample()
        let before = try rates(program, calls)
        for _ in 0..<blocksPerSample {
            let bytes = chain.block(transfers: perBlock)
            try take(bytes, chain, &state, database, worker, &sample)
        }
        let after = try rates(program, calls)
        // Rates are averaged as times, so that a slow half weighs what it took.
        func mean(_ path: KeyPath<Rates, Double>) -> Double {
            2 / (1 / before[keyPath: path] + 1 / after[keyPath: path])
        }
        sample.rates = Rates(bare: mean(\.bare), plain: mean(\.plain), metered: mean(\.metered))
        return sample
    }

    private func rates(_ program: String, _ calls: String) throws -> Rates {
        let result = try ChildProcess.run(
            program, ["--benchmark", calls], environment: DAppWorkerProcess.environment)
        let fields = result.output.split { "{}:,\"\n".contains($0) }
        func number(_ key: String) throws -> Double {
            guard result.code == 0, let place = fields.firstIndex(where: { $0 == key }),
                let value = Double(String(fields[place + 1])), value > 0
            else { throw BenchmarkFailure("the worker's own benchmark said \(result.output)") }
            return value
        }
        return Rates(bare: try number("bare"), plain: try number("plain"), metered: try number("metered"))
    }

    private func take(
        _ bytes: [UInt8], _ chain: TokenChain, _ state: inout ChainState, _ database: ChainDatabase,
        _ worker: WorkerExecutor, _ sample: inout Sample
    ) throws {
        let wall = Clock.wall
        let rules = AdmissionRules(spec: chain.spec, registry: chain.registry)
        let executor = BlockExecutor(spec: chain.spec, registry: chain.registry)
        let block = try sample.timed(.decode) { try Block(decoding: bytes) }
        let checked = try sample.timed(.form) { try block.transactions.map { try rules.checkForm($0) } }
        let parent = block.header.parent
        guard let view = state.view(at: parent) else { throw BenchmarkFailure("the parent is unknown") }
        let frame = BlockExecutor.Frame(
            context: BlockContext(
                chain: block.header.chain, height: block.header.height, time: block.header.timestamp,
                leader: block.header.leader),
            reveal: .zero, inbox: [])
        let workerStart = worker.workerSeconds
        let executed = try sample.timed(.execute) {
            try executor.verify(
                checked, frame: frame, on: view, isKnown: { state.contains($0, on: parent) },
                contracts: worker)
        }
        sample.phases[Phase.worker.rawValue] += worker.workerSeconds - workerStart
        if let error = executed.receipts.lazy.compactMap(\.error).first {
            throw BenchmarkFailure("a call failed: \(error.message)")
        }
        let root = sample.timed(.roots) { Block.transactionsRoot(block.transactions) }
        _ = sample.timed(.roots) { executed.receiptsRoot }
        guard root == block.header.transactionsRoot else { throw BenchmarkFailure("a root differs") }
        _ = sample.timed(.tree) {
            state.stage(
                block.id, on: parent, changes: executed.changes,
                transactions: executed.transactions.map(\.id))
        }
        try sample.timed(.persist) {
            var batch = StoreBatch()
            batch.blocks = [
                StoredBlock(block: block, receipts: executed.receipts, changes: executed.changes)
            ]
            batch.finalized = [BlockReference(height: block.header.height, id: block.id)]
            try database.commit(batch)
        }
        _ = sample.timed(.finalise) { state.finalise(block.id, at: block.header.height) }
        sample.wall += Clock.wall - wall
    }

    private func show(_ outcome: Bench.Outcome<Sample>, _ report: inout Report) {
        let count = Double(blocksPerSample * perBlock)
        report.line("phase".left(34) + "CPU µs/call: median (least–most)")
        for phase in Phase.allCases {
            let spread = outcome.spread { $0.phases[phase.rawValue] / count * 1e6 }
            report.line(phase.title.left(34) + spread.text(decimals: 2))
        }
        report.line("sum".left(34) + outcome.spread { $0.cpu / count * 1e6 }.text(decimals: 2))
        func show(_ title: String, _ rate: (Sample) -> Double) {
            report.line(title.left(34) + outcome.spread { 1e6 / rate($0) }.text(decimals: 2))
        }
        show("same DApp, no meter, memory (1/J)") { $0.rates.plain }
        show("worker alone, in memory") { $0.rates.metered }
        show("bare function, 2 reads, 2 writes") { $0.rates.bare }
        report.line("calls/s CPU".left(34) + outcome.spread { count / $0.cpu }.text(decimals: 0))
        report.line("calls/s wall".left(34) + outcome.spread { count / $0.wall }.text(decimals: 0))
        report.line(outcome.note)
        let ratio = outcome.spread { count / $0.cpu / $0.rates.plain }
        let bare = outcome.spread { count / $0.cpu / $0.rates.bare }
        report.line("ratio to J".left(34) + ratio.text(decimals: 3))
        report.line("ratio to the bare function".left(34) + bare.text(decimals: 3))
        report.add(Figure(name: name, value: ratio.median, unit: "J", bar: .least(0.35)))
        report.add(Figure(name: "js.unsigned.overBare", value: bare.median, unit: "bare calls", bar: nil))
    }
}
