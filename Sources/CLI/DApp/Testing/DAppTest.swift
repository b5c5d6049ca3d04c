internal import DAppRuntime
internal import DAppTesting
internal import JSON
internal import Primitives

/// `etm dapp test`: runs a DApp's tests in the engine that runs its contracts.
enum DAppTest {
    static let folder = "test"
    static let coverageFile = "coverage/lcov.info"
    static let standardLimit: UInt64 = 30_000

    static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        if invocation.has("watch") { return try DAppWatch(invocation, session).run() }
        let folder = try DAppFolder.open(invocation.argument)
        return try run(folder, invocation, session)
    }

    /// One run; a failure carries the lines that tell of it.
    static func run(
        _ folder: DAppFolder, _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        let project = try project(folder)
        let options = options(invocation)
        let text = DAppTestText(project: project, terminal: session.terminal)
        var verdicts: [TestVerdict] = []
        let tests = TestRun(
            project, executable: try WorkerProgram.path(session.environment), options: options)
        let isJSON = session.terminal.manner.isJSON
        let summary: TestSummary
        do throws(WorkerFailure) {
            summary = try tests.run { verdict in
                let isFirst = verdicts.last?.file != verdict.file
                verdicts.append(verdict)
                if !isJSON { session.terminal.stream(.null, text.lines(of: verdict, isFirst: isFirst)) }
            }
        } catch {
            throw failure(of: error, in: folder)
        }
        if let coverage = summary.coverage { try write(coverage, of: folder) }
        guard !verdicts.isEmpty else { throw nothing(matches: options.filter) }
        return try finish(verdicts, summary, Ending(options, invocation, folder), text)
    }

    private static func write(_ coverage: CoverageReport, of folder: DAppFolder) throws(CommandFailure) {
        let path = "\(folder.path)/\(coverageFile)"
        try Files.makeDirectory(Files.directory(of: path))
        try Files.write(Array(coverage.lcov.utf8), to: path)
    }

    private static func options(_ invocation: Invocation) -> TestOptions {
        // People type seeds again, so they are short.
        let chosen = invocation.integer("seed", default: Clock.now.milliseconds % 1_000_000)
        var options = TestOptions(
            seed: chosen, limit: invocation.duration("limit")?.milliseconds ?? standardLimit)
        options.filter = invocation.text("filter")
        options.stopsAtFailure = invocation.has("bail")
        options.isCovering = invocation.has("coverage")
        return options
    }

    // The end

    /// What the end of a run depends on.
    struct Ending {
        let options: TestOptions
        let showsGas: Bool
        let folder: DAppFolder

        init(_ options: TestOptions, _ invocation: Invocation, _ folder: DAppFolder) {
            self.options = options
            showsGas = invocation.has("gas")
            self.folder = folder
        }

        /// The line that repeats one test.
        func reproduction(_ verdict: TestVerdict) -> String {
            var words = ["etm", "dapp", "test"]
            if folder.path != "." { words.append(DAppTestText.quoted(folder.path)) }
            if verdict.kind != .file { words += ["--filter", DAppTestText.quoted(verdict.name)] }
            return (words + ["--seed", String(options.seed)]).joined(separator: " ")
        }
    }

    private static func finish(
        _ verdicts: [TestVerdict], _ summary: TestSummary, _ ending: Ending, _ text: DAppTestText
    ) throws(CommandFailure) -> Outcome {
        let closing = "\(summary.passed) passed, \(summary.failed) failed"
        var lines = ending.showsGas ? text.gas(summary.gas) : []
        lines += summary.coverage.map(text.coverage) ?? []
        if verdicts.contains(where: { $0.kind == .fuzz || $0.kind == .invariant }) {
            lines.append("seed \(ending.options.seed)")
        }
        lines.append(closing)
        let data = DAppTestData.json(verdicts, summary, ending)
        guard let first = verdicts.first(where: { $0.failure != nil }) else {
            return Outcome(data: data, lines: lines)
        }
        var facts = data.object ?? JSONObject()
        facts["passed"] = JSONValue(summary.passed)
        throw CommandFailure(
            "TESTS_FAILED", "\(summary.failed) of \(verdicts.count) tests failed",
            hint: ending.reproduction(first), exit: .checksFailed,
            place: first.failure?.place.map {
                SourcePlace(file: $0.file, line: $0.line, column: $0.column)
            }, facts: facts, report: lines)
    }

    private static func nothing(matches filter: String?) -> CommandFailure {
        guard let filter else {
            return CommandFailure(
                "NO_TESTS", "the files in \(folder) hold no tests",
                hint: "add: it('does something', async () => { … })", exit: .notFound)
        }
        return CommandFailure(
            "NO_TESTS", "no test has \"\(filter)\" in its file or name", hint: "etm dapp test",
            exit: .notFound)
    }

    // What is tested

    private static func project(_ folder: DAppFolder) throws(CommandFailure) -> TestProject {
        let manifest = try DAppCheck.manifest(of: folder)
        let bundle = try DAppCheck.bundle(of: folder)
        let tests = try folder.tests()
        guard tests.contains(where: { $0.path.hasSuffix(".test.js") }) else { throw noTests(bundle) }
        guard tests.count + bundle.modules.count <= TestFiles.mostModules else {
            throw CommandFailure(
                "TOO_MANY_FILES", "there are \(tests.count) files in \(Self.folder)",
                hint: "at most \(TestFiles.mostModules) with lib/", exit: .checksFailed)
        }
        if let large = tests.first(where: { $0.source.count >= TestFiles.mostModuleBytes }) {
            throw CommandFailure(
                "FILE_TOO_LARGE", "\(large.path) has \(large.source.count) bytes",
                hint: "split it: a test file has less than \(TestFiles.mostModuleBytes) bytes",
                exit: .checksFailed, place: SourcePlace(file: large.path))
        }
        return TestProject(manifest: manifest, bundle: bundle, tests: tests)
    }

    private static func noTests(_ bundle: DAppBundle) -> CommandFailure {
        let contract =
            bundle.modules.first { $0.path.hasPrefix("contract/") }
            .map { String($0.path.dropFirst(9).dropLast(3)) } ?? "contract"
        return CommandFailure(
            "NO_TESTS", "there is no test/*.test.js in this DApp",
            hint: "write test/\(contract).test.js as above, then: etm dapp test", exit: .notFound,
            report: [
                "// test/\(contract).test.js",
                "import { describe, it, assert, accounts, chain } from 'etm:test'",
                "",
                "describe('\(contract)', () => {",
                "  it('does what it should', async () => {",
                "    const r = await chain.call('\(contract).METHOD', { ARGUMENT: 1 }, { from: accounts.alice })",
                "    assert.equal(r.events.length, 1)",
                "  })",
                "})",
            ])
    }

    private static func failure(of error: WorkerFailure, in folder: DAppFolder) -> CommandFailure {
        if case .bundleRefused(let findings) = error { return DAppCheck.failure(findings, in: folder) }
        return CommandFailure(
            "WORKER_FAILED", "the contracts' worker did not answer: \(error)", hint: "etm dapp check",
            exit: .environment)
    }
}
