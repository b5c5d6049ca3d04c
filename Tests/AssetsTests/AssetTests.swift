import Assets
import Ledger
import Primitives
import Testing

@Suite struct AssetTests {
    private func issue(_ amount: UInt256) -> IssueAssetPayload {
        IssueAssetPayload(currency: Market.gold, amount: amount)
    }

    private func access(
        _ change: AccessChange, _ list: AccessList, _ accounts: [UInt64]
    ) -> ChangeAccessListPayload {
        ChangeAccessListPayload(
            currency: Market.gold, change: change, list: list, accounts: accounts.map(address))
    }

    private func goBy(_ list: AccessList) -> SetAssetFlagPayload {
        SetAssetFlagPayload(currency: Market.gold, list: list)
    }

    private let writeOff = SetAssetFlagPayload(writingOff: Market.gold)

    // MARK: Issuing

    @Test func unitsAreIssuedUpToTheMaximumAndNoFurther() throws {
        var market = try Market.open(maximum: units(1_000), quantity: 100)
        #expect(try market.act(.issueAsset, issue(units(901))) == "ABOVE_MAXIMUM")
        #expect(try market.act(.issueAsset, issue(units(900))) == nil)
        #expect(market.held(1) == units(1_000) && market.asset?.quantity == units(1_000))
        #expect(try market.act(.issueAsset, issue(units(1))) == "ABOVE_MAXIMUM")
        #expect(market.brokenInvariant() == nil)
    }

    @Test func theLargestAmountsAreExact() throws {
        var market = try Market.open(maximum: AssetAmount.most, quantity: 1)
        let rest = try #require(AssetAmount.most.subtracting(units(1)))
        #expect(try market.refusal(.issueAsset, issue(AssetAmount.most)) == nil)
        #expect(try market.act(.issueAsset, issue(AssetAmount.most)) == "ABOVE_MAXIMUM")
        #expect(try market.act(.issueAsset, issue(rest)) == nil)
        #expect(market.held(1) == AssetAmount.most)
        let all = TransferAssetPayload(
            recipient: address(2), currency: Market.gold, amount: AssetAmount.most)
        #expect(try market.act(.transferAsset, all) == nil)
        #expect(market.held(2).description == "1" + String(repeating: "0", count: 48))
        #expect(market.held(1) == .zero && market.brokenInvariant() == nil)
        #expect(market.state.value(for: AssetBook.key(address(1), Market.gold)) == nil)
        for amount in [UInt256.zero, .max, try #require(AssetAmount.most.adding(units(1)))] {
            #expect(try market.refusal(.issueAsset, issue(amount)) != nil)
            let transfer = TransferAssetPayload(
                recipient: address(2), currency: Market.gold, amount: amount)
            #expect(try market.refusal(.transferAsset, transfer) != nil)
        }
    }

    @Test func onlyTheOwnerIssues() throws {
        var market = try Market.open()
        #expect(try market.act(.issueAsset, issue(units(1)), from: 2) == "NOT_ASSET_OWNER")
        let unknown = IssueAssetPayload(currency: "Bank.NONE", amount: units(1))
        #expect(try market.act(.issueAsset, unknown) == "UNKNOWN_ASSET")
    }

    // MARK: Moving

    @Test func nobodyMovesMoreThanItHolds() throws {
        var market = try Market.open(quantity: 100)
        #expect(try market.move(101, from: 1, to: 2) == "INSUFFICIENT_ASSET")
        #expect(try market.move(100, from: 1, to: 2) == nil)
        #expect(try market.move(1, from: 1, to: 2) == "INSUFFICIENT_ASSET")
        #expect(try market.move(40, from: 2, to: 3) == nil)
        #expect(market.held(2) == units(60) && market.held(3) == units(40))
        #expect(try market.move(1, from: 2, to: 2) == "SAME_ACCOUNT")
        #expect(market.brokenInvariant() == nil)
    }

    @Test func aMessageHasAtMost256Bytes() throws {
        var market = try Market.open()
        func transfer(_ count: Int) -> TransferAssetPayload {
            TransferAssetPayload(
                recipient: address(2), currency: Market.gold, amount: units(1),
                message: String(repeating: "m", count: count))
        }
        #expect(try market.act(.transferAsset, transfer(256)) == nil)
        #expect(try market.refusal(.transferAsset, transfer(257)) != nil)
    }

    @Test func anUnknownAssetCannotMove() throws {
        var market = try Market.open()
        let payload = TransferAssetPayload(
            recipient: address(2), currency: "Bank.NONE", amount: units(1))
        #expect(try market.act(.transferAsset, payload) == "UNKNOWN_ASSET")
    }

    // MARK: Lists

    @Test func aBlacklistShutsOutWhoIsOnIt() throws {
        var market = try Market.open()
        #expect(try market.move(50, from: 1, to: 2) == nil)
        #expect(try market.act(.changeAccessList, access(.add, .blacklist, [2])) == nil)
        #expect(try market.move(1, from: 2, to: 3) == "BARRED")
        #expect(try market.move(1, from: 1, to: 2) == "BARRED")
        #expect(try market.move(1, from: 1, to: 3) == nil)
        #expect(try market.act(.changeAccessList, access(.remove, .blacklist, [2])) == nil)
        #expect(try market.move(1, from: 2, to: 3) == nil)
        #expect(market.brokenInvariant() == nil)
    }

    @Test func aWhitelistLetsOnlyItsAccountsTakePart() throws {
        var market = try Market.open()
        #expect(try market.move(50, from: 1, to: 2) == nil)
        #expect(try market.act(.setAssetFlag, goBy(.whitelist)) == nil)
        #expect(try market.move(1, from: 2, to: 3) == "BARRED")
        #expect(try market.act(.changeAccessList, access(.add, .whitelist, [2])) == nil)
        #expect(try market.move(1, from: 2, to: 3) == "BARRED")
        #expect(try market.act(.changeAccessList, access(.add, .whitelist, [3])) == nil)
        #expect(try market.move(1, from: 2, to: 3) == nil)
        #expect(try market.act(.setAssetFlag, goBy(.blacklist)) == nil)
        #expect(try market.move(1, from: 2, to: 4) == nil)
    }

    @Test func theOwnerIsNeverBarred() throws {
        var market = try Market.open()
        #expect(try market.act(.changeAccessList, access(.add, .blacklist, [1])) == nil)
        #expect(try market.move(1, from: 1, to: 2) == nil)
        #expect(try market.move(1, from: 2, to: 1) == nil)
        #expect(try market.act(.setAssetFlag, goBy(.whitelist)) == nil)
        #expect(try market.act(.changeAccessList, access(.add, .whitelist, [2])) == nil)
        #expect(try market.move(1, from: 1, to: 2) == nil)
    }

    @Test func aChangeOfAListTakesEffectWholeOrNotAtAll() throws {
        var market = try Market.open()
        #expect(try market.act(.changeAccessList, access(.add, .blacklist, [2, 3])) == nil)
        #expect(try market.act(.changeAccessList, access(.add, .blacklist, [4, 3])) == "ALREADY_LISTED")
        #expect(!AssetBook.isListed(address(4), on: .blacklist, of: Market.gold, in: market.state))
        #expect(try market.act(.changeAccessList, access(.remove, .blacklist, [2, 5])) == "NOT_LISTED")
        #expect(AssetBook.isListed(address(2), on: .blacklist, of: Market.gold, in: market.state))
        #expect(try market.act(.changeAccessList, access(.add, .whitelist, [3])) == nil)
    }

    @Test func aChangeNamesOneToTenAccountsEachOnce() throws {
        var market = try Market.open()
        #expect(try market.act(.changeAccessList, access(.add, .blacklist, Array(2...11))) == nil)
        #expect(try market.refusal(.changeAccessList, access(.add, .blacklist, Array(2...12))) != nil)
        #expect(try market.refusal(.changeAccessList, access(.add, .blacklist, [])) != nil)
        #expect(try market.refusal(.changeAccessList, access(.add, .blacklist, [2, 3, 2])) != nil)
        let query = AssetQuery(market.state)
        let first = query.listed(on: .blacklist, of: Market.gold, after: nil, limit: 4)
        let rest = query.listed(on: .blacklist, of: Market.gold, after: first.last?.account, limit: 100)
        #expect((first + rest).map(\.account) == (2...11).map(address).sorted())
        #expect(query.listed(on: .whitelist, of: Market.gold, after: nil, limit: 10).isEmpty)
    }

    @Test func historicalOperatorsAreTwo() {
        #expect(AccessChange(sign: "+") == .add && AccessChange(sign: "-") == .remove)
        #expect(AccessChange(sign: "") == nil && AccessChange(sign: "++") == nil)
        #expect(AccessChange.allCases.map(\.sign) == ["+", "-"])
    }

    // MARK: Flags

    @Test func aListAndTheWritingOffNeedTheirRights() throws {
        let cases: [(AssetRights, [String?])] = [
            (.none, ["NOT_GRANTED", "NOT_GRANTED", "NOT_GRANTED", "NOT_GRANTED"]),
            (.init(whitelist: true), [nil, "NOT_GRANTED", nil, "NOT_GRANTED"]),
            (.init(blacklist: true), ["NOT_GRANTED", nil, "NOT_GRANTED", "NOT_GRANTED"]),
            (.init(writeOff: true), ["NOT_GRANTED", "NOT_GRANTED", "NOT_GRANTED", nil]),
        ]
        for (rights, codes) in cases {
            var market = try Market.open(rights: rights)
            #expect(try market.act(.changeAccessList, access(.add, .whitelist, [2])) == codes[0])
            #expect(try market.act(.changeAccessList, access(.add, .blacklist, [3])) == codes[1])
            #expect(try market.act(.setAssetFlag, goBy(.whitelist)) == codes[2])
            #expect(try market.act(.setAssetFlag, writeOff) == codes[3])
        }
    }

    @Test func choosingTheSameListAgainIsRefused() throws {
        var market = try Market.open()
        #expect(try market.act(.setAssetFlag, goBy(.blacklist)) == "LIST_UNCHANGED")
        #expect(try market.act(.setAssetFlag, goBy(.whitelist)) == nil)
        #expect(try market.act(.setAssetFlag, goBy(.whitelist)) == "LIST_UNCHANGED")
    }

    @Test func onlyTheOwnerSetsFlagsAndChangesLists() throws {
        var market = try Market.open()
        #expect(try market.act(.setAssetFlag, goBy(.whitelist), from: 2) == "NOT_ASSET_OWNER")
        #expect(try market.act(.setAssetFlag, writeOff, from: 2) == "NOT_ASSET_OWNER")
        #expect(
            try market.act(.changeAccessList, access(.remove, .blacklist, [2]), from: 2) == "NOT_ASSET_OWNER")
    }

    @Test func writingOffIsFinal() throws {
        var market = try Market.open()
        #expect(try market.move(10, from: 1, to: 2) == nil)
        #expect(try market.act(.setAssetFlag, writeOff) == nil)
        #expect(market.asset?.isWrittenOff == true)
        for code in [
            try market.move(1, from: 1, to: 2), try market.move(1, from: 2, to: 1),
            try market.act(.issueAsset, issue(units(1))), try market.act(.setAssetFlag, writeOff),
            try market.act(.setAssetFlag, goBy(.whitelist)),
            try market.act(.changeAccessList, access(.add, .blacklist, [3])),
        ] { #expect(code == "WRITTEN_OFF") }
        #expect(market.held(2) == units(10) && market.brokenInvariant() == nil)
    }

    @Test(arguments: [(0, 0), (3, 1), (255, 1), (1, 2), (2, 0), (2, 2)])
    func aFlagThatMeansNothingIsRefused(type: Int, flag: Int) throws {
        var market = try Market.open()
        let payload = SetAssetFlagPayload(
            currency: Market.gold, flagType: UInt8(type), flag: UInt8(flag))
        #expect(try market.refusal(.setAssetFlag, payload) != nil)
    }

    // MARK: Handlers on payloads that nobody checked

    @Test func aPayloadThatAdmissionDidNotSeeIsRefusedAllTheSame() throws {
        let market = try Market.open()
        let block = BlockContext(
            chain: market.spec.id, height: Height(9), time: market.time, leader: key(100))
        let bad = IssueAssetPayload(currency: Market.gold, amount: .zero).encoded
        for payload in [bad, [], [1, 2, 3]] {
            let context = TransactionContext(id: .zero, sender: address(1), payload: payload, fee: .zero)
            var overlay = StateOverlay(market.state)
            let handler = try #require(market.registry[.issueAsset])
            #expect(throws: ExecutionError.self) {
                try handler.execute(context, in: block, state: &overlay)
            }
        }
    }

    @Test func listsAreGivenPageByPage() throws {
        var market = try Market.open(quantity: 7)
        #expect(
            try market.act(.registerIssuer, RegisterIssuerPayload(name: "aa", description: ""), from: 2)
                == nil)
        for symbol in ["ONE", "TWO"] {
            let payload = CreateAssetPayload(
                currency: "aa.\(symbol)", description: "", maximum: units(5), precision: 0)
            #expect(try market.act(.createAsset, payload, from: 2) == nil)
        }
        let query = AssetQuery(market.state)
        #expect(query.issuers(after: nil, limit: 9).map(\.name) == ["aa", "Bank"])
        #expect(query.issuers(after: "AA", limit: 9).map(\.name) == ["Bank"])
        #expect(query.assets(after: nil, limit: 9).map(\.currency) == [Market.gold, "aa.ONE", "aa.TWO"])
        #expect(query.assets(after: "aa.ONE", limit: 9).map(\.currency) == ["aa.TWO"])
        #expect(query.assets(of: "aa", after: nil, limit: 1).map(\.currency) == ["aa.ONE"])
        #expect(query.assets(of: "a", after: nil, limit: 9).isEmpty)
        let held = query.holdings(of: address(1), after: nil, limit: 9)
        #expect(held.map(\.asset.currency) == [Market.gold] && held.map(\.amount) == [units(7)])
        #expect(query.holdings(of: address(1), after: Market.gold, limit: 9).isEmpty)
    }
}
