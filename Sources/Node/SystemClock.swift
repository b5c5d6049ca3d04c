internal import Glibc
public import Primitives

/// The machine's clocks; nothing below this layer reads a clock.
public enum SystemClock {
    /// Now, by the wall clock.
    public static func now() -> Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: UInt64(time.tv_sec) * 1_000 + UInt64(time.tv_nsec) / 1_000_000)
    }
}
