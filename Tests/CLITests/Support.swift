import CLI
import JSON

/// Streams in memory: nobody is asked unless a test answers for a person.
final class MemoryStreams: Streams {
    var output = ""
    var error = ""
    var answers: [String]
    let isTerminal: Bool

    init(isTerminal: Bool = false, answers: [String] = []) {
        self.isTerminal = isTerminal
        self.answers = answers
    }

    var canAsk: Bool { isTerminal }
    var showsProgress: Bool { isTerminal }
    func writeOutput(_ text: String) -> Bool {
        output += text
        return true
    }
    func writeError(_ text: String) { error += text }
    func readLine() -> [UInt8]? { answers.isEmpty ? nil : Array(answers.removeFirst().utf8) }
    func readHiddenLine() -> [UInt8]? { readLine() }
    func readAll(most: Int) -> [UInt8]? {
        let bytes = Array(answers.joined(separator: "\n").utf8)
        answers = []
        return bytes.count <= most ? bytes : nil
    }
}

/// What a command line led to.
struct Run {
    let exit: ExitCode
    let output: String
    let error: String

    /// The one JSON document on standard output.
    var json: JSONValue {
        get throws { try JSONParser.parse(Array(output.utf8)) }
    }

    /// The error of the document.
    var failure: JSONValue {
        get throws { try json["error"] ?? .null }
    }
}

/// A home of its own that goes with the test.
final class Scratch {
    let path: String
    var environment: Environment

    init(_ name: String = #function) throws {
        let plain = name.filter { $0.isLetter }
        path = try TemporaryFolder.make(plain)
        environment = Environment(
            variables: ["HOME": path, "ETM_HOME": "\(path)/home"], executable: "\(path)/bin/etm")
    }

    deinit { TemporaryFolder.remove(path) }

    /// Runs a command line off a terminal.
    func run(_ line: String) -> Run { run(line.split(separator: " ").map(String.init)) }

    func run(_ words: [String], answers: [String]? = nil, input: String? = nil) -> Run {
        let streams = MemoryStreams(
            isTerminal: answers != nil, answers: answers ?? input.map { [$0] } ?? [])
        let exit = Program.run(words, environment: environment, streams: streams)
        return Run(exit: exit, output: streams.output, error: streams.error)
    }
}
