import Crypto
import DAppRuntime
import Dispatch
import Foundation
import JSON
import Ledger
import Node
import Primitives
import Sidechains
import Testing

/// A DApp's own chain from its registration to its worker's death, through the interface alone.
@Suite(
    .serialized,
    .enabled("the worker program was not built") {
        FileManager.default.isExecutableFile(atPath: Place.worker)
    })
struct SidechainJourneyTests {
    private func bundle() throws -> [UInt8] {
        let folder = Place.root.appendingPathComponent("templates/hello")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter(
            DAppBundle.isAllowed)
        return try DAppBundle(
            files: paths.map { ($0, Array(try Data(contentsOf: folder.appendingPathComponent($0)))) }
        ).encoded
    }

    /// Registers the template "hello" and waits until its chain runs.
    private func register(on network: Network) throws -> ChainID {
        let keys = try (1...4).map { try network.key("validator-\($0)").publicKey }
        let registration = Registration(
            name: "hello", validators: try #require(MemberSet(keys)),
            consensus: ConsensusParameters(
                leaderRule: .roundRobin, pacing: .onDemand(heartbeat: .seconds(600)), roundLength: 4,
                interval: .init(milliseconds: 200), delta: .init(milliseconds: 300)),
            limits: BlockLimits(transactions: 100, bytes: 65_536, gas: 50_000_000, callGas: 20_000_000),
            fees: FeeSchedule(
                currency: .etm, base: .zero, registration: .zero, registrationDeposit: .zero,
                perKilobyte: .zero, gasPrice: .zero),
            bundle: try bundle())
        let signed = try network.transaction(.registerDApp, registration, fee: 10_100_000_000)
            .signed(by: network.key("alice"))
        let answer = try network.submit(signed)
        #expect(answer.status == 202, "\(answer.body)")
        #expect(try network.final(signed.id)["receipt"]?["status"] == "ok")
        _ = try network.eventually {
            try network.get("/v1/chains/hello").data["state"] == "running" ? true : nil
        }
        return SideChainRecord.chainID(of: signed.id)
    }

    private func deposit(_ amount: Amount, into chain: ChainID, on network: Network) throws {
        let bob = try network.key("bob")
        let payload = DepositPayload(chain: chain, recipient: bob.address, amount: amount)
        let signed = try network.transaction(.deposit, payload).signed(by: bob)
        #expect(try network.submit(signed).status == 202)
        _ = try network.eventually {
            try network.get("/v1/chains/hello/deposits/\(signed.id)").data["state"] == "credited" ? true : nil
        }
    }

    private func call(
        _ method: String, _ arguments: String, on network: Network, chain: ChainID
    ) throws -> JSONValue {
        let payload = CallPayload(
            contract: "hello", method: method, arguments: Array(arguments.utf8), gasLimit: 10_000_000)
        let expiry = try network.height(of: "hello") + 500
        let signed = try network.transaction(.call, payload, fee: 0, on: chain, expiry: expiry)
            .signed(by: network.key("bob"))
        let answer = try network.submit(signed, on: "hello")
        #expect(answer.status == 202, "\(answer.body)")
        return try network.final(signed.id, on: "hello")
    }

    private func withdraw(_ amount: Amount, from chain: ChainID, on network: Network) throws {
        let payload = WithdrawPayload(recipient: try network.key("carol").address, amount: amount)
        let expiry = try network.height(of: "hello") + 500
        let signed = try network.transaction(.withdraw, payload, fee: 0, on: chain, expiry: expiry)
            .signed(by: network.key("bob"))
        #expect(try network.submit(signed, on: "hello").status == 202)
        let paid = try network.eventually {
            let data = try network.get("/v1/chains/hello/withdrawals/\(signed.id)").data
            return data["state"] == "paid" ? .some(data) : Optional.none
        }
        #expect(paid["claim"]?.string != nil)
    }

    private func conserved(_ network: Network) throws -> JSONValue {
        try network.eventually {
            let data = try network.get("/v1/conservation").data
            return data["ok"] == true ? .some(data) : Optional.none
        }
    }

    @Test
    func aDAppLivesOnItsOwnChain() throws {
        let directory = try TemporaryDirectory()
        var options = directory.options
        // Under a name of its own, so that other tests' workers are not taken for this network's.
        options.workerPath = directory.path + "/worker"
        try FileManager.default.createSymbolicLink(
            atPath: options.workerPath, withDestinationPath: Place.worker)
        let network = try Network(options)
        let chain = try register(on: network)
        try deposit(.etm(50), into: chain, on: network)
        let bob = try network.key("bob").address
        #expect(try network.balance(bob, on: "hello") == 5_000_000_000)

        let registered = try call("register", "{\"name\":\"ann\"}", on: network, chain: chain)
        #expect(registered["receipt"]?["status"] == "ok", "\(registered)")
        #expect(registered["receipt"]?["returned"] == ["name": "ann", "owner": .string("\(bob)")])
        let greeting = try network.get("/v1/chains/hello/query/greeting/ann").data["result"]
        #expect(greeting?["text"] == "Hello, ann!" && greeting?["owner"]?.string == "\(bob)")
        #expect(try network.get("/v1/chains/hello/query/greeting/nobody").status == 422)
        let rows = try network.get("/v1/chains/hello/state/Name").data["rows"]
        #expect(rows?.array?.count == 1 && rows?[0]?.description.contains("ann") == true)
        #expect(try network.get("/v1/chains/hello/dapp").data["contracts"]?.array?.count == 2)

        let refused = try call("register", "{\"name\":\"ann\"}", on: network, chain: chain)
        #expect(refused["receipt"]?["status"] == "failed")
        #expect(refused["receipt"]?["error"]?["at"]?["file"] == "contract/hello.js")

        try withdraw(.etm(20), from: chain, on: network)
        let conservation = try conserved(network)
        #expect(conservation["chains"]?[0]?["escrow"]?["units"] == "3000000000")
        #expect(conservation["chains"]?[0]?["sideSupply"]?["units"] == "3000000000")

        try stopAndStart(network, chain)
        try surviveKilledWorkers(options.workerPath, network, chain)
        _ = try conserved(network)
    }

    private func stopAndStart(_ network: Network, _ chain: ChainID) throws {
        let height = try network.height(of: "hello")
        #expect(try network.post("/v1/chains/hello/stop").data["state"] == "stopped")
        #expect(try network.get("/v1/chains/hello").data["state"] == "stopped")
        let main = try network.height()
        _ = try network.eventually { try network.height() > main ? true : nil }
        #expect(try network.post("/v1/chains/hello/start").status == 200)
        _ = try network.eventually {
            try network.get("/v1/chains/hello").data["state"] == "running" ? true : nil
        }
        #expect(try network.height(of: "hello") >= height)
        let shown = try call("register", "{\"name\":\"bea\"}", on: network, chain: chain)
        #expect(shown["receipt"]?["status"] == "ok")
    }

    private func surviveKilledWorkers(_ path: String, _ network: Network, _ chain: ChainID) throws {
        let workers = try processes(running: path)
        #expect(workers.count >= 4)
        for worker in workers { kill(worker, SIGKILL) }
        let shown = try call("register", "{\"name\":\"cid\"}", on: network, chain: chain)
        #expect(shown["receipt"]?["status"] == "ok")
        let greeting = try network.get("/v1/chains/hello/query/greeting/cid")
        #expect(greeting.data["result"]?["text"] == "Hello, cid!", "\(greeting.body)")
    }
}

/// The processes that were started by this path.
private func processes(running path: String) throws -> [Int32] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { name in
        guard let process = Int32(name),
            let words = FileManager.default.contents(atPath: "/proc/\(process)/cmdline")
        else { return nil }
        return Array(words).starts(with: Array(path.utf8) + [0]) ? process : nil
    }
}
