import Foundation
import Testing

/// The install step on machines that are made up: every program it asks is one of ours.
@Suite struct InstallTests {
    private static let swift = "echo 'Swift version 6.3.1 (swift-6.3.1-RELEASE)'"
    private static let everything = """
        for name in "${@:3}"; do echo "$name installed"; done
        """
    // Present apart from one that is missing and one that was removed but left its settings.
    private static let allButTwo = """
        for name in "${@:3}"; do
            case $name in
            libsodium-dev) ;;
            node-acorn) echo "$name config-files" ;;
            *) echo "$name installed" ;;
            esac
        done
        exit 1
        """
    private static let untilInstalled = """
        [[ -e installed ]] && { for name in "${@:3}"; do echo "$name installed"; done; exit 0; }
        """

    private func run(_ programs: [String: String], _ argument: String = "") async throws -> Script.Result {
        let folder = try Folder()
        let standard = [
            "swift": Self.swift, "id": "echo 1000", "sudo": "exit 1", "apt-get": "echo APT \"$@\"",
        ]
        for (name, text) in standard.merging(programs, uniquingKeysWith: { $1 }) {
            try folder.program(name, in: "bin", "cd '\(folder.url.path)'\n\(text)")
        }
        return try await Script.run(
            "exec '\(Script.root.path)/.ci/install' \(argument)", in: folder,
            path: "\(folder.url.path)/bin:/usr/bin:/bin")
    }

    @Test func nothingMissingIsSilent() async throws {
        let result = try await run(["dpkg-query": Self.everything])
        #expect(result.status == 0)
        #expect(result.output.isEmpty)
    }

    @Test func withoutRightsItPrintsTheCommandForWhatIsMissing() async throws {
        let result = try await run(["dpkg-query": Self.allButTwo])
        #expect(result.status == 3)
        #expect(
            result.output.contains("apt-get install -y --no-install-recommends libsodium-dev node-acorn\n"))
        #expect(!result.output.contains("APT"))
    }

    @Test func rootInstallsExactlyWhatIsMissing() async throws {
        let install = "echo APT \"$@\"; [[ \"$*\" == *install* ]] && touch installed; true"
        let result = try await run([
            "dpkg-query": Self.untilInstalled + "\n" + Self.allButTwo, "id": "echo 0", "apt-get": install,
        ])
        #expect(result.status == 0)
        #expect(result.output.contains("installing from Debian: libsodium-dev node-acorn\n"))
        #expect(result.output.contains("APT -q -o DPkg::Lock::Timeout=300 update"))
        #expect(result.output.contains("everything is installed"))
    }

    @Test func sudoIsUsedOnlyWhenItAsksNothing() async throws {
        let sudo = "echo SUDO \"$@\"; [[ \"$*\" == *install* ]] && touch installed; true"
        let result = try await run(["dpkg-query": Self.untilInstalled + "\n" + Self.allButTwo, "sudo": sudo])
        #expect(result.status == 0)
        #expect(result.output.contains("SUDO -n env DEBIAN_FRONTEND=noninteractive apt-get"))
    }

    @Test func aFailedInstallationIsNotTakenForSuccess() async throws {
        let result = try await run(["dpkg-query": Self.allButTwo, "id": "echo 0"])
        #expect(result.status == 3)
        #expect(result.output.contains("still missing after the installation"))
    }

    @Test func aDryRunInstallsNothing() async throws {
        let result = try await run(["dpkg-query": Self.allButTwo, "id": "echo 0"], "--dry-run")
        #expect(result.status == 3)
        #expect(!result.output.contains("APT"))
    }

    @Test(arguments: [("6.3", 0), ("6.10.2", 0), ("7.0", 0), ("6.2.4", 3), ("5.10", 3)])
    func swiftMustBeNewEnough(_ sample: (version: String, status: Int32)) async throws {
        let result = try await run([
            "dpkg-query": Self.everything, "swift": "echo 'Apple Swift version \(sample.version) (x)'",
        ])
        #expect(result.status == sample.status)
    }

    @Test func aMissingSwiftIsNamed() async throws {
        let result = try await run(["dpkg-query": Self.everything, "swift": "exit 127"])
        #expect(result.status == 3)
        #expect(result.output.contains("Swift 6.3 or newer is needed"))
    }
}
