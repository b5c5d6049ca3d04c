/// One figure, or a table of numbers without a bar.
protocol Benchmark: Sendable {
    /// The figure's name, or a word for the table.
    var name: String { get }
    /// Measures and reports.
    func run(_ options: Options, _ report: inout Report) throws
}

enum Program {
    private static let benchmarks: [any Benchmark] = [
        SignatureRates(kind: .strangers), SignatureRates(kind: .known), SignatureRates(kind: .cosigned),
        TransferPipeline(accounts: 100_000), TransferPipeline(accounts: 1_000_000), TransferLanes(),
        ContractCalls(),
        NodeStart(), DevnetMemory(), RoundTrip(blockTime: "1s", name: "chain.roundtrip.s"),
        RoundTrip(blockTime: "3s", name: "chain.roundtrip.default.s"), TreeUpdates(), HashRates(),
        LedgerCosts(), ElectionCost(), SettlementCost(), TowerVerification(), EmptySync(),
    ]

    /// Runs what was asked for; returns the exit code.
    static func run(_ arguments: [String]) -> Int32 {
        let options: Options
        do {
            options = try Options(arguments)
        } catch {
            print("etm-benchmarks: \((error as? BenchmarkFailure)?.reason ?? "\(error)")")
            print(Options.usage)
            return 2
        }
        var report = Report()
        for benchmark in benchmarks where options.only.isEmpty || benchmark.name.contains(options.only) {
            do {
                try benchmark.run(options, &report)
            } catch {
                report.skip(benchmark.name, because: (error as? BenchmarkFailure)?.reason ?? "\(error)")
            }
        }
        let allReached = report.finish()
        return options.strict && !allReached ? 1 : 0
    }
}
