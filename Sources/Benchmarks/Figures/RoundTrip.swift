/// Value from the main chain to a side chain and back: ordered, locked, credited, burnt, proved, paid.
struct RoundTrip: Benchmark {
    let blockTime: String
    let name: String

    /// Deposits and withdraws by the program, as a user would, and counts seconds and main-chain blocks.
    func run(_ options: Options, _ report: inout Report) throws {
        report.heading("main → side → main, a block every \(blockTime)")
        let devnet = try LocalDevnet(blockTime: blockTime)
        defer { devnet.remove() }
        try devnet.deploy("hello", from: "alice")
        let outcome = try options.bench.measure {
            let first = try devnet.finalHeight()
            let start = Clock.wall
            try devnet.etm("chain", "deposit", "hello", "--amount", "5", "--from", "alice")
            let credited = Clock.wall
            try devnet.etm("chain", "withdraw", "hello", "--amount", "2", "--from", "alice")
            let paid = Clock.wall
            let blocks = try devnet.finalHeight() - first
            return (there: credited - start, back: paid - credited, blocks: Double(blocks))
        }
        let total = outcome.spread { $0.there + $0.back }
        report.line("deposit → credited, s".left(34) + outcome.spread(\.there).text(decimals: 2))
        report.line("withdraw → paid, s".left(34) + outcome.spread(\.back).text(decimals: 2))
        report.line("together, s".left(34) + total.text(decimals: 2))
        report.line("together, final main blocks".left(34) + outcome.spread(\.blocks).text(decimals: 0))
        report.line(outcome.note)
        report.add(Figure(name: name, value: total.median, unit: "s", bar: nil))
    }
}
