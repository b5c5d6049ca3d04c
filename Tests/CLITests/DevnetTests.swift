import CLI
import Crypto
import Glibc
import JSON
import Ledger
import Primitives
import Synchronization
import Testing
import Transport

@Suite struct DevnetTests {
    private func scratch(_ name: String = #function) throws -> Scratch {
        let scratch = try Scratch(name)
        scratch.environment.variables["ETM_DAPP_WORKER"] = "/bin/true"
        return scratch
    }

    /// This process's number and its start time from the process table.
    private func startTicks() throws -> UInt64 {
        let text = try #require(TemporaryFolder.read("/proc/self/stat"))
        let fields = text[(try #require(text.lastIndex(of: ")")))...].split(separator: " ")
        return try #require(UInt64(fields[20]))
    }

    /// Writes the record of a devnet that this very process runs.
    private func record(_ scratch: Scratch, name: String, port: Int, url: String, ticks: UInt64? = nil) throws
    {
        let ticks = try ticks ?? startTicks()
        TemporaryFolder.write(
            """
            {"pid": \(getpid()), "pidStart": \(ticks), "port": \(port), "url": "\(url)", "seed": 42, "startedAt": 1}
            """, to: "\(scratch.path)/home/devnet/\(name)/devnet.json")
    }

    private func accounts(_ scratch: Scratch, name: String) {
        TemporaryFolder.write(
            "{\"accounts\": [{\"name\": \"alice\", \"address\": \"\", \"secret\": \"devnet 42 alice\"}]}",
            to: "\(scratch.path)/home/devnet/\(name)/accounts.json")
    }

    @Test func aPortInUseNamesTheProcessThatHoldsIt() throws {
        let server = HTTPServer(handler: SmallNode())
        try server.start()
        defer { server.stop() }
        let run = try scratch().run("devnet up --json --port \(server.port ?? 0)")
        #expect(run.exit == .conflict)
        #expect(try run.failure["code"] == "PORT_IN_USE")
        #expect(try run.failure["holder"]?["pid"]?.int == Int(getpid()))
    }

    @Test func aPortHeldByAnotherDevnetNamesItsFolder() throws {
        let server = HTTPServer(handler: SmallNode())
        try server.start()
        defer { server.stop() }
        let scratch = try scratch()
        try record(scratch, name: "other", port: Int(server.port ?? 0), url: "http://127.0.0.1:1")
        let run = scratch.run("devnet up --port \(server.port ?? 0)")
        #expect(run.exit == .conflict)
        #expect(
            run.error.contains("devnet \"other\": process \(getpid()), \(scratch.path)/home/devnet/other"))
    }

    @Test func aDevnetThatRunsIsNotStartedAgainNorReset() throws {
        let scratch = try scratch()
        try record(scratch, name: "default", port: 1, url: "http://127.0.0.1:1")
        #expect(try scratch.run("devnet up --json").failure["code"] == "ALREADY_RUNNING")
        #expect(scratch.run("devnet reset --yes").exit == .conflict)
        #expect(scratch.run("devnet list").output.contains("running"))
    }

    @Test func aReusedProcessNumberIsNotTakenForTheDevnet() throws {
        let scratch = try scratch()
        try record(scratch, name: "default", port: 1, url: "http://127.0.0.1:1", ticks: 1)
        #expect(try scratch.run("devnet list --json").json["data"]?["devnets"]?[0]?["state"] == "stopped")
        #expect(scratch.run("devnet down").output.contains("not running"))
        #expect(scratch.run("devnet reset --json").exit == .locked)
        #expect(scratch.run("devnet reset --yes").exit == .done)
        #expect(!TemporaryFolder.exists("\(scratch.path)/home/devnet/default"))
    }

    @Test(arguments: ["../escape", "a/b", ".hidden"])
    func aNameThatIsNoFolderOfItsOwnIsRefused(_ name: String) throws {
        #expect(try scratch().run(["devnet", "reset", "--yes", "--name", name]).exit == .usage)
    }

    @Test func withoutItsWorkerNothingStarts() throws {
        let scratch = try scratch()
        scratch.environment.variables["ETM_DAPP_WORKER"] = nil
        let run = scratch.run("devnet up")
        #expect(run.exit == .environment)
        #expect(run.error.contains("etm-dapp-worker"))
    }

    @Test func aTestAccountSendsWithoutPasswordButNotWithoutYes() throws {
        let scratch = try scratch()
        let node = SmallNode()
        try node.serve { url in
            try record(scratch, name: "default", port: 1, url: url)
            accounts(scratch, name: "default")
            let to = "--to AGLUrLHvcLRjfJf4nX4YSdDwjeDPGK7cbn --amount 1"
            #expect(scratch.run("transfer \(to)").exit == .locked)
            #expect(scratch.run("transfer \(to) --yes").exit == .done)
            #expect(scratch.run("dapp call hello.register --dapp hello").exit == .done)
            #expect(scratch.run("account list").output.contains("public test key of devnet default"))
        }
        #expect(node.state.withLock { $0.sent.count } == 2)
    }

    @Test func publicTestKeysAreNoAccountsOnAnyOtherNode() throws {
        let scratch = try scratch()
        try record(scratch, name: "default", port: 1, url: "http://127.0.0.1:1")
        accounts(scratch, name: "default")
        #expect(scratch.run("account show alice").exit == .done)
        #expect(scratch.run("account show alice --node http://127.0.0.1:2").exit == .notFound)
    }

    @Test func aPublicTestKeyIsNeitherExportedNorRemoved() throws {
        let scratch = try scratch()
        try record(scratch, name: "default", port: 1, url: "http://127.0.0.1:1")
        accounts(scratch, name: "default")
        #expect(scratch.run("account export alice --out \(scratch.path)/a").exit == .refused)
        #expect(scratch.run("account remove alice --confirm alice").exit == .refused)
        #expect(!scratch.run("account show alice --json").output.contains("devnet 42 alice"))
    }

    @Test func theLogOfADevnetIsPrintedLineByLine() throws {
        let scratch = try scratch()
        TemporaryFolder.write("one\ntwo", to: "\(scratch.path)/home/devnet/default/devnet.log")
        #expect(scratch.run("devnet logs").output == "one\ntwo\n")
        #expect(try scratch.run("devnet logs --json").json["data"]?["lines"] == ["one", "two"])
        #expect(scratch.run("devnet logs --name other").exit == .notFound)
    }
}
