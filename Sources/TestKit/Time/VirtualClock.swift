public import Primitives

/// A node's own clock: true time with an offset and a rate error.
public struct VirtualClock: Sendable, Hashable {
    /// Milliseconds ahead of true time at the start.
    public var offset: UInt64
    /// How much faster than true time it runs, in parts per million.
    public var partsPerMillion: UInt64

    /// Joins the parts.
    public init(offset: UInt64 = 0, partsPerMillion: UInt64 = 0) {
        self.offset = offset
        self.partsPerMillion = partsPerMillion
    }

    /// What the clock shows at a true time.
    public func reading(at time: Instant) -> Instant {
        let gained =
            time.milliseconds / 1_000_000 * partsPerMillion
            + time.milliseconds % 1_000_000 * partsPerMillion / 1_000_000
        return Instant(milliseconds: time.milliseconds + offset + gained)
    }

    /// The first true time, not before `now`, at which the clock shows at least `reading`.
    public func time(of reading: Instant, from now: Instant) -> Instant {
        guard reading > self.reading(at: now) else { return now }
        var low = now.milliseconds
        var high = max(now.milliseconds, reading.milliseconds)
        while low < high {
            let middle = low + (high - low) / 2
            if self.reading(at: Instant(milliseconds: middle)) < reading {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return Instant(milliseconds: low)
    }
}
