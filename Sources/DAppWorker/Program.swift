internal import CLinux
internal import DAppRuntime
internal import Glibc

/// The ways to start the worker.
enum Program {
    static func run(_ arguments: [String]) {
        switch arguments.first {
        case "--serve":
            // Without its host the worker has nothing to do.
            guard clinux_die_with_parent() == 0, getppid() != 1 else { Worker.fail("there is no host") }
            Sandbox.limitResources()
            onEngineThread { () throws(EngineFault) in try Worker.serve() }
        case "--fingerprint":
            onEngineThread { () throws(EngineFault) in
                let parser = try Parser.load()
                print(try Fingerprint.compute(toolchain: Toolchain(parser: parser), parser: parser))
            }
        case "--benchmark":
            let count = arguments.dropFirst().first.flatMap { Int($0) } ?? 0
            guard (1...10_000_000).contains(count) else { Worker.fail("--benchmark needs a number of calls") }
            onEngineThread { () throws(EngineFault) in print(try Benchmark.run(calls: count)) }
        default:
            Worker.fail("this program is started by etm; by hand it knows --fingerprint and --benchmark N")
        }
    }

    private static func onEngineThread(_ work: @escaping @Sendable () throws(EngineFault) -> Void) {
        EngineThread.run {
            do throws(EngineFault) { try work() } catch { Worker.fail(error.text) }
        }
    }
}
