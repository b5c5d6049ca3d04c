internal import CLinux
internal import Glibc

/// Clocks of the operating system, in seconds.
enum Clock {
    /// Time that passes for everyone.
    static var wall: Double { read(CLOCK_MONOTONIC) }

    /// CPU time of the calling thread.
    static var thread: Double { read(CLOCK_THREAD_CPUTIME_ID) }

    /// CPU time of this process, without its children.
    static var process: Double { read(CLOCK_PROCESS_CPUTIME_ID) }

    /// CPU time of another process, or nil when there is none with this number.
    static func process(_ identifier: Int32) -> Double? {
        var clock: clockid_t = 0
        guard unsafe clock_getcpuclockid(identifier, &clock) == 0 else { return nil }
        return read(clock)
    }

    private static func read(_ clock: clockid_t) -> Double {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
