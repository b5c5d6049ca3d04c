import Crypto
import JSON
import Ledger
import Node
import Primitives
import Randomness
import Staking
import Testing

/// Locks, votes, elections and rewards of a network that makes blocks by hand, asked like any user asks.
@Suite(.serialized)
struct EconomyTests {
    private static let length: UInt64 = 4

    private func network(_ directory: TemporaryDirectory) throws -> Network {
        var options = directory.options
        options.seats = 3
        options.mining = .manual
        options.unbonding = .seconds(3_600)
        return try Network(options)
    }

    /// Makes blocks until `height` is final.
    private func mine(to height: UInt64, _ network: Network) throws {
        while try network.height() < height {
            let count = try height - network.height()
            #expect(try network.post("/v1/devnet/mine", ["count": JSONValue(count)]).status == 200)
        }
        try #require(try network.height() == height)
    }

    /// Sends, and makes the block that it is in.
    private func send(
        _ kind: TransactionKind, _ payload: some Canonical, by name: String, fee: UInt64 = 10_000_000,
        _ network: Network
    ) throws -> JSONValue {
        let signed = try network.transaction(kind, payload, fee: fee).signed(by: network.key(name))
        let answer = try network.submit(signed)
        try #require(answer.status == 202, "\(answer.body)")
        try mine(to: network.height() + 1, network)
        let receipt = try #require(try network.final(signed.id)["receipt"])
        #expect(receipt["status"] == "ok", "\(receipt)")
        return receipt
    }

    private func stake(_ address: Address, _ network: Network) throws -> JSONValue {
        try network.get("/v1/stakes/\(address)").data
    }

    private func units(_ value: JSONValue?) throws -> UInt64 {
        try #require(value?["units"]?.string.flatMap { UInt64($0) })
    }

    @Test
    func aLockWeighsWhatItsPreviewSaidAndItsVoteCountsWithIt() throws {
        let directory = try TemporaryDirectory()
        let network = try network(directory)
        let alice = try network.key("alice")
        let days: UInt64 = 32 * 86_400_000
        let path = "/v1/stakes/\(alice.address)/preview?amount=\(Amount.etm(500))&after=\(days)"
        let preview = try network.get(path).data
        #expect(preview["timeGain"] == 32)
        #expect(try units(preview["without"]) == 0)
        let promised = try units(preview["with"])
        #expect(promised == Amount.etm(500).units * 32)

        _ = try send(.lock, LockPayload(amount: .etm(500)), by: "alice", network)
        #expect(try units(stake(alice.address, network)["weight"]) == Amount.etm(500).units)
        // A few seconds pass between the preview and the block; a slot more makes up for them.
        try network.post("/v1/devnet/time", ["add": JSONValue(days + 3_000)])
        let aged = try stake(alice.address, network)
        #expect(try units(aged["weight"]) == promised)
        #expect(aged["locks"]?[0]?["ageDays"] == 32 && aged["locks"]?[0]?["timeGain"] == 32)
        #expect(aged["counted"] == .some(.null))

        let miner = try network.key("validator-2").publicKey
        _ = try send(.vote, MinerPayload(miner: miner), by: "alice", network)
        let vote = try stake(alice.address, network)
        #expect(vote["vote"]?["name"] == "validator-2" && vote["counted"] == .some(.null))
        let end = (try network.height() / Self.length + 1) * Self.length
        try mine(to: end, network)
        let counted = try stake(alice.address, network)["counted"]
        #expect(counted?["name"] == "validator-2")
        #expect(try units(counted?["weight"]) == promised)
        let facts = try network.get("/v1/miners/validator-2").data
        #expect(
            try units(facts["votes"]) == promised
                + units(stake(network.key("validator-2").address, network)["counted"]?["weight"]))
    }

    @Test
    func aPreviewThatIsHalvedIsWhatAVoterOfAProducerGets() throws {
        let directory = try TemporaryDirectory()
        let network = try network(directory)
        let owner = try network.key("validator-1")
        try mine(to: Self.length, network)
        // Everybody who sits and produces loses half of its gain when the next round is settled.
        let days: UInt64 = 20 * 86_400_000
        try network.post("/v1/devnet/time", ["add": JSONValue(days)])
        let before = try stake(owner.address, network)
        try mine(to: 2 * Self.length, network)
        let round = try network.get("/v1/rounds/2").data
        let seats = round["settlement"]?["seats"]?.array ?? []
        let produced = seats.contains { $0["name"] == "validator-1" && $0["blocks"]?.uint64 ?? 0 > 0 }
        let after = try stake(owner.address, network)
        #expect(before["locks"]?[0]?["timeGain"] == 21)
        // An age of 20 days becomes (20 - 1) / 2: a gain of 1 + 9.
        #expect(after["locks"]?[0]?["timeGain"] == (produced ? 10 : 21))
        #expect(try units(after["counted"]?["weight"]) == units(after["weight"]))
    }

    @Test
    func everyRewardIsExplainedToTheUnitAndIsTheBalancesChange() throws {
        let directory = try TemporaryDirectory()
        let network = try network(directory)
        _ = try send(.lock, LockPayload(amount: .etm(700)), by: "alice", network)
        let miner = try network.key("validator-1").publicKey
        _ = try send(.vote, MinerPayload(miner: miner), by: "alice", network)
        let names = ["alice", "bob", "validator-1", "validator-2", "validator-3", "validator-4"]
        let addresses = try names.map { try network.key($0).address }
        // The bonus of a round is paid by the first block of the next: the height after a settlement.
        try mine(to: 2 * Self.length + 1, network)
        var earlier: [JSONValue] = []
        for round in UInt64(3)...5 {
            let before = try addresses.map { try network.balance($0) }
            try mine(to: round * Self.length + 1, network)
            for (index, address) in addresses.enumerated() {
                let reward = try network.get("/v1/stakes/\(address)/rewards").data
                #expect(
                    reward["round"]?.uint64 == round && reward["settledAt"]?.uint64 == round * Self.length)
                #expect(
                    try network.balance(address) - before[index] == units(reward["total"]),
                    "\(names[index]) in round \(round): \(reward)")
                if index == 0 { earlier.append(reward) }
            }
            let settlement = try network.get("/v1/rounds/\(round)").data["settlement"]
            // Four heights of the first stage mint 6 ETM each for producers, and 1 ETM each for voters.
            let rewards = try (settlement?["seats"]?.array ?? []).map { try units($0["reward"]) }
            #expect(rewards.reduce(0, +) == 24 * Amount.unitsPerETM)
            #expect(try units(settlement?["pool"]) == 4 * Amount.unitsPerETM)
        }
        #expect(try network.get("/v1/conservation").data["ok"] == true)
        // The past is explained as it was when it was the present.
        for (index, round) in (UInt64(3)...5).enumerated() {
            let path = "/v1/stakes/\(addresses[0])/rewards?round=\(round)"
            let reward = try network.get(path).data
            for part in ["forging", "voting", "total", "settlement"] {
                #expect(reward[part] == earlier[index][part], "\(part) of round \(round)")
            }
        }
        let open = try network.get("/v1/stakes/\(addresses[0])/rewards?round=6")
        #expect(open.status == 404 && open.error["message"]?.string?.contains("is open") == true)
    }

    @Test
    func everyDrawnRoundIsVerifiedAlsoLater() throws {
        let directory = try TemporaryDirectory()
        let network = try network(directory)
        let first = try network.get("/v1/rounds/current").data
        #expect(first["round"] == 1 && first["state"] == "open" && first["verified"] == .some(.null))
        #expect(first["members"]?.array?.count == 3 && first["settlement"] == .some(.null))
        try mine(to: 5 * Self.length, network)
        for round in 2...6 {
            let data = try network.get("/v1/rounds/\(round)").data
            #expect(data["verified"] == true && data["candidateCount"] == 4, "round \(round)")
            #expect(data["members"]?.array?.count == 3)
            #expect(data["state"] == (round == 6 ? "open" : "settled"))
            #expect(data["firstHeight"]?.uint64 == UInt64(round - 1) * Self.length + 1)
        }
        #expect(try network.get("/v1/rounds/1").data["settlement"]?["seats"]?.array?.count == 3)
        #expect(try network.get("/v1/rounds/7").status == 404)
        #expect(try network.get("/v1/rounds/0").code == "BAD_REQUEST")
    }

    @Test
    func releasedLocksComeBackAfterTheUnbondingTime() throws {
        let directory = try TemporaryDirectory()
        let network = try network(directory)
        let bob = try network.key("bob")
        _ = try send(.lock, LockPayload(amount: .etm(9)), by: "bob", network)
        let id = try #require(
            try stake(bob.address, network)["locks"]?[0]?["id"]?.string.flatMap { TransactionID(hex: $0) })
        _ = try send(.unlock, UnlockPayload(lock: id), by: "bob", network)
        let data = try stake(bob.address, network)
        #expect(data["locks"] == [] && data["releases"]?.array?.count == 1)
        #expect(data["releases"]?[0]?["amount"]?["display"] == "9.00000000 ETM")
        let before = try network.balance(bob.address)
        try network.post("/v1/devnet/time", ["add": 3_600_000])
        try mine(to: network.height() + 1, network)
        #expect(try network.balance(bob.address) - before == Amount.etm(9).units)
        #expect(try stake(bob.address, network)["releases"] == [])
    }

    @Test
    func aNodeGoesOverToTheNextOnionOfItsKey() throws {
        let directory = try TemporaryDirectory()
        let network = try network(directory)
        let key = try network.key("validator-3")
        let first = try #require(AccountOnion.onion(of: key, generation: 0))
        let next = try #require(AccountOnion.onion(of: key, generation: 1))
        #expect(first.anchor != next.anchor)
        let payload = NewAnchorPayload(miner: key.publicKey, anchor: Digest(next.anchor))
        _ = try send(.newAnchor, payload, by: "validator-3", network)
        let pending = try network.get("/v1/miners/validator-3").data["onion"]?["pending"]
        #expect(pending?[0]?["anchor"]?.string == Digest(next.anchor).hex && pending?[0]?["from"] == 3)
        try mine(to: 2 * Self.length, network)
        let fresh = try network.get("/v1/miners/validator-3").data
        #expect(fresh["onion"]?["layer"]?.string == Digest(next.anchor).hex)
        #expect(fresh["onion"]?["revealed"] == 0)
        // Two of three members are not enough to go on for long: it must lead, and reveal, again.
        while try network.get("/v1/miners/validator-3").data["onion"]?["revealed"] == 0 {
            try mine(to: network.height() + Self.length, network)
            try #require(try network.height() < 40 * Self.length)
        }
    }

    @Test
    func aMinerRegistersStandsTwoRoundsLaterAndResigns() throws {
        let directory = try TemporaryDirectory()
        let network = try network(directory)
        let alice = try network.key("alice")
        let rules = try #require(try network.get("/v1/chains/main").data["parameters"]?["elections"])
        #expect(rules["seats"] == 3 && rules["unbonding"] == 3_600_000)
        let bits = UInt8(try #require(rules["registrationBits"]?.uint64))
        let block = try #require(
            try network.get("/v1/chains/main").data["finalBlock"]?.string.flatMap { BlockID(hex: $0) })
        let onion = try #require(AccountOnion.onion(of: alice, generation: 0))
        let nonce = try #require(
            LightWork.search(
                RegisterMinerPayload.workBytes(block: block, miner: alice.publicKey), bits: bits,
                nonces: 0..<1 << 20))
        let payload = RegisterMinerPayload(
            miner: alice.publicKey, name: "north", anchor: Digest(onion.anchor), block: block, nonce: nonce)
        _ = try send(.registerMiner, payload, by: "alice", fee: Amount.etm(110).units, network)
        let facts = try network.get("/v1/miners/north").data
        #expect(facts["status"] == "registered" && facts["from"] == 3 && facts["number"] == 5)
        #expect(facts["deposit"]?["display"] == "1,000.00000000 ETM")
        #expect(try network.get("/v1/miners").data["count"] == 5)
        let page = try network.get("/v1/miners?after=1&limit=2").data
        #expect(page["miners"]?.array?.count == 2 && page["next"] == 3)
        _ = try send(.resignMiner, MinerPayload(miner: alice.publicKey), by: "alice", network)
        #expect(try network.get("/v1/miners/\(alice.publicKey.hex)").data["status"] == "resigned")
        #expect(try stake(alice.address, network)["releases"]?[0]?["kind"] == "deposit")
        #expect(try network.get("/v1/miners/nobody").status == 404)
    }

    @Test
    func aNetworkWithFixedMembersHasNoElections() throws {
        let directory = try TemporaryDirectory()
        let network = try Network(directory.options)
        let address = try network.key("alice").address
        for path in [
            "stakes/\(address)", "stakes/\(address)/preview?amount=1", "stakes/\(address)/rewards", "miners",
            "miners/x", "rounds/current",
        ] {
            let answer = try network.get("/v1/\(path)")
            #expect(answer.status == 409 && answer.code == "NO_ELECTIONS", "\(path)")
        }
    }
}
