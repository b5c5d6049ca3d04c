import CLI
import Testing

@Suite struct HelpTests {
    private let help = HelpText()
    private let table = CommandTable.standard

    @Test func withoutWordsTwoExamplesAreShownAndTheExitIsZero() throws {
        let run = try Scratch().run([])
        #expect(run.exit == .done)
        #expect(run.output.split(separator: "\n").count { $0.hasPrefix("  etm ") } == 2)
        #expect(run.error.isEmpty)
    }

    @Test func everyPageFitsEightyColumns() throws {
        let groups = table.groups.map { [$0.name] }.filter { table.group($0[0]) != nil }
        for words in [[]] + groups + table.commands.map(\.path) + [["exit-codes"]] {
            for line in try help.page(for: words).lines {
                #expect(line.count <= 80, "etm help \(words.joined(separator: " ")): \(line)")
            }
        }
    }

    @Test func everyPageOfACommandLeadsWithTwoExamples() throws {
        for command in table.commands {
            let lines = try help.page(for: command.path).lines
            let start = try #require(lines.firstIndex(of: "Examples"))
            #expect(start <= 3, "\(command.name)")
            #expect(command.examples.allSatisfy { example in lines.contains { $0.contains(example.line) } })
        }
    }

    @Test(arguments: [
        "etm help devnet up", "etm devnet up -h", "etm --help devnet up", "etm devnet up --help --port 1",
    ])
    func helpIsFoundEveryWay(_ line: String) throws {
        let run = try Scratch().run(line.split(separator: " ").dropFirst().map(String.init))
        #expect(run.exit == .done)
        #expect(run.output.hasPrefix("etm devnet up: "))
    }

    @Test func helpOnNothingNamesTheNearest() throws {
        let run = try Scratch().run("help devent")
        #expect(run.exit == .usage)
        #expect(run.error.contains("did you mean \"devnet\"?"))
    }

    @Test func everyExitCodeIsDocumented() throws {
        let text = try help.page(for: ["exit-codes"]).lines.joined(separator: "\n")
        for code in ExitCode.allCases { #expect(text.contains("\(code.rawValue)  \(code.meaning)")) }
    }

    @Test func theReferenceHoldsEveryCommandAndFlag() {
        let text = help.everything.joined(separator: "\n")
        for command in table.commands {
            #expect(text.contains("etm \(command.name): "))
            #expect(command.flags.allSatisfy { text.contains("--\($0.name)") })
        }
    }

    @Test(arguments: Completions.shells)
    func completionsHoldEveryCommandAndFlag(_ shell: String) throws {
        let script = try #require(Completions().script(for: shell)).joined(separator: "\n")
        let prefix = shell == "fish" ? "-l " : "--"
        for command in table.commands {
            #expect(command.path.allSatisfy(script.contains), "\(command.name)")
            #expect(command.flags.allSatisfy { script.contains(prefix + $0.name) }, "\(command.name)")
        }
    }

    @Test func namesOfAccountsAreCompletedFromTheKeystoreAndOtherNamesFromNowhere() throws {
        let scratch = try Scratch()
        let run = scratch.run("completions --values accounts")
        #expect(run.exit == .done)
        #expect(run.output.isEmpty)
    }
}
