import Crypto
import DAppRuntime
import Foundation
import JSON
import Ledger
import Node
import Primitives
import Randomness
import Sidechains
import Testing

/// A lottery on a DApp's chain, drawn from the main chain's time towers by four validators with workers of their own.
@Suite(
    .serialized,
    .enabled("the worker program was not built") {
        FileManager.default.isExecutableFile(atPath: Place.worker)
    })
struct DrawJourneyTests {
    private func register(on network: Network) throws -> ChainID {
        let folder = Place.root.appendingPathComponent("templates/lottery")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter(
            DAppBundle.isAllowed)
        let bundle = try DAppBundle(
            files: paths.map { ($0, Array(try Data(contentsOf: folder.appendingPathComponent($0)))) })
        let keys = try (1...4).map { try network.key("validator-\($0)").publicKey }
        let registration = Registration(
            name: "lottery", validators: try #require(MemberSet(keys)),
            consensus: ConsensusParameters(
                leaderRule: .roundRobin, pacing: .onDemand(heartbeat: .seconds(600)), roundLength: 4,
                interval: .init(milliseconds: 200), delta: .init(milliseconds: 300)),
            limits: BlockLimits(transactions: 100, bytes: 65_536, gas: 50_000_000, callGas: 20_000_000),
            fees: FeeSchedule(
                currency: .etm, base: .zero, registration: .zero, registrationDeposit: .zero,
                perKilobyte: .zero, gasPrice: .zero),
            bundle: bundle.encoded)
        let signed = try network.transaction(.registerDApp, registration, fee: 10_100_000_000)
            .signed(by: network.key("alice"))
        #expect(try network.submit(signed).status == 202)
        #expect(try network.final(signed.id)["receipt"]?["status"] == "ok")
        _ = try network.eventually {
            try network.get("/v1/chains/lottery").data["state"] == "running" ? true : nil
        }
        return SideChainRecord.chainID(of: signed.id)
    }

    private func call(
        _ method: String, _ arguments: String, by name: String = "bob", on network: Network, _ chain: ChainID
    ) throws -> JSONValue {
        let payload = CallPayload(
            contract: "lottery", method: method, arguments: Array(arguments.utf8), gasLimit: 10_000_000)
        let expiry = try network.height(of: "lottery") + 500
        let signed = try network.transaction(.call, payload, fee: 0, on: chain, expiry: expiry)
            .signed(by: network.key(name))
        let answer = try network.submit(signed, on: "lottery")
        #expect(answer.status == 202, "\(answer.body)")
        let receipt = try network.final(signed.id, on: "lottery")["receipt"]
        return try #require(receipt)
    }

    @Test func aDrawFollowsFromARoundThatBeganAfterTheCommitment() throws {
        let directory = try TemporaryDirectory()
        let network = try Network(directory.options)
        let chain = try register(on: network)
        #expect(try call("open", #"{"price":"0"}"#, on: network, chain)["returned"]?["id"] == 1)
        for name in ["alice", "bob", "carol"] {
            #expect(try call("enter", #"{"id":1}"#, by: name, on: network, chain)["status"] == "ok")
        }
        let closed = try call("close", #"{"id":1}"#, on: network, chain)
        let after = try #require(closed["returned"]?["after"]?.uint64)
        let early = try call("draw", #"{"id":1}"#, on: network, chain)
        #expect(early["error"]?["code"] == "NOT_READY", "\(early)")

        // The side chain stays idle: an open ticket is no cause for a block.
        let idle = try network.height(of: "lottery")
        try network.post("/v1/devnet/time", ["add": 10_000])
        let ready = try network.eventually {
            let pool = try network.get("/v1/chains/lottery/query/pool/1").data["result"]
            return pool?["ready"] == true ? pool : nil
        }
        #expect(ready["after"]?.uint64 == after)
        #expect(try network.height(of: "lottery") == idle)

        let drawn = try call("draw", #"{"id":1}"#, by: "carol", on: network, chain)
        #expect(drawn["status"] == "ok", "\(drawn)")
        let round = try #require(drawn["returned"]?["round"]?.uint64)
        let tower = try network.get("/v1/random/towers/\(round)").data
        let before = try network.get("/v1/random/towers/\(round - 1)").data
        // The first round that opened after the ticket's time.
        #expect(try #require(tower["record"]?["opened"]?.uint64) > after)
        #expect(try #require(before["record"]?["opened"]?.uint64) <= after)
        #expect(tower["output"] == tower["record"]?["output"])

        let output = try #require(tower["output"]?.string.flatMap { Digest(hex: $0) })
        let tag = HashTag("ETM/dapp-random/1")
        var seed = tag.begin()
        seed.update(output.bytes)
        seed.update(chain.bytes)
        seed.update(Array("pool 1".utf8))
        var stream = HashStream(seed: seed.finish().bytes, tag: tag)
        let name = ["alice", "bob", "carol"][Int(stream.below(3))]
        #expect(drawn["returned"]?["winner"]?.string == "\(try network.key(name).address)")
        #expect(try call("draw", #"{"id":1}"#, on: network, chain)["status"] == "failed")
    }

    @Test func publishedTowersStandOnTheBeaconsOfTheirRound() throws {
        let directory = try TemporaryDirectory()
        let network = try Network(directory.options)
        _ = try network.eventually { try network.height() >= 9 ? true : nil }
        let data = try network.get("/v1/random/towers/2").data
        let values = try #require(data["values"]?.array).compactMap(\.string)
        for (place, value) in values.enumerated() {
            #expect(try network.get("/v1/blocks/\(5 + place)").data["beacon"]?.string == value)
        }
        let input = try #require(
            TowerInput(values: values.compactMap { Digest(hex: $0)?.bytes }, height: Height(8)))
        #expect(data["output"]?.string == Digest(TimeTower(over: input, profile: .test).output).hex)
        // The output is provable under a final state root.
        let key = try #require(data["key"]?.string)
        let proof = try network.get("/v1/proof/\(key)").data
        #expect(proof["value"]?.string?.contains(data["output"]?.string ?? "none") == true)
        #expect(try network.get("/v1/random/towers/latest").status == 200)
        #expect(try network.get("/v1/random/towers/100000").status == 404)
        #expect(try network.get("/v1/random/towers/x").status == 400)
        let asked = TowerThread.shared.statistics
        #expect(asked.begun > 0 && asked.ready > 0)
    }
}

/// A network whose towers take longer than a block, and seed the draw after the next.
@Suite(.serialized) struct DelayedTowerTests {
    private func options(_ directory: TemporaryDirectory) -> DevnetOptions {
        var options = directory.options
        options.seats = 3
        options.tower = .init(lookups: 8, hashes: 100_000, kind: .delayed)
        return options
    }

    private func check(_ round: UInt64, on network: Network) throws {
        let drawn = try network.eventually {
            let data = try network.get("/v1/rounds/\(round)").data
            return data["round"]?.uint64 == round ? .some(data) : Optional.none
        }
        let tower = try network.get("/v1/random/towers/\(round - 2)").data
        #expect(drawn["beacon"] == tower["output"])
        #expect(drawn["verified"] == true)
        #expect(tower["record"]?["known"]?.uint64 == 4 * (round - 1))
        #expect(tower["tower"]?["kind"] == "delayed")
    }

    @Test func electionsUseTheTowerOfTheRoundBeforeTheLastAlsoAfterARestart() throws {
        let directory = try TemporaryDirectory()
        let height: UInt64
        do {
            let network = try Network(options(directory))
            for round in 3...5 as ClosedRange<UInt64> { try check(round, on: network) }
            height = try network.height()
            network.devnet.stop()
        }
        let again = try Network(options(directory))
        let round = height / 4 + 4
        try check(round, on: again)
        #expect(try again.height() > height)
    }
}
