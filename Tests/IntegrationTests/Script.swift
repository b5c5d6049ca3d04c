import Foundation
import Testing

/// Runs shell scripts against the programs that were built beside this test.
enum Script {
    struct Result: Sendable {
        let status: Int32
        let output: String
    }

    /// The project's root.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of `etm` and `etm-dapp-worker`: that of the test program itself.
    static let programs = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()

    /// The outcome of a script; both output streams in one text.
    static func run(
        _ text: String, in folder: Folder, path: String? = nil, environment: [String: String] = [:]
    ) async throws -> Result {
        let script = folder.url.appending(path: "script-\(UUID().uuidString)")
        let output = folder.url.appending(path: "output-\(UUID().uuidString)")
        try Data(text.utf8).write(to: script)
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = [script.path]
        process.currentDirectoryURL = folder.url
        process.environment = [
            "PATH": path
                ?? "\(programs.path):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")",
            "HOME": folder.url.path, "ETM_HOME": folder.url.appending(path: "home").path,
            "ETM_TEMPLATES": root.appending(path: "templates").path, "ETM_TIMEOUT": "180s",
            "TMPDIR": folder.url.path, "LC_ALL": "C.UTF-8",
        ].merging(environment) { $1 }
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        let status = try await finish(process)
        return Result(status: status, output: try String(contentsOf: output, encoding: .utf8))
    }

    private static func finish(_ process: Process) async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }

    /// A TCP port that nothing listens on now.
    static func freePort(in folder: Folder) async throws -> Int {
        let probe = """
            for port in $(shuf -i 20000-29999 -n 200); do
                (: </dev/tcp/127.0.0.1/$port) 2>/dev/null || { echo $port; exit 0; }
            done
            exit 1
            """
        let result = try await run(probe, in: folder)
        return try #require(Int(result.output.split(separator: "\n").first ?? ""))
    }
}

/// A folder of its own that goes with its owner.
final class Folder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "etm-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// An executable script of this name in a folder below.
    func program(_ name: String, in folder: String, _ text: String) throws {
        let place = url.appending(path: folder)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let file = place.appending(path: name)
        try Data("#!/bin/bash\n\(text)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
}
