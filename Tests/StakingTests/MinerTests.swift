import Crypto
import Ledger
import Primitives
import Staking
import Testing

@Suite struct MinerTests {
    @Test func aNewMinerStandsTwoRoundsLaterWithItsAnchor() throws {
        var stage = try Stage(miners: 2)
        let registration = try stage.registration(of: 9)
        #expect(try stage.act(.registerMiner, from: 9, registration) == nil)
        #expect(stage.balance(9) == (Stage.wealth.units - 1_100 * Amount.unitsPerETM))
        try stage.finishRound()
        #expect(stage.members?.keys == [key(1), key(2)].sorted())
        #expect(stage.state.value(for: OnionHead.key(key(9))) == nil)
        try stage.finishRound()
        #expect(stage.members?.keys == [key(1), key(2), key(9)].sorted())
        let head = stage.state.read(OnionHead.self, OnionHead.key(key(9)))
        #expect(head == OnionHead(layer: registration.anchor, revealed: 0))
        for _ in 0..<3 { try stage.finishRound() }
        #expect(stage.brokenInvariant() == nil)
        #expect((stage.miner(9)?.produced ?? 0) > 0)
    }

    @Test func oneMinerPerAccountAndNoNameTwice() throws {
        var stage = try Stage()
        let again = try stage.registration(of: 1)
        #expect(try stage.act(.registerMiner, from: 1, again) == "ALREADY_MINER")
        let taken = try stage.registration(of: 9, name: "miner-2")
        #expect(try stage.act(.registerMiner, from: 9, taken) == "NAME_TAKEN")
        let foreign = try stage.registration(of: 9)
        #expect(try stage.act(.registerMiner, from: 8, foreign) == "NOT_OWN_KEY")
        #expect(stage.brokenInvariant() == nil)
        #expect(Vault.minerDeposits.balance(in: stage.state) == .etm(3_000))
    }

    @Test func aRegistrationNeedsARecentBlockAndItsNonce() throws {
        var stage = try Stage()
        let old = try stage.registration(of: 9)
        for _ in 0..<19 { try stage.run() }
        let early = stage
        #expect(try stage.act(.registerMiner, from: 9, old) == nil)
        var late = early
        try late.run()
        #expect(try late.act(.registerMiner, from: 9, old) == "BAD_WORK")
        let fresh = try late.registration(of: 9)
        let unknown = RegisterMinerPayload(
            miner: key(9), name: "nine", anchor: .zero, block: .zero,
            nonce: try #require(
                LightWork.search(
                    RegisterMinerPayload.workBytes(block: .zero, miner: key(9)), bits: 4, nonces: 0..<1_000)))
        #expect(try late.act(.registerMiner, from: 9, unknown) == "BAD_WORK")
        let wrong = (0..<1_000 as Range<UInt64>).first {
            !LightWork.verify(
                RegisterMinerPayload.workBytes(block: fresh.block, miner: key(9)), nonce: $0, bits: 4)
        }
        let bad = RegisterMinerPayload(
            miner: key(9), name: "nine", anchor: .zero, block: fresh.block, nonce: try #require(wrong))
        #expect(throws: AdmissionRejection.self) { try late.act(.registerMiner, from: 9, bad) }
    }

    @Test func aSilentChainStillTakesARegistrationOnItsLastBlock() throws {
        var stage = try Stage()
        try stage.run()
        let registration = try stage.registration(of: 9)
        let order = try stage.order(.registerMiner, from: 9, registration)
        #expect(try stage.run([order], after: .seconds(86_400))[0].error == nil)
    }

    @Test func whoResignsLeavesNextRoundAndGetsTheDepositBackLater() throws {
        var stage = try Stage()
        let before = stage.balance(3)
        _ = try stage.act(.resignMiner, from: 3, MinerPayload(miner: key(3)))
        #expect(try stage.act(.resignMiner, from: 3, MinerPayload(miner: key(3))) == "RESIGNED_MINER")
        #expect(try stage.act(.resignMiner, from: 4, MinerPayload(miner: key(3))) == "NOT_OWN_KEY")
        #expect(try stage.act(.resignMiner, from: 4, MinerPayload(miner: key(4))) == "UNKNOWN_MINER")
        let forged = try #require(stage.members)
        #expect(forged.seat(of: key(3)) == nil)
        let produced = try #require(stage.miner(3)).produced
        try stage.run(after: .seconds(86_400))
        let earned = produced * 6 * Amount.unitsPerETM
        let fees = 2 * stage.spec.fees.base.units
        #expect(stage.balance(3) >= before + 1_000 * Amount.unitsPerETM + earned - fees)
        #expect(Vault.minerDeposits.balance(in: stage.state) == .etm(2_000))
        let back = try stage.registration(of: 3, name: "third", generation: 1)
        #expect(try stage.act(.registerMiner, from: 3, back) == nil)
        #expect(stage.query.miner(named: "third") == key(3))
        #expect(stage.query.miner(named: "miner-3") == nil)
        #expect(stage.miner(3)?.produced == produced)
        for _ in 0..<3 { try stage.finishRound() }
        #expect(stage.members?.seat(of: key(3)) != nil)
        #expect(stage.brokenInvariant() == nil)
    }

    @Test func aNewAnchorCountsTwoRoundsLaterAndOnlyOneWaits() throws {
        var stage = try Stage(miners: 1, parameters: Stage.parameters(seats: 1))
        let anchor = stage.peel(1, generation: 5)
        let payload = NewAnchorPayload(miner: key(1), anchor: anchor)
        #expect(try stage.act(.newAnchor, from: 1, payload) == nil)
        #expect(try stage.act(.newAnchor, from: 1, payload) == "ANCHOR_PENDING")
        try stage.finishRound()
        #expect(try stage.act(.newAnchor, from: 1, payload) == "ANCHOR_PENDING")
        #expect(stage.state.read(OnionHead.self, OnionHead.key(key(1)))?.layer != anchor)
        try stage.finishRound()
        #expect(
            stage.state.read(OnionHead.self, OnionHead.key(key(1))) == OnionHead(layer: anchor, revealed: 0))
        try stage.finishRound()
        #expect(stage.state.read(OnionHead.self, OnionHead.key(key(1)))?.revealed == 4)
        #expect(
            try stage.act(.newAnchor, from: 2, NewAnchorPayload(miner: key(2), anchor: .zero))
                == "UNKNOWN_MINER")
    }

    @Test func aDoubleSignerLosesItsDepositAndItsSeatButItsVotersKeepTheirLocks() throws {
        var stage = try Stage(locks: [(5, 10, 3)])
        try stage.run()
        let round = stage.round.value
        let proof = OpenCourt.evidence(against: key(3), in: round)
        let stranger = OpenCourt.evidence(against: key(7), in: round)
        #expect(try stage.act(.evidence, from: 6, stranger) == "NOT_PROVED")
        let future = OpenCourt.evidence(against: key(3), in: round + 1)
        #expect(try stage.act(.evidence, from: 6, future) == "NOT_PROVED")
        let order = try stage.order(.evidence, from: 6, proof)
        let carry = Vault.carry.balance(in: stage.state)
        #expect(try stage.run([order])[0].error == nil)
        #expect(stage.height == 4)
        let settlement = try #require(
            stage.state.read(SettlementRecord.self, SettlementRecord.key(Round(round))))
        #expect(settlement.carryIn == carry.adding(.etm(1_000)))
        #expect(Vault.minerDeposits.balance(in: stage.state) == .etm(2_000))
        #expect(stage.members?.seat(of: key(3)) == nil)
        #expect(stage.voter(5)?.locks.count == 1)
        #expect(try stage.act(.evidence, from: 6, proof) == "FROZEN_MINER")
        #expect(try stage.act(.vote, from: 5, MinerPayload(miner: key(3))) == "FROZEN_MINER")
        #expect(try stage.act(.registerMiner, from: 3, try stage.registration(of: 3)) == "FROZEN_MINER")
        #expect(stage.brokenInvariant() == nil)
    }

    @Test func evidenceExpiresWithTheUnbondingTime() throws {
        var stage = try Stage()
        try stage.finishRound()
        let opened = stage.time
        try stage.run()
        let proof = OpenCourt.evidence(against: try #require(stage.members).keys[0], in: 2)
        let limit = opened.advanced(by: stage.rules.parameters.unbonding)
        var late = stage
        let order = try stage.order(.evidence, from: 6, proof)
        #expect(try stage.run([order], after: limit.since(stage.time))[0].error == nil)
        let span = Instant.Span(milliseconds: limit.since(late.time).milliseconds + 1)
        let lateOrder = try late.order(.evidence, from: 6, proof)
        #expect(try late.run([lateOrder], after: span)[0].error?.code == "EVIDENCE_EXPIRED")
    }

    @Test func aDepositOnItsWayBackCanStillBeForfeited() throws {
        var stage = try Stage()
        let round = stage.round.value
        _ = try stage.act(.resignMiner, from: 3, MinerPayload(miner: key(3)))
        try stage.finishRound()
        let before = stage.balance(3)
        #expect(try stage.act(.evidence, from: 6, OpenCourt.evidence(against: key(3), in: round)) == nil)
        try stage.run(after: .seconds(2 * 86_400))
        try stage.run()
        #expect(stage.balance(3) == before)
        #expect(stage.brokenInvariant() == nil)
    }
}
