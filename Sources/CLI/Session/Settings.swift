internal import JSON
package import Primitives

/// What applies to one run: flag before environment before file before default.
package struct Settings: Sendable {
    /// The chain to work on; nil when nothing was said.
    package var chain: String?
    /// The node to speak to; nil for the devnet of the profile.
    package var node: String?
    /// Which devnet.
    package var profile = "default"
    /// Who sends and signs; nil when nothing was said.
    package var sender: String?
    /// The longest wait.
    package var timeout = Instant.Span.seconds(60)
    /// The folder that holds everything.
    package var home: String
    /// Consent was given on the command line.
    package var consents = false
    /// Stop after showing the plan.
    package var isDryRun = false
    /// Never ask.
    package var asksNothing = false
    /// The file that was read, if any.
    package var file: String?

    private static let keys = ["node", "profile", "chain", "from", "timeout"]

    /// Resolves the settings of an invocation.
    package init(_ invocation: Invocation, _ environment: Environment) throws(CommandFailure) {
        home = Self.home(flag: invocation.text("home"), environment)
        let path = invocation.text("config") ?? environment["ETM_CONFIG"]
        let values = try Self.read(path ?? Self.standardFile(environment), isRequired: path != nil)
        func value(_ key: String) -> String? {
            invocation.text(key) ?? environment["ETM_" + key.uppercased()] ?? values[key]
        }
        chain = value("chain")
        node = value("node")
        profile = value("profile") ?? profile
        sender = value("from")
        if let text = value("timeout") {
            guard let span = DurationText.parse(text) else {
                throw CommandFailure(
                    "BAD_SETTING", "timeout wants a time such as 30s, not \"\(text)\"",
                    hint: "--timeout 30s", exit: .environment)
            }
            timeout = span
        }
        consents = invocation.has("yes")
        isDryRun = invocation.has("dry-run")
        asksNothing = invocation.has("no-input")
    }

    /// The home: the flag, ETM_HOME, or the folder `etm` in the user's data directory.
    package static func home(flag: String?, _ environment: Environment) -> String {
        if let chosen = flag ?? environment["ETM_HOME"] { return Files.absolute(chosen) }
        if let data = environment["XDG_DATA_HOME"] { return "\(data)/etm" }
        return "\(environment["HOME"] ?? "/tmp")/.local/share/etm"
    }

    private static func standardFile(_ environment: Environment) -> String {
        let folder = environment["XDG_CONFIG_HOME"] ?? "\(environment["HOME"] ?? "/nonexistent")/.config"
        return "\(folder)/etm/config.json"
    }

    private static func read(_ path: String, isRequired: Bool) throws(CommandFailure) -> [String: String] {
        guard let bytes = try Files.read(path, most: 65_536) else {
            if !isRequired { return [:] }
            throw CommandFailure(
                "NO_CONFIG", "there is no file \(path)", hint: "--config FILE", exit: .environment)
        }
        let document: JSONDocument
        do {
            document = try JSONParser.parseWithPositions(bytes)
        } catch {
            throw CommandFailure(
                "BAD_CONFIG", "\(path): \(error)", hint: "it wants JSON such as {\"timeout\": \"30s\"}",
                exit: .environment)
        }
        var values: [String: String] = [:]
        for member in document.value.object?.members ?? [] {
            let place = document.keyPosition(of: [.key(member.key)])
            guard keys.contains(member.key), let text = member.value.string else {
                throw unknown(member.key, path, line: place?.line ?? 1)
            }
            values[member.key] = text
        }
        return values
    }

    private static func unknown(_ key: String, _ path: String, line: Int) -> CommandFailure {
        let problem =
            keys.contains(key)
            ? "\"\(key)\" wants a text" : "unknown key \"\(key)\"\(Suggestion.phrase(for: key, among: keys))"
        return CommandFailure(
            "BAD_CONFIG", "\(path):\(line): \(problem)", hint: "known keys: \(keys.joined(separator: ", "))",
            exit: .environment, place: SourcePlace(file: path, line: line))
    }
}
