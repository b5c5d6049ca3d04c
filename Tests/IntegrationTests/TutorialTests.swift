import Foundation
import Testing

/// What the README and `make demo` promise, done by the real programs.
@Suite(.serialized) struct TutorialTests {
    @Test(.timeLimit(.minutes(10))) func everyCommandOfTheReadmeWorks() async throws {
        let readme = try String(contentsOf: Script.root.appending(path: "README.md"), encoding: .utf8)
        let commands = Self.tutorial(in: readme)
        try #require(commands.count >= 10, "the tutorial was not found")
        let folder = try Folder()
        let port = try await Script.freePort(in: folder)
        let result = try await Script.run(Self.script(commands, port: port), in: folder)
        #expect(result.status == 0, "\(result.output)")
        for promise in [
            "Hello, ann!", "credited on hello", "paid on main", "value conserved: yes", "stopped devnet",
        ] {
            #expect(
                result.output.contains(promise),
                "the tutorial does not print \"\(promise)\"\n\(result.output)")
        }
    }

    @Test(.timeLimit(.minutes(10))) func theDemonstrationEndsWellOffATerminal() async throws {
        let folder = try Folder()
        let port = try await Script.freePort(in: folder)
        let command = "exec '\(Script.root.path)/.ci/demo' '\(Script.programs.path)'"
        let result = try await Script.run(command, in: folder, environment: ["ETM_DEMO_PORT": "\(port)"])
        #expect(result.status == 0, "\(result.output)")
        #expect(result.output.contains("value conserved: yes"))
        let leftovers = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(!leftovers.contains { $0.hasPrefix("etm-demo.") }, "it leaves files behind: \(leftovers)")
    }

    @Test func onlyMarkedBlocksAreTaken() {
        let text = "```\nno\n```\n```sh tutorial\n# why\nyes 1\n\nyes 2\n```\n```sh\nno\n```\n"
        #expect(Self.tutorial(in: text) == ["yes 1", "yes 2"])
    }

    /// The commands of the blocks that are marked as the tutorial's, in order.
    static func tutorial(in text: String) -> [String] {
        var commands: [String] = []
        var isInside = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix("```") {
                isInside = line == "```sh tutorial"
            } else if isInside, !line.hasPrefix("#") {
                commands.append(String(line))
            }
        }
        return commands
    }

    // As a reader types them, except that the network takes a port that is free here.
    private static func script(_ commands: [String], port: Int) -> String {
        let lines = commands.map { command in
            let shown = "cat <<'COMMAND'\n$ \(command)\nCOMMAND\n"
            return shown + command.replacing("etm devnet up", with: "etm devnet up --port \(port)")
        }
        return "set -euo pipefail\ntrap 'etm devnet down >/dev/null 2>&1' EXIT\n"
            + lines.joined(separator: "\n") + "\n"
    }
}
