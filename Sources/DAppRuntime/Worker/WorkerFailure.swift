/// Why a worker gave no result; a failure of this machine or of the DApp's code, never a result of a call.
public enum WorkerFailure: Error, Equatable, Sendable {
    /// The program could not be started; carries the system's error number.
    case cannotStart(path: String, number: Int32)
    /// The worker ended by itself with this exit code, or by a signal (then the code is nil).
    case ended(code: Int32?, signal: Int32?)
    /// It was killed because it worked longer than the local wall-clock limit.
    case tooSlow(milliseconds: UInt64)
    /// It was killed because it held more memory than the local limit.
    case tooLarge(bytes: UInt64)
    /// It broke the protocol.
    case protocolBroken
    /// The bundle does not pass the check that it passed at deployment.
    case bundleRefused([Diagnostic])
    /// A message for the worker is larger than a frame.
    case messageTooLarge(bytes: Int)
}

/// Limits that protect this machine; they kill a worker and never decide a result.
public struct WorkerGuards: Equatable, Sendable {
    /// Longest time for one load, check, delivery or query.
    public var wallClockMilliseconds: UInt64
    /// Most resident memory while working.
    public var residentBytes: UInt64
    /// A worker that holds more than this after a delivery is replaced before the next.
    public var recycleAboveBytes: UInt64
    /// A worker is replaced after this many deliveries.
    public var recycleAfterDeliveries: Int

    /// The standard guards (js-runtime.md 8): 10 s, 256 MiB, recycle above 64 MiB or after 1,000 deliveries.
    public static let standard = WorkerGuards(
        wallClockMilliseconds: 10_000, residentBytes: 256 << 20, recycleAboveBytes: 64 << 20,
        recycleAfterDeliveries: 1_000)

    /// States the guards.
    public init(
        wallClockMilliseconds: UInt64, residentBytes: UInt64, recycleAboveBytes: UInt64,
        recycleAfterDeliveries: Int
    ) {
        self.wallClockMilliseconds = wallClockMilliseconds
        self.residentBytes = residentBytes
        self.recycleAboveBytes = recycleAboveBytes
        self.recycleAfterDeliveries = recycleAfterDeliveries
    }
}
