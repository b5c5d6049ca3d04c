import CLI
import Testing

@Suite struct ParserTests {
    private func invocation(_ line: String) throws -> Invocation {
        guard case .run(let invocation) = try CommandLineParser.parse(words(line)) else { throw Unexpected() }
        return invocation
    }

    private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

    private func failure(_ line: String) -> CommandFailure? {
        do throws(CommandFailure) {
            _ = try CommandLineParser.parse(words(line))
            return nil
        } catch {
            return error
        }
    }

    private struct Unexpected: Error {}

    @Test(arguments: [
        "devnet up --port 5000 --json", "--json devnet --port 5000 up", "devnet up --port=5000 --json",
        "--port 5000 --json devnet up",
    ])
    func flagsComeInAnyOrder(_ line: String) throws {
        let invocation = try invocation(line)
        #expect(invocation.command.name == "devnet up")
        #expect(invocation.integer("port", default: 0) == 5000)
        #expect(invocation.has("json"))
    }

    @Test func oneLetterFlagsMayBeJoined() throws {
        let invocation = try invocation("-qyvv status")
        #expect(invocation.has("quiet") && invocation.has("yes"))
        #expect(invocation.count("verbose") == 2)
    }

    @Test func wordsBehindTwoDashesAreNeverFlags() throws {
        let invocation = try invocation("dapp query -- --odd")
        #expect(invocation.argument == "--odd")
    }

    @Test(arguments: [
        ("devent up", "etm devnet up"), ("devnet pu", "etm devnet up"), ("dapp tset", "etm dapp test"),
        ("devnet statsu", "etm devnet status"), ("up", "etm devnet up"), ("acount list", "etm account list"),
        ("xyzzy", "etm help"),
    ])
    func aTypoSaysWhatToType(_ line: String, _ hint: String) {
        let failure = failure(line)
        #expect(failure?.code == "UNKNOWN_COMMAND")
        #expect(failure?.exit == .usage)
        #expect(failure?.hint == hint)
    }

    @Test func anUnknownFlagNamesTheNearest() {
        let failure = failure("devnet up --validater 3")
        #expect(failure?.code == "UNKNOWN_FLAG")
        #expect(failure?.message.contains("--validators") == true)
        #expect(failure?.exit == .usage)
    }

    @Test func aFlagOfAnotherCommandIsRefused() {
        #expect(failure("devnet down --validators 3")?.code == "UNKNOWN_FLAG")
    }

    @Test(arguments: [
        ("devnet up --validators 1", "devnet up --validators 0"),
        ("devnet up --validators 16", "devnet up --validators 17"),
        ("devnet up --port 65535", "devnet up --port 65536"),
        ("devnet up --mine manual", "devnet up --mine manuel"),
        ("devnet up --block-time 500ms", "devnet up --block-time 500"),
        ("transfer --to bob --amount 0.00000001", "transfer --to bob --amount -1"),
        ("devnet mine 1", "devnet mine 0"),
        ("devnet mine 10000", "devnet mine 10001"),
        ("completions fish", "completions tcsh"),
    ])
    func aValueIsTakenAtItsBoundAndRefusedBeyond(_ good: String, _ bad: String) {
        #expect(failure(good) == nil)
        #expect(failure(bad)?.code == "BAD_VALUE")
    }

    @Test func aWrongChoiceNamesTheNearest() {
        #expect(failure("devnet up --mine manuel")?.message.contains("did you mean \"manual\"") == true)
    }

    @Test func aSwitchTakesNoValue() {
        #expect(failure("devnet up --detach=yes")?.code == "UNEXPECTED_VALUE")
    }

    @Test func aFlagWithoutItsValueIsRefused() {
        #expect(failure("devnet up --port")?.code == "MISSING_VALUE")
    }

    @Test func aMissingArgumentIsNamed() {
        #expect(failure("account show")?.code == "MISSING_ARGUMENT")
        #expect(failure("account show alice") == nil)
    }

    @Test func furtherArgumentsAreRefusedWithoutRepeatingThem() {
        let failure = failure("account show alice hunter2")
        #expect(failure?.code == "UNEXPECTED_ARGUMENT")
        #expect(failure?.message.contains("hunter2") == false)
    }

    @Test func abbreviationsOfCommandsAreNoCommands() { #expect(failure("dev up")?.exit == .usage) }

    @Test func aFlagTakesAValueInAllCommandsOrInNone() {
        for flag in CommandTable.standard.commands.flatMap(\.flags) {
            #expect(CommandTable.standard.takesValue(flag.name) == (flag.value != nil), "--\(flag.name)")
        }
    }

    @Test func noFlagHidesAGlobalOne() {
        let global = GlobalFlags.all.map(\.name)
        for command in CommandTable.standard.commands {
            #expect(command.flags.allSatisfy { !global.contains($0.name) }, "\(command.name)")
        }
    }

    @Test func everyExampleParses() throws {
        for command in CommandTable.standard.commands {
            #expect(command.examples.count >= 2, "\(command.name)")
            for example in command.examples {
                let line = example.line.split(separator: "(etm").last.map(String.init) ?? example.line
                let words = ShellWords.split(line).drop { $0 != "etm" }.dropFirst()
                let clean = words.filter { $0 != ")" }.prefix { $0 != ">" }
                if example.line.contains("<(") { continue }
                #expect(throws: Never.self, "\(example.line)") {
                    _ = try CommandLineParser.parse(Array(clean))
                }
            }
        }
    }
}

/// Splits a line as a shell does, as far as examples need it: single quotes only.
enum ShellWords {
    static func split(_ line: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in line {
            switch character {
            case "'": isQuoted.toggle()
            case " " where !isQuoted:
                if !word.isEmpty { words.append(word) }
                word = ""
            default: word.append(character)
            }
        }
        return words + (word.isEmpty ? [] : [word])
    }
}
