internal import Glibc

/// A number that is kept, with the bar that it must reach.
struct Figure {
    /// What a figure must be.
    enum Bar {
        /// At least this much.
        case least(Double)
        /// At most this much.
        case most(Double)
    }

    let name: String
    let value: Double
    let unit: String
    let bar: Bar?

    /// True when there is no bar or the value reaches it.
    var holds: Bool {
        switch bar {
        case nil: true
        case .least(let bar): value >= bar
        case .most(let bar): value <= bar
        }
    }

    /// One line of JSON; the names and units here need no escaping.
    var json: String {
        let limit: String
        switch bar {
        case nil: limit = "null"
        case .least(let bar), .most(let bar): limit = bar.text(3)
        }
        return "{\"name\":\"\(name)\",\"value\":\(value.text(4)),\"unit\":\"\(unit)\",\"bar\":\(limit)}"
    }
}

/// What a run prints: tables while it goes, all figures at the end.
struct Report {
    private(set) var figures: [Figure] = []
    private(set) var skipped: [String] = []

    /// Prints a line at once.
    func line(_ text: String = "") {
        print(text)
        fflush(nil)
    }

    /// Prints a heading.
    func heading(_ text: String) {
        line()
        line("== \(text)")
    }

    /// Keeps a figure for the end.
    mutating func add(_ figure: Figure) {
        figures.append(figure)
        let verdict = figure.bar == nil ? "" : figure.holds ? "  (reaches its bar)" : "  (MISSES ITS BAR)"
        line("\(figure.name) = \(figure.value.text(3)) \(figure.unit)\(verdict)")
    }

    /// Says that a figure could not be measured, and why.
    mutating func skip(_ name: String, because reason: String) {
        skipped.append(name)
        line("\(name): not measured: \(reason)")
    }

    /// Prints one JSON line a figure; true when every bar is reached and nothing was skipped.
    func finish() -> Bool {
        line()
        for figure in figures { line(figure.json) }
        return skipped.isEmpty && figures.allSatisfy(\.holds)
    }
}

/// Why a figure could not be measured.
struct BenchmarkFailure: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
