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
        _ = poll(nil, 0, Int32(clamping: milliseconds))
    }

    /// "2026-01-31 14:02:11" in universal time, for lists.
    static func text(_ instant: Instant) -> String {
        let seconds = instant.milliseconds / 1000
        let (year, month, day) = date(dayNumber: seconds / 86_400)
        func two(_ number: UInt64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let time = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map(two).joined(separator: ":")
        return "\(year)-\(two(month))-\(two(day)) \(time)"
    }

    // Counts eras of 400 years from 1 March of the year 0, so that a leap day is the last day of its year.
    private static func date(dayNumber: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
        let shifted = dayNumber % 1_000_000_000 + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }
}
