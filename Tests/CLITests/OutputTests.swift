import CLI
import JSON
import Primitives
import Testing

@Suite struct OutputTests {
    @Test func successIsOneDocument() throws {
        let run = try Scratch().run("version --json")
        #expect(try run.json["v"] == 1)
        #expect(try run.json["ok"] == true)
        #expect(try run.json["data"]?["name"] == "etm")
        #expect(run.output.hasSuffix("\n"))
        #expect(run.error.isEmpty)
    }

    @Test(arguments: [
        "devent up --json", "account show --json", "--json devnet up --port 0", "help nothing --json",
    ])
    func failureIsOneDocumentToo(_ line: String) throws {
        let run = try Scratch().run(line)
        #expect(run.exit == .usage)
        #expect(try run.json["ok"] == false)
        for member in ["code", "message", "hint", "doc"] { #expect(try run.failure[member]?.string != nil) }
        #expect(run.error.isEmpty)
    }

    @Test func textFailuresGoToStandardErrorOnly() throws {
        let run = try Scratch().run("devent up")
        #expect(run.output.isEmpty)
        #expect(run.error.contains("error[UNKNOWN_COMMAND]"))
        #expect(run.error.contains("next  etm devnet up"))
    }

    @Test func colorsNeedATerminalAndConsentOfTheEnvironment() throws {
        let scratch = try Scratch()
        #expect(!scratch.run(["devent"], answers: nil).error.contains("\u{1B}["))
        #expect(scratch.run(["devent"], answers: []).error.contains("\u{1B}["))
        #expect(!scratch.run(["devent", "--no-color"], answers: []).error.contains("\u{1B}["))
        scratch.environment.variables["NO_COLOR"] = "1"
        #expect(!scratch.run(["devent"], answers: []).error.contains("\u{1B}["))
        scratch.environment.variables = ["TERM": "dumb"]
        #expect(!scratch.run(["devent"], answers: []).error.contains("\u{1B}["))
    }

    @Test func anUnreachableNodeIsExitFiveWithTheNextCommand() throws {
        let run = try Scratch().run("status --node http://127.0.0.1:1 --json")
        #expect(run.exit == .unreachable)
        #expect(try run.failure["code"] == "NODE_UNREACHABLE")
        #expect(try run.failure["hint"] == "etm devnet up")
    }

    @Test(arguments: [
        ("INSUFFICIENT_BALANCE", 422, ExitCode.refused), ("NOT_FOUND", 404, .notFound),
        ("NAME_TAKEN", 422, .conflict),
        ("CONFLICT", 409, .conflict), ("MEMPOOL_FULL", 429, .refused), ("TOO_LARGE", 413, .refused),
        ("NOT_READY", 503, .unreachable), ("INTERNAL", 500, .bug), ("BAD_REQUEST", 400, .usage),
        ("TIMED_OUT", 504, .timedOut),
    ])
    func errorsOfTheInterfaceHaveExits(_ code: String, _ status: Int, _ exit: ExitCode) {
        let error: JSONValue = [
            "code": .string(code), "message": "m", "hint": "h", "shortfall": "7",
            "at": ["file": "contract/a.js", "line": 3, "column": 5],
        ]
        let failure = NodeClient.failure(error, status: status)
        #expect(failure.exit == exit)
        #expect(failure.code == code)
        #expect(failure.place == SourcePlace(file: "contract/a.js", line: 3, column: 5))
        #expect(failure.facts["shortfall"] == "7")
    }

    @Test func anAnswerWithoutEnvelopeIsNoNode() {
        #expect(throws: CommandFailure.self) {
            try NodeClient.open(NodeAnswer(status: 200, body: Array("<html>".utf8)), of: "http://x")
        }
    }

    @Test func theEnvelopeKeepsPlaceAndFacts() {
        var failure = CommandFailure(
            "DAPP_REJECTED", "no", hint: "etm devnet mine 6", exit: .refused,
            place: SourcePlace(file: "contract/guess.js", line: 71, column: 11))
        failure.facts["gasUsed"] = "8412"
        let error = Envelope.failure(failure)["error"]
        #expect(error?["at"]?["line"] == 71)
        #expect(error?["gasUsed"] == "8412")
        #expect(error?["doc"] == "errors#dapp_rejected")
    }

    @Test func configurationWithAnUnknownKeyIsExitThreeWithLineAndSuggestion() throws {
        let scratch = try Scratch()
        TemporaryFolder.write("{\n  \"timeuot\": \"30s\"\n}", to: "\(scratch.path)/c.json")
        let run = scratch.run("status --config \(scratch.path)/c.json")
        #expect(run.exit == .environment)
        #expect(run.error.contains("c.json:2: unknown key \"timeuot\"; did you mean \"timeout\"?"))
    }

    @Test func aFlagWinsOverTheEnvironmentAndThatOverTheFile() throws {
        let scratch = try Scratch()
        TemporaryFolder.write(
            "{\"node\": \"http://127.0.0.1:3\"}", to: "\(scratch.path)/.config/etm/config.json")
        #expect(scratch.run("status").error.contains("127.0.0.1:3"))
        scratch.environment.variables["ETM_NODE"] = "http://127.0.0.1:2"
        #expect(scratch.run("status").error.contains("127.0.0.1:2"))
        #expect(scratch.run("status --node http://127.0.0.1:1").error.contains("127.0.0.1:1"))
    }

    @Test func theCodeOfABugNamesAReportThatHoldsNoValues() throws {
        let scratch = try Scratch()
        let table = CommandTable([
            CommandGroup(
                "", "",
                [
                    Command("break", "", flags: [.option("memo", .text("TEXT"), "")], examples: []) {
                        _, _ throws(CommandFailure) in
                        throw .bug("impossible")
                    }
                ])
        ])
        let streams = MemoryStreams()
        let exit = Program.run(
            ["break", "--memo", "private", "--json"], environment: scratch.environment, streams: streams,
            table: table)
        #expect(exit == .bug)
        let path = try #require(try JSONParser.parse(Array(streams.output.utf8))["error"]?["report"]?.string)
        let report = try #require(TemporaryFolder.read(path))
        #expect(report.contains("--memo") && !report.contains("private"))
        #expect(TemporaryFolder.mode(path) == "600")
    }
}
