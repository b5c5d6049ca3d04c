import Crypto
import Ledger
import Primitives
import Sidechains
import Testing

private typealias Edit = @Sendable (inout Registration) -> Void

private struct Bound: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let accepted: [Edit]
    let refused: [Edit]

    init(_ name: String, accepted: [Edit], refused: [Edit]) {
        testDescription = name
        self.accepted = accepted
        self.refused = refused
    }

    init(
        _ name: String, _ range: ClosedRange<UInt64>,
        _ set: @escaping @Sendable (inout Registration, UInt64) -> Void
    ) {
        func edit(_ number: UInt64) -> Edit { { set(&$0, number) } }
        self.init(
            name, accepted: [edit(range.lowerBound), edit(range.upperBound)],
            refused: [edit(range.lowerBound - 1), edit(range.upperBound + 1)])
    }
}

private func text(_ count: UInt64, _ letter: Character = "a") -> String {
    String(repeating: letter, count: Int(count))
}

private func token(_ symbol: String, decimals: UInt8 = 8, supply: UInt64 = 1_000) -> Registration.Token {
    Registration.Token(symbol: symbol, decimals: decimals, supply: Amount(units: supply), holder: address(1))
}

private func naming(_ names: String...) -> [Edit] { names.map { name in { $0.name = name } } }

private func tokens(_ list: Registration.Token...) -> [Edit] { list.map { token in { $0.token = token } } }

private let bounds: [Bound] = [
    Bound("name length", 2...32) { $0.name = text($1) },
    Bound(
        "name letters", accepted: naming("a1", "a-", "main1", "z-9-z"),
        refused: naming("", "main", "1a", "-a", "aA", "a_b", "a b", "aé", "a.b", "a/b")),
    Bound(
        "description", accepted: [{ $0.description = text(160) }], refused: [{ $0.description = text(161) }]),
    Bound("tags", accepted: [{ $0.tags = text(160) }], refused: [{ $0.tags = text(161) }]),
    Bound("category", 1...9) { $0.category = UInt8($1) },
    Bound(
        "token symbol",
        accepted: tokens(token("ABC"), token("ABCDEF"), token("ETMX")),
        refused: tokens(token("AB"), token("ABCDEFG"), token("ETM"), token("AbC"), token("AB1"), token(""))),
    Bound(
        "token decimals", accepted: tokens(token("ABC", decimals: 0), token("ABC", decimals: 18)),
        refused: tokens(token("ABC", decimals: 19))),
    Bound(
        "token supply", accepted: tokens(token("ABC", supply: 1), token("ABC", supply: .max)),
        refused: tokens(token("ABC", supply: 0))),
    Bound(
        "fee currency",
        accepted: [
            { $0.fees.currency = .etm },
            {
                $0.token = token("ABC"); $0.fees.currency = .own
            },
        ],
        refused: [
            { $0.fees.currency = .own },
            {
                $0.token = token("ABC"); $0.fees.currency = AssetNumber(2)
            },
        ]),
    Bound("interval", 200...60_000) { $0.consensus.interval = .init(milliseconds: $1) },
    Bound("delta", 100...60_000) { $0.consensus.delta = .init(milliseconds: $1) },
    Bound("heartbeat", 1_000...86_400_000) {
        $0.consensus.pacing = .onDemand(heartbeat: .init(milliseconds: $1))
    },
    Bound("round", 1...10_000) { $0.consensus.roundLength = $1 },
    Bound("transactions", 1...10_000) { $0.limits.transactions = UInt32($1) },
    Bound("bytes", 1_024...4_194_304) { $0.limits.bytes = UInt32($1) },
    Bound("gas", 1...1_000_000_000) {
        $0.limits.gas = $1; $0.limits.callGas = 1
    },
    Bound("call gas", 1...1_000_000) { $0.limits.callGas = $1 },
    Bound(
        "bundle", accepted: [{ $0.bundle = [0] }, { $0.bundle = .init(repeating: 0, count: 270_000) }],
        refused: [{ $0.bundle = [] }, { $0.bundle = .init(repeating: 0, count: 270_001) }]),
    Bound(
        "validators", accepted: [{ $0.validators = many(1) }, { $0.validators = many(101) }],
        refused: [{ $0.validators = many(102) }]),
]

private func many(_ count: UInt64) -> MemberSet {
    guard let set = MemberSet((0..<count).map { PublicKey(digest($0).bytes) }) else {
        preconditionFailure("distinct keys")
    }
    return set
}

@Suite struct RegistrationTests {
    @Test(arguments: bounds)
    fileprivate func everyBoundAcceptsItsLimitAndRefusesTheNext(bound: Bound) throws {
        let handler = RegisterDAppHandler(deposit: .etm(100))
        for edit in bound.accepted {
            var registration = try World.registration()
            edit(&registration)
            #expect(registration.defect == nil)
            #expect(throws: Never.self) { try handler.check(registration.encoded) }
            #expect(try Registration(decoding: registration.encoded) == registration)
        }
        for edit in bound.refused {
            var registration = try World.registration()
            edit(&registration)
            #expect(registration.defect != nil)
            #expect(throws: AdmissionRejection.self) { try handler.check(registration.encoded) }
        }
    }

    @Test func aRegistrationTakesItsFeeAndItsDeposit() throws {
        var world = try World()
        let fees = world.main.spec.fees
        try world.register(owner: 3)
        let spent = fees.registration.units + fees.registrationDeposit.units
        #expect(world.main.state.balance(3) == World.wealth.units - spent)
        #expect(Bank.fees(in: world.main.state) == fees.registration)
        let record = try #require(SideChainDirectory.chains(in: world.main.state).first).record
        #expect(record.deposit == fees.registrationDeposit && record.owner == address(3))
        #expect(record.height == Height(1) && record.registration.bundle.isEmpty)
        #expect(world.audit()?.holds == true)
    }

    @Test func aLargeBundleCostsMore() throws {
        var registration = try World.registration()
        registration.bundle = [UInt8](repeating: 7, count: 100_000)
        let handler = RegisterDAppHandler(deposit: .etm(100))
        let bytes = registration.encoded
        let steps = UInt64((bytes.count - 1) / 1_024)
        #expect(
            handler.minimumFee(for: bytes, fees: .main).units == Amount.etm(100).units + steps * 1_000_000)
    }

    @Test func aNameIsTakenOnceAndTheLoserKeepsTheDeposit() throws {
        var world = try World()
        try world.register("hello")
        let again = try world.main.transaction(.registerDApp, from: 4, try World.registration("hello"))
        let receipt = try #require(try world.main.run([again]).first)
        #expect(receipt.error?.code == "NAME_TAKEN")
        #expect(world.main.state.balance(4) == World.wealth.units - world.main.spec.fees.registration.units)
        try world.register("hello2")
        #expect(SideChainDirectory.chains(in: world.main.state).count == 2)
        #expect(SideChainDirectory.chain(named: "hello", in: world.main.state) == world.sides[0].spec.id)
        #expect(SideChainDirectory.chain(named: "hello3", in: world.main.state) == nil)
        #expect(world.audit()?.holds == true)
    }

    @Test func whoCannotPayTheDepositRegistersNothing() throws {
        var world = try World()
        let all = World.wealth.units
        let fees = world.main.spec.fees
        let left = fees.registration.units + fees.registrationDeposit.units - 1
        let leaving = TransferPayload(
            recipient: address(2), amount: Amount(units: all - left - fees.base.units))
        try world.main.run([try world.main.transaction(.transfer, from: 1, leaving)])
        #expect(world.main.state.balance(1) == left)
        let poor = try world.main.transaction(.registerDApp, from: 1, try World.registration())
        let receipt = try #require(try world.main.run([poor]).first)
        #expect(receipt.error?.code == "INSUFFICIENT_BALANCE")
        #expect(receipt.error?.message.hasSuffix(": 1 short") == true)
        #expect(SideChainDirectory.chains(in: world.main.state).isEmpty)
        #expect(SideChainDirectory.chain(named: "hello", in: world.main.state) == nil)
    }

    @Test func theChainsSpecificationFollowsFromItsRecordAlone() throws {
        var registration = try World.registration()
        registration.token = token("HEL", decimals: 2, supply: 12_345)
        registration.fees.currency = .own
        let record = SideChainRecord(
            registration, owner: address(1), height: Height(7), time: Instant(milliseconds: 9),
            deposit: .etm(1))
        let decoded = try SideChainRecord(decoding: record.encoded)
        #expect(decoded == record)
        let chain = SideChainRecord.chainID(of: .zero)
        let spec = decoded.spec(of: chain)
        #expect(spec.id == chain && spec.name == "hello" && spec.role == .side)
        #expect(spec.consensus == registration.consensus && spec.limits == registration.limits)
        #expect(spec.fees == registration.fees && !spec.acceptsHistorical)
        #expect(spec.assets == [.etm, AssetSpec(symbol: "HEL", decimals: 2)])
        #expect(spec.genesis.time == record.time && spec.genesis.members == registration.validators)
        let state = ModelState(records: Dictionary(uniqueKeysWithValues: spec.genesis.records))
        #expect(Bank.supply(of: .own, in: state) == Amount(units: 12_345))
        #expect(state.balance(1, .own) == 12_345 && Bank.supply(of: .etm, in: state) == .zero)
        #expect(spec.genesisBlock.id == record.spec(of: chain).genesisBlock.id)
    }

    @Test func chainsAccountsAndBundlesHaveDistinctNames() throws {
        let one = SideChainRecord.chainID(of: TransactionID(digest(1).bytes))
        let two = SideChainRecord.chainID(of: TransactionID(digest(2).bytes))
        #expect(one != two && one.bytes != digest(1).bytes)
        #expect(SideChainRecord.account(of: one) != SideChainRecord.account(of: two))
        #expect(SideChainRecord.hash(ofBundle: [1]) != SHA256.hash([1]))
        let record = SideChainRecord(
            try World.registration(), owner: address(1), height: .zero, time: .zero, deposit: .zero)
        #expect(record.bundleHash == SideChainRecord.hash(ofBundle: [1, 2, 3]))
    }

    @Test func aBundleIsStoredUnderItsHash() throws {
        var world = try World()
        try world.register()
        let record = try #require(SideChainDirectory.chains(in: world.main.state).first).record
        #expect(world.main.state.value(for: SideChainRecord.bundleKey(record.bundleHash)) == [1, 2, 3])
    }

    @Test func allChainsAreListedPageByPage() throws {
        var state = ModelState()
        let record = SideChainRecord(
            try World.registration(), owner: address(1), height: .zero, time: .zero, deposit: Amount(units: 3)
        )
        for number in 0..<1_001 as Range<UInt64> {
            state.write(SideChainRecord.key(ChainID(digest(number).bytes)), record)
        }
        let all = SideChainDirectory.chains(in: state).map(\.id)
        #expect(all.count == 1_001 && all == all.sorted())
        let page = SideChainDirectory.chains(in: state, after: all[9], limit: 5).map(\.id)
        #expect(page == Array(all[10..<15]))
        let genesis = Genesis(time: .zero, members: many(1), balances: [])
        #expect(Conservation.audit(main: state, genesis: genesis)?.deposits == Amount(units: 3_003))
    }
}
