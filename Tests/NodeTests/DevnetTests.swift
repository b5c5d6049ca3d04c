import Crypto
import Dispatch
import Foundation
import JSON
import Ledger
import Node
import Primitives
import Synchronization
import Testing

@Suite(.serialized)
struct DevnetTests {
    @Test
    func fourValidatorsGoOnWithTheSameHistoryAfterARestart() throws {
        let directory = try TemporaryDirectory()
        let before: (chain: ChainID, block: JSONValue, alice: UInt64)
        do {
            let network = try Network(directory.options)
            let final = try network.transfer(125, from: "alice", to: network.key("bob").address)
            let height = try #require(final["height"]?.uint64)
            before = (
                network.chain, try network.get("/v1/blocks/\(height)").data,
                try network.balance(network.key("alice").address)
            )
            network.devnet.stop()
        }
        let network = try Network(directory.options)
        let height = try #require(before.block["height"]?.uint64)
        #expect(network.chain == before.chain)
        _ = try network.eventually { try network.height() > height ? true : nil }
        #expect(try network.get("/v1/blocks/\(height)").data == before.block)
        #expect(try network.balance(network.key("alice").address) == before.alice)
        #expect(try network.get("/v1/conservation").data["ok"] == true)
    }

    @Test
    func transfersBecomeFinalWithExactBalancesAndNothingIsMadeOrLost() throws {
        let directory = try TemporaryDirectory()
        let network = try Network(directory.options)
        let (alice, bob) = (try network.key("alice").address, try network.key("bob").address)
        let receipt = try network.transfer(1_250_000_001, from: "alice", to: bob)["receipt"]
        #expect(receipt?["status"] == "ok" && receipt?["feePaid"]?["units"] == "10000000")
        #expect(try network.balance(alice) == 1_000_000_000_000 - 1_250_000_001 - 10_000_000)
        #expect(try network.balance(bob) == 1_000_000_000_000 + 1_250_000_001)
        let conservation = try network.get("/v1/conservation").data
        #expect(conservation["ok"] == true && conservation["difference"] == "0")
        #expect(conservation["main"]?["fees"]?["units"] == "10000000")
        #expect(conservation["main"]?["total"] == conservation["main"]?["genesis"])
    }

    @Test
    func whatBreaksTheRulesIsRefusedWithItsReason() throws {
        let directory = try TemporaryDirectory()
        let network = try Network(directory.options)
        let (alice, bob) = (try network.key("alice"), try network.key("bob").address)
        let balance: UInt64 = 1_000_000_000_000
        let modest = TransferPayload(recipient: bob, amount: Amount(units: 1))

        let all = TransferPayload(recipient: bob, amount: Amount(units: balance - 10_000_000 + 1))
        let greedy = try network.submit(network.transaction(.transfer, all).signed(by: alice))
        #expect(greedy.status == 422 && greedy.code == "INSUFFICIENT_BALANCE")
        #expect(greedy.error["balance"]?.string == "\(balance)")
        #expect(greedy.error["needed"]?.string == "\(balance + 1)")
        #expect(greedy.error["shortfall"] == "1")

        let first = try network.transaction(.transfer, modest).signed(by: alice)
        #expect(try network.submit(first).status == 202)
        #expect(try network.submit(first).code == "DUPLICATE")
        _ = try network.final(first.id)
        let replayed = try network.submit(first)
        #expect(replayed.status == 409 && replayed.code == "DUPLICATE")

        let late = try network.transaction(.transfer, modest, expiry: 1).signed(by: alice)
        _ = try network.eventually { try network.height() >= 1 ? true : nil }
        #expect(try network.submit(late).code == "EXPIRED")
        let far = try network.transaction(.transfer, modest, expiry: 1_000_000).signed(by: alice)
        #expect(try network.submit(far).code == "EXPIRY_TOO_FAR")
        let elsewhere = try network.transaction(.transfer, modest, on: .zero).signed(by: alice)
        #expect(try network.submit(elsewhere).code == "WRONG_CHAIN")
        let cheap = try network.submit(
            network.transaction(.transfer, modest, fee: 9_999_999).signed(by: alice))
        #expect(cheap.code == "FEE_TOO_LOW" && cheap.error["needed"] == "10000000")
        let forged = SignedTransaction(try network.transaction(.transfer, modest), signature: .zero)
        #expect(try network.submit(forged).code == "BAD_SIGNATURE")
        #expect(try network.balance(alice.address) == balance - 1 - 10_000_000)
    }

    @Test
    func theFaucetPays() throws {
        let directory = try TemporaryDirectory()
        let network = try Network(directory.options)
        let stranger = Address(1, 2, 3)
        let answer = try network.post(
            "/v1/devnet/faucet", ["address": .string("\(stranger)"), "amount": "123"])
        #expect(answer.status == 202)
        _ = try network.final(try #require(answer.data["id"]?.string.flatMap { TransactionID(hex: $0) }))
        #expect(try network.balance(stranger) == 123)
        let greedy = try network.post(
            "/v1/devnet/faucet", ["address": .string("\(stranger)"), "amount": "100000000000001"])
        #expect(greedy.status == 400)
    }
}

@Suite(.serialized)
struct TimeTests {
    @Test(arguments: [Mining.instant, .interval])
    func timeTravelMovesTheWholeNetworkAndOutlastsARestart(mining: Mining) throws {
        let directory = try TemporaryDirectory()
        var options = directory.options
        options.mining = mining
        let month: UInt64 = 32 * 86_400_000
        func time(_ network: Network) throws -> UInt64 {
            let transfer = try network.transfer(1, from: "alice", to: Address(9, 9, 9))
            let height = try #require(transfer["height"]?.uint64)
            let block = try network.get("/v1/blocks/\(height)").data
            return try #require(block["time"]?.uint64)
        }
        var after: UInt64 = 0
        do {
            let network = try Network(options)
            let before = try time(network)
            let answer = try network.post("/v1/devnet/time", ["add": JSONValue(month)])
            #expect(try #require(answer.data["time"]?.uint64) >= before + month)
            after = try time(network)
            #expect(after >= before + month)
            #expect(try network.post("/v1/devnet/time", ["add": 0]).code == "BAD_REQUEST")
            #expect(try network.post("/v1/devnet/time", ["add": JSONValue(UInt64.max)]).code == "BAD_REQUEST")
        }
        #expect(try time(Network(options)) > after)
    }
}

@Suite(.serialized)
struct MiningTests {
    @Test
    func blocksByHandAreExactlyAsManyAsAskedFor() throws {
        let directory = try TemporaryDirectory()
        var options = directory.options
        options.mining = .manual
        let network = try Network(options)
        #expect(try network.get("/readyz").status == 200)
        #expect(try network.height() == 0)
        for expected in 1...5 as ClosedRange<UInt64> {
            #expect(try network.post("/v1/devnet/mine", ["count": 1]).data["height"]?.uint64 == expected)
        }
        #expect(try network.post("/v1/devnet/mine", ["count": 7]).data["height"]?.uint64 == 12)
        let bob = try network.key("bob").address
        let payload = TransferPayload(recipient: bob, amount: Amount(units: 5))
        let signed = try network.transaction(.transfer, payload).signed(by: network.key("alice"))
        #expect(try network.submit(signed).status == 202)
        #expect(try network.get("/v1/transactions/\(signed.id)").data["state"] == "pending")
        #expect(try network.post("/v1/devnet/mine").data["height"] == 13)
        let shown = try network.get("/v1/transactions/\(signed.id)").data
        #expect(shown["state"] == "final" && shown["height"] == 13)
    }

    @Test
    func ordersForBlocksAtTheSameTimeEachGetTheirOwn() throws {
        let directory = try TemporaryDirectory()
        var options = directory.options
        options.mining = .manual
        let network = try Network(options)
        let heights = Mutex<[UInt64]>([])
        DispatchQueue.concurrentPerform(iterations: 3) { _ in
            let height = try? network.post("/v1/devnet/mine", ["count": 2]).data["height"]?.uint64
            heights.withLock { $0.append(height ?? 0) }
        }
        #expect(heights.withLock { $0.max() } == 6)
    }

    @Test(arguments: [1, 4])
    func blocksOnDemandComeWithEachTransactionAndNotOtherwise(validators: Int) throws {
        let directory = try TemporaryDirectory()
        var options = directory.options
        options.mining = .instant
        options.validators = validators
        let network = try Network(options)
        #expect(try network.height() == 0)
        let bob = try network.key("bob").address
        for count in 1...3 as ClosedRange<UInt64> {
            let height = try #require(try network.transfer(10, from: "alice", to: bob)["height"]?.uint64)
            // Where members time out on a busy machine, an empty block may help a full one to become final.
            if validators == 1 { #expect(height == count) } else { #expect(height >= count) }
        }
        #expect(try network.post("/v1/devnet/mine").code == "NOT_MANUAL")
    }

    @Test(arguments: [1, 4])
    func anIdleChainOnDemandStaysAsItIs(validators: Int) throws {
        let directory = try TemporaryDirectory()
        var options = directory.options
        options.mining = .instant
        options.validators = validators
        let network = try Network(options)
        let bob = try network.key("bob").address
        let last = try #require(try network.transfer(10, from: "alice", to: bob)["height"]?.uint64)
        // Longer than the patience after which a cause that still stands would count again.
        try? network.follow(within: .seconds(2)) { _ in false }
        #expect(try network.height() <= last + (validators == 1 ? 0 : 1))
    }

    @Test
    func aTransactionThatCannotBePaidAnyMoreMakesNoFurtherBlocks() throws {
        let directory = try TemporaryDirectory()
        var options = directory.options
        options.mining = .instant
        options.validators = 1
        let network = try Network(options)
        let alice = try network.key("alice")
        let bob = try network.key("bob").address
        // Both are affordable when they come; only one of them is in the end.
        let payload = TransferPayload(recipient: bob, amount: .etm(9_000))
        let pair = try (0..<2).map { _ in try network.transaction(.transfer, payload).signed(by: alice) }
        let answers = try pair.map { try network.submit($0) }
        _ = try network.final(pair[0].id)
        _ = try network.eventually {
            try network.get("/v1/status").data["mempool"]?["count"] == 0 ? true : nil
        }
        #expect(answers[0].status == 202)
        #expect(try network.balance(alice.address) == 100_000_000_000 - 10_000_000)
        let height = try network.transfer(1, from: "bob", to: alice.address)["height"]?.uint64
        #expect(try #require(height) <= 4)
    }
}
