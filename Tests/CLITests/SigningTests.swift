import CLI
import Crypto
import JSON
import Ledger
import Primitives
import Synchronization
import Testing

/// A home with three accounts, before a node whose accounts all ask for the same.
private final class Signers {
    let scratch: Scratch
    let node: SmallNode
    let keys: [String: PublicKey]

    init(_ node: SmallNode = SmallNode(), _ name: String = #function) throws {
        scratch = try Scratch(name)
        self.node = node
        var keys: [String: PublicKey] = [:]
        for name in ["ann", "ben", "cyd"] {
            var password = Array("right".utf8)
            let key = try EncryptedKey.seal(
                secret: .generate(), name: #require(KeyName(name)), password: SecretBytes(zeroing: &password),
                parameters: .lightest)
            TemporaryFolder.write(
                KeystoreFile.encode(key), to: "\(scratch.path)/home/keystore/\(name).json")
            keys[name] = key.publicKey
        }
        self.keys = keys
        TemporaryFolder.write("right\n", to: "\(scratch.path)/given")
    }

    func key(_ name: String) throws -> PublicKey { try #require(keys[name]) }

    /// Every account asks for two of ann, ben and cyd.
    func asksForTwo() throws {
        let members = try [key("ben"), key("cyd")].sorted()
        node.state.withLock {
            $0.policy = [
                "secondKey": .null, "lockedUntil": 0, "locked": false,
                "group": ["least": 2, "keys": .array(members.map { ["key": .string($0.hex)] })],
            ]
        }
    }

    func asksForSecond(_ name: String) throws {
        let key = try key(name).hex
        node.state.withLock {
            $0.policy = ["secondKey": ["key": .string(key)], "group": .null, "lockedUntil": 0]
        }
    }

    func run(_ line: String) throws -> Run {
        try node.serve {
            scratch.run("\(line) --node \($0) --password-file \(scratch.path)/given")
        }
    }

    var sent: [SignedTransaction] { node.state.withLock { $0.sent } }
    var file: String { "\(scratch.path)/order.tx" }
}

private let transfer = "transfer --to AGLUrLHvcLRjfJf4nX4YSdDwjeDPGK7cbn --amount 1 --from ann"

@Suite struct SigningTests {
    @Test func aTransferThatTooFewSignNamesTheFlagThatCompletesIt() throws {
        let home = try Signers()
        try home.asksForTwo()
        let run = try home.run("\(transfer) --yes --json")
        #expect(run.exit == .refused && home.sent.isEmpty)
        #expect(try run.failure["code"] == "NEEDS_SIGNATURES")
        let hint = try run.failure["hint"]?.string ?? ""
        #expect(["add --cosign ben", "add --cosign cyd"].contains(hint))
        #expect(try run.failure["signing"]?["least"] == 2)
    }

    @Test func aDryRunSaysWhatIsMissingAndAsksForNothing() throws {
        let home = try Signers()
        try home.asksForTwo()
        let run = try home.node.serve { home.scratch.run("\(transfer) --dry-run --node \($0)") }
        #expect(run.exit == .done)
        #expect(run.output.contains("signed by  ann") && run.output.contains("missing    1 more of"))
        let plain = try Signers()
        let other = try plain.run("\(transfer) --dry-run")
        #expect(!other.output.contains("signed by"))
    }

    @Test func cosignersSignInOneForm() throws {
        let home = try Signers()
        try home.asksForTwo()
        #expect(try home.run("\(transfer) --cosign cyd --yes").exit == .done)
        #expect(try home.sent.first?.signers == [home.key("ann"), home.key("cyd")].sorted())
        // Naming somebody twice, or the sender, changes nothing.
        #expect(try home.run("\(transfer) --cosign ben --cosign ben --cosign ann --yes").exit == .done)
        #expect(try home.sent.last?.signers == [home.key("ann"), home.key("ben")].sorted())
    }

    @Test func whoHasNoSayIsNotLetIn() throws {
        let home = try Signers()
        let run = try home.run("\(transfer) --cosign ben --yes --json")
        #expect(run.exit == .refused && home.sent.isEmpty)
        #expect(try run.failure["code"] == "STRANGE_SIGNATURE")
    }

    @Test func aSecondKeyIsAskedForByName() throws {
        let home = try Signers()
        try home.asksForSecond("cyd")
        let run = try home.run("\(transfer) --yes --json")
        #expect(try run.failure["code"] == "NEEDS_SECOND_SIGNATURE")
        #expect(try run.failure["hint"] == "add --cosign cyd")
        #expect(try home.run("\(transfer) --cosign cyd --yes").exit == .done)
    }

    @Test func aSavedTransactionTravelsFromSignerToSignerAndIsSent() throws {
        let home = try Signers()
        try home.asksForTwo()
        let saved = try home.run("\(transfer) --save \(home.file) --yes --json")
        #expect(saved.exit == .done && home.sent.isEmpty)
        #expect(try saved.json["data"]?["signing"]?["isComplete"] == false)
        let early = try home.run("tx send \(home.file) --yes --json")
        #expect(early.exit == .refused)
        #expect(try early.failure["hint"]?.string?.hasPrefix("etm tx sign \(home.file) --from ") == true)
        let twice = try home.run("tx sign \(home.file) --from ann --yes --json")
        #expect(try twice.failure["code"] == "SIGNED_ALREADY")
        let signed = try home.run("tx sign \(home.file) --from ben --yes")
        #expect(signed.exit == .done, "\(signed.error)")
        #expect(signed.error.contains("Next  etm tx send"))
        let sent = try home.run("tx send \(home.file) --yes --json")
        #expect(sent.exit == .done, "\(sent.output)")
        #expect(try home.sent.first?.signers == [home.key("ann"), home.key("ben")].sorted())
        #expect(try saved.json["data"]?["id"]?.string == home.sent.first?.id.hex)
    }

    @Test func aFileIsNeverOverwrittenAndAForgedOneNeverSent() throws {
        let home = try Signers()
        TemporaryFolder.write("mine", to: home.file)
        #expect(try home.run("\(transfer) --save \(home.file) --yes").exit == .conflict)
        #expect(TemporaryFolder.read(home.file) == "mine")
        #expect(try home.run("tx send \(home.file) --yes").exit == .usage)
        let other = "\(home.scratch.path)/other.tx"
        #expect(try home.run("\(transfer) --save \(other) --yes").exit == .done)
        let text = try #require(TemporaryFolder.read(other))
        let digits = Array(text.utf8.dropLast())
        let forged = digits.dropLast(2) + (digits.suffix(2) == Array("00".utf8) ? "01" : "00").utf8
        TemporaryFolder.write(Array(forged), to: other)
        for line in ["tx send \(other) --yes --json", "tx sign \(other) --from ben --yes --json"] {
            #expect(try home.run(line).failure["code"] == "BAD_SIGNATURE")
        }
        #expect(home.sent.isEmpty)
        #expect(try home.run("tx send \(home.scratch.path)/none --yes").exit == .notFound)
    }

    @Test func whatCannotBeAskedOfANodeIsSignedAllTheSame() throws {
        let home = try Signers()
        try home.asksForTwo()
        #expect(try home.run("\(transfer) --save \(home.file) --yes").exit == .done)
        let run = home.scratch.run(
            "tx sign \(home.file) --from ben --yes --node http://127.0.0.1:1 --password-file "
                + "\(home.scratch.path)/given")
        #expect(run.exit == .done, "\(run.error)")
        #expect(run.error.contains("not known what is missing"))
        #expect(try home.run("tx send \(home.file) --yes").exit == .done)
    }

    @Test func aStrangerIsToldBeforeSigningAFile() throws {
        let home = try Signers()
        #expect(try home.run("\(transfer) --save \(home.file) --yes").exit == .done)
        let before = TemporaryFolder.read(home.file)
        let run = try home.run("tx sign \(home.file) --from ben --yes --json")
        #expect(try run.failure["code"] == "STRANGE_SIGNATURE")
        #expect(TemporaryFolder.read(home.file) == before)
        // Nor is a file written that nobody could ever send.
        try home.asksForSecond("cyd")
        let other = try home.run("\(transfer) --cosign ben --save \(home.file)2 --yes --json")
        #expect(try other.failure["code"] == "STRANGE_SIGNATURE")
        #expect(!TemporaryFolder.exists("\(home.file)2"))
    }

    @Test func membersActForAnAccountWhoseKeyIsElsewhere() throws {
        let home = try Signers()
        try home.asksForTwo()
        let away = "".padding(with: "5a", count: 32)
        let line = "transfer --to AGLUrLHvcLRjfJf4nX4YSdDwjeDPGK7cbn --amount 1 --from \(away)"
        #expect(try home.run("\(line) --cosign ben --cosign cyd --yes").exit == .done)
        #expect(home.sent.first?.sender.hex == away)
        #expect(try home.sent.first?.signers == [home.key("ben"), home.key("cyd")].sorted())
        #expect(try home.run("\(line) --yes").exit == .refused)
    }

    @Test func decodingNamesEverySigner() throws {
        let home = try Signers()
        try home.asksForTwo()
        #expect(try home.run("\(transfer) --cosign ben --save \(home.file) --yes").exit == .done)
        let run = home.scratch.run("tx decode \(home.file) --json")
        let signatures = try run.json["data"]?["signatures"]?.array ?? []
        #expect(signatures.count == 2 && signatures.allSatisfy { $0["verifies"] == true })
        #expect(Set(signatures.compactMap { $0["role"]?.string }) == ["sender", "cosigner"])
    }
}

@Suite struct PolicyCommandTests {
    @Test func membersOfThisMachineSignTheirGroupAtOnce() throws {
        let home = try Signers()
        let run = try home.run(
            "account multisig create --least 2 --key ben --key cyd --from ann --yes --json")
        #expect(run.exit == .done, "\(run.output)")
        let sent = try #require(home.sent.first)
        #expect(sent.kind == .multisignature && sent.signers.count == 3)
        guard case .v1(let transaction, _) = sent.content else { return }
        let group = try AccountPolicy.Group(decoding: transaction.payload)
        #expect(try group.keys == [home.key("ben"), home.key("cyd")].sorted())
        #expect(group.least == 2)
    }

    @Test func aMemberElsewhereIsWaitedFor() throws {
        let home = try Signers()
        let away = "".padding(with: "5a", count: 32)
        let line = "account multisig create --least 2 --key ben --key \(away) --from ann --yes"
        let refused = try home.run("\(line) --json")
        #expect(try refused.failure["code"] == "NEEDS_CONSENT")
        #expect(try refused.failure["hint"]?.string?.contains("--save FILE") == true)
        let saved = try home.run("\(line) --save \(home.file)")
        #expect(saved.exit == .done && home.sent.isEmpty)
        #expect(saved.error.contains("give \(home.file) to a member"))
    }

    @Test func groupsThatCannotBeAreRefused() throws {
        let home = try Signers()
        for flags in ["--least 4 --key ben --key cyd", "--least 2 --key ben --key ben", "--least 2"] {
            let run = try home.run("account multisig create \(flags) --from ann --yes --json")
            #expect(try run.failure["code"] == "BAD_GROUP", "\(flags)")
        }
        #expect(try home.run("account multisig create --least 1 --key ben --yes").exit == .usage)
        #expect(try home.run("account multisig change --least 2 --key ben --yes").exit == .usage)
        #expect(home.sent.isEmpty)
    }

    @Test func aSecondKeySignsItsOwnAppointment() throws {
        let home = try Signers()
        #expect(try home.run("account second-key set --key cyd --from ann --yes").exit == .done)
        #expect(home.sent.first?.kind == .secondSignature)
        #expect(try home.sent.first?.signers == [home.key("ann"), home.key("cyd")].sorted())
    }

    @Test func aLockNamesTheLastHeight() throws {
        let home = try Signers()
        #expect(try home.run("account lock --until-height 77 --from ann --yes").exit == .done)
        guard case .v1(let transaction, _) = home.sent.first?.content else { return }
        #expect(transaction.kind == .lockAccount && transaction.payload == Height(77).encoded)
        #expect(try home.run("account lock --until-height 0 --from ann --yes").exit == .usage)
    }

    @Test func aPolicyIsShownByName() throws {
        let home = try Signers()
        #expect(try home.run("account policy ann").output.contains("signs  ann, nobody else"))
        try home.asksForTwo()
        let output = try home.run("account multisig show --from ann").output
        #expect(output.contains("2 of these 3") && output.contains("ben") && output.contains("cyd"))
        home.node.state.withLock {
            $0.policy = ["secondKey": .null, "group": .null, "lockedUntil": 9]
        }
        #expect(try home.run("account policy ann").output.contains("up to height 9; now 5"))
    }
}

extension String {
    fileprivate func padding(with text: String, count: Int) -> String {
        self + String(repeating: text, count: count)
    }
}
