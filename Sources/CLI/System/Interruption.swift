internal import Glibc
internal import Synchronization

/// Ctrl-C and termination: the first is carried out in an orderly way, the second is immediate.
enum Interruption {
    /// What the first signal leads to.
    typealias Action = @Sendable () -> Void

    private static let received = Atomic<Int>(0)
    private static let writeEnd = Atomic<Int32>(-1)
    private static let action = Mutex<Action?>(nil)
    private static let terminal = Mutex<termios?>(nil)
    private static let wantsJSON = Atomic<Bool>(false)

    /// Starts listening; without another action an interruption ends the program with exit 130.
    static func install(json: Bool) {
        wantsJSON.store(json, ordering: .relaxed)
        guard let pipe = Pipe() else { return }
        writeEnd.store(pipe.writeEnd, ordering: .relaxed)
        let readEnd = pipe.readEnd
        guard Thread.start({ Interruption.watch(readEnd) }) else { return }
        for number in [SIGINT, SIGTERM, SIGHUP] { _ = signal(number, Interruption.handler) }
        unblock([SIGINT, SIGTERM, SIGHUP])
        _ = signal(SIGPIPE, SIG_IGN)
    }

    // Whoever started this program may have blocked them, and a blocked signal stays so over exec.
    private static func unblock(_ numbers: [Int32]) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in numbers { unsafe sigaddset(&set, number) }
        unsafe _ = pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// Replaces what the first signal leads to.
    static func onSignal(_ newAction: @escaping Action) { action.withLock { $0 = newAction } }

    /// The terminal settings to put back before the program ends; nil when there is nothing to put back.
    static func restoring(_ settings: termios?) { terminal.withLock { $0 = settings } }

    // Only atomics, write and _exit: everything else is forbidden in a signal handler.
    private static let handler: @convention(c) (Int32) -> Void = { _ in
        guard Interruption.received.add(1, ordering: .relaxed).oldValue == 0 else { _exit(130) }
        var byte: UInt8 = 1
        unsafe _ = write(Interruption.writeEnd.load(ordering: .relaxed), &byte, 1)
    }

    private static func watch(_ descriptor: Int32) {
        while let bytes = Descriptor.readSome(descriptor, most: 1), !bytes.isEmpty {
            if let action = action.withLock({ $0 }) { action() } else { end() }
        }
    }

    /// Restores the terminal, says why, and ends the program with exit 130.
    static func end() -> Never {
        if let settings = terminal.withLock({ $0 }) {
            TerminalEcho.restore(settings)
            Descriptor.write([0x0A], to: Descriptor.error)
        }
        if wantsJSON.load(ordering: .relaxed) {
            let failure = CommandFailure("INTERRUPTED", "interrupted", exit: .interrupted)
            Descriptor.write(Array("\(Envelope.failure(failure))\n".utf8), to: Descriptor.output)
        }
        exit(130)
    }
}

/// A thread that lives as long as the program.
enum Thread {
    /// False when the system has none left.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        let work = unsafe Unmanaged.passRetained(Work(body))
        var handle = pthread_t()
        let code = unsafe pthread_create(
            &handle, nil,
            { raw in
                guard let raw = unsafe raw else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(raw).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        if code != 0 { unsafe work.release() }
        return code == 0
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
