/// What the command line asks for.
struct Options {
    /// Exit with 1 when a bar is missed or a figure could not be measured.
    var strict = false
    /// Also measure a million accounts, which takes a minute more.
    var large = false
    /// Only benchmarks whose name contains this; empty for all.
    var only = ""
    /// How often each figure is measured.
    var bench = Bench()

    static let usage = """
        usage: etm-benchmarks [--strict] [--large] [--only NAME] [--repeats N]
          --strict      exit with 1 when a figure misses its bar or cannot be measured
          --large       also run the transfer pipeline with 1,000,000 accounts
          --only NAME   only the benchmarks whose name contains NAME
          --repeats N   measurements that count for one figure, 5 to 100 (default 5)
        """

    /// Reads the arguments; throws on any that is not known.
    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--strict": strict = true
            case "--large": large = true
            case "--only":
                guard let name = rest.popFirst() else { throw BenchmarkFailure("--only needs a name") }
                only = name
            case "--repeats":
                guard let count = rest.popFirst().flatMap({ Int($0) }), (5...100).contains(count) else {
                    throw BenchmarkFailure("--repeats needs a number from 5 to 100")
                }
                bench.repeats = count
                bench.attempts = 3 * count
            default: throw BenchmarkFailure("unknown argument \(word)")
            }
        }
    }
}
