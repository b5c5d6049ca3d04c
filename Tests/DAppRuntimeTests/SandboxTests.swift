import DAppRuntime
import Foundation
import Glibc
import Primitives
import Testing

/// A reader that kills the worker the first time it is asked.
private struct KillingReader: DAppStateReader {
    final class Once: @unchecked Sendable {
        var victim: Int32?
        init(_ victim: Int32?) { self.victim = victim }
    }
    let inner: MemoryReader
    let once: Once

    func value(forKey key: [UInt8]) -> [UInt8]? {
        if let victim = once.victim {
            kill(victim, SIGKILL)
            once.victim = nil
        }
        return inner.value(forKey: key)
    }
    func scan(prefix: [UInt8], after: [UInt8]?, limit: Int) -> [(key: [UInt8], value: [UInt8])] {
        inner.scan(prefix: prefix, after: after, limit: limit)
    }
    func balance(of address: String, asset: UInt8) -> UInt64? { inner.balance(of: address, asset: asset) }
}

@Suite struct SandboxTests {
    private let hello =
        "import { contract } from 'etm:dapp'\nexport const hi = contract({}, async () => { for (let i = 0; i < 1000000000; i++); })"

    @Test func theKernelFiltersEverySystemCallOfTheWorker() throws {
        var bench = try Bench(contract: hello)
        _ = try bench.supervisor.start()
        let running = bench.supervisor.processID
        let process = try #require(running)
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        #expect(status.contains("Seccomp:\t2"))
        #expect(status.contains("NoNewPrivs:\t1"))
        let environment = try String(contentsOfFile: "/proc/\(process)/environ", encoding: .utf8)
        #expect(environment.split(separator: "\0").map(String.init) == DAppWorkerProcess.environment)
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
            .map { try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\($0)") }
        #expect(open.filter { $0.hasPrefix("socket:") }.count <= 2)
        #expect(open.filter { $0.hasPrefix("/proc") }.count == 1)
        let maps = try String(contentsOfFile: "/proc/\(process)/maps", encoding: .utf8)
        #expect(!maps.contains("rwxp"))
    }

    @Test func aWorkerKilledInTheMiddleIsReplacedAndTheResultIsTheSame() throws {
        let (bundle, _) = try Place.template("hello")
        var bench = Bench(bundle)
        _ = try bench.run("hello.register", #"{"name":"zoe"}"#)
        let calls = [
            bench.call("hello.register", #"{"name":"alice"}"#),
            bench.call("hello.transfer", #"{"name":"alice","to":"\#(People.bob)"}"#),
        ]
        let delivery = Delivery(
            chainID: ChainID(Bytes32(1, 2, 3, 4)), height: Height(7), time: Instant(milliseconds: 5),
            calls: calls, gasLimit: 50_000_000)
        let expected = try bench.supervisor.execute(delivery, reader: bench.reader)
        let running = bench.supervisor.processID
        let victim = try #require(running)
        let once = KillingReader.Once(victim)
        let outcome = try bench.supervisor.execute(
            delivery, reader: KillingReader(inner: bench.reader, once: once))
        #expect(outcome == expected)
        #expect(once.victim == nil)
        #expect(bench.supervisor.processID != victim)
    }

    @Test func aWorkerThatIsTooSlowIsKilledAndNeverDecidesAResult() throws {
        var guards = WorkerGuards.patient
        guards.wallClockMilliseconds = 4_000
        var bench = try Bench(contract: hello, guards: guards)
        let delivery = Delivery(
            chainID: ChainID(Bytes32(1, 2, 3, 4)), height: Height(1), time: Instant(milliseconds: 5),
            calls: [bench.call("test.hi", gas: 1_000_000_000_000)], gasLimit: 1_000_000_000_000)
        #expect(throws: WorkerFailure.tooSlow(milliseconds: 4_000)) {
            _ = try bench.supervisor.execute(delivery, reader: MemoryReader())
        }
        #expect(bench.supervisor.processID == nil)
        #expect(try bench.ask("x").text == "UnknownRoute: There is no route x.")
    }

    @Test func aMissingProgramIsNamed() throws {
        let bundle = try Place.template("hello").bundle
        #expect(throws: WorkerFailure.cannotStart(path: "/nowhere/worker", number: ENOENT)) {
            _ = try DAppWorkerSupervisor.check(bundle, executable: "/nowhere/worker")
        }
    }

    @Test func aBundleThatDoesNotPassItsCheckIsNotRun() throws {
        var bench = try Bench(contract: "eval('1')")
        do {
            _ = try bench.run("test.x")
            Issue.record("a refused bundle ran")
        } catch WorkerFailure.bundleRefused(let found) {
            #expect(found.first?.code == "forbidden-global")
        }
    }

    @Test func stoppingLeavesNoProcess() throws {
        var bench = try Bench(contract: hello)
        _ = try bench.supervisor.start()
        let running = bench.supervisor.processID
        let process = try #require(running)
        bench.supervisor.stop()
        #expect(kill(process, 0) == -1)
    }
}
