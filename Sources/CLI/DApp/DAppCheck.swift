internal import DAppRuntime
internal import JSON
internal import Primitives

/// `etm dapp check`: what a deployment would be refused for, by file, line and column.
enum DAppCheck {
    static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let folder = try DAppFolder.open(invocation.argument)
        let checked = try check(folder, session)
        let report = checked.report
        return Outcome(
            data: [
                "name": folder.manifestName ?? .null, "findings": [],
                "bytes": JSONValue(checked.bundle.encoded.count),
                "contracts": .array(report.contracts.map(json(of:))),
                "models": .array(report.models.map { .string($0.name) }),
                "routes": .array(report.routes.map { .string($0.path) }),
            ],
            lines: [
                "nothing found in \(count(checked.bundle.modules.count, "module")): "
                    + [
                        count(report.contracts.count, "call"), count(report.models.count, "model"),
                        count(report.routes.count, "query", "queries"),
                    ].joined(separator: ", ")
            ], notes: ["Next  etm dapp deploy"])
    }

    private static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }

    /// A package that passed.
    struct Checked {
        let bundle: DAppBundle
        let report: CheckReport
    }

    /// The manifest, or exit 8 with everything that is wrong with it.
    static func manifest(of folder: DAppFolder) throws(CommandFailure) -> DAppManifest {
        do throws(ManifestRejection) {
            return try DAppManifest.parse(folder.manifestText)
        } catch {
            throw failure(error.diagnostics, in: folder)
        }
    }

    /// Checks manifest, bundle and code; throws exit 8 with all findings when there are any.
    static func check(_ folder: DAppFolder, _ session: Session) throws(CommandFailure) -> Checked {
        _ = try manifest(of: folder)
        let bundle = try bundle(of: folder)
        let worker = try WorkerProgram.path(session.environment)
        session.terminal.spin("checking \(bundle.modules.count) modules")
        let report: CheckReport
        do throws(WorkerFailure) {
            report = try DAppWorkerSupervisor.check(bundle, executable: worker)
        } catch {
            throw CommandFailure(
                "WORKER_FAILED", "the checker did not answer: \(error)", hint: "\(worker) --version",
                exit: .environment)
        }
        guard report.diagnostics.isEmpty else { throw failure(report.diagnostics, in: folder) }
        return Checked(bundle: bundle, report: report)
    }

    /// The modules as they would be deployed, or exit 8.
    static func bundle(of folder: DAppFolder) throws(CommandFailure) -> DAppBundle {
        let modules = try folder.modules()
        do throws(BundleRejection) {
            return try DAppBundle(files: modules)
        } catch {
            let largest = modules.max { $0.bytes.count < $1.bytes.count }?.path ?? "contract"
            throw failure([diagnostic(of: error, largest: largest)], in: folder)
        }
    }

    private static func diagnostic(of rejection: BundleRejection, largest: String) -> Diagnostic {
        func finding(_ file: String, _ code: String, _ message: String, _ hint: String) -> Diagnostic {
            Diagnostic(file: file, line: 0, column: 0, code: code, message: message, hint: hint)
        }
        return switch rejection {
        case .empty:
            finding("contract", "no-module", "there is no module", "write contract/NAME.js")
        case .path(let path):
            finding(
                path, "bad-path", "this path cannot be in a bundle", "use a-z, 0-9, \"_\", \"-\" and \".\"")
        case .duplicate(let path): finding(path, "duplicate-path", "this path occurs twice", "remove one")
        case .notUTF8(let path): finding(path, "not-utf8", "the text is not UTF-8", "save it as UTF-8")
        case .tooManyModules(let got, let most):
            finding(
                "contract", "too-many-modules", "there are \(got) modules, at most \(most) fit", "join some")
        case .tooLarge(let bytes, let most):
            finding(
                largest, "bundle-too-large",
                "the bundle has \(bytes) bytes, at most \(most) fit; this is its largest file",
                "remove code or comments")
        }
    }

    /// All findings as one failure: lines for people, entries for programs.
    static func failure(_ findings: [Diagnostic], in folder: DAppFolder) -> CommandFailure {
        var facts = JSONObject()
        facts["findings"] = .array(findings.map(json(of:)))
        let lines = findings.flatMap { finding in
            ["\(place(of: finding)): \(finding.message)"]
                + (finding.hint.isEmpty ? [] : ["    fix: \(finding.hint)"])
        }
        return CommandFailure(
            "CHECK_FAILED", "\(findings.count) finding\(findings.count == 1 ? "" : "s")",
            hint: "etm dapp check" + (folder.path == "." ? "" : " \(folder.path)"), exit: .checksFailed,
            place: findings.first.map(place(of:)), facts: facts, report: lines)
    }

    private static func place(of finding: Diagnostic) -> SourcePlace {
        SourcePlace(file: finding.file, line: Int(finding.line), column: Int(finding.column))
    }

    private static func json(of finding: Diagnostic) -> JSONValue {
        [
            "at": place(of: finding).json, "code": .string(finding.code), "message": .string(finding.message),
            "fix": .string(finding.hint),
        ]
    }

    private static func json(of entry: ContractEntry) -> JSONValue {
        [
            "call": .string("\(entry.contract).\(entry.method)"),
            "args": .array(entry.arguments.map { ["name": .string($0.name), "type": .string($0.type)] }),
        ]
    }
}
