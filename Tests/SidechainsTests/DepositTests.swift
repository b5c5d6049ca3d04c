import Ledger
import Primitives
import Sidechains
import Testing

@Suite struct DepositTests {
    @Test func depositsAreNumberedAndInjectedInOrderExactlyOnce() throws {
        var world = try World()
        try world.register()
        for (amount, recipient) in [(10, 50), (20, 51), (30, 50)] as [(UInt64, UInt64)] {
            #expect(try world.deposit(amount, to: recipient).error == nil)
        }
        #expect(world.escrow().balance == Amount(units: 60) && world.escrow().nextDeposit == 3)
        let messages = world.due()
        #expect(messages.map(\.sequence) == [0, 1, 2] && messages.map(\.amount.units) == [10, 20, 30])
        try world.deliver()
        #expect(world.sides[0].state.balance(50) == 40 && world.sides[0].state.balance(51) == 20)
        #expect(world.due().isEmpty)
        #expect(world.audit()?.holds == true)
    }

    @Test func onlyMessagesUpToTheAnchorAreDue() throws {
        var world = try World()
        try world.register()
        try world.deposit(10, to: 50)
        let anchor = world.main.height
        try world.deposit(20, to: 50)
        #expect(world.due(upTo: anchor).map(\.sequence) == [0])
        #expect(world.due(upTo: anchor - 1).isEmpty)
        try world.sides[0].run([], inbox: world.due(upTo: anchor))
        #expect(world.due().map(\.sequence) == [1])
        #expect(world.audit()?.sides.first?.incoming == Amount(units: 20))
    }

    @Test func gapsRepetitionsAndStrangeOrdersAreRefused() throws {
        var world = try World()
        try world.register()
        for _ in 0..<3 { try world.deposit(10, to: 50) }
        let all = world.due()
        let start = world.sides[0]
        for wrong in [[all[1]], [all[0], all[2]], [all[1], all[0]], [all[0], all[0]]] {
            #expect(throws: BlockRejection.badAnchor) { try world.sides[0].run([], inbox: wrong) }
        }
        #expect(world.sides[0].state.records == start.state.records)
        try world.sides[0].run([], inbox: [all[0]])
        #expect(throws: BlockRejection.badAnchor) { try world.sides[0].run([], inbox: [all[0]]) }
        #expect(throws: Never.self) { try world.sides[0].run([], inbox: [all[1], all[2]]) }
    }

    @Test func depositsOfTwoChainsDoNotMix() throws {
        var world = try World()
        try world.register("one")
        try world.register("two")
        try world.deposit(10, to: 50, side: 0)
        try world.deposit(20, to: 50, side: 1)
        #expect(world.due(side: 0).map(\.amount.units) == [10])
        #expect(world.due(side: 1).map(\.amount.units) == [20])
        #expect(world.due(side: 1).map(\.sequence) == [0])
    }

    @Test func depositsOfNothingToNowhereOrBeyondTheBalanceAreRefused() throws {
        var world = try World()
        try world.register()
        let id = world.sides[0].spec.id
        let nothing = DepositPayload(chain: id, recipient: address(5), amount: .zero)
        let handler = DepositHandler()
        #expect(throws: AdmissionRejection.self) { try handler.check(nothing.encoded) }
        #expect(throws: AdmissionRejection.self) { try handler.check([]) }
        let stranger = DepositPayload(chain: world.main.spec.id, recipient: address(5), amount: .etm(1))
        let lost = try world.main.run([try world.main.transaction(.deposit, from: 2, stranger)])
        #expect(lost.first?.error?.code == "UNKNOWN_CHAIN")
        let all = world.main.state.balance(2) - world.main.spec.fees.base.units
        #expect(try world.deposit(all + 1, from: 2, to: 5).error?.code == "INSUFFICIENT_BALANCE")
        #expect(world.escrow() == Escrow() && world.due().isEmpty)
        let rest = world.main.state.balance(2) - world.main.spec.fees.base.units
        #expect(try world.deposit(rest, from: 2, to: 5).error == nil)
        #expect(world.main.state.balance(2) == 0)
        #expect(world.audit()?.holds == true)
    }

    @Test func everySideChainKnowsItsOwnKindsOnly() throws {
        var world = try World()
        try world.register()
        let (main, side) = (
            ChainRules.registry(for: world.main.spec, verifier: NoVerifier()),
            ChainRules.registry(for: world.sides[0].spec, verifier: NoVerifier())
        )
        for kind in [TransactionKind.registerDApp, .deposit, .claim] {
            #expect(main[kind] != nil && side[kind] == nil)
        }
        for kind in [TransactionKind.withdraw, .call] { #expect(main[kind] == nil && side[kind] != nil) }
        #expect(main[.transfer] != nil && side[.transfer] != nil)
    }
}
