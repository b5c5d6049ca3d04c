import CLI
import Crypto
import JSON
import Testing

@Suite struct AccountTests {
    private static let words =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"

    private func scratch(_ name: String = #function) throws -> Scratch {
        let scratch = try Scratch(name)
        TemporaryFolder.write("correct horse\n", to: "\(scratch.path)/pw")
        return scratch
    }

    private func keystore(_ scratch: Scratch) -> String { "\(scratch.path)/home/keystore" }

    @Test func aNewKeyIsReadableByItsOwnerOnly() throws {
        let scratch = try scratch()
        let run = scratch.run("account new --name savings --password-file \(scratch.path)/pw")
        #expect(run.exit == .done)
        #expect(TemporaryFolder.mode(keystore(scratch)) == "700")
        #expect(TemporaryFolder.mode("\(keystore(scratch))/savings.json") == "600")
        #expect(run.output.contains("created savings  A"))
    }

    @Test func offATerminalTheWordsAreNeverShown() throws {
        let scratch = try scratch()
        let run = scratch.run("account new --json --password-file \(scratch.path)/pw")
        #expect(try run.json["data"]?["words"] == "not shown")
        #expect(!run.output.contains("correct horse") && run.error.isEmpty)
    }

    @Test func wordsInAFileRebuildTheAccountAndAreTheOwnersOnly() throws {
        let scratch = try scratch()
        let file = "\(scratch.path)/words"
        let made = scratch.run("account new --json --password-file \(scratch.path)/pw --secret-file \(file)")
        #expect(TemporaryFolder.mode(file) == "600")
        var bytes = Array(try #require(TemporaryFolder.read(file)).utf8.dropLast())
        let secret = try AccountSecret(importing: &bytes)
        #expect(secret.isMnemonic)
        #expect(try made.json["data"]?["address"]?.string == secret.keyPair.address.description)
        #expect(!made.output.contains("abandon"))
    }

    @Test func anExistingSecretFileIsNotOverwrittenAndNoAccountIsMade() throws {
        let scratch = try scratch()
        TemporaryFolder.write("mine", to: "\(scratch.path)/words")
        let run = scratch.run(
            "account new --password-file \(scratch.path)/pw --secret-file \(scratch.path)/words")
        #expect(run.exit == .conflict)
        #expect(TemporaryFolder.read("\(scratch.path)/words") == "mine")
        #expect(!TemporaryFolder.exists("\(keystore(scratch))/main.json"))
    }

    @Test func atATerminalThePasswordIsAskedTwiceAndTheWordsAreShownOnce() throws {
        let scratch = try scratch()
        let run = scratch.run(["account", "new"], answers: ["long password", "long password"])
        #expect(run.exit == .done)
        #expect(run.error.contains("Recovery words"))
        #expect(!run.output.contains("Recovery words") && !run.error.contains("long password"))
        let differing = scratch.run(["account", "new", "--name", "b"], answers: ["one", "two"])
        #expect(differing.exit == .locked)
        #expect(!TemporaryFolder.exists("\(keystore(scratch))/b.json"))
    }

    @Test func withoutAPasswordNobodyIsAskedOffATerminalAndTheFlagIsNamed() throws {
        let run = try scratch().run("account new --json")
        #expect(run.exit == .locked)
        #expect(try run.failure["code"] == "PASSWORD_NEEDED")
        #expect(try run.failure["hint"]?.string?.contains("--password-file") == true)
    }

    @Test func noInputIsObeyedAtATerminal() throws {
        #expect(try scratch().run(["account", "new", "--no-input"], answers: ["a", "a"]).exit == .locked)
    }

    @Test func aTakenNameIsAConflict() throws {
        let scratch = try scratch()
        #expect(scratch.run("account new --password-file \(scratch.path)/pw").exit == .done)
        let again = scratch.run("account new --password-file \(scratch.path)/pw")
        #expect(again.exit == .conflict)
        #expect(again.error.contains("NAME_TAKEN"))
    }

    @Test(arguments: ["a/b", "..", ".hidden", "with-a-name-of-more-than-thirty-2c"])
    func aNameThatIsNoPlainWordIsRefused(_ name: String) throws {
        let scratch = try scratch()
        let run = scratch.run(["account", "new", "--name", name, "--password-file", "\(scratch.path)/pw"])
        #expect(run.exit == .usage)
        #expect(!TemporaryFolder.exists(keystore(scratch)))
    }

    @Test func anExportedKeyIsImportedElsewhereWithItsPasswordOnly() throws {
        let scratch = try scratch()
        let file = "\(scratch.path)/out.json"
        #expect(scratch.run("account new --name savings --password-file \(scratch.path)/pw").exit == .done)
        #expect(scratch.run("account export savings --out \(file)").exit == .done)
        #expect(TemporaryFolder.mode(file) == "600")
        TemporaryFolder.write("wrong\n", to: "\(scratch.path)/bad")
        let elsewhere = "--home \(scratch.path)/other"
        let refused = scratch.run(
            "account import \(file) \(elsewhere) --password-file \(scratch.path)/bad --json")
        #expect(refused.exit == .locked)
        #expect(try refused.failure["code"] == "CANNOT_UNLOCK")
        #expect(try refused.failure["message"]?.string?.contains("password") == false)
        #expect(
            scratch.run("account import \(file) \(elsewhere) --password-file \(scratch.path)/pw").exit
                == .done)
        #expect(TemporaryFolder.mode("\(scratch.path)/other/keystore/savings.json") == "600")
    }

    @Test func anExportNeverOverwrites() throws {
        let scratch = try scratch()
        TemporaryFolder.write("mine", to: "\(scratch.path)/out.json")
        _ = scratch.run("account new --name savings --password-file \(scratch.path)/pw")
        #expect(scratch.run("account export savings --out \(scratch.path)/out.json").exit == .conflict)
        #expect(TemporaryFolder.read("\(scratch.path)/out.json") == "mine")
    }

    @Test func wordsAreImportedFromAFile() throws {
        let scratch = try scratch()
        TemporaryFolder.write(Self.words + "\n", to: "\(scratch.path)/words")
        let run = scratch.run(
            "account import --name old --secret-file \(scratch.path)/words --password-file \(scratch.path)/pw --json"
        )
        var bytes = Array(Self.words.utf8)
        #expect(
            try run.json["data"]?["address"]?.string
                == AccountSecret(importing: &bytes).keyPair.address.description)
        #expect(!run.output.contains("abandon"))
    }

    @Test func aSecretWithoutChecksumNeedsAYes() throws {
        let scratch = try scratch()
        TemporaryFolder.write("an old phrase of any kind\n", to: "\(scratch.path)/words")
        let line = "account import --secret-file \(scratch.path)/words --password-file \(scratch.path)/pw"
        #expect(scratch.run(line).exit == .locked)
        #expect(scratch.run(line + " --yes").exit == .done)
    }

    @Test func theServiceManagersCredentialIsAPassword() throws {
        let scratch = try scratch()
        TemporaryFolder.write("secret\n", to: "\(scratch.path)/credentials/etm-password")
        scratch.environment.variables["CREDENTIALS_DIRECTORY"] = "\(scratch.path)/credentials"
        #expect(scratch.run("account new").exit == .done)
    }

    @Test func removingNeedsTheNameAgain() throws {
        let scratch = try scratch()
        _ = scratch.run("account new --name savings --password-file \(scratch.path)/pw")
        let unasked = scratch.run("account remove savings --json")
        #expect(unasked.exit == .locked)
        #expect(try unasked.failure["hint"] == "--confirm savings")
        #expect(scratch.run("account remove savings --confirm saving").exit == .usage)
        #expect(scratch.run(["account", "remove", "savings"], answers: ["no"]).exit == .interrupted)
        #expect(TemporaryFolder.exists("\(keystore(scratch))/savings.json"))
        #expect(scratch.run("account remove savings --confirm savings").exit == .done)
        #expect(!TemporaryFolder.exists("\(keystore(scratch))/savings.json"))
    }

    @Test func aDamagedKeyIsRefusedByItsPath() throws {
        let scratch = try scratch()
        TemporaryFolder.write("{}", to: "\(keystore(scratch))/broken.json")
        let run = scratch.run("account list")
        #expect(run.exit == .environment)
        #expect(run.error.contains("broken.json"))
    }

    @Test func aKeystoreThatOthersMayEnterIsRefused() throws {
        let scratch = try scratch()
        TemporaryFolder.makeDirectory(keystore(scratch))
        let run = scratch.run("account new --password-file \(scratch.path)/pw")
        #expect(run.exit == .locked)
        #expect(run.error.contains("chmod 700"))
    }

    @Test func anUnknownAccountNamesTheNearest() throws {
        let scratch = try scratch()
        _ = scratch.run("account new --name savings --password-file \(scratch.path)/pw")
        let run = scratch.run("account show savigns")
        #expect(run.exit == .notFound)
        #expect(run.error.contains("did you mean \"savings\"?"))
        #expect(scratch.run("account show savings").output.contains("public key"))
    }

    @Test func everyOutcomeOfAListIsMachineReadable() throws {
        let scratch = try scratch()
        _ = scratch.run("account new --name savings --password-file \(scratch.path)/pw")
        let accounts = try scratch.run("account list --json").json["data"]?["accounts"]
        #expect(accounts?[0]?["name"] == "savings")
        #expect(accounts?[0]?["key"] == "encrypted")
        #expect(accounts?[0]?["address"]?.string?.hasPrefix("A") == true)
    }
}
