internal import Crypto
internal import Primitives
internal import Randomness
internal import Synchronization

/// Checking a time tower's segments on one thread and on two, in turn, so that both see the same neighbours.
struct TowerVerification: Benchmark {
    var name: String { "tower.verify.core2.overCore1" }

    private struct Sample {
        var one = 0.0
        var two = 0.0
        var cpu = 0.0
    }

    /// Keeps how much faster two threads are.
    func run(_ options: Options, _ report: inout Report) throws {
        report.heading("time tower, segments checked on one thread and on two")
        guard let profile = TowerProfile(lookups: 101, hashes: 40_000),
            let input = TowerInput(
                values: (0..<101).map { SHA256.hash([UInt8($0)]).bytes }, height: Height(1_101))
        else { throw BenchmarkFailure("the profile is out of bounds") }
        let start = Clock.thread
        let tower = TimeTower(over: input, profile: profile)
        let build = Clock.thread - start
        let segments = try tower.segments(over: input, profile: profile)
        let outcome = try options.bench.measure { try sample(segments) }
        let hashes = Double(profile.totalHashes)
        report.line("build, million hashes/s CPU".left(34) + (hashes / build / 1e6).text(2))
        report.line(
            "verify, million hashes/s CPU".left(34)
                + outcome.spread { hashes / $0.cpu / 1e6 }.text(decimals: 2))
        report.line("one thread, ms".left(34) + outcome.spread { $0.one * 1e3 }.text(decimals: 1))
        report.line("two threads, ms".left(34) + outcome.spread { $0.two * 1e3 }.text(decimals: 1))
        report.line(outcome.note)
        let ratio = outcome.spread { $0.one / $0.two }
        report.line("ratio".left(34) + ratio.text(decimals: 3))
        report.add(Figure(name: name, value: ratio.median, unit: "×", bar: .least(1.8)))
    }

    private func sample(_ segments: [TowerSegment]) throws -> Sample {
        var sample = Sample()
        let cpu = Clock.process
        let start = Clock.wall
        guard try isValid([segments]) else { throw BenchmarkFailure("a segment is wrong") }
        let middle = Clock.wall
        sample.cpu = Clock.process - cpu
        let halves = [0, 1].map { half in segments.filter { $0.index % 2 == half } }
        guard try isValid(halves) else { throw BenchmarkFailure("a segment is wrong") }
        sample.one = middle - start
        sample.two = Clock.wall - middle
        return sample
    }

    private func isValid(_ parts: [[TowerSegment]]) throws -> Bool {
        let wrong = Count()
        try PlainThreads.run(
            parts.map { part in
                {
                    let count = part.count { !$0.isValid }
                    wrong.value.withLock { $0 += count }
                }
            })
        return wrong.value.withLock { $0 } == 0
    }

    private final class Count: Sendable {
        let value = Mutex(0)
    }
}
