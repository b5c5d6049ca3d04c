internal import Glibc
internal import Primitives

/// Real time, and pauses between looks at something that changes.
enum Clock {
    /// Milliseconds since the Unix epoch.
    static var now: Instant { Instant(milliseconds: read(CLOCK_REALTIME)) }

    /// Milliseconds since some fixed moment; never goes back.
    static var monotonic: UInt64 { read(CLOCK_MONOTONIC) }

    /// Lets this much time pass.
    static func pause(milliseconds: UInt64) {
        unsafe _ = poll(nil, 0, Int32(clamping: milliseconds))
    }

    /// "2026-01-31 14:02:11" in universal time, for lists.
    static func text(_ instant: Instant) -> String {
        var seconds = time_t(instant.milliseconds / 1000)
        var parts = tm()
        guard unsafe gmtime_r(&seconds, &parts) != nil else { return instant.description }
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        return "\(day) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }
}
