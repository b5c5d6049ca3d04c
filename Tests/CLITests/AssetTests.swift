import Assets
import CLI
import Crypto
import JSON
import Ledger
import Primitives
import Testing

@Suite struct AssetTests {
    // MARK: Command lines

    @Test(arguments: [
        ("asset isue Bank.GOLD", "etm asset issue"), ("asset acl ad Bank.GOLD", "etm asset acl add"),
        ("asset acl", "etm asset acl list"), ("asset issuer shwo x", "etm asset issuer show"),
        ("asset issuer", "etm asset issuer register"), ("storage gte x", "etm storage get"),
    ])
    func aTypoSaysWhatToType(_ line: String, _ hint: String) throws {
        let run = try Scratch().run(line + " --json")
        #expect(run.exit == .usage)
        #expect(try run.failure["hint"]?.string == hint)
    }

    @Test(arguments: [
        ("asset issuer register B4nk --yes", "BAD_VALUE"), ("asset issuer register", "MISSING_ARGUMENT"),
        ("asset create Bank.GOLD --yes", "MISSING_FLAG"),
        ("asset create Bank.gold --maximum 5 --yes", "BAD_VALUE"),
        ("asset create Bank.GOLD --maximum 5 --precision 17", "BAD_VALUE"),
        ("asset create Bank.GOLD --maximum 0 --yes", "BAD_AMOUNT"),
        ("asset create Bank.GOLD --maximum 0.5 --precision 0 --yes", "BAD_AMOUNT"),
        ("asset create Bank.GOLD --maximum 5TIN --yes", "WRONG_CURRENCY"),
        ("asset transfer Bank.GOLD --amount x", "BAD_VALUE"),
        ("asset flags Bank.GOLD --mode grey", "BAD_VALUE"), ("storage get 12", "BAD_ID"),
        ("asset acl list Bank.GOLD --on grey", "BAD_VALUE"),
    ])
    func aWrongLineIsRefusedBeforeAnythingIsSent(_ line: String, _ code: String) throws {
        let run = try SmallNode().serve { try Scratch().run(line + " --json --node \($0)") }
        #expect(run.exit == .usage)
        #expect(try run.failure["code"]?.string == code)
    }

    @Test(arguments: [
        "asset list", "asset balance", "asset show Bank.GOLD", "asset acl list Bank.GOLD", "transfer pending",
        "asset issuer show Bank",
    ])
    func aSideChainHasNoneOfThese(_ line: String) throws {
        let run = try SmallNode().serve { try Scratch().run("\(line) --chain hello --json --node \($0)") }
        #expect(run.exit == .refused)
        #expect(try run.failure["code"] == "MAIN_CHAIN_ONLY")
    }

    @Test func aFileThatIsTooLongOrEmptyIsNotStored() throws {
        let scratch = try Scratch()
        for (name, count) in [("empty", 0), ("long", 4_097)] {
            TemporaryFolder.write(String(repeating: "x", count: count), to: "\(scratch.path)/\(name)")
            let run = scratch.run("storage put \(scratch.path)/\(name) --json")
            #expect(run.exit == .usage)
            #expect(try run.failure["code"] == "BAD_SIZE")
        }
        #expect(scratch.run("storage put \(scratch.path)/none").exit == .notFound)
        #expect(scratch.run("storage put \(scratch.path)").exit == .notFound)
    }

    // MARK: Times

    @Test(
        arguments: [
            ("2026-01-31 14:02:11", 1_769_868_131_000), ("2026-01-31T14:02Z", 1_769_868_120_000),
            ("1970-01-01 00:00", 0), ("2000-02-29 23:59:59", 951_868_799_000),
            ("2100-03-01 00:00", 4_107_542_400_000), ("1769868131000", 1_769_868_131_000),
        ] as [(String, UInt64)])
    func aTimeIsReadInUniversalTime(text: String, milliseconds: UInt64) {
        #expect(TimeText.parse(text) == Instant(milliseconds: milliseconds))
    }

    @Test(arguments: [
        "", "tomorrow", "2026-02-29 10:00", "2026-13-01 10:00", "2026-00-10 10:00", "2026-01-32 10:00",
        "2100-02-29 00:00", "1969-12-31 23:59", "2026-01-31", "2026-01-31 24:00", "2026-01-31 10:60",
        "2026-01-31 10:00:60", "2026-1-31 10:00", "2026-01-31 1:00", "26-01-31 10:00", "2026-01-31 10:00 +1",
        "-026-01-31 10:00", "123",
    ])
    func whatIsNoTimeIsRefused(text: String) { #expect(TimeText.parse(text) == nil) }

    // MARK: Decoding

    private func decode(_ kind: TransactionKind, _ payload: some Canonical) throws -> JSONValue? {
        let signed = SignedTransaction(
            Transaction(
                chain: .zero, kind: kind, expiry: Height(9), fee: Amount(units: 10), salt: 1, sender: .zero,
                payload: payload.encoded), signature: .zero)
        return try Scratch().run("tx decode \(Hex.encode(signed.bytes)) --json").json["data"]
    }

    @Test func everyPayloadIsTakenApart() throws {
        let account = Address(1, 2, 3)
        let large = AssetAmount.most
        let created = try decode(
            .createAsset,
            CreateAssetPayload(
                currency: "Bank.GOLD", description: "é", maximum: large, precision: 16, strategy: "x",
                rights: .init(whitelist: true)))
        #expect(created?["kindName"] == "createAsset")
        #expect(
            created?["fields"] == [
                "currency": "Bank.GOLD", "description": "é", "maximum": .string(large.description),
                "precision": 16, "strategy": "x", "allowWriteoff": false, "allowWhitelist": true,
                "allowBlacklist": false,
            ])
        let flag = try decode(.setAssetFlag, SetAssetFlagPayload(writingOff: "Bank.GOLD"))
        #expect(flag?["fields"] == ["currency": "Bank.GOLD", "flagType": 2, "flag": 1])
        let access = try decode(
            .changeAccessList,
            ChangeAccessListPayload(
                currency: "Bank.GOLD", change: .add, list: .whitelist, accounts: [account]))
        #expect(access?["fields"]?["operator"] == "+" && access?["fields"]?["flag"] == 1)
        #expect(access?["fields"]?["list"] == [.string(account.description)])
        let issuer = try decode(.registerIssuer, RegisterIssuerPayload(name: "Bank", description: "d"))
        #expect(issuer?["fields"] == ["name": "Bank", "description": "d"])
        let issue = try decode(.issueAsset, IssueAssetPayload(currency: "Bank.GOLD", amount: large))
        #expect(issue?["fields"]?["amount"]?.string == large.description)
        let moved = try decode(
            .transferAsset,
            TransferAssetPayload(recipient: account, currency: "Bank.GOLD", amount: large, message: "m"))
        #expect(moved?["fields"]?["recipient"]?.string == account.description)
        #expect(moved?["fields"]?["message"] == "m" && moved?["kindName"] == "transferAsset")
        let stored = try decode(.storage, StoragePayload(content: [0, 255]))
        #expect(stored?["kind"] == 8 && stored?["fields"] == ["content": "00ff"])
        let delayed = try decode(
            .delayedTransfer,
            DelayedTransferPayload(recipient: account, amount: .etm(1), due: Instant(milliseconds: 77)))
        #expect(delayed?["kind"] == 110 && delayed?["fields"]?["due"] == "77")
    }
}
