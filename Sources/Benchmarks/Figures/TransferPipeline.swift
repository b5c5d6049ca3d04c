internal import Crypto
internal import Glibc
internal import Ledger
internal import Primitives

/// Transfers a core can take from bytes to durable, final state, against libsodium's verify rate.
///
/// Everything that a validator does with a proposed block runs on one thread: decode and hash,
/// check form and signature, commitments, execute, state root, commit with one fsync, finalise.
/// V is measured in between, a few verifies after every step, so that a neighbour who slows the
/// core down slows both.
struct TransferPipeline: Benchmark {
    let accounts: Int
    private let blocksPerSample = 2
    private let perBlock = 3_000
    // Two sums of 128 signatures.
    private let stride = 256

    var name: String { accounts == 100_000 ? "transfer.core1.overV" : "transfer.core1.large.overV" }

    private enum Phase: Int, CaseIterable {
        case decode, verify, roots, apply, tree, persist, finalise

        var title: String {
            switch self {
            case .decode: "decode + id hash"
            case .verify: "form + batch verification"
            case .roots: "transactions and receipts roots"
            case .apply: "execute"
            case .tree: "state tree"
            case .persist: "encode + commit (fsync)"
            case .finalise: "finalise"
            }
        }
    }

    // Signatures whose verification by libsodium alone is V.
    private struct Probe {
        let jobs: [SignatureCheck]
        private(set) var next = 0
        private(set) var seconds = 0.0
        private(set) var count = 0

        init(_ transactions: [SignedTransaction]) {
            jobs = transactions.flatMap(\.signatureChecks)
        }

        mutating func verify(_ number: Int) {
            let start = Clock.thread
            for _ in 0..<number {
                let job = jobs[next]
                let isGood = LibsodiumVerification.verify(job.signature, of: job.digest, by: job.key)
                precondition(isGood, "a good signature")
                next = (next + 1) % jobs.count
            }
            seconds += Clock.thread - start
            count += number
        }
    }

    private struct Sample {
        var phases = [Double](repeating: 0, count: Phase.allCases.count)
        var wall = 0.0
        var probe: Probe
        var cpu: Double { phases.reduce(0, +) }
        // Seconds of one libsodium verify.
        var verify: Double { probe.seconds / Double(probe.count) }

        mutating func timed<T>(_ phase: Phase, _ body: () throws -> T) rethrows -> T {
            let wallStart = Clock.wall
            let start = Clock.thread
            let result = try body()
            phases[phase.rawValue] += Clock.thread - start
            wall += Clock.wall - wallStart
            probe.verify(100)
            return result
        }
    }

    /// Runs the pipeline and keeps its ratio to V.
    func run(_ options: Options, _ report: inout Report) throws {
        guard accounts <= 100_000 || options.large else { return }
        report.heading("transfer pipeline, one core, \(accounts) accounts, \(perBlock) transfers a block")
        var chain = try TransferChain(accounts: accounts)
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var node = try TransferNode(chain, in: folder)
        let keys = KeyCache()
        // Twice, so that the cache has met the senders again.
        for _ in 0..<2 { _ = try sample(&chain, &node, keys) }
        let outcome = try options.bench.measure { try sample(&chain, &node, keys) }
        show(outcome, memory: node.stateBytes / Double(accounts), &report)
    }

    private func sample(
        _ chain: inout TransferChain, _ node: inout TransferNode, _ keys: KeyCache
    ) throws -> Sample {
        let blocks = (0..<blocksPerSample).map { _ in chain.block(transfers: perBlock) }
        var sample = Sample(probe: Probe((0..<1_000).map { _ in chain.transfer() }))
        for bytes in blocks { try take(bytes, chain, &node, keys, &sample) }
        return sample
    }

    private func check(
        _ transactions: [SignedTransaction], _ rules: AdmissionRules, _ keys: KeyCache,
        _ sample: inout Sample
    ) throws -> [CheckedTransaction] {
        var checked: [CheckedTransaction] = []
        checked.reserveCapacity(transactions.count)
        for start in Swift.stride(from: 0, to: transactions.count, by: stride) {
            try sample.timed(.verify) {
                let part = transactions[start..<min(start + stride, transactions.count)]
                checked += try rules.check(Array(part), verifier: keys)
            }
        }
        return checked
    }

    private func take(
        _ bytes: [UInt8], _ chain: TransferChain, _ node: inout TransferNode, _ keys: KeyCache,
        _ sample: inout Sample
    ) throws {
        let block = try sample.timed(.decode) { try Block(decoding: bytes) }
        let checked = try check(block.transactions, node.rules, keys, &sample)
        let executed = try sample.timed(.apply) { try node.execute(block, checked) }
        try sample.timed(.roots) { try node.compareRoots(block, executed) }
        try sample.timed(.tree) { try node.stage(block, executed) }
        let certificate = chain.certificate(of: block)
        try sample.timed(.persist) { try node.persist(block, executed, certificate: certificate) }
        sample.timed(.finalise) { node.finalise(block) }
    }

    private func show(_ outcome: Bench.Outcome<Sample>, memory: Double, _ report: inout Report) {
        let count = Double(blocksPerSample * perBlock)
        report.line("phase".left(34) + "CPU µs/transfer: median (least–most)")
        for phase in Phase.allCases {
            let spread = outcome.spread { $0.phases[phase.rawValue] / count * 1e6 }
            report.line(phase.title.left(34) + spread.text(decimals: 2))
        }
        report.line("sum".left(34) + outcome.spread { $0.cpu / count * 1e6 }.text(decimals: 2))
        report.line("libsodium verify (1/V)".left(34) + outcome.spread { $0.verify * 1e6 }.text(decimals: 2))
        let tree = outcome.spread { ($0.phases[Phase.tree.rawValue]) / $0.cpu * 100 }
        report.line("state tree, % of the sum".left(34) + tree.text(decimals: 1) + "  (goal: at most 15)")
        report.line("transfers/s CPU".left(34) + outcome.spread { count / $0.cpu }.text(decimals: 0))
        report.line("transfers/s wall".left(34) + outcome.spread { count / $0.wall }.text(decimals: 0))
        report.line(
            "memory, bytes a record".left(34) + memory.text(0) + "  (records and tree)")
        report.line(outcome.note)
        let ratio = outcome.spread { count / $0.cpu * $0.verify }
        report.line("ratio to V".left(34) + ratio.text(decimals: 3))
        report.add(Figure(name: name, value: ratio.median, unit: "V", bar: .least(1.4)))
    }
}
