internal import CLinux
internal import DAppRuntime
internal import Glibc
internal import Primitives

/// The ways to start the worker.
enum Program {
    static func run(_ arguments: [String]) {
        switch arguments.first {
        case "--serve":
            bindToHost()
            onEngineThread { () throws(EngineFault) in try Worker.serve() }
        case "--cover":
            bindToHost()
            onEngineThread { () throws(EngineFault) in try Worker.serve(isCovering: true) }
        case "--test":
            bindToHost()
            onEngineThread { () throws(EngineFault) in try TestWorker.serve() }
        case "--fingerprint":
            onEngineThread { () throws(EngineFault) in
                let parser = try Parser.load()
                print(try Fingerprint.compute(toolchain: Toolchain(parser: parser), parser: parser))
            }
        case "--benchmark":
            let path = arguments.dropFirst().first ?? ""
            onEngineThread { () throws(EngineFault) in print(try Benchmark.run(work(in: path))) }
        default:
            Worker.fail("this program is started by etm; by hand it knows --fingerprint and --benchmark FILE")
        }
    }

    // Without its host the worker has nothing to do.
    private static func bindToHost() {
        guard clinux_die_with_parent() == 0, getppid() != 1 else { Worker.fail("there is no host") }
        Sandbox.limitResources()
    }

    private static func work(in path: String) throws(EngineFault) -> CallMeasurement {
        let bytes = try File.read(path, most: 16 << 20) {
            EngineFault(text: "--benchmark needs a file of calls: \(path): error \($0)")
        }
        do { return try CallMeasurement(decoding: bytes) } catch {
            throw EngineFault(text: "\(path): \(error)")
        }
    }

    private static func onEngineThread(_ work: @escaping @Sendable () throws(EngineFault) -> Void) {
        EngineThread.run {
            do throws(EngineFault) { try work() } catch { Worker.fail(error.text) }
        }
    }
}
