internal import DAppRuntime
internal import JSON

/// A worker that holds the test files and runs one test at a time.
struct TestEngine: ~Copyable {
    private var process: DAppWorkerProcess
    /// The tests in the order of files and lines.
    let tests: [Listed]
    /// Files that failed while they were loaded.
    let broken: [(file: String, failure: TestFailure)]

    /// A test that a file registered.
    struct Listed {
        let file: String
        let name: String
        let kind: TestVerdict.Kind
        let place: TestFailure.Place?
    }

    /// Why there is no engine.
    enum Failure: Error {
        /// The files do not compile.
        case refused([Diagnostic])
        /// The worker gave no result.
        case worker(WorkerFailure)
    }

    private static let limits = JSONLimits(maximumBytes: TestFiles.mostTextBytes, maximumDepth: 64)

    private static func guards(_ milliseconds: UInt64) -> WorkerGuards {
        WorkerGuards(
            wallClockMilliseconds: milliseconds, residentBytes: 1 << 30, recycleAboveBytes: 1 << 30,
            recycleAfterDeliveries: .max)
    }

    /// Starts a worker and loads the files, whose top levels may use the chain.
    init(_ files: TestFiles, executable: String, limit: UInt64, _ requests: TestRequests) throws(Failure) {
        let loaded: Loaded
        do throws(WorkerFailure) {
            loaded = try Self.load(files, executable: executable, limit: limit, requests)
        } catch {
            if case .bundleRefused(let findings) = error { throw .refused(findings) }
            throw .worker(error)
        }
        let answer = loaded.answer
        process = loaded.process
        tests = (answer["tests"]?.array ?? []).map { test in
            Listed(
                file: test["file"]?.string ?? "", name: test["name"]?.string ?? "",
                kind: test["kind"]?.string.flatMap(TestVerdict.Kind.init) ?? .it,
                place: TestFailure.Place(test["at"]?.string))
        }
        broken = (answer["broken"]?.array ?? []).map { ($0["file"]?.string ?? "", TestFailure($0)) }
    }

    private struct Loaded: ~Copyable {
        let process: DAppWorkerProcess
        let answer: JSONValue
    }

    private static func load(
        _ files: TestFiles, executable: String, limit: UInt64, _ requests: TestRequests
    ) throws(WorkerFailure) -> Loaded {
        var process = try DAppWorkerProcess(executable: executable, purpose: .tests)
        // Compiling is not the test's time.
        let deadline = Deadline(inMilliseconds: limit + 10_000)
        let guards = guards(limit + 10_000)
        guard case .ready = try process.receive(before: deadline, guards: guards) else {
            throw .protocolBroken
        }
        try process.send(.tests(files))
        switch try converse(&process, deadline, guards, requests) {
        case .offered(let bytes): return Loaded(process: process, answer: try parse(bytes))
        case .refused(let findings): throw .bundleRefused(findings)
        default: throw .protocolBroken
        }
    }

    /// Runs one test; nil when it passed.
    mutating func run(
        _ index: Int, seed: String, limit: UInt64, _ requests: TestRequests
    ) throws(WorkerFailure) -> TestFailure? {
        try process.send(.run(UInt32(index), seed: seed))
        let deadline = Deadline(inMilliseconds: limit)
        let message = try Self.converse(&process, deadline, Self.guards(limit), requests)
        guard case .verdict(let bytes) = message else { throw .protocolBroken }
        let verdict = try Self.parse(bytes)
        return verdict["ok"]?.bool == true ? nil : TestFailure(verdict)
    }

    // Answers what is asked until something else arrives.
    private static func converse(
        _ process: inout DAppWorkerProcess, _ deadline: Deadline, _ guards: WorkerGuards,
        _ requests: TestRequests
    ) throws(WorkerFailure) -> WorkerMessage {
        while true {
            let message = try process.receive(before: deadline, guards: guards)
            guard case .request(let bytes) = message else { return message }
            // A test that never stops asking is never silent.
            if deadline.hasPassed { throw .tooSlow(milliseconds: guards.wallClockMilliseconds) }
            try process.send(.reply(requests.answer(bytes)))
        }
    }

    private static func parse(_ bytes: [UInt8]) throws(WorkerFailure) -> JSONValue {
        do throws(JSONRejection) {
            return try JSONParser.parse(bytes, limits: limits)
        } catch {
            throw .protocolBroken
        }
    }
}

extension TestFailure {
    /// Reads what the engine reports.
    init(_ report: JSONValue) {
        self.init(
            name: report["name"]?.string ?? "Error", message: report["message"]?.string ?? "",
            expected: report["expected"]?.string, actual: report["actual"]?.string,
            place: Place(report["at"]?.string), contract: Place(report["contract"]?.string),
            notes: (report["notes"]?.array ?? []).compactMap(\.string))
    }

    /// A finding of the compiler.
    init(_ finding: Diagnostic) {
        self.init(
            name: finding.code, message: finding.message,
            place: Place(file: finding.file, line: Int(finding.line), column: Int(finding.column)),
            notes: finding.hint.isEmpty ? [] : ["fix: \(finding.hint)"])
    }
}
