/// Repeated measurements of one thing.
struct Spread {
    private let sorted: [Double]

    /// Sorts the values; there must be one at least.
    init(_ values: [Double]) {
        precondition(!values.isEmpty, "a spread needs a value")
        sorted = values.sorted()
    }

    /// The smallest value.
    var least: Double { sorted[0] }
    /// The largest value.
    var most: Double { sorted[sorted.count - 1] }

    /// The middle value, or the mean of the two in the middle.
    var median: Double {
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// "median (least–most)".
    func text(decimals: Int) -> String {
        "\(median.text(decimals)) (\(least.text(decimals))–\(most.text(decimals)))"
    }
}

extension Double {
    /// The value in decimal with a fixed number of places, rounded to the nearest.
    func text(_ decimals: Int) -> String {
        guard isFinite else { return "\(self)" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (magnitude * scale).rounded()
        let whole = (scaled / scale).rounded(.down)
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return sign + String(UInt64(scaled)) }
        let fraction = String(UInt64(scaled - whole * scale))
        let zeros = String(repeating: "0", count: max(0, decimals - fraction.utf8.count))
        return "\(sign)\(UInt64(whole)).\(zeros)\(fraction)"
    }
}

extension String {
    /// The text with spaces before it, up to a width.
    func right(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
    /// The text with spaces after it, up to a width.
    func left(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
