package import DAppRuntime

/// Runs the tests of a DApp, one after the other, each on a fresh state.
package struct TestRun {
    private let project: TestProject
    private let executable: String
    private let options: TestOptions

    /// Prepares a run with the worker program at this path.
    package init(_ project: TestProject, executable: String, options: TestOptions) {
        self.project = project
        self.executable = executable
        self.options = options
    }

    /// Runs what the filter leaves and tells of each test as it ends.
    ///
    /// Throws when the contracts' worker cannot start; whatever tests do is a verdict.
    package func run(_ tell: @escaping (TestVerdict) -> Void) throws(WorkerFailure) -> TestSummary {
        let chain = try VirtualChain(project, executable: executable, isCovering: options.isCovering)
        var progress = Progress(chain: chain, tell: tell, stopsAtFailure: options.stopsAtFailure)
        try runAll(&progress, TestRequests(chain: chain))
        progress.summary.gas = chain.gas
        if options.isCovering { progress.summary.coverage = CoverageReport(try chain.coverage()) }
        return progress.summary
    }

    private struct Progress {
        let chain: VirtualChain
        let tell: (TestVerdict) -> Void
        let stopsAtFailure: Bool
        var summary = TestSummary(gas: GasUse())
        var isOver: Bool { stopsAtFailure && summary.failed > 0 }

        init(chain: VirtualChain, tell: @escaping (TestVerdict) -> Void, stopsAtFailure: Bool) {
            self.chain = chain
            self.tell = tell
            self.stopsAtFailure = stopsAtFailure
        }

        mutating func add(_ verdict: TestVerdict) {
            if verdict.failure == nil { summary.passed += 1 } else { summary.failed += 1 }
            tell(verdict)
        }

        mutating func add(file: String, _ failure: TestFailure) {
            add(
                TestVerdict(
                    file: file, name: file, kind: .file, milliseconds: 0, gas: 0, failure: failure))
        }
    }

    private func runAll(_ progress: inout Progress, _ requests: TestRequests) throws(WorkerFailure) {
        var next = 0
        var count = Int.max
        var files = sources
        var isFirst = true
        while next < count, !progress.isOver {
            guard let loaded = try load(&files, &progress, requests) else { return }
            var engine = loaded
            if isFirst { for (file, failure) in engine.broken { progress.add(file: file, failure) } }
            isFirst = false
            count = engine.tests.count
            while next < count, !progress.isOver {
                let test = engine.tests[next]
                next += 1
                guard selects("\(test.file) \(test.name)") else { continue }
                if !run(test, next - 1, &engine, &progress, requests) { break }
            }
        }
    }

    // False when the engine is gone.
    private func run(
        _ test: TestEngine.Listed, _ index: Int, _ engine: inout TestEngine, _ progress: inout Progress,
        _ requests: TestRequests
    ) -> Bool {
        _ = progress.chain.revert(to: 0)
        let start = Deadline.milliseconds
        let gas = progress.chain.spent
        var failure: TestFailure?
        var isAlive = true
        do throws(WorkerFailure) {
            failure = try engine.run(index, seed: String(options.seed), limit: options.limit, requests)
            // The last try of a property need not be the one that is told.
            if test.kind == .it { failure?.logs = progress.chain.logs }
        } catch {
            failure = end(error, test)
            isAlive = false
        }
        progress.add(
            TestVerdict(
                file: test.file, name: test.name, kind: test.kind,
                milliseconds: Deadline.milliseconds - start, gas: progress.chain.spent - gas,
                failure: failure))
        return isAlive
    }

    private func end(_ error: WorkerFailure, _ test: TestEngine.Listed) -> TestFailure {
        switch error {
        case .tooSlow:
            TestFailure(
                name: "TooSlow", message: "the test took longer than \(options.limit) ms", place: test.place)
        case .tooLarge(let bytes):
            TestFailure(name: "TooLarge", message: "the test held \(bytes) bytes", place: test.place)
        default:
            TestFailure(
                name: "EngineEnded", message: "the test ended its engine: \(error)", place: test.place)
        }
    }

    // Files that do not compile are reported and left out, so that the others still run.
    private func load(
        _ files: inout [DAppModule], _ progress: inout Progress, _ requests: TestRequests
    ) throws(WorkerFailure) -> TestEngine? {
        while !files.isEmpty, !progress.isOver {
            do throws(TestEngine.Failure) {
                _ = progress.chain.revert(to: 0)
                return try TestEngine(
                    TestFiles(modules: files, settings: requests.settings), executable: executable,
                    limit: options.limit, requests)
            } catch {
                switch error {
                case .worker(.tooSlow):
                    progress.add(
                        file: files.first?.path ?? "test",
                        TestFailure(
                            name: "TooSlow", message: "loading the tests took longer than \(options.limit) ms"
                        ))
                    return nil
                case .worker(let failure): throw failure
                case .refused(let findings):
                    for finding in findings { progress.add(file: finding.file, TestFailure(finding)) }
                    let before = files.count
                    files.removeAll { file in findings.contains { $0.file == file.path } }
                    if files.count == before { return nil }
                }
            }
        }
        return nil
    }

    private var sources: [DAppModule] {
        project.bundle.modules.filter { $0.path.hasPrefix("lib/") } + project.tests
    }

    private func selects(_ text: String) -> Bool {
        guard let filter = options.filter else { return true }
        return text.lowercased().contains(filter.lowercased())
    }
}
