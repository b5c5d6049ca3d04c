/// Memory of a devnet of four validators with two deployed side chains, workers included.
struct DevnetMemory: Benchmark {
    var name: String { "devnet.rss.mb" }

    /// Sums the resident memory of every process; memory that processes share counts once in the second sum.
    func run(_ options: Options, _ report: inout Report) throws {
        report.heading("memory of a devnet, 4 validators and 2 side chains")
        let devnet = try LocalDevnet(blockTime: "1s")
        defer { devnet.remove() }
        try devnet.deploy("hello", from: "alice")
        try devnet.deploy("token", from: "bob")
        try devnet.etm("chain", "deposit", "hello", "--amount", "50", "--from", "alice")
        for name in ["ann", "ben", "cleo"] {
            try devnet.etm(
                "dapp", "call", "hello.register", "--dapp", "hello", "--args", "{\"name\":\"\(name)\"}",
                "--from",
                "alice")
        }
        let outcome = try options.bench.measure {
            let height = try devnet.finalHeight()
            try devnet.etm("devnet", "wait", "--height", "\(height + 2)")
            let family = try devnet.processes()
            return (
                count: family.count,
                resident: family.compactMap { Memory.resident(of: $0) }.reduce(0, +) / 1e6,
                proportional: family.compactMap { Memory.proportional(of: $0) }.reduce(0, +) / 1e6
            )
        }
        for process in try devnet.processes() {
            let name = TextFile.read("/proc/\(process)/comm")?.split(separator: "\n").first ?? "?"
            let megabytes = (Memory.resident(of: process) ?? 0) / 1e6
            report.line("  \(String(name).left(18)) \(megabytes.text(1).right(8)) MB resident")
        }
        let resident = outcome.spread(\.resident)
        report.line("processes".left(34) + outcome.spread { Double($0.count) }.text(decimals: 0))
        report.line("resident, MB".left(34) + resident.text(decimals: 1))
        report.line("… shared pages divided, MB".left(34) + outcome.spread(\.proportional).text(decimals: 1))
        report.add(Figure(name: name, value: resident.median, unit: "MB", bar: .most(400)))
    }
}
