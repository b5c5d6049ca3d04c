internal import DAppTesting
internal import JSON

/// How a run of tests looks to people.
struct DAppTestText {
    let project: TestProject
    let terminal: Terminal

    private static let nameWidth = 56

    /// One line a test with its time and gas, and below it why it failed.
    func lines(of verdict: TestVerdict, isFirst: Bool) -> [String] {
        let mark = verdict.failure == nil ? terminal.colored("✓", "32") : terminal.colored("✗", "31")
        let time = "\(verdict.milliseconds) ms".leftPadded(to: 9)
        let gas = verdict.gas == 0 ? "" : "   gas \(verdict.gas.grouped)"
        let isFile = verdict.kind == .file
        let head =
            isFile
            ? " \(mark) \(verdict.name)" : " \(mark) \(verdict.name.padded(to: Self.nameWidth))\(time)\(gas)"
        return (isFirst && !isFile ? [verdict.file] : []) + [head] + (verdict.failure.map(reasons) ?? [])
    }

    private func reasons(_ failure: TestFailure) -> [String] {
        let isAssertion = failure.name == "AssertionError"
        var lines = [isAssertion ? failure.message : "\(failure.name): \(failure.message)"]
        if let expected = failure.expected { lines.append("expected  \(expected)") }
        if let actual = failure.actual { lines.append("got       \(actual)") }
        lines += failure.notes
        lines += failure.logs.map { "log  \($0)" }
        if let contract = failure.contract {
            lines.append("in \(Self.text(contract))")
            lines += excerpt(contract).map { "  \($0)" }
        }
        if let place = failure.place {
            lines.append("at \(Self.text(place))")
            lines += excerpt(place).map { "  \($0)" }
        }
        return lines.map { "     \($0)" }
    }

    /// The line and the one before it.
    private func excerpt(_ place: TestFailure.Place) -> [String] {
        guard let lines = project.lines(of: place.file), lines.indices.contains(place.line - 1) else {
            return []
        }
        let width = String(place.line).count
        return (max(1, place.line - 1)...place.line).map { number in
            let arrow = number == place.line ? "→" : " "
            let text = String(lines[number - 1].prefix(160))
            return "\(arrow) \(String(number).leftPadded(to: width)) │ \(text)".trimmingEnd()
        }
    }

    private static func text(_ place: TestFailure.Place) -> String {
        "\(place.file):\(place.line):\(place.column)"
    }

    /// What calls cost, by method.
    func gas(_ gas: GasUse) -> [String] {
        guard !gas.rows.isEmpty else { return ["no call succeeded, so there is no gas to show"] }
        return [""]
            + TextLayout.table(
                ["METHOD", "CALLS", "LEAST", "MEDIAN", "MOST"],
                gas.rows.map {
                    [
                        $0.method, UInt64($0.calls).grouped, $0.least.grouped, $0.median.grouped,
                        $0.most.grouped,
                    ]
                }, right: [1, 2, 3, 4])
    }

    /// Shares of lines and branches, by file and together.
    func coverage(_ coverage: CoverageReport) -> [String] {
        let rows = coverage.files.map { [$0.path, cell($0.lineShare), cell($0.branchShare)] }
        let total = ["all", cell(coverage.lineShare), cell(coverage.branchShare)]
        return [""] + TextLayout.table(["FILE", "LINES", "BRANCHES"], rows + [total], right: [1, 2])
            + ["coverage written to \(DAppTest.coverageFile)"]
    }

    private func cell(_ share: CoverageReport.Share) -> String {
        "\(share.percent) % (\(share.reached)/\(share.of))"
    }

    /// A word for a POSIX shell.
    static func quoted(_ text: String) -> String {
        let plain = text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
                || [0x2D, 0x2E, 0x2F, 0x5F].contains($0)
        }
        if plain, !text.isEmpty { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
            + "'"
    }
}

/// A run of tests for programs.
enum DAppTestData {
    static func json(
        _ verdicts: [TestVerdict], _ summary: TestSummary, _ ending: DAppTest.Ending
    ) -> JSONValue {
        var object = JSONObject()
        object["passed"] = JSONValue(summary.passed)
        object["failed"] = JSONValue(summary.failed)
        object["seed"] = .string(String(ending.options.seed))
        object["tests"] = .array(verdicts.map { json($0, ending) })
        if ending.showsGas {
            object["gas"] = .array(
                summary.gas.rows.map {
                    [
                        "method": .string($0.method), "calls": JSONValue($0.calls),
                        "least": JSONValue($0.least), "median": JSONValue($0.median),
                        "most": JSONValue($0.most),
                    ]
                })
        }
        if let coverage = summary.coverage {
            object["coverage"] = [
                "file": .string(DAppTest.coverageFile), "lines": json(coverage.lineShare),
                "branches": json(coverage.branchShare),
            ]
        }
        return .object(object)
    }

    private static func json(_ share: CoverageReport.Share) -> JSONValue {
        ["reached": JSONValue(share.reached), "of": JSONValue(share.of)]
    }

    private static func json(_ verdict: TestVerdict, _ ending: DAppTest.Ending) -> JSONValue {
        var object = JSONObject()
        object["file"] = .string(verdict.file)
        object["name"] = .string(verdict.name)
        object["kind"] = .string(verdict.kind.rawValue)
        object["ok"] = .bool(verdict.failure == nil)
        object["milliseconds"] = JSONValue(verdict.milliseconds)
        object["gas"] = JSONValue(verdict.gas)
        if let failure = verdict.failure {
            object["failure"] = json(failure)
            object["again"] = .string(ending.reproduction(verdict))
        }
        return .object(object)
    }

    private static func json(_ failure: TestFailure) -> JSONValue {
        var object = JSONObject()
        object["name"] = .string(failure.name)
        object["message"] = .string(failure.message)
        object["expected"] = failure.expected.map { .string($0) }
        object["got"] = failure.actual.map { .string($0) }
        object["at"] = failure.place.map(json)
        object["in"] = failure.contract.map(json)
        if !failure.logs.isEmpty { object["logs"] = .array(failure.logs.map { .string($0) }) }
        if !failure.notes.isEmpty { object["notes"] = .array(failure.notes.map { .string($0) }) }
        return .object(object)
    }

    private static func json(_ place: TestFailure.Place) -> JSONValue {
        SourcePlace(file: place.file, line: place.line, column: place.column).json
    }
}
