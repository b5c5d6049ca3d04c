/// The gas of every successful call of a run, by method.
package struct GasUse: Sendable {
    private var calls: [String: [UInt64]] = [:]

    /// One method's calls.
    package struct Row: Sendable, Equatable {
        /// CONTRACT.METHOD.
        package let method: String
        /// How many calls succeeded.
        package let calls: Int
        /// The cheapest.
        package let least: UInt64
        /// The one in the middle; of an even number, the cheaper of the two.
        package let median: UInt64
        /// The dearest.
        package let most: UInt64
    }

    init() {}

    mutating func add(_ gas: UInt64, of method: String) { calls[method, default: []].append(gas) }

    /// The methods by name.
    package var rows: [Row] {
        calls.sorted { $0.key < $1.key }.map { method, gas in
            let sorted = gas.sorted()
            return Row(
                method: method, calls: sorted.count, least: sorted.first ?? 0,
                median: sorted[(sorted.count - 1) / 2], most: sorted.last ?? 0)
        }
    }
}
