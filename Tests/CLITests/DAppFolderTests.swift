import CLI
import JSON
import Testing

@Suite struct DAppFolderTests {
    private func scratch(_ name: String = #function) throws -> Scratch {
        let scratch = try Scratch(name)
        let templates = "\(scratch.path)/templates"
        TemporaryFolder.write(
            "{\"name\": \"{{name}}\", \"description\": \"register a name\"}",
            to: "\(templates)/hello/etm.dapp.json")
        TemporaryFolder.write("// {{name}} {{names}} {{name}}\n", to: "\(templates)/hello/contract/hello.js")
        TemporaryFolder.write(Array("{{name}}".utf8) + [0, 0xFF], to: "\(templates)/hello/public/icon.bin")
        TemporaryFolder.write("{}", to: "\(templates)/token/etm.dapp.json")
        scratch.environment.variables["ETM_TEMPLATES"] = templates
        return scratch
    }

    private func target(_ scratch: Scratch, _ name: String) -> String { "\(scratch.path)/\(name)" }

    @Test func aTemplateIsCopiedWithItsNamePutIn() throws {
        let scratch = try scratch()
        let run = scratch.run("dapp new shop --template hello --dir \(scratch.path) --json")
        #expect(run.exit == .done, "\(run.output)")
        #expect(try run.json["data"]?["files"]?.array?.count == 5)
        let folder = target(scratch, "shop")
        #expect(TemporaryFolder.read("\(folder)/etm.dapp.json")?.contains("\"shop\"") == true)
        // Editors find the types of etm:dapp.
        #expect(
            TemporaryFolder.read("\(folder)/etm-dapp.d.ts")?.contains("declare module 'etm:dapp'") == true)
        #expect(TemporaryFolder.read("\(folder)/contract/hello.js") == "// shop {{names}} shop\n")
        #expect(TemporaryFolder.read("\(folder)/public/icon.bin")?.contains("{{name}}") == true)
    }

    @Test func aFolderThatHoldsSomethingIsAConflictAndStaysAsItIs() throws {
        let scratch = try scratch()
        TemporaryFolder.write("mine", to: "\(target(scratch, "shop"))/note")
        let run = scratch.run("dapp new shop --dir \(scratch.path)")
        #expect(run.exit == .conflict)
        #expect(!TemporaryFolder.exists("\(target(scratch, "shop"))/etm.dapp.json"))
    }

    @Test func anEmptyFolderIsFilled() throws {
        let scratch = try scratch()
        TemporaryFolder.makeDirectory(target(scratch, "shop"))
        #expect(scratch.run("dapp new shop --dir \(scratch.path)").exit == .done)
    }

    @Test func anUnknownTemplateIsNotFoundWithTheListAndTheNearest() throws {
        let scratch = try scratch()
        let run = scratch.run("dapp new shop --template helo --dir \(scratch.path) --json")
        #expect(run.exit == .notFound)
        #expect(try run.failure["templates"] == ["hello", "token"])
        #expect(try run.failure["message"]?.string?.contains("did you mean \"hello\"?") == true)
    }

    @Test func theListNeedsNoName() throws {
        let run = try scratch().run("dapp new --list")
        #expect(run.exit == .done)
        #expect(run.output.contains("hello  register a name"))
    }

    @Test(arguments: [
        ("ab", true), ("a", false), ("Shop", false), ("1shop", false), ("main", false), ("my-shop2", true),
    ])
    func aNameFollowsTheRuleOfChains(_ name: String, _ isGood: Bool) throws {
        let scratch = try scratch()
        #expect(
            scratch.run("dapp new \(name) --dir \(scratch.path) --dry-run").exit == (isGood ? .done : .usage))
        #expect(!TemporaryFolder.exists(target(scratch, name)))
    }

    @Test func aFolderWithoutManifestIsNoDApp() throws {
        let scratch = try scratch()
        let run = scratch.run("dapp check \(scratch.path)")
        #expect(run.exit == .notFound)
        #expect(run.error.contains("etm.dapp.json"))
    }

    @Test func aManifestThatIsNoJSONIsExitEightWithItsPlace() throws {
        let scratch = try scratch()
        TemporaryFolder.write("{\n  \"name\": \"shop\",,\n}", to: "\(scratch.path)/shop/etm.dapp.json")
        let run = scratch.run("dapp check \(scratch.path)/shop --json")
        #expect(run.exit == .checksFailed)
        #expect(try run.failure["at"]?["line"] == 2)
    }

    @Test(arguments: ["[1,2", "\"text\"", "7"])
    func argumentsThatAreNoObjectAreRefused(_ text: String) throws {
        let run = try scratch().run(["dapp", "call", "a.b", "--args", text, "--dapp", "shop"])
        #expect(run.exit == .usage)
        #expect(run.error.contains("--args"))
    }

    @Test(arguments: ["a", "a.b.c", ".b", "a."])
    func aCallIsAContractAndAMethod(_ word: String) throws {
        #expect(try scratch().run(["dapp", "call", word, "--dapp", "shop"]).exit == .usage)
    }

    @Test func whichDAppIsMeantMustBeClear() throws {
        let run = try scratch().run("dapp query names")
        #expect(run.exit == .usage)
        #expect(run.error.contains("--dapp NAME"))
    }
}
