import DAppRuntime
import Primitives
import Testing

/// A worker does what it was started for and nothing else.
@Suite struct PurposeTests {
    private let bundle = "import { contract } from 'etm:dapp'\nexport const hi = contract({}, () => 1)"

    private func fingerprint(_ purpose: DAppWorkerProcess.Purpose) throws -> Digest? {
        var worker = try DAppWorkerProcess(executable: Place.worker, purpose: purpose)
        let deadline = Deadline(inMilliseconds: 60_000)
        guard case .ready(let digest) = try worker.receive(before: deadline, guards: .patient) else {
            return nil
        }
        return digest
    }

    @Test func aWorkerThatCountsOrTestsHasNoChainsFingerprint() throws {
        let chain = try fingerprint(.chain)
        let reported = try DAppWorkerSupervisor.engineFingerprint(
            executable: Place.worker, guards: .patient)
        let coverage = try fingerprint(.coverage)
        let tests = try fingerprint(.tests)
        #expect(chain == reported)
        #expect(Set([chain, coverage, tests]).count == 3)
    }

    @Test func aChainsWorkerCountsNothingAndEndsWhenItIsAsked() throws {
        var bench = try Bench(contract: bundle)
        _ = try bench.supervisor.start()
        #expect(throws: WorkerFailure.ended(code: 70, signal: nil)) { try bench.supervisor.coverage() }
    }

    @Test func aChainsWorkerRunsNoTests() throws {
        var worker = try DAppWorkerProcess(executable: Place.worker)
        let deadline = Deadline(inMilliseconds: 60_000)
        _ = try worker.receive(before: deadline, guards: .patient)
        try worker.send(.tests(TestFiles(modules: [], settings: [])))
        #expect(throws: WorkerFailure.ended(code: 70, signal: nil)) {
            try worker.receive(before: deadline, guards: .patient)
        }
    }

    @Test func aContractCannotImportTheModuleOfTests() throws {
        let text = "import { chain } from 'etm:test'\nexport const x = chain"
        let report = try DAppWorkerSupervisor.check(
            try DAppBundle(files: [("contract/a.js", Array(text.utf8))]), executable: Place.worker,
            guards: .patient)
        #expect(report.diagnostics.map(\.code) == ["import"])
    }
}
