/// Time from starting a devnet of four validators on its existing directory to its first answer.
struct NodeStart: Benchmark {
    var name: String { "node.start.ms" }

    /// Restarts the devnet and, for comparison, starts the program alone.
    func run(_ options: Options, _ report: inout Report) throws {
        report.heading("start, wall milliseconds")
        let devnet = try LocalDevnet(blockTime: "1s")
        defer { devnet.remove() }
        try devnet.stop()
        let outcome = try options.bench.measure {
            let times = try devnet.restart()
            try devnet.stop()
            return times
        }
        let program = try ChildProcess.sibling("etm")
        let version = try options.bench.measure { try ChildProcess.run(program, ["version"]).seconds }
        let answer = outcome.spread { $0.answer * 1e3 }
        report.line("devnet up → first answer".left(34) + answer.text(decimals: 0))
        report.line(
            "devnet up → ready, detached".left(34) + outcome.spread { $0.returned * 1e3 }.text(decimals: 0))
        report.line("etm version".left(34) + version.spread { $0 * 1e3 }.text(decimals: 1))
        report.line(outcome.note)
        report.add(Figure(name: name, value: answer.median, unit: "ms", bar: nil))
    }
}
