import Crypto
import Ledger
import Primitives
import Sidechains
import Testing

/// Accepts no signature.
struct NoVerifier: SignatureVerifier {
    func verify(_ signature: Signature, of digest: Digest, by key: PublicKey) -> Bool { false }
}

private let etm = Amount.unitsPerETM

/// Account 50 holds 10 ETM on the side chain and has withdrawn 4 of them to account 60.
private func withdrawn() throws -> World {
    var world = try World()
    try world.register()
    try world.deposit(10 * etm, to: 50)
    try world.deliver()
    try #require(try world.withdraw(4 * etm, from: 50, to: 60).error == nil)
    return world
}

@Suite struct WithdrawalTests {
    @Test func aWithdrawalBurnsAndItsProofPaysOnce() throws {
        var world = try withdrawn()
        #expect(world.sides[0].state.balance(50) == 6 * etm - 1_000)
        #expect(world.audit()?.sides.first?.outgoing == Amount(units: 4 * etm))
        let before = world.main.state.balance(2)
        let proof = try world.sides[0].proof(of: 0)
        #expect(try world.claim(proof).error == nil)
        let fee = world.main.spec.fees.base.units
        #expect(world.main.state.balance(60) == 4 * etm - fee)
        #expect(world.main.state.balance(2) == before)
        #expect(
            world.escrow().balance == Amount(units: 6 * etm) && world.escrow().paid == Amount(units: 4 * etm))
        #expect(world.audit()?.holds == true)
        #expect(try world.claim(proof, by: 3).error?.code == "ALREADY_PAID")
        #expect(world.main.state.balance(60) == 4 * etm - fee)
        #expect(world.audit()?.holds == true)
    }

    @Test func theBringerIsRepaidTheLeastFeeAndNoMore() throws {
        var world = try withdrawn()
        let before = world.main.state.balance(2)
        #expect(try world.claim(try world.sides[0].proof(of: 0), extraFee: 123).error == nil)
        #expect(world.main.state.balance(2) == before - 123)
        #expect(world.main.state.balance(60) == 4 * etm - world.main.spec.fees.base.units)
        #expect(world.audit()?.holds == true)
    }

    @Test func whoeverBringsTheirOwnWithdrawalGetsAllOfIt() throws {
        var world = try withdrawn()
        try world.withdraw(etm, from: 50, to: 2)
        let before = world.main.state.balance(2)
        #expect(try world.claim(try world.sides[0].proof(of: 1)).error == nil)
        #expect(world.main.state.balance(2) == before + etm - world.main.spec.fees.base.units)
    }

    @Test func theRepaidFeeIsTheChainsOwn() throws {
        let fees = FeeSchedule(
            currency: .etm, base: Amount(units: 500), registration: .zero, registrationDeposit: .zero,
            perKilobyte: .zero, gasPrice: .zero)
        var world = try withdrawn()
        let spec = ChainSpec.main(consensus: World.consensus(), fees: fees, genesis: world.main.spec.genesis)
        var cheap = Ledgered(spec, validators: world.main.validators)
        cheap.state = world.main.state
        world.main = cheap
        let before = world.main.state.balance(2)
        #expect(try world.claim(try world.sides[0].proof(of: 0), extraFee: 7).error == nil)
        #expect(world.main.state.balance(2) == before - 7)
        #expect(world.main.state.balance(60) == 4 * etm - 500)
    }

    @Test func aWithdrawalMustExceedTheFeeOfItsClaim() throws {
        let handler = WithdrawHandler(least: Amount(units: 10_000_000))
        for (amount, fits) in [(10_000_000, false), (10_000_001, true), (0, false)] as [(UInt64, Bool)] {
            let payload = WithdrawPayload(recipient: address(1), amount: Amount(units: amount)).encoded
            #expect(((try? handler.check(payload)) != nil) == fits)
        }
        #expect(throws: AdmissionRejection.self) { try handler.check([1]) }
    }

    @Test func burningMoreThanOneHasSendsNothing() throws {
        var world = try withdrawn()
        let all = world.sides[0].state.balance(50)
        #expect(try world.withdraw(all - 999, from: 50, to: 60).error?.code == "INSUFFICIENT_BALANCE")
        #expect(world.sides[0].outboxes.last == [] && Outbox.next(in: world.sides[0].state) == 1)
        let rest = world.sides[0].state.balance(50) - 1_000
        #expect(try world.withdraw(rest, from: 50, to: 60).error == nil)
        #expect(world.sides[0].state.balance(50) == 0)
        let entry = world.sides[0].state.read(Outbox.Entry.self, Outbox.key(1))
        #expect(entry?.height == Height(world.sides[0].height) && entry?.message.sequence == 1)
        #expect(world.audit()?.holds == true)
    }

    @Test func anUnknownChainPaysNothing() throws {
        var world = try withdrawn()
        let payload = ClaimPayload(chain: world.main.spec.id, proof: try world.sides[0].proof(of: 0))
        let receipts = try world.main.run([try world.main.transaction(.claim, from: 2, payload)])
        #expect(receipts.first?.error?.code == "UNKNOWN_CHAIN")
    }

    @Test func oneChainsProofDoesNotOpenAnothersEscrow() throws {
        var world = try withdrawn()
        try world.register("other")
        try world.deposit(50 * etm, to: 50, side: 1)
        let proof = try world.sides[0].proof(of: 0)
        #expect(try world.claim(proof, side: 1).error?.code == "BAD_PROOF")
        #expect(world.escrow(1).balance == Amount(units: 50 * etm))
    }

    @Test func severalWithdrawalsOfOneBlockArePaidIndependently() throws {
        var world = try withdrawn()
        var batch: [SignedTransaction] = []
        for number in 0..<5 as Range<UInt64> {
            let payload = WithdrawPayload(
                recipient: address(70 + number), amount: Amount(units: etm + number))
            batch.append(try world.sides[0].transaction(.withdraw, from: 50, payload))
        }
        try world.sides[0].run(batch)
        for sequence in [3, 1, 5, 2, 4] as [UInt64] {
            #expect(try world.claim(try world.sides[0].proof(of: sequence)).error == nil)
            #expect(world.audit()?.holds == true)
        }
        #expect(world.main.state.balance(74) == etm + 4 - world.main.spec.fees.base.units)
    }
}

@Suite struct EscrowTests {
    /// A withdrawal that never happened, signed by every validator.
    private func forged(_ world: World, _ amount: UInt64, sequence: UInt64) throws -> WithdrawalProof {
        let side = world.sides[0]
        let message = OutboxMessage(
            sequence: sequence, recipient: address(66), amount: Amount(units: amount),
            source: TransactionID(digest(sequence).bytes))
        var header = side.headers[side.headers.count - 1]
        header.outboxRoot = OutboxMessage.root([message])
        header = header.signed(by: side.validators[0])
        return try #require(
            WithdrawalProof(
                headers: [header], certificate: try side.certificate(for: header), outbox: [message], index: 0
            ))
    }

    @Test func dishonestValidatorsTakeAtMostWhatTheirOwnEscrowHolds() throws {
        var world = try withdrawn()
        try world.register("other")
        try world.deposit(50 * etm, to: 50, side: 1)
        let tooMuch = try world.claim(try forged(world, 10 * etm + 1, sequence: 900))
        #expect(tooMuch.error?.code == "ESCROW_TOO_SMALL")
        #expect(try world.claim(try forged(world, .max, sequence: 901)).error?.code == "ESCROW_TOO_SMALL")
        #expect(try world.claim(try forged(world, 10 * etm, sequence: .max)).error == nil)
        #expect(world.escrow().balance == .zero)
        #expect(try world.claim(try world.sides[0].proof(of: 0)).error?.code == "ESCROW_TOO_SMALL")
        #expect(world.escrow(1).balance == Amount(units: 50 * etm))
        let main = Conservation.audit(main: world.main.state, genesis: world.main.spec.genesis)
        #expect(main?.total == main?.genesis)
        #expect(world.audit()?.holds != true)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func whateverIsForgedNoMoreLeavesThanEntered(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var world = try withdrawn()
        for sequence in 100..<130 as Range<UInt64> {
            if random.below(3) == 0 { try world.deposit(random.below(2 * etm) + 1, to: 50) }
            let amount = random.below(4) == 0 ? random.next() : random.below(5 * etm)
            let proof = try forged(world, amount, sequence: random.below(2) == 0 ? sequence : 100)
            try world.claim(proof)
            let escrow = world.escrow()
            #expect(escrow.paid.adding(escrow.balance) == escrow.deposited)
            let main = Conservation.audit(main: world.main.state, genesis: world.main.spec.genesis)
            #expect(main?.total == main?.genesis)
        }
    }

    @Test func aTinyForgedWithdrawalRepaysItsBringerNoMoreThanItHolds() throws {
        var world = try withdrawn()
        let before = world.main.state.balance(2)
        #expect(try world.claim(try forged(world, 5, sequence: 900)).error == nil)
        #expect(world.main.state.balance(2) == before - world.main.spec.fees.base.units + 5)
        #expect(world.main.state.balance(66) == 0)
        let main = Conservation.audit(main: world.main.state, genesis: world.main.spec.genesis)
        #expect(main?.total == main?.genesis)
    }
}
