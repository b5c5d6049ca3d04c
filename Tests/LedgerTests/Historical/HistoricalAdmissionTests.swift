import Crypto
import Ledger
import Primitives
import Testing

@Suite struct HistoricalAdmissionTests {
    private func now(_ chain: TestChain) -> UInt32 {
        UInt32(
            (chain.frame().context.time.milliseconds - HistoricalTransaction.epoch.milliseconds) / 1_000)
    }

    @Test func itIsAdmittedOnTheMainChainOnlyAndWithItsOwnSignature() throws {
        let (main, side) = (try TestChain.main(), try TestChain.side())
        let verifier = Ed25519Verifier()
        let good = SignedTransaction(historicalTransfer())
        #expect(throws: Never.self) { try main.rules.check(good, verifier: verifier) }
        #expect(throws: AdmissionRejection.historical(.notTaken)) {
            try side.rules.check(good, verifier: verifier)
        }
        var forged = historicalTransfer()
        forged.amount = Amount(units: 6)
        #expect(throws: AdmissionRejection.badSignature) {
            try main.rules.check(SignedTransaction(forged), verifier: verifier)
        }
    }

    @Test func aForgedSecondOrGroupSignatureIsFoundWithTheFirst() throws {
        let main = try TestChain.main()
        let verifier = Ed25519Verifier()
        let good = historicalTransfer().seconded(by: key(8)).endorsed(by: key(9))
        #expect(throws: Never.self) { try main.rules.check(SignedTransaction(good), verifier: verifier) }
        var forged = good
        forged.second = Authorization(key: key(8).publicKey, signature: good.signature)
        #expect(throws: AdmissionRejection.badSignature) {
            try main.rules.check(SignedTransaction(forged), verifier: verifier)
        }
        forged = good
        forged.endorsements = [Authorization(key: key(9).publicKey, signature: good.signature)]
        #expect(throws: AdmissionRejection.badSignature) {
            try main.rules.check(SignedTransaction(forged), verifier: verifier)
        }
    }

    @Test func brokenRulesAndKindsWithoutRulesAreRefused() throws {
        let main = try TestChain.main()
        #expect(throws: AdmissionRejection.historical(.sameAccount)) {
            try main.rules.checkForm(SignedTransaction(historicalTransfer(to: address(1))))
        }
        // This chain has no rules of locks for voting.
        #expect(throws: AdmissionRejection.unknownKind(.lock)) {
            try main.rules.checkForm(SignedTransaction(historical(.lockVotes, ["100000000"])))
        }
    }

    @Test func itLivesOneHourFromItsTimestampAndNotBefore() throws {
        let main = try TestChain.main()
        let signed = SignedTransaction(historicalTransfer(at: 1_000))
        let made = HistoricalTransaction.epoch.advanced(by: .seconds(1_000))
        #expect(main.spec.historicalLife == .seconds(3_600))
        func refusal(_ time: Instant) -> AdmissionRejection? {
            do throws(AdmissionRejection) {
                try main.rules.checkLife(signed, height: Height(1), time: time)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal(made) == nil)
        let before = Instant(milliseconds: made.milliseconds - 1)
        #expect(refusal(before) == .historical(.fromTheFuture(made: made, block: before)))
        #expect(refusal(made.advanced(by: .seconds(3_600))) == nil)
        let after = made.advanced(by: .init(milliseconds: 3_600_001))
        #expect(refusal(after) == .historical(.tooOld(made: made, block: after, life: .seconds(3_600))))
    }

    @Test func aFasterChainForgetsItSoonerThanItForgetsIDs() throws {
        let slow = try TestChain.main().spec
        for (interval, life) in [(500, 600_000), (3_000, 3_600_000), (60_000, 3_600_000)]
            as [(UInt64, UInt64)]
        {
            let spec = ChainSpec.main(
                consensus: TestChain.consensus(interval: interval), genesis: slow.genesis)
            #expect(spec.historicalLife.milliseconds == life)
            #expect(spec.historicalLife <= spec.consensus.interval.times(Transaction.longestLife))
        }
    }

    @Test func itPaysExactlyTheHistoricalFee() throws {
        let main = try TestChain.main()
        let signed = SignedTransaction(historicalTransfer(at: now(main), 7, message: "hello"))
        let block = try main.verify([signed])
        #expect(block.receipts.map(\.fee) == [Amount(units: 10_000_000)])
        var state = main.genesis
        state.apply(block.changes)
        #expect(Bank.balance(of: address(1), in: state).units == TestChain.wealth.units - 10_000_007)
        #expect(Bank.balance(of: address(2), in: state).units == TestChain.wealth.units + 7)
        #expect(throws: BlockRejection.transaction(index: 0, .duplicate(signed.id))) {
            try main.verify([signed], known: [signed.id])
        }
    }

    @Test func anAccountsPolicyIsAskedForAsInTheCurrentFormat() throws {
        let main = try TestChain.main()
        var state = main.genesis
        let group = try #require(AccountPolicy.Group(least: 2, keys: [key(2).publicKey, key(3).publicKey]))
        state.records[AccountPolicy.key(address(1))] =
            AccountPolicy(second: key(9).publicKey, group: group).encoded
        func refusal(_ transaction: HistoricalTransaction) -> AdmissionRejection? {
            do {
                _ = try main.verify([SignedTransaction(transaction)], on: state)
                return nil
            } catch let BlockRejection.transaction(_, rejection) {
                return rejection
            } catch {
                Issue.record(error)
                return nil
            }
        }
        let order = historicalTransfer(at: now(main))
        let (one, two, three) = (key(1).publicKey, key(2).publicKey, key(3).publicKey)
        #expect(refusal(order) == .needsSignatures(least: 2, got: 1, missing: [two, three]))
        #expect(refusal(order.endorsed(by: key(2))) == .needsSecondSignature(key(9).publicKey))
        #expect(refusal(order.seconded(by: key(9)).endorsed(by: key(2))) == nil)
        #expect(refusal(order.endorsed(by: key(2)).seconded(by: key(9))) == nil)
        #expect(
            refusal(order.seconded(by: key(8)).endorsed(by: key(2)))
                == .needsSecondSignature(key(9).publicKey))
        let requested = order.requested(by: key(2))
        #expect(refusal(requested) == .needsSignatures(least: 2, got: 1, missing: [one, three]))
        #expect(refusal(requested.endorsed(by: key(3))) == nil)
        #expect(
            refusal(requested.endorsed(by: key(3)).endorsed(by: key(7)))
                == .strangeSignature(key(7).publicKey))
        // Only who belongs to the account may sign instead of it.
        #expect(refusal(order.requested(by: key(7)).endorsed(by: key(2))) != nil)
        state.records[AccountPolicy.key(address(1))] = AccountPolicy(lockedUntil: Height(1)).encoded
        #expect(refusal(order) == .accountLocked(until: Height(1)))
    }

    @Test func oneMemberCannotUseTheOthersConsentTwice() throws {
        let main = try TestChain.main()
        var state = main.genesis
        let group = try #require(AccountPolicy.Group(least: 2, keys: [key(2).publicKey, key(3).publicKey]))
        state.records[AccountPolicy.key(address(1))] = AccountPolicy(group: group).encoded
        let first = historicalTransfer(at: now(main)).requested(by: key(2)).endorsed(by: key(3))
        // Whoever signs can choose another nonce: another signature, another id, the same consent.
        var again = first
        again.signature = Signature(r: first.signature.s, s: first.signature.r)
        #expect(first.id != again.id && first.signingDigest == again.signingDigest)
        let used = AdmissionRejection.historical(.usedSignatures(first.signingDigest))
        #expect(throws: BlockRejection.transaction(index: 1, used)) {
            try main.verify([SignedTransaction(first), SignedTransaction(again)], on: state)
        }
        let block = try main.verify([SignedTransaction(first)], on: state)
        state.apply(block.changes)
        #expect(throws: BlockRejection.transaction(index: 0, used)) {
            try main.verify([SignedTransaction(again)], main.frame(at: 2), on: state)
        }
        let consents = state.scan(prefix: [StateTable.consents.rawValue], after: nil, limit: 10)
        #expect(consents.count == 1)
        // Once neither can enter any more, the next such order takes the record away.
        let later = main.frame(at: 1_300)
        let seconds = (later.context.time.milliseconds - HistoricalTransaction.epoch.milliseconds) / 1_000
        let next = historicalTransfer(at: UInt32(seconds)).requested(by: key(2)).endorsed(by: key(3))
        state.apply(try main.verify([SignedTransaction(next)], later, on: state).changes)
        let left = state.scan(prefix: [StateTable.consents.rawValue], after: nil, limit: 10)
        #expect(left.count == 1 && left.first?.key != consents.first?.key)
    }
}
