import CLI
import Crypto
import JSON
import Ledger
import Primitives
import Synchronization
import Testing

@Suite struct SendingTests {
    private func run(_ line: String, on node: SmallNode, password: String? = "right") throws -> Run {
        let scratch = try Scratch("sending")
        try keep("ann", in: scratch)
        TemporaryFolder.write("\(password ?? "")\n", to: "\(scratch.path)/given")
        let flag = password == nil ? "" : " --password-file \(scratch.path)/given"
        return try node.serve { scratch.run("\(line) --node \($0)\(flag)") }
    }

    // With the least costs that are accepted: the password is not what these tests are about.
    private func keep(_ name: String, in scratch: Scratch) throws {
        var password = Array("right".utf8)
        let key = try EncryptedKey.seal(
            secret: .generate(), name: #require(KeyName(name)), password: SecretBytes(zeroing: &password),
            parameters: .lightest)
        TemporaryFolder.write(KeystoreFile.encode(key), to: "\(scratch.path)/home/keystore/\(name).json")
    }

    private let bob = "AGLUrLHvcLRjfJf4nX4YSdDwjeDPGK7cbn"

    @Test func aTransferIsSignedSentAndAwaited() throws {
        let node = SmallNode()
        let run = try run("transfer --to \(bob) --amount 1.5 --memo hi --yes --json", on: node)
        #expect(run.exit == .done, "\(run.output)")
        #expect(try run.json["data"]?["state"] == "final")
        let sent = node.state.withLock { $0.sent }
        guard case .v1(let transaction, _) = sent.first?.content else { throw NothingSent() }
        let payload = try TransferPayload(decoding: transaction.payload)
        #expect(payload.amount == Amount(units: 150_000_000))
        #expect(payload.recipient.description == bob)
        #expect(payload.message == "hi")
        #expect(transaction.chain.hex == SmallNode.mainID)
        #expect(transaction.expiry > Height(5) && transaction.expiry <= Height(5 + Transaction.longestLife))
        #expect(try run.json["data"]?["plan"]?["balances"]?[0]?["after"]?["units"] == "840000000")
    }

    private struct NothingSent: Error {}

    @Test func withoutAYesNothingIsSentAndTheFlagIsNamed() throws {
        let node = SmallNode()
        let run = try run("transfer --to \(bob) --amount 1 --json", on: node)
        #expect(run.exit == .locked)
        #expect(try run.failure["code"] == "CONSENT_NEEDED")
        #expect(try run.failure["hint"]?.string?.contains("--yes") == true)
        #expect(node.state.withLock { $0.sent.isEmpty })
    }

    @Test func aDryRunNeedsNeitherPasswordNorYes() throws {
        let node = SmallNode()
        let run = try run("transfer --to \(bob) --amount 1 --dry-run", on: node, password: nil)
        #expect(run.exit == .done)
        #expect(run.output.contains("balance  10.00000000 → 8.90000000 ETM"))
        #expect(node.state.withLock { $0.sent.isEmpty })
    }

    @Test func aWrongPasswordSendsNothing() throws {
        let node = SmallNode()
        let run = try run("transfer --to \(bob) --amount 1 --yes", on: node, password: "wrong")
        #expect(run.exit == .locked)
        #expect(!run.error.contains("wrong"))
        #expect(node.state.withLock { $0.sent.isEmpty })
    }

    @Test func overspendingSaysTheExactShortfall() throws {
        let run = try run("transfer --to \(bob) --amount 9.90000001 --yes --json", on: SmallNode())
        #expect(run.exit == .refused)
        #expect(try run.failure["shortfall"]?["units"] == "1")
        let enough = try self.run("transfer --to \(bob) --amount 9.9 --yes", on: SmallNode())
        #expect(enough.exit == .done)
    }

    @Test func aHigherFeeThatTheNodeAsksForIsPlanned() throws {
        let node = SmallNode { $0.leastFee = 30_000_000 }
        let run = try run("transfer --to \(bob) --amount 1 --yes --json", on: node)
        #expect(try run.json["data"]?["plan"]?["fee"]?["units"] == "30000000")
        #expect(node.state.withLock { $0.sent.first?.fee } == Amount(units: 30_000_000))
    }

    @Test func aCallThatWouldFailIsNotSentAndNamesTheSourceLine() throws {
        let node = SmallNode {
            $0.failure = [
                "code": "DAPP_REJECTED", "message": "taken",
                "at": ["file": "contract/hello.js", "line": 9, "column": 14],
            ]
        }
        let run = try run("dapp call hello.register --args {} --dapp hello --yes --json", on: node)
        #expect(run.exit == .refused)
        #expect(try run.failure["at"]?["line"] == 9)
        #expect(try run.failure["gasUsed"] == "77")
        #expect(try run.failure["stateChanged"] == false)
        #expect(node.state.withLock { $0.sent.isEmpty })
    }

    @Test func aCallAsksForHalfAsMuchGasAgainAsItUsed() throws {
        let node = SmallNode()
        let run = try run("dapp call hello.register --args {\"a\":1} --dapp hello --yes", on: node)
        #expect(run.exit == .done, "\(run.error)")
        guard case .v1(let transaction, _) = node.state.withLock({ $0.sent.first?.content }) else {
            throw NothingSent()
        }
        let payload = try CallPayload(decoding: transaction.payload)
        #expect(payload.gasLimit == 2_500)
        #expect(payload.arguments == Array("{\"a\":1}".utf8))
        #expect(transaction.chain.hex == SmallNode.sideID)
    }

    @Test func waitingTooLongIsExitTenWithTheCommandThatGoesOn() throws {
        let node = SmallNode { $0.isStuck = true }
        let run = try run("transfer --to \(bob) --amount 1 --yes --timeout 50ms --json", on: node)
        #expect(run.exit == .timedOut)
        #expect(try run.failure["hint"]?.string?.hasPrefix("etm tx wait ") == true)
        #expect(node.state.withLock { $0.sent.count } == 1)
    }

    @Test func notWaitingReturnsAtOnce() throws {
        let node = SmallNode { $0.isStuck = true }
        let run = try run("transfer --to \(bob) --amount 1 --yes --wait none --json", on: node)
        #expect(run.exit == .done)
        #expect(try run.json["data"]?["state"] == "pending")
    }

    @Test func anUnknownChainNamesTheNearest() throws {
        let run = try run("transfer --to \(bob) --amount 1 --yes --chain helo", on: SmallNode())
        #expect(run.exit == .notFound)
        #expect(run.error.contains("did you mean \"hello\"?"))
    }

    @Test(arguments: ["AGLUrLHvcLRjfJf4nX4YSdDwjeDPGK7cbm", "AGLUrLHvcLRjfJf4nX4YSdDwjeDPGK7cb"])
    func anAddressWithAWrongChecksumIsRefused(_ address: String) throws {
        let run = try run("transfer --to \(address) --amount 1 --yes", on: SmallNode())
        #expect(run.exit == .usage)
        #expect(run.error.contains("BAD_ADDRESS"))
    }

    @Test func valueDoesNotGoToAndFromTheMainChainItself() throws {
        #expect(try run("chain deposit main --amount 1 --yes", on: SmallNode()).exit == .usage)
    }

    @Test func theFailureOfABackgroundProcessKeepsItsExit() throws {
        let failure = CommandFailure("OTHER_NETWORK", "m", hint: "h", exit: .conflict)
        #expect(throws: failure) { try Envelope.open(JSONWriter.compact(Envelope.failure(failure))) }
        #expect(try Envelope.open(JSONWriter.compact(Envelope.success(["a": 1]))) == ["a": 1])
    }
}
