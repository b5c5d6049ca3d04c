import CLI
import Foundation
import JSON
import Testing

/// `etm dapp test` as people and programs see it.
@Suite struct DAppTestTests {
    private static let opening = "import { describe, it, assert, fuzz, accounts, chain } from 'etm:test'\n"

    private func scratch(_ test: String?, _ name: String = #function) throws -> Scratch {
        let scratch = try Scratch(name)
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        scratch.environment.variables["ETM_TEMPLATES"] = "\(root)/templates"
        scratch.environment.variables["ETM_DAPP_WORKER"] =
            URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "etm-dapp-worker").path
        #expect(scratch.run("dapp new shop --dir \(scratch.path)").exit == .done)
        TemporaryFolder.remove("\(scratch.path)/shop/test")
        if let test {
            TemporaryFolder.write(Self.opening + test, to: "\(scratch.path)/shop/test/shop.test.js")
        }
        return scratch
    }

    private func run(_ scratch: Scratch, _ flags: String = "") -> Run {
        scratch.run("dapp test \(scratch.path)/shop \(flags)")
    }

    @Test func passingTestsEndWithTheClosingLine() throws {
        let scratch = try scratch("describe('shop', () => it('sells', () => chain.mine()))")
        let run = run(scratch)
        #expect(run.exit == .done, "\(run.error)")
        let lines = run.output.split(separator: "\n")
        #expect(lines.first == "test/shop.test.js")
        #expect(lines.dropFirst().first?.hasPrefix(" ✓ shop › sells ") == true)
        #expect(lines.last == "1 passed, 0 failed")
    }

    @Test func aFailureShowsWhyWhereAndHowToRepeatIt() throws {
        let scratch = try scratch("it('adds', () => {\n  assert.equal(1 + 1, 3)\n})\nit('is', () => {})")
        let run = run(scratch, "--seed 5")
        #expect(run.exit == .checksFailed)
        for part in [
            " ✗ adds ", "     expected  3\n", "     got       2\n", "     at test/shop.test.js:3:3\n",
            "       → 3 │   assert.equal(1 + 1, 3)\n",
        ] { #expect(run.output.contains(part), "\(run.output)") }
        #expect(run.output.hasSuffix("1 passed, 1 failed\n"))
        #expect(run.error.contains("--filter adds --seed 5"))
    }

    @Test func aRefusalShowsTheLineOfTheContractToo() throws {
        let scratch = try scratch("it('a', () => chain.call('hello.register', { name: '' }))")
        let run = run(scratch)
        #expect(run.output.contains("ContractError: a name has no spaces around it\n"), "\(run.output)")
        #expect(run.output.contains("     in contract/hello.js:7:44\n"), "\(run.output)")
        #expect(run.output.contains("       → 7 │   if (name.trim() !== name"))
        #expect(run.output.contains("     at test/shop.test.js:2:15\n"))
    }

    @Test func programsGetOneDocumentWhetherTestsPassOrFail() throws {
        let scratch = try scratch("it('a b', () => assert(false)); it('c', () => {})")
        let failed = run(scratch, "--json --seed 5")
        #expect(failed.exit == .checksFailed)
        #expect(try failed.failure["failed"] == 1)
        #expect(try failed.failure["tests"]?[0]?["failure"]?["at"]?["line"] == 2)
        let again = try failed.failure["tests"]?[0]?["again"]?.string
        #expect(again?.hasSuffix("--filter 'a b' --seed 5") == true)
        let passed = run(scratch, "--json --seed 5 --filter c --gas")
        #expect(passed.exit == .done)
        #expect(try passed.json["data"]?["passed"] == 1)
        #expect(try passed.json["data"]?["gas"] == [])
    }

    @Test func gasAndCoverageAreShownAndTheFileIsWritten() throws {
        let scratch = try scratch(
            "it('a', () => chain.call('hello.register', { name: 'ann' }))")
        let run = run(scratch, "--gas --coverage")
        #expect(run.exit == .done, "\(run.output)\(run.error)")
        #expect(run.output.contains("METHOD          CALLS  LEAST  MEDIAN   MOST"))
        #expect(run.output.contains("contract/hello.js"))
        let lcov = TemporaryFolder.read("\(scratch.path)/shop/coverage/lcov.info")
        #expect(lcov?.hasPrefix("TN:\nSF:contract/hello.js\n") == true)
    }

    @Test func aFolderWithoutTestsSaysHowToWriteOne() throws {
        let run = run(try scratch(nil))
        #expect(run.exit == .notFound)
        #expect(run.output.contains("// test/hello.test.js\nimport { describe"))
        #expect(run.error.contains("error[NO_TESTS]"))
        // What it shows can be run as it is, once the names are filled in.
        let shown = run.output.replacing("METHOD", with: "register").replacing(
            "ARGUMENT: 1", with: "name: 'ann'")
        let scratch = try scratch(nil, "shown")
        TemporaryFolder.write(shown, to: "\(scratch.path)/shop/test/hello.test.js")
        #expect(self.run(scratch).exit == .done)
    }

    @Test func aFilterThatLeavesNothingIsNotASuccess() throws {
        let run = run(try scratch("it('a', () => {})"), "--filter zebra")
        #expect(run.exit == .notFound)
        #expect(run.error.contains("zebra"))
    }

    @Test func aContractThatIsRefusedIsToldAsByCheck() throws {
        let scratch = try scratch("it('a', () => {})")
        TemporaryFolder.write("export const x = fetch\n", to: "\(scratch.path)/shop/contract/hello.js")
        let run = run(scratch, "--json")
        #expect(run.exit == .checksFailed)
        #expect(try run.failure["code"] == "CHECK_FAILED")
        #expect(try run.failure["at"]?["file"] == "contract/hello.js")
    }

    @Test func theSeedIsShownWhereChanceMatters() throws {
        let run = run(try scratch("fuzz('f', { n: 'uint' }, () => {})"), "--seed 41")
        #expect(run.output.contains("seed 41\n1 passed, 0 failed"))
    }

    @Test func aHangingTestIsToldWithItsLimit() throws {
        let run = run(try scratch("it('hangs', () => { for (;;) { } })"), "--limit 1s")
        #expect(run.exit == .checksFailed)
        #expect(run.output.contains("TooSlow: the test took longer than 1000 ms"))
    }

    @Test func watchingIsNotForPrograms() throws {
        #expect(run(try scratch("it('a', () => {})"), "--watch --json").exit == .usage)
    }

    @Test func testsStayOutOfTheBundle() throws {
        let scratch = try scratch("it('a', () => {})")
        let before = scratch.run("dapp check \(scratch.path)/shop --json")
        TemporaryFolder.remove("\(scratch.path)/shop/test")
        let after = scratch.run("dapp check \(scratch.path)/shop --json")
        #expect(try before.json["data"]?["bytes"] == after.json["data"]?["bytes"])
    }
}
