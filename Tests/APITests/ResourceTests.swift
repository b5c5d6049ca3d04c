import API
import Crypto
import JSON
import Ledger
import Primitives
import Sidechains
import Testing
import Transport

struct ResourceTests {
    @Test
    func aNodeSaysWhatItIsAndWhereAllValueIs() throws {
        let node = try LiveNode()
        #expect(try node.get("/healthz").data == "ok")
        #expect(try node.get("/readyz").status == 200)
        let status = try node.get("/v1/status").data
        #expect(status["software"] == "etm" && status["version"] == "0.0.7" && status["network"] == "devnet")
        #expect(status["chain"]?["name"] == "main" && status["chain"]?["final"] == 1)
        #expect(status["validators"]?.array?.count == 4)
        #expect(status["validators"]?[0]?["name"] == "validator-1")
        #expect(status["mempool"]?["count"] == 0 && status["transactionLife"] == 1_200)
        #expect(status["chains"]?.array?.compactMap { $0["name"]?.string } == ["main", "hello"])
        #expect(status["conservation"] == (try node.get("/v1/conservation").data))
        #expect(status["conservation"]?["ok"] == true && status["conservation"]?["difference"] == "0")
        #expect(status["fees"]?["registerDApp"]?["units"] == "10000000000")
    }

    @Test
    func aNodeThatIsNotReadySaysWhy() throws {
        let node = try LiveNode()
        node.side.set(.starting)
        let answer = try node.get("/readyz")
        #expect(answer.status == 503 && answer.code == "NOT_READY")
        #expect(answer.error["reasons"] == ["chain hello is starting"])
    }

    @Test
    func chainsAreShownByNameAndById() throws {
        let node = try LiveNode()
        let list = try node.get("/v1/chains").data
        #expect(list.array?.count == 2 && list[1]?["kind"] == "side" && list[1]?["state"] == "running")
        let side = try node.get("/v1/chains/hello").data
        #expect(side == (try node.get("/v1/chains/\(node.side.spec.id)").data))
        #expect(side["id"]?.string == node.side.spec.id.hex)
        #expect(side["owner"]?.string == key(1).address.description && side["registeredAt"] == 1)
        #expect(side["token"]?["symbol"] == "GOLD" && side["token"]?["supply"]?["display"] == "77.00 GOLD")
        #expect(side["supply"]?[0]?["units"] == "0" && side["supply"]?[1]?["units"] == "7700")
        #expect(side["limits"]?["callGas"] == 100_000)
        let main = try node.get("/v1/chains/main").data
        #expect(main["supply"]?[0]?["units"] == "490000000000")
        let missing = try node.get("/v1/chains/nobody")
        #expect(missing.status == 404 && missing.code == "NOT_FOUND" && missing.error["hint"] != nil)
    }

    @Test
    func aChainOfFixedMembersHasNoElections() throws {
        let node = try LiveNode()
        let stake = "/v1/stakes/\(key(1).address)"
        for path in [
            stake, "\(stake)/preview?amount=1&after=5", "\(stake)/rewards?round=2", "/v1/miners?limit=2",
            "/v1/miners/x", "/v1/rounds/current",
        ] {
            let answer = try node.get(path)
            #expect(answer.status == 409 && answer.code == "NO_ELECTIONS", "\(path)")
        }
        #expect(try node.get("/v1/chains/main").data["parameters"]?["elections"] == .some(.null))
        let description = try JSONParser.parse(try node.send(.get, "/v1/openapi.json").body)
        #expect(description["paths"]?["/v1/stakes/{address}/preview"]?["get"] != nil)
    }

    @Test
    func aStoppedChainStillAnswersAndSaysSo() throws {
        let node = try LiveNode()
        let stopped = try node.post("/v1/chains/hello/stop", [:])
        #expect(stopped.status == 200 && stopped.data["state"] == "stopped")
        #expect(try node.get("/v1/chains/hello").data["state"] == "stopped")
        #expect(try node.get("/v1/chains/hello/blocks/latest").status == 200)
        #expect(try node.submit(node.transfer(1), to: "hello").status == 503)
        #expect(try node.post("/v1/chains/hello/start", [:]).data["state"] == "starting")
        #expect(try node.post("/v1/chains/main/stop", [:]).status == 404)
    }

    @Test
    func blocksAreListedNewestFirstDownToGenesis() throws {
        let node = try LiveNode()
        for _ in 0..<4 { try node.main.make() }
        func heights(_ query: String) throws -> [UInt64] {
            let blocks = try node.get("/v1/blocks\(query)").data["blocks"]?.array ?? []
            return blocks.compactMap { $0["height"]?.uint64 }
        }
        #expect(try heights("") == [5, 4, 3, 2, 1, 0])
        #expect(try heights("?limit=2") == [5, 4])
        #expect(try heights("?before=3&limit=100") == [2, 1, 0])
        #expect(try heights("?before=1") == [0])
        #expect(try heights("?before=0") == [])
        #expect(try heights("?before=18446744073709551615&limit=1") == [5])
        for query in ["limit=0", "limit=101", "limit=+5", "limit=05", "limit=", "before=-1", "before=1e3"] {
            let answer = try node.get("/v1/blocks?\(query)")
            #expect(answer.status == 400 && answer.code == "BAD_REQUEST", "\(query)")
        }
    }

    @Test
    func aBlockIsShownByHeightByIdAndAsTheLatest() throws {
        let node = try LiveNode()
        let signed = node.transfer(5)
        #expect(try node.submit(signed).status == 202)
        let final = try node.main.make()
        let block = try node.get("/v1/blocks/latest").data
        #expect(block == (try node.get("/v1/blocks/2").data))
        #expect(block == (try node.get("/v1/chains/main/blocks/\(final.block.id)").data))
        #expect(block["id"]?.string == final.block.id.hex && block["final"] == true)
        #expect(block["header"]?.string == Hex.encode(final.block.header.encoded))
        #expect(block["certificate"]?["signers"] == [0, 1, 2, 3])
        let shown = block["transactions"]?[0]
        #expect(shown?["id"]?.string == signed.id.hex && shown?["status"] == "ok")
        #expect(shown?["kindName"] == "transfer" && shown?["fields"]?["amount"]?["units"] == "5")
        #expect(try node.get("/v1/blocks/0").data["transactions"] == [])
        for name in ["3", "99999999999999999999", "+1", "01", String(repeating: "0", count: 64), "x"] {
            #expect(try node.get("/v1/blocks/\(name)").status == 404, "\(name)")
        }
    }

    @Test
    func anAccountShowsEveryTokenOfTheChain() throws {
        let node = try LiveNode()
        let holder = key(2).address
        let main = try node.get("/v1/accounts/\(holder)").data
        #expect(main["policy"]?.isNull == true)
        #expect(main["exists"] == true && main["balances"]?.array?.count == 1)
        #expect(main["balances"]?[0]?["display"] == "1,000.00000000 ETM")
        let side = try node.get("/v1/chains/hello/accounts/\(holder)").data
        #expect(side["balances"]?[0]?["units"] == "0" && side["balances"]?[1]?["units"] == "7700")
        #expect(try node.get("/v1/accounts/\(Address(1, 2, 3))").data["exists"] == false)
        #expect(try node.get("/v1/accounts/nobody").status == 400)
    }

    @Test
    func aProofProvesARecordAndItsAbsence() throws {
        let node = try LiveNode()
        for (owner, isThere) in [(key(2).address, true), (Address(1, 2, 3), false)] {
            let key = Bank.key(owner, .etm)
            let data = try node.get("/v1/proof/\(Hex.encode(key.bytes))").data
            let proof = try StateProof(decoding: #require(data["proof"]?.string.flatMap { Hex.decode($0) }))
            let value = data["value"]?.string.flatMap { Hex.decode($0) }
            let root = try #require(data["stateRoot"]?.string.flatMap { Digest(hex: $0) })
            #expect(data["exists"] == .bool(isThere) && (value != nil) == isThere)
            #expect(proof.verify(value, at: key, root: root))
            #expect(root == node.main.snapshot.finalHeader.stateRoot)
        }
        for text in ["0", "0G", "AB", String(repeating: "00", count: 513)] {
            #expect(try node.get("/v1/proof/\(text)").status == 400, "\(text.prefix(8))")
        }
    }

    @Test
    func theDevelopmentNetworkIsControlledOnlyWhereThereIsOne() throws {
        let node = try LiveNode()
        #expect(try node.get("/v1/devnet").data["name"] == "test")
        #expect(try node.post("/v1/devnet/mine", ["count": 3]).data["height"] == 4)
        #expect(try node.post("/v1/devnet/mine", bytes: []).data["height"] == 5)
        let address = JSONValue.string(Address(1, 2, 3).description)
        #expect(try node.post("/v1/devnet/faucet", ["address": address, "amount": "17"]).status == 202)
        #expect(try node.post("/v1/devnet/stop", [:]).status == 200)
        for body: JSONValue in [["count": 0], ["count": 10_001], ["count": "1"], ["count": -1]] {
            #expect(try node.post("/v1/devnet/mine", body).status == 400, "\(body)")
        }
        for body: JSONValue in [
            [:], ["address": "A"], ["address": address, "amount": 5], ["address": address, "amount": "+5"],
        ] {
            #expect(try node.post("/v1/devnet/faucet", body).status == 400, "\(body)")
        }
        let other = try LiveNode(isDevnet: false)
        #expect(try other.get("/v1/devnet").status == 404)
        #expect(try other.post("/v1/devnet/mine", ["count": 1]).status == 404)
        #expect(try other.post("/v1/devnet/stop", [:]).status == 404)
    }
}
