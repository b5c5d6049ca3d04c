import API
import Crypto
import JSON
import Ledger
import Primitives
import Sidechains
import Testing

struct SidechainTests {
    @Test
    func aDepositIsFollowedUntilItIsCredited() throws {
        let node = try LiveNode()
        let payload = DepositPayload(chain: node.side.spec.id, recipient: key(3).address, amount: .etm(50))
        let signed = node.sign(.deposit, payload, by: 1)
        _ = try node.submit(signed)
        func progress() throws -> JSONValue { try node.get("/v1/chains/hello/deposits/\(signed.id)").data }
        #expect(try progress()["state"] == "waiting" && progress()["reason"] == "MAIN_NOT_FINAL")
        try node.main.make()
        #expect(try progress()["state"] == "final" && progress()["reason"] == "SIDE_BLOCK_DUE")
        var part = try node.get("/v1/conservation").data["chains"]?[0]
        #expect(part?["inTransitIn"]?["units"] == "5000000000" && part?["ok"] == true)
        let main = node.main.snapshot
        try node.side.make(
            inbox: SideChainDirectory.inbox(
                of: node.side.spec.id, from: 0, upTo: main.finalHeader.height, limit: 10, in: main.state))
        let credited = try progress()
        #expect(credited["state"] == "credited" && credited["amount"]?["units"] == "5000000000")
        #expect(credited["recipient"]?.string == key(3).address.description && credited["sequence"] == 0)
        part = try node.get("/v1/conservation").data["chains"]?[0]
        #expect(part?["inTransitIn"]?["units"] == "0" && part?["sideSupply"]?["units"] == "5000000000")
        #expect(try node.get("/v1/chains/hello").data["supply"]?[0]?["units"] == "5000000000")
        #expect(try node.get("/v1/chains/main/deposits/\(signed.id)").status == 404)

        let withdrawal = WithdrawPayload(recipient: key(4).address, amount: .etm(20))
        let burn = node.sign(.withdraw, withdrawal, by: 3, fee: 1_000, on: node.side)
        #expect(try node.submit(burn, to: "hello").status == 202)
        func way() throws -> JSONValue { try node.get("/v1/chains/hello/withdrawals/\(burn.id)").data }
        #expect(try way()["state"] == "waiting" && way()["reason"] == "SIDE_NOT_FINAL")
        let final = try node.side.make()
        #expect(try way()["state"] == "proved" && way()["reason"] == "CLAIM_DUE")
        let message = OutboxMessage(
            sequence: 0, recipient: key(4).address, amount: .etm(20), source: burn.id)
        let certificate = try #require(final.certificate)
        let proof = try #require(
            WithdrawalProof(
                headers: [final.block.header], certificate: certificate, outbox: [message], index: 0))
        let claim = node.sign(
            .claim, ClaimPayload(chain: node.side.spec.id, proof: proof), by: 2, fee: 20_000_000)
        #expect(try node.submit(claim).status == 202)
        try node.main.make()
        let paid = try way()
        #expect(paid["state"] == "paid" && paid["claim"]?.string == claim.id.hex)
        #expect(try node.get("/v1/conservation").data["ok"] == true)
    }

    @Test
    func whatIsNoTransferBetweenChainsIsNotFound() throws {
        let node = try LiveNode()
        let signed = node.transfer(1)
        _ = try node.submit(signed)
        try node.main.make()
        #expect(try node.get("/v1/chains/hello/deposits/\(signed.id)").status == 404)
        #expect(try node.get("/v1/chains/hello/withdrawals/\(signed.id)").status == 404)
        #expect(try node.get("/v1/chains/hello/deposits/x").status == 400)
        #expect(try node.get("/v1/chains/nobody/deposits/\(signed.id)").status == 404)
    }

    @Test
    func aDAppsSurfaceRowsAndLogsAreShown() throws {
        let node = try LiveNode()
        #expect(try node.get("/v1/chains/main/dapp").status == 404)
        #expect(try node.get("/v1/chains/hello/dapp").status == 404)
        node.side.set(
            DAppInterface(description: ["manifest": ["name": "hello"], "models": [["name": "Name"]]]))
        #expect(try node.get("/v1/chains/hello/dapp").data["manifest"]?["name"] == "hello")
        #expect(try node.get("/v1/chains/hello/state/Name").data["rows"] == [])
        let unknown = try node.get("/v1/chains/hello/state/Nome")
        #expect(unknown.status == 404 && unknown.error["message"]?.string?.contains("Name") == true)
        #expect(try node.get("/v1/chains/main/state/Name").status == 404)
        #expect(try node.get("/v1/chains/hello/state/Name?limit=1001").status == 400)
        #expect(try node.get("/v1/chains/hello/state/Name?after=x").status == 400)
    }

    @Test
    func logsComeFromTheEndOrAfterACursor() throws {
        let node = try LiveNode()
        for number in 1...5 { node.side.log("line \(number)", call: "hello.register", of: .zero) }
        func texts(_ query: String) throws -> [String] {
            let entries = try node.get("/v1/chains/hello/logs\(query)").data["entries"]?.array ?? []
            return entries.compactMap { $0["text"]?.string }
        }
        #expect(try texts("?limit=2") == ["line 4", "line 5"])
        #expect(try texts("?limit=2&after=1") == ["line 2", "line 3"])
        #expect(try texts("?after=5") == [])
        #expect(try texts("?after=0").count == 5)
        let entry = try node.get("/v1/chains/hello/logs?limit=1").data["entries"]?[0]
        #expect(entry?["call"] == "hello.register" && entry?["cursor"] == 5)
    }

    @Test
    func readOnlyRoutesGetTheirQueryAndTheirOwnErrors() throws {
        let node = try LiveNode()
        let answer = try node.get("/v1/chains/hello/query/a/b%20c?x=1&y=%C3%A4").data["result"]
        #expect(answer == ["path": "a/b c", "parameters": ["x": "1", "y": "ä"]])
        let refused = try node.get("/v1/chains/hello/query/refused")
        // A DApp's own code never passes for one of the interface's.
        #expect(refused.status == 422 && refused.code == "NOT_FOUND")
        #expect(refused.error["at"] == ["file": "interface/index.js", "line": 3, "column": 7])
        #expect(try node.get("/v1/chains/hello/query/a?x=1&x=2").status == 400)
        let many = (0..<65).map { "p\($0)=1" }.joined(separator: "&")
        #expect(try node.get("/v1/chains/hello/query/a?\(many)").status == 400)
        #expect(try node.get("/v1/chains/main/query/a").status == 422)
        #expect(try node.get("/v1/chains/hello/query").status == 404)
    }
}
