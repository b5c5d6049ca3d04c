import API
import Crypto
import JSON
import Ledger
import Primitives
import Sidechains
import Testing

struct TransactionTests {
    @Test
    func aTransactionIsPendingThenFinalWithItsReceipt() throws {
        let node = try LiveNode()
        let signed = node.transfer(1_234, to: 3)
        let taken = try node.submit(signed)
        #expect(taken.status == 202 && taken.data == ["id": .string(signed.id.hex), "state": "pending"])
        let path = "/v1/transactions/\(signed.id)"
        let pending = try node.get(path).data
        #expect(pending["state"] == "pending" && pending["receipt"] == nil && pending["height"] == nil)
        #expect(try node.get(path + "/trace").status == 404)
        try node.main.make()
        let final = try node.get(path).data
        #expect(final["state"] == "final" && final["height"] == 2 && final["index"] == 0)
        #expect(final["version"] == 1 && final["kind"] == 0 && final["kindName"] == "transfer")
        #expect(final["sender"]?.string == key(1).address.description)
        #expect(final["fields"]?["recipient"]?.string == key(3).address.description)
        #expect(final["receipt"]?["status"] == "ok" && final["receipt"]?["gasUsed"] == 0)
        #expect(final["receipt"]?["feePaid"] == ["units": "10000000", "display": "0.10000000 ETM"])
        #expect(final["receipt"]?["events"]?[0]?["name"] == "transfer")
    }

    @Test
    func aTraceShowsWhatChangedToTheUnit() throws {
        let node = try LiveNode()
        let signed = node.transfer(1, to: 3)
        _ = try node.submit(signed)
        try node.main.make()
        node.main.log("a line", call: "c.m", of: signed.id)
        let trace = try node.get("/v1/transactions/\(signed.id)/trace").data
        #expect(
            trace["scope"] == "transaction" && trace["stateChanged"] == true && trace["logs"] == ["a line"])
        let key = Hex.encode(Bank.key(key(3).address, .etm).bytes)
        let change = trace["changes"]?.array?.first { $0["key"]?.string == key }
        #expect(
            change?["table"] == "balances" && change?["old"] == "100000000000"
                && change?["new"] == "100000000001")
    }

    @Test
    func anAccountsTransactionsAreFoundNewestFirst() throws {
        let node = try LiveNode()
        var ids: [String] = []
        for _ in 0..<3 {
            for _ in 0..<2 {
                let signed = node.transfer(1, from: 4, to: 3)
                _ = try node.submit(signed)
                _ = try node.submit(node.transfer(1, from: 1, to: 3))
            }
            try node.main.make()
            let latest = try #require(node.main.finalBlock(at: node.main.snapshot.finalHeader.height))
            ids += latest.block.transactions.filter { $0.sender == key(4).publicKey }.map(\.id.hex)
        }
        func find(_ query: String) throws -> JSONValue {
            try node.get("/v1/transactions?sender=\(key(4).address)\(query)").data
        }
        let all = try find("")
        #expect(all["transactions"]?.array?.compactMap { $0["id"]?.string } == ids.reversed())
        #expect(all["searchedDownTo"] == 0)
        let some = try find("&limit=3")
        #expect(
            some["transactions"]?.array?.compactMap { $0["id"]?.string } == Array(ids.reversed().prefix(3)))
        #expect(some["searchedDownTo"] == 3)
        #expect(try node.get("/v1/transactions").status == 400)
        #expect(try node.get("/v1/transactions?sender=A").status == 400)
    }

    @Test
    func whatTheRulesRefuseNamesTheRule() throws {
        let node = try LiveNode()
        for _ in 0..<3 { try node.main.make() }
        func code(_ signed: SignedTransaction) throws -> String {
            let answer = try node.submit(signed)
            #expect(answer.status == 422)
            return answer.code
        }
        #expect(try code(node.transfer(1, fee: 9_999_999)) == "FEE_TOO_LOW")
        #expect(try code(node.transfer(1, expiry: 4)) == "EXPIRED")
        #expect(try code(node.transfer(1, expiry: 5 + 1_201)) == "EXPIRY_TOO_FAR")
        #expect(try code(node.transfer(1, from: 99)) == "INSUFFICIENT_BALANCE")
        #expect(try code(node.sign(.init(4_711), Amount(units: 1), by: 1)) == "UNKNOWN_KIND")
        #expect(try code(node.sign(.transfer, Amount(units: 1), by: 1)) == "BAD_PAYLOAD")
        let payload = TransferPayload(recipient: key(2).address, amount: Amount(units: 1))
        #expect(try code(node.sign(.transfer, payload, by: 1, on: node.side)) == "WRONG_CHAIN")
        guard case .v1(let unsigned, _) = node.transfer(1).content else { return }
        #expect(try code(SignedTransaction(unsigned, signature: .zero)) == "BAD_SIGNATURE")

        let twice = node.transfer(1, expiry: 5)
        #expect(try node.submit(twice).status == 202)
        let waiting = try node.submit(twice)
        #expect(waiting.status == 409 && waiting.code == "DUPLICATE")
        try node.main.make()
        #expect(try node.submit(twice).code == "EXPIRED")
        let lasting = node.transfer(1)
        #expect(try node.submit(lasting).status == 202)
        try node.main.make()
        #expect(try node.submit(lasting).status == 409)
    }

    @Test
    func aTransactionThatDoesNotDecodeIsMalformed() throws {
        let node = try LiveNode()
        let bytes = node.transfer(1).bytes
        for wrong in [bytes.dropLast(), bytes + [0], [9] + bytes.dropFirst(), []] {
            let answer = try node.post("/v1/transactions", ["transaction": .string(Hex.encode(Array(wrong)))])
            #expect(answer.status == 400 && answer.code == "MALFORMED")
        }
        for text in ["0", "zz", Hex.encode(bytes).uppercased()] {
            let answer = try node.post("/v1/transactions", ["transaction": .string(text)])
            #expect(answer.status == 400 && answer.code == "BAD_REQUEST")
        }
        #expect(try node.post("/v1/transactions", ["transaction": 5]).status == 400)
        #expect(try node.post("/v1/transactions", [:]).status == 400)
    }

    @Test
    func aPayloadBeyondItsBoundIsMalformed() throws {
        let node = try LiveNode()
        let bundle = [UInt8](repeating: 1, count: Transaction.largestPayload + 1)
        let transaction = Transaction(
            chain: node.main.spec.id, kind: .registerDApp, expiry: Height(9), fee: .etm(500), salt: 1,
            sender: .zero,
            payload: bundle
        ).signed(by: key(1))
        let answer = try node.submit(transaction)
        #expect(answer.status == 400 && answer.code == "MALFORMED")
    }

    @Test
    func simulationNeedsNoSignatureAndChangesNothing() throws {
        let node = try LiveNode()
        func simulate(_ signed: SignedTransaction) throws -> Answer {
            guard case .v1(let unsigned, _) = signed.content else { throw LiveFailure() }
            let bytes = SignedTransaction(unsigned, signature: .zero).bytes
            return try node.post("/v1/simulate", ["transaction": .string(Hex.encode(bytes))])
        }
        let good = try simulate(node.transfer(5)).data
        #expect(good["status"] == "ok" && good["stateChanged"] == true && good["changes"]?.array?.count == 3)
        let greedy = try simulate(node.transfer(100_000_000_000)).data
        #expect(greedy["status"] == "failed" && greedy["error"]?["code"] == "INSUFFICIENT_BALANCE")
        #expect(greedy["stateChanged"] == false)
        #expect(try simulate(node.transfer(1, fee: 1)).status == 422)
        #expect(node.main.snapshot.pendingCount == 0)
    }

    @Test
    func unknownAndIllegibleIdsAreToldApart() throws {
        let node = try LiveNode()
        #expect(try node.get("/v1/transactions/\(TransactionID.zero)").status == 404)
        #expect(try node.get("/v1/transactions/\(TransactionID.zero)/trace").status == 404)
        for id in ["0", String(repeating: "A", count: 64), String(repeating: "0", count: 63)] {
            #expect(try node.get("/v1/transactions/\(id)").status == 400, "\(id)")
        }
    }
}

struct LiveFailure: Error {}
