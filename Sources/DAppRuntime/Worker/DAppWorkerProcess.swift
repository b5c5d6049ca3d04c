internal import CLinux
internal import Glibc

/// One running worker: a child process with a socket as its only connection to the world.
public struct DAppWorkerProcess: ~Copyable {
    /// Process number.
    public let processID: Int32
    private var channel: FrameChannel
    private var isReaped = false

    /// The worker's whole environment (js-runtime.md 8): JIT, WebAssembly and helper threads off, UTC, C locale.
    public static let environment = [
        "JSC_useJIT=0", "JSC_useWasm=0", "JSC_useConcurrentGC=0", "JSC_numberOfGCMarkers=1",
        "JSC_maxPerThreadStackUsage=58720256", "JSC_forceRAMSize=67108864", "TZ=UTC", "LC_ALL=C",
    ]

    /// What a worker is started for.
    package enum Purpose: String, Sendable {
        /// To run a chain's contracts.
        case chain = "--serve"
        /// To run contracts and count what tests reach; its fingerprint is no chain's.
        case coverage = "--cover"
        /// To run tests.
        case tests = "--test"
    }

    /// Starts the program at this path to run contracts; it dies with the thread that started it.
    public init(executable: String) throws(WorkerFailure) {
        try self.init(executable: executable, purpose: .chain)
    }

    /// Starts the program at this path; it dies with the thread that started it.
    package init(executable: String, purpose: Purpose) throws(WorkerFailure) {
        var ends: [Int32] = [0, 0]
        guard
            unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends)
                == 0
        else { throw .cannotStart(path: executable, number: errno) }
        let (number, child) = Self.spawn(executable, purpose, socket: ends[1])
        close(ends[1])
        guard number == 0 else {
            close(ends[0])
            throw .cannotStart(path: executable, number: number)
        }
        channel = FrameChannel(owning: ends[0])
        processID = child
    }

    deinit {
        if !isReaped {
            kill(processID, SIGKILL)
            var status: Int32 = 0
            unsafe waitpid(processID, &status, 0)
        }
    }

    /// Sends one message.
    package func send(_ message: HostMessage) throws(WorkerFailure) {
        do {
            try channel.send(message)
        } catch {
            if case .oversized(let bytes) = error { throw .messageTooLarge(bytes: bytes) }
            throw .ended(code: nil, signal: nil)
        }
    }

    /// Receives one message, or kills the process when it is too slow or too large.
    package mutating func receive(before deadline: Deadline, guards: WorkerGuards) throws(WorkerFailure)
        -> WorkerMessage
    {
        var verdict: WorkerFailure?
        let child = processID
        do {
            return try channel.receive(patience: 20) {
                if deadline.hasPassed { verdict = .tooSlow(milliseconds: guards.wallClockMilliseconds) }
                let resident = Self.residentBytes(of: child)
                if resident > guards.residentBytes { verdict = .tooLarge(bytes: resident) }
                return verdict != nil
            }
        } catch {
            kill(processID, SIGKILL)
            let ending = reap()
            switch error {
            case .interrupted: throw verdict ?? ending
            case .closed, .system: throw ending
            case .oversized, .malformed: throw .protocolBroken
            }
        }
    }

    /// Memory that the process holds now.
    package var residentBytes: UInt64 { Self.residentBytes(of: processID) }

    private mutating func reap() -> WorkerFailure {
        var status: Int32 = 0
        while unsafe waitpid(processID, &status, 0) < 0, errno == EINTR {}
        isReaped = true
        if clinux_exited(status) != 0 { return .ended(code: clinux_exit_code(status), signal: nil) }
        return .ended(code: nil, signal: clinux_signal(status))
    }

    private static func spawn(
        _ executable: String, _ purpose: Purpose, socket: Int32
    ) -> (number: Int32, child: Int32) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, socket, WorkerProtocol.descriptor)
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, WorkerProtocol.descriptor + 1)
        var child: Int32 = 0
        let number: Int32? = unsafe withCStrings([executable, purpose.rawValue]) { arguments in
            unsafe withCStrings(environment) { variables in
                unsafe posix_spawn(&child, executable, &actions, nil, arguments, variables)
            }
        }
        return (number ?? ENOMEM, child)
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result?
    ) -> Result? {
        var pointers: [UnsafeMutablePointer<CChar>?] = unsafe texts.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe pointers.withUnsafeBufferPointer { unsafe $0.baseAddress.flatMap { unsafe body($0) } }
    }

    private static func residentBytes(of process: Int32) -> UInt64 {
        let descriptor = unsafe open("/proc/\(process)/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var text = [UInt8](repeating: 0, count: 128)
        let count = unsafe read(descriptor, &text, text.count)
        let fields = text.prefix(max(0, count)).split(separator: 0x20)
        guard fields.count > 1, let pages = UInt64(String(decoding: fields[1], as: UTF8.self)) else {
            return 0
        }
        return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    }
}

/// A point on the monotonic clock.
package struct Deadline: Sendable {
    private let nanoseconds: UInt64

    /// So many milliseconds from now.
    package init(inMilliseconds milliseconds: UInt64) {
        nanoseconds = Self.now &+ milliseconds &* 1_000_000
    }

    /// Milliseconds on the monotonic clock.
    package static var milliseconds: UInt64 { now / 1_000_000 }

    /// Whether it is over.
    package var hasPassed: Bool { Self.now >= nanoseconds }

    private static var now: UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
