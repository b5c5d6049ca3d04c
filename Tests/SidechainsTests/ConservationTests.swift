import Ledger
import Primitives
import Sidechains
import Testing

/// A random history over one main chain and two side chains.
private struct History {
    var world: World
    var random: SeededGenerator
    var claimed: [Set<UInt64>] = [[], []]
    var paidClaims = 0

    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        world = try World()
        try world.register("one")
        try world.register("two")
    }

    mutating func pick(_ range: ClosedRange<UInt64>) -> UInt64 {
        range.lowerBound + random.below(range.upperBound - range.lowerBound + 1)
    }

    mutating func step() throws {
        let side = Int(random.below(2))
        switch random.below(7) {
        case 0, 1: try world.deposit(pick(1...9_000_000_000), from: pick(1...5), to: pick(1...5), side: side)
        case 2: try deliverSome(side)
        case 3: try transfers(side)
        case 4:
            try world.withdraw(
                pick(10_000_001...3_000_000_000), from: pick(1...5), to: pick(1...8), side: side)
        case 5: try claimSomething(side)
        default:
            let payload = TransferPayload(
                recipient: address(pick(1...6)), amount: Amount(units: pick(1...100_000_000)))
            try world.main.run([try world.main.transaction(.transfer, from: pick(1...5), payload)])
        }
    }

    private mutating func deliverSome(_ side: Int) throws {
        let due = world.due(side: side)
        try world.sides[side].run([], inbox: Array(due.prefix(Int(random.below(4)))))
    }

    private mutating func transfers(_ side: Int) throws {
        var batch: [SignedTransaction] = []
        for sender in 1...5 as ClosedRange<UInt64> where world.sides[side].state.balance(sender) > 100_000 {
            let payload = TransferPayload(
                recipient: address(pick(1...6)), amount: Amount(units: pick(1...9_000_000_000)))
            batch.append(try world.sides[side].transaction(.transfer, from: sender, payload))
        }
        try world.sides[side].run(batch)
    }

    private mutating func claimSomething(_ side: Int) throws {
        let sent = Outbox.next(in: world.sides[side].state)
        guard sent > 0 else { return }
        let sequence = random.below(sent)
        let proof = try world.sides[side].proof(of: sequence, headers: Int(pick(1...3)))
        let receipt = try world.claim(proof, by: pick(1...5), side: side)
        #expect((receipt.error == nil) == claimed[side].insert(sequence).inserted)
        if receipt.error == nil { paidClaims += 1 }
    }
}

private let etm = Amount.unitsPerETM

@Suite struct ConservationTests {
    @Test(arguments: 0..<6 as Range<UInt64>)
    func nothingIsMadeOrLostOverRandomHistories(seed: UInt64) throws {
        var history = try History(seed: seed)
        for _ in 0..<120 {
            do {
                try history.step()
            } catch BlockRejection.transaction(_, .cannotPayFee) {
                continue
            }
            #expect(history.world.audit()?.holds == true)
        }
        #expect(history.paidClaims > 0)
        let sides = try #require(history.world.audit()).sides
        #expect(sides.contains { $0.escrow > .zero && $0.supply > .zero })
    }

    /// Value at rest in every place that the audit knows: accounts, fees, deposits, escrow, both ways.
    private func everywhere() throws -> World {
        var world = try World()
        try world.register()
        try world.deposit(10 * etm, to: 50)
        try world.deliver()
        try world.withdraw(4 * etm, from: 50, to: 60)
        try world.claim(try world.sides[0].proof(of: 0))
        try world.withdraw(2 * etm, from: 50, to: 60)
        try world.deposit(3 * etm, to: 51)
        return world
    }

    @Test func theFiguresAreWhatHappened() throws {
        let audit = try #require(try everywhere().audit())
        #expect(audit.holds)
        #expect(audit.main.genesis == .etm(5_000) && audit.main.total == .etm(5_000))
        #expect(audit.main.deposits == .etm(100) && audit.main.escrows == .etm(9))
        let side = try #require(audit.sides.first)
        #expect(side.escrow == .etm(9) && side.supply == .etm(4))
        #expect(side.incoming == .etm(3) && side.outgoing == .etm(2))
    }

    @Test(arguments: [1, -1] as [Int64])
    func aSingleUnitMoreOrLessAnywhereIsNoticed(by: Int64) throws {
        let world = try everywhere()
        func shifted(_ amount: Amount) -> Amount { Amount(units: UInt64(Int64(amount.units) + by)) }
        func holds(_ change: (inout World) throws -> Void) throws -> Bool {
            var copy = world
            try change(&copy)
            return copy.audit()?.holds == true
        }
        func shift(_ state: inout ModelState, _ key: StateKey) throws {
            state.write(key, shifted(try #require(state.read(Amount.self, key))))
        }
        let chain = world.sides[0].spec.id
        #expect(try holds { _ in })
        #expect(try !holds { try shift(&$0.main.state, Bank.key(address(2), .etm)) })
        #expect(try !holds { try shift(&$0.main.state, Bank.feeKey(.etm)) })
        #expect(try !holds { try shift(&$0.sides[0].state, Bank.key(address(50), .etm)) })
        #expect(try !holds { try shift(&$0.sides[0].state, Bank.feeKey(.etm)) })
        #expect(try !holds { try shift(&$0.sides[0].state, Inbox.injectedKey) })
        #expect(try !holds { try shift(&$0.sides[0].state, Inbox.burntKey) })
        for field in [\Escrow.balance, \.deposited, \.paid] as [WritableKeyPath<Escrow, Amount>] {
            #expect(
                try !holds { copy in
                    var escrow = copy.escrow()
                    escrow[keyPath: field] = shifted(escrow[keyPath: field])
                    copy.main.state.write(Escrow.key(chain), escrow)
                })
        }
        #expect(
            try !holds { copy in
                let old = try #require(copy.main.state.read(SideChainRecord.self, SideChainRecord.key(chain)))
                let new = SideChainRecord(
                    old.registration, owner: old.owner, height: old.height, time: old.time,
                    deposit: shifted(old.deposit))
                copy.main.state.write(SideChainRecord.key(chain), new)
            })
    }

    @Test func aSideChainsOwnTokenIsNotCountedAsETM() throws {
        let world = try everywhere()
        var genesis = world.main.spec.genesis
        genesis = Genesis(
            time: genesis.time, members: genesis.members,
            balances: genesis.balances + [.init(address: address(9), asset: .own, amount: .etm(7))])
        #expect(Conservation.audit(main: world.main.state, genesis: genesis)?.genesis == .etm(5_000))
    }

    @Test func moreInjectedThanDepositedIsImpossible() throws {
        var world = try everywhere()
        world.sides[0].state.write(Inbox.injectedKey, Amount.etm(14))
        #expect(world.audit() == nil)
        world = try everywhere()
        world.sides[0].state.write(Inbox.burntKey, Amount.etm(3))
        #expect(world.audit() == nil)
    }
}
