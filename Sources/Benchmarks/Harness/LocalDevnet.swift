internal import Glibc
internal import JSON

/// A devnet of the real programs in a home of its own.
struct LocalDevnet {
    private let home: ScratchFolder
    private let program: String
    /// Where its interface listens.
    let port: UInt16

    /// The ports that are tried.
    static let ports: ClosedRange<UInt16> = 4_196...4_227

    /// Starts four validators in an empty home and waits until they answer.
    init(blockTime: String) throws {
        program = try ChildProcess.sibling("etm")
        home = try ScratchFolder()
        // Children inherit the environment; everything that is measured runs with this one.
        for (name, value) in [
            ("ETM_HOME", home.absolutePath), ("ETM_TEMPLATES", try ScratchFolder.absolute("templates")),
            ("ETM_TIMEOUT", "120s"),
        ] { unsafe setenv(name, value, 1) }
        for name in ["ETM_NODE", "ETM_CHAIN", "ETM_FROM", "ETM_PROFILE", "ETM_CONFIG"] {
            unsafe unsetenv(name)
        }
        for port in LocalDevnet.ports {
            let result = try ChildProcess.run(
                program, LocalDevnet.up(port) + ["--validators", "4", "--block-time", blockTime])
            if result.code == 0 {
                self.port = port
                return
            }
            // 9 says that another program has the port.
            guard result.code == 9 else {
                home.remove()
                throw BenchmarkFailure("devnet up ended with \(result.code): \(result.output)")
            }
        }
        home.remove()
        throw BenchmarkFailure("no free port from \(LocalDevnet.ports)")
    }

    private static func up(_ port: UInt16) -> [String] {
        ["devnet", "up", "--detach", "--json", "--port", "\(port)"]
    }

    /// Runs a command and returns the data of its envelope; throws when it fails.
    @discardableResult
    func etm(_ arguments: String...) throws -> JSONValue {
        let result = try ChildProcess.run(program, arguments + ["--json", "--yes"])
        guard result.code == 0, let value = try? JSONParser.parse(Array(result.output.utf8)),
            let data = value["data"]
        else { throw BenchmarkFailure("etm \(arguments.joined(separator: " ")): \(result.output)") }
        return data
    }

    /// Makes a DApp from a template and deploys it.
    func deploy(_ template: String, from account: String) throws {
        try etm("dapp", "new", template, "--template", template, "--dir", home.absolutePath)
        try etm("dapp", "deploy", home.absolutePath + "/" + template, "--from", account)
    }

    /// The height of the last final main-chain block.
    func finalHeight() throws -> Int {
        guard let height = try etm("status")["chain"]?["final"]?.int else {
            throw BenchmarkFailure("etm status names no final height")
        }
        return height
    }

    /// Stops the devnet, keeping its home.
    func stop() throws { try etm("devnet", "down") }

    /// Starts it again; returns seconds until its interface answered, and until `up` returned.
    func restart() throws -> (answer: Double, returned: Double) {
        let start = Clock.wall
        let process = try ChildProcess.start(program, LocalDevnet.up(port))
        var answer: Double?
        while answer == nil, Clock.wall - start < 60 {
            if HTTPProbe.answers(port: port) {
                answer = Clock.wall - start
            } else {
                usleep(500)
            }
        }
        let code = ChildProcess.wait(process)
        guard code == 0, let answer else { throw BenchmarkFailure("devnet up again ended with \(code)") }
        return (answer, Clock.wall - start)
    }

    /// The devnet's process and all that it started.
    func processes() throws -> [Int32] {
        guard let process = try etm("devnet", "status")["devnet"]?["pid"]?.int else {
            throw BenchmarkFailure("etm devnet status names no process")
        }
        return ProcessTable.family(of: Int32(process))
    }

    /// Stops everything and removes the home.
    func remove() {
        _ = try? ChildProcess.run(program, ["devnet", "down"])
        home.remove()
    }
}
