import CLI
import JSON
import Testing

/// Holes of the original's handling of secrets (`docs/security.md`).
@Suite struct SecurityListTests {
    /// Hole 13: passphrases stood in request bodies, command lines and configuration files.
    @Test func noFlagOrArgumentTakesASecret() throws {
        let words = ["secret", "password", "passphrase", "mnemonic", "words", "private"]
        let reference = try Scratch().run("help --all").output
        try #require(reference.contains("--password-file"))
        for line in reference.split(separator: "\n") {
            for flag in line.split(whereSeparator: { " ,[]".contains($0) }) where flag.hasPrefix("--") {
                let name = flag.dropFirst(2)
                guard words.contains(where: { name.contains($0) }) else { continue }
                // What may be named is where a secret lies, never the secret.
                #expect(name.hasSuffix("-file") || name.hasSuffix("-fd"), "\(line)")
            }
        }
    }

    @Test func theEnvironmentGivesNoPasswordEither() throws {
        let scratch = try Scratch()
        scratch.environment.variables["ETM_PASSWORD"] = "open sesame"
        let run = scratch.run("account new --name alice --json")
        #expect(run.exit == .locked)
        #expect(!run.output.contains("sesame") && !run.error.contains("sesame"))
    }
}
