/// A set of seats of one round, one bit each.
struct SeatSet: Sendable, Equatable {
    private var words: [UInt64]
    /// How many seats are in the set.
    private(set) var count = 0

    init(seats: Int) { words = [UInt64](repeating: 0, count: (seats + 63) / 64) }

    func contains(_ seat: Int) -> Bool { words[seat >> 6] >> UInt64(seat & 63) & 1 == 1 }

    /// False when the seat was there already.
    mutating func insert(_ seat: Int) -> Bool {
        guard !contains(seat) else { return false }
        words[seat >> 6] |= 1 << UInt64(seat & 63)
        count += 1
        return true
    }
}
