internal import CLinux
internal import Glibc

/// Programs that a measurement starts: built ones beside this one.
enum ChildProcess {
    /// The most bytes of output that are kept.
    static let largestOutput = 1 << 20

    /// What a finished program left.
    struct Result {
        let code: Int32
        let output: String
        /// From start to end, by everyone's time.
        let seconds: Double
    }

    /// The path of a program that the same build made; throws when it is not there.
    static func sibling(_ name: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { throw BenchmarkFailure("the path of this program is unknown") }
        let own = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let path = folder.joined(separator: "/") + "/" + name
        guard unsafe access(path, X_OK) == 0 else {
            throw BenchmarkFailure("\(name) is not built; run: swift build -c release")
        }
        return path
    }

    /// Runs a program to its end and returns its exit code and standard output.
    ///
    /// Without `environment` it gets this program's own.
    static func run(
        _ path: String, _ arguments: [String], environment: [String]? = nil
    ) throws -> Result {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw BenchmarkFailure("no pipe, errno \(errno)") }
        for end in ends { clinux_set_close_on_exec(end) }
        let start = Clock.wall
        let process: pid_t
        do {
            defer { close(ends[1]) }
            process = try spawn(path, arguments, environment, output: ends[1])
        } catch {
            close(ends[0])
            throw error
        }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while output.count < largestOutput {
            let count = unsafe read(ends[0], &buffer, buffer.count)
            guard count > 0 else { break }
            output.append(contentsOf: buffer.prefix(count))
        }
        close(ends[0])
        let code = wait(process)
        return Result(
            code: code, output: String(decoding: output, as: UTF8.self), seconds: Clock.wall - start)
    }

    /// Starts a program whose output goes nowhere; `wait` must follow.
    static func start(_ path: String, _ arguments: [String]) throws -> pid_t {
        let sink = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(sink) }
        return try spawn(path, arguments, nil, output: sink)
    }

    /// The exit code of a program that was started, or minus the signal that ended it.
    static func wait(_ process: pid_t) -> Int32 {
        var status: Int32 = 0
        unsafe waitpid(process, &status, 0)
        return clinux_exited(status) != 0 ? clinux_exit_code(status) : -clinux_signal(status)
    }

    private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String]?, output: Int32
    ) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 2)
        var words = unsafe list([path] + arguments)
        var variables = unsafe list(environment ?? inherited)
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        var process: pid_t = 0
        let code = unsafe posix_spawn(&process, path, &actions, nil, &words, &variables)
        guard code == 0 else { throw BenchmarkFailure("cannot start \(path), errno \(code)") }
        return process
    }

    private static var inherited: [String] {
        var variables: [String] = []
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            unsafe variables.append(String(cString: entry))
            unsafe next += 1
        }
        return variables
    }

    private static func list(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        unsafe texts.map { unsafe strdup($0) } + [nil]
    }
}
