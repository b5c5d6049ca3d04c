import Crypto
import Foundation
import JSON
import Ledger
import Node
import Primitives
import Staking
import Testing

@Suite(.serialized)
struct StakingTests {
    private func options(_ directory: TemporaryDirectory) -> DevnetOptions {
        var options = directory.options
        options.seats = 3
        options.workBits = 8
        return options
    }

    @Test
    func fourMinersShareThreeSeatsAndGoOnAfterARestart() throws {
        let directory = try TemporaryDirectory()
        var before: UInt64 = 0
        do {
            let network = try Network(options(directory))
            let lock = try network.transaction(.lock, LockPayload(amount: .etm(500)))
                .signed(by: network.key("alice"))
            #expect(try network.submit(lock).status == 202)
            #expect(try network.final(lock.id)["receipt"]?["status"] == "ok")
            let miner = try network.key("validator-2").publicKey
            let vote = try network.transaction(.vote, MinerPayload(miner: miner))
                .signed(by: network.key("alice"))
            #expect(try network.submit(vote).status == 202)
            #expect(try network.final(vote.id)["receipt"]?["status"] == "ok")
            let start = try network.height()
            before = try network.eventually { try network.height() >= start + 12 ? network.height() : nil }
            let conservation = try network.get("/v1/conservation").data
            #expect(conservation["ok"] == true && conservation["difference"] == "0")
            #expect(conservation["main"]?["minted"]?["units"] != "0")
            network.devnet.stop()
        }
        let network = try Network(options(directory))
        _ = try network.eventually { try network.height() > before + 8 ? true : nil }
        #expect(try network.get("/v1/conservation").data["ok"] == true)
        // Blocks were made, so somebody earned a reward beyond what the first block gave.
        let balances = try (1...4).map { try network.balance(network.key("validator-\($0)").address) }
        #expect(balances.reduce(0, +) > 4 * 100_000 * Amount.unitsPerETM)
    }

    @Test
    func lockingMoreThanThereIsIsRefusedWithFigures() throws {
        let directory = try TemporaryDirectory()
        let network = try Network(options(directory))
        let greedy = try network.transaction(.lock, LockPayload(amount: .etm(10_000)))
            .signed(by: network.key("alice"))
        let answer = try network.submit(greedy)
        #expect(answer.code == "INSUFFICIENT_BALANCE")
        #expect(answer.error["shortfall"] == "10000000")
        let early = try network.transaction(
            .vote, MinerPayload(miner: network.key("validator-1").publicKey)
        ).signed(by: network.key("bob"))
        #expect(try network.submit(early).code == "NOTHING_LOCKED")
    }

    @Test
    func optionsThatNoChainCanKeepAreRefused() throws {
        let directory = try TemporaryDirectory()
        var none = options(directory)
        none.seats = 0
        #expect(throws: DevnetFailure.self) { try Network(none) }
        var heavy = options(directory)
        heavy.workBits = 25
        #expect(throws: DevnetFailure.self) { try Network(heavy) }
    }
}
