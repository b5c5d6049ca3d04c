/// Runs measurements again while other processes disturb them.
///
/// Limits: a measurement counts when others used at most `tolerated` of the machine; after
/// `attempts` the least disturbed ones count whatever they are, and the report says so.
struct Bench {
    /// How many measurements count.
    var repeats = 5
    /// The most that are made for one figure.
    var attempts = 15

    /// The share of the machine that others may use.
    static let tolerated = 0.10

    /// What was measured, the least disturbed first.
    struct Outcome<Value> {
        /// The values that count.
        let values: [Value]
        /// The share of the machine that others used during each of them.
        let foreign: Spread
        /// How many measurements were made.
        let attempts: Int

        /// One line about how quiet the machine was.
        var note: String {
            let share =
                "others used \((foreign.median * 100).text(1)) % (at most \((foreign.most * 100).text(1)) %)"
            let disturbed = foreign.most > Bench.tolerated ? ", DISTURBED" : ""
            return "\(values.count) of \(attempts) repeats count, \(share) of the machine\(disturbed)"
        }

        /// The spread of one number of each measurement.
        func spread(_ number: (Value) -> Double) -> Spread { Spread(values.map(number)) }
    }

    /// Measures until enough undisturbed repeats exist; `others` is CPU time of helpers of ours.
    func measure<Value>(
        helpers: () -> Double = { 0 }, _ body: () throws -> Value
    ) rethrows -> Outcome<Value> {
        var samples: [(value: Value, foreign: Double)] = []
        var quiet = 0
        while quiet < repeats, samples.count < max(attempts, repeats) {
            let before = MachineLoad.now()
            let own = Clock.process + helpers()
            let value = try body()
            let spent = Clock.process + helpers() - own
            var foreign = 0.0
            if let before, let after = MachineLoad.now() {
                foreign = after.foreignShare(since: before, own: spent)
            }
            samples.append((value, foreign))
            if foreign <= Bench.tolerated { quiet += 1 }
        }
        let best = samples.sorted { $0.foreign < $1.foreign }.prefix(repeats)
        return Outcome(
            values: best.map(\.value), foreign: Spread(best.map(\.foreign)), attempts: samples.count)
    }

    /// CPU nanoseconds of the calling thread for each of `count` operations.
    func nanoseconds(of count: Int, _ body: () throws -> Void) rethrows -> Outcome<Double> {
        try measure {
            let start = Clock.thread
            try body()
            return (Clock.thread - start) / Double(count) * 1e9
        }
    }
}
