internal import CLinux
internal import Glibc

/// Other processes of this machine, seen through /proc, and children of this one.
enum Processes {
    /// Names one process for good: a number is used again, a number with its start time is not.
    struct Identity: Sendable, Equatable {
        /// The process's number.
        let number: Int32
        /// Clock ticks from the machine's start to the process's.
        let startTicks: UInt64
    }

    /// This process.
    static var current: Identity { Identity(number: getpid(), startTicks: startTicks(of: getpid()) ?? 0) }

    /// The process that has this number now.
    static func identity(of number: Int32) -> Identity? {
        startTicks(of: number).map { Identity(number: number, startTicks: $0) }
    }

    /// Whether exactly this process still runs; a zombie does not.
    static func isRunning(_ identity: Identity) -> Bool {
        startTicks(of: identity.number) == identity.startTicks
    }

    /// Processes whose parent this is, and theirs, nearest first.
    static func descendants(of number: Int32) -> [Identity] {
        var parents: [Int32: [Int32]] = [:]
        for entry in Files.list("/proc") {
            guard let process = Int32(entry), let parent = fields(of: process).flatMap({ Int32($0[1]) })
            else { continue }
            parents[parent, default: []].append(process)
        }
        var found: [Int32] = []
        var open = parents[number] ?? []
        while !open.isEmpty {
            found += open
            open = open.flatMap { parents[$0] ?? [] }
        }
        return found.compactMap { process in
            startTicks(of: process).map { Identity(number: process, startTicks: $0) }
        }
    }

    /// Sends a signal to exactly this process.
    static func signal(_ identity: Identity, _ number: Int32) {
        if isRunning(identity) { _ = kill(identity.number, number) }
    }

    /// The short name of a process.
    static func name(of number: Int32) -> String? {
        guard let bytes = (try? Files.read("/proc/\(number)/comm", most: 4096)) ?? nil else { return nil }
        return String(decoding: bytes, as: UTF8.self).trimmed()
    }

    private static func startTicks(of number: Int32) -> UInt64? {
        fields(of: number).flatMap { UInt64($0[19]) }
    }

    // The fields of /proc/N/stat from the state on; the name before them may hold anything.
    private static func fields(of number: Int32) -> [Substring]? {
        guard let bytes = (try? Files.read("/proc/\(number)/stat", most: 4096)) ?? nil,
            let end = bytes.lastIndex(of: 0x29)
        else { return nil }
        let fields = String(decoding: bytes[(end + 1)...], as: UTF8.self).split(separator: " ")
        guard fields.count > 20, fields[0] != "Z", fields[0] != "X" else { return nil }
        return fields
    }

    // POSIX_SPAWN_SETSID of glibc's <spawn.h>, declared only under feature macros that a module import does not set.
    private static let setSession: Int16 = 0x80

    /// Starts this program anew in a session of its own: input empty, output into `log`, `pipe` as descriptor 3.
    static func startDetached(
        _ executable: String, _ arguments: [String], environment: [String: String], log: String, pipe: Int32
    ) throws(CommandFailure) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawnattr_setflags(&attributes, setSession)
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        unsafe posix_spawn_file_actions_adddup2(&actions, pipe, 3)
        var number: Int32 = 0
        let variables = environment.map { "\($0.key)=\($0.value)" }
        let code = unsafe withCStrings([executable] + arguments) { argv in
            unsafe withCStrings(variables) { envp in
                unsafe posix_spawn(&number, executable, &actions, &attributes, argv, envp)
            }
        }
        guard code == 0 else { throw SystemFailure("start", executable, number: code).failure }
        return number
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let copies = unsafe texts.map { unsafe strdup($0) } + [nil]
        defer { unsafe copies.forEach { unsafe free($0) } }
        return unsafe copies.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else {
                preconditionFailure("a list with an end is not empty")
            }
            return unsafe body(base)
        }
    }

    /// How a child ended: its exit code, or 128 and the signal; nil while it runs.
    static func collect(_ number: Int32, waiting: Bool) -> Int32? {
        var status: Int32 = 0
        guard unsafe waitpid(number, &status, waiting ? 0 : WNOHANG) == number else { return nil }
        return clinux_exited(status) != 0 ? clinux_exit_code(status) : 128 + clinux_signal(status)
    }
}
