import Crypto
import Ledger
import Primitives
import Testing

private func supply(_ state: ModelState, _ asset: AssetNumber = .etm) -> UInt64? {
    Bank.supply(of: asset, in: state)?.units
}

/// Appends its word to one record, or fails.
private struct Scribe: BlockFinisher {
    static let record = StateKey(.chain, Array("scribes".utf8))
    let word: UInt8
    var fails = false

    func finish(_ block: BlockContext, state: inout StateOverlay) throws(ExecutionError) {
        guard !fails else { throw .overflow }
        state.set(Scribe.record, to: (state.value(for: Scribe.record) ?? []) + [word])
    }
}

@Suite struct BlockExecutorTests {
    private func block(endedBy scribes: [Scribe]) throws -> ExecutedBlock {
        let chain = try TestChain.main()
        let executor = BlockExecutor(
            spec: chain.spec, registry: TransactionRegistry([]), finishers: scribes)
        return try executor.verify(
            [], frame: chain.frame(), on: chain.genesis, isKnown: { _ in false }, contracts: NoContracts())
    }

    @Test func finishersEndABlockOneAfterTheOther() throws {
        let executed = try block(endedBy: [Scribe(word: 7), Scribe(word: 9), Scribe(word: 8)])
        #expect(executed.changes[Scribe.record]?.new == [7, 9, 8])
        #expect(try block(endedBy: []).changes == .empty)
        #expect(throws: BlockRejection.notFinished(.overflow)) {
            try block(endedBy: [Scribe(word: 7), Scribe(word: 9, fails: true), Scribe(word: 8)])
        }
    }

    @Test func aTransferMovesTheAmountAndTheFee() throws {
        let chain = try TestChain.main()
        let block = try chain.verify([chain.transfer(from: 1, to: 2, 500, fee: 10_000_001)])
        var state = chain.genesis
        state.apply(block.changes)
        #expect(Bank.balance(of: address(1), in: state).units == TestChain.wealth.units - 10_000_501)
        #expect(Bank.balance(of: address(2), in: state).units == TestChain.wealth.units + 500)
        #expect(Bank.fees(in: state).units == 10_000_001)
        #expect(block.receipts.first?.events.map(\.name) == ["transfer"])
        #expect(block.outbox.isEmpty && block.logs.isEmpty)
    }

    @Test func emptyingAnAccountRemovesItsRecord() throws {
        let chain = try TestChain.main()
        let all = TestChain.wealth.units - chain.spec.fees.base.units
        let block = try chain.verify([chain.transfer(from: 1, to: 2, all)])
        var state = chain.genesis
        state.apply(block.changes)
        #expect(state.records[Bank.key(address(1), .etm)] == nil)
        #expect(supply(state) == 8 * TestChain.wealth.units)
    }

    @Test func aFailingTransferKeepsNothingButItsFee() throws {
        let chain = try TestChain.main()
        let all = TestChain.wealth.units - chain.spec.fees.base.units
        let failing = [chain.transfer(from: 1, to: 2, all + 1), chain.transfer(from: 2, to: 2, 1)]
        let block = try chain.verify(failing)
        #expect(block.receipts.map { $0.error?.code } == ["INSUFFICIENT_BALANCE", "SAME_ACCOUNT"])
        #expect(block.receipts.first?.error?.message.hasSuffix(": 1 short") == true)
        #expect(block.receipts.allSatisfy { $0.events.isEmpty && $0.fee == chain.spec.fees.base })
        var state = chain.genesis
        state.apply(block.changes)
        for number in [1, 2] as [UInt64] {
            #expect(
                Bank.balance(of: address(number), in: state).units
                    == TestChain.wealth.units - chain.spec.fees.base.units)
        }
        let assembled = try chain.assemble(failing)
        #expect(assembled.transactions.isEmpty && assembled.changes == .empty)
        #expect(assembled.dropped == failing.map(\.id))
    }

    @Test func aProducerDropsABoundedNumberOfFailingTransactions() throws {
        let chain = try TestChain.main()
        let most = UInt64(BlockExecutor.mostDropped)
        let failing = (0..<most + 3).map { chain.transfer(from: $0 % 8 + 1, to: $0 % 8 + 1, 1, salt: $0) }
        let block = try chain.assemble(failing)
        #expect(block.dropped == failing.prefix(Int(most)).map(\.id))
        #expect(block.transactions == Array(failing.suffix(3)))
        #expect(try chain.verify(block.transactions).changes == block.changes)
    }

    @Test(arguments: 0..<16 as Range<UInt64>)
    func whatIsAssembledIsVerifiedToTheSameResult(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let chain = seed % 2 == 0 ? try TestChain.main() : try TestChain.side()
        var state = chain.genesis
        let before = supply(state)
        for height in 1...4 as ClosedRange<UInt64> {
            let candidates = (0..<random.pick(0...40)).map { salt in
                chain.transfer(
                    from: random.pick(1...9), to: random.pick(1...10),
                    random.below(4) == 0 ? random.pick(1...200_000_000_000) : random.pick(1...1_000),
                    fee: chain.spec.fees.base.units + random.below(5), expiry: random.pick(1...6), salt: salt)
            }
            let frame = chain.frame(at: height)
            let block = try chain.assemble(candidates, frame, on: state)
            let again = try chain.verify(block.transactions, frame, on: state)
            #expect(again.changes == block.changes && again.receipts == block.receipts)
            #expect(again.receiptsRoot == block.receiptsRoot && again.outboxRoot == block.outboxRoot)
            #expect(block.receipts.map(\.transaction) == block.transactions.map(\.id))
            #expect(block.receipts.allSatisfy { $0.error == nil })
            let whole = try? chain.verify(
                candidates.filter { payable($0, chain, height, state) }, frame, on: state)
            for block in [block, whole].compactMap({ $0 }) {
                var after = state
                after.apply(block.changes)
                #expect(supply(after) == before)
                #expect(block.receipts.map(\.transaction) == block.transactions.map(\.id))
            }
            state.apply(block.changes)
        }
    }

    private func payable(
        _ transaction: SignedTransaction, _ chain: TestChain, _ height: UInt64, _ state: ModelState
    ) -> Bool {
        guard let checked = try? chain.rules.checkForm(transaction),
            (try? chain.rules.checkFee(checked, state: state)) != nil
        else { return false }
        return
            (try? chain.rules.checkLife(
                transaction, height: Height(height), time: chain.frame(at: height).context.time)) != nil
    }

    @Test func duplicatesAndReplaysMakeABlockInvalidAndAreLeftOutByAProducer() throws {
        let chain = try TestChain.main()
        let one = chain.transfer(from: 1, to: 2, 5)
        #expect(throws: BlockRejection.transaction(index: 1, .duplicate(one.id))) {
            try chain.verify([one, one])
        }
        #expect(throws: BlockRejection.transaction(index: 0, .duplicate(one.id))) {
            try chain.verify([one], known: [one.id])
        }
        #expect(try chain.assemble([one, one]).transactions == [one])
        #expect(try chain.assemble([one], known: [one.id]).transactions.isEmpty)
    }

    @Test func expiredAndUnpayableTransactionsMakeABlockInvalid() throws {
        let chain = try TestChain.main()
        let expired = chain.transfer(from: 1, to: 2, 5, expiry: 9)
        let early = chain.transfer(from: 1, to: 2, 5, expiry: 1_211)
        let poor = chain.transfer(from: 99, to: 2, 5)
        let frame = chain.frame(at: 10)
        let reasons: [(SignedTransaction, AdmissionRejection)] = [
            (expired, .expired(expiry: Height(9), height: Height(10))),
            (early, .expiryTooFar(expiry: Height(1_211), latest: Height(1_210))),
            (poor, .cannotPayFee(account: address(99), balance: .zero, needed: chain.spec.fees.base)),
        ]
        for (transaction, reason) in reasons {
            #expect(throws: BlockRejection.transaction(index: 0, reason)) {
                try chain.verify([transaction], frame)
            }
            #expect(try chain.assemble([transaction], frame).transactions.isEmpty)
        }
    }

    @Test func aBlockHoldsAsManyTransactionsAsAllowed() throws {
        var limits = BlockLimits.main
        limits.transactions = 2
        let chain = try TestChain.main(limits: limits)
        let all = (0..<3 as Range<UInt64>).map { chain.transfer(from: 1, to: 2, 5, salt: $0) }
        #expect(throws: Never.self) { try chain.verify(Array(all.prefix(2))) }
        #expect(throws: BlockRejection.overLimit(.transactions, got: 3, most: 2)) { try chain.verify(all) }
        #expect(try chain.assemble(all).transactions == Array(all.prefix(2)))
    }

    @Test func aBlockHoldsAsManyBytesAsAllowed() throws {
        let size = try TestChain.main().transfer(from: 1, to: 2, 5).bytes.count
        for (spare, count) in [(0, 2), (1, 1)] {
            var limits = BlockLimits.main
            limits.bytes = UInt32(2 * size - spare)
            let chain = try TestChain.main(limits: limits)
            let all = (0..<3 as Range<UInt64>).map { chain.transfer(from: 1, to: 2, 5, salt: $0) }
            #expect(try chain.assemble(all).transactions.count == count)
            #expect(throws: Never.self) { try chain.verify(Array(all.prefix(count))) }
            let over = BlockRejection.overLimit(
                .bytes, got: UInt64((count + 1) * size), most: UInt64(limits.bytes))
            #expect(throws: over) { try chain.verify(Array(all.prefix(count + 1))) }
        }
    }

    @Test func theFeePoolAndBalancesDoNotDependOnTheOrderOfHashTables() throws {
        let chain = try TestChain.main()
        let all = (0..<200 as Range<UInt64>).map {
            chain.transfer(from: $0 % 8 + 1, to: 100 + $0, 5, salt: $0)
        }
        let blocks = try (0..<3).map { _ in try chain.verify(all) }
        #expect(blocks.allSatisfy { $0.changes.encoded == blocks[0].changes.encoded })
    }

    @Test func simulationTellsTheReceiptAndChangesNothing() throws {
        let chain = try TestChain.main()
        let good = try chain.executor.simulate(
            chain.transfer(from: 1, to: 2, 5), frame: chain.frame(), on: chain.genesis,
            contracts: NoContracts())
        #expect(good.receipt.error == nil && !good.changes.changes.isEmpty)
        let failing = try chain.executor.simulate(
            chain.transfer(from: 1, to: 1, 5), frame: chain.frame(), on: chain.genesis,
            contracts: NoContracts())
        #expect(failing.receipt.error?.code == "SAME_ACCOUNT")
        #expect(
            throws: AdmissionRejection.cannotPayFee(
                account: address(99), balance: .zero, needed: chain.spec.fees.base)
        ) {
            try chain.executor.simulate(
                chain.transfer(from: 99, to: 1, 5), frame: chain.frame(), on: chain.genesis,
                contracts: NoContracts())
        }
    }
}

@Suite struct RevealTests {
    private let layers = [digest(1), digest(1), digest(1)].enumerated().map { index, secret in
        Digest(SHA256.iterate(secret.bytes, count: UInt64(2 - index)))
    }

    @Test func exactlyTheNextLayerIsAccepted() throws {
        let leader = key(1).publicKey
        let chain = try TestChain.main(onions: [.init(member: leader, anchor: layers[0])])
        var state = chain.genesis
        for (height, layer) in [(1, layers[1]), (2, layers[2])] as [(UInt64, Digest)] {
            for wrong in [Digest.zero, layers[0], digest(9)] + layers.filter({ $0 != layer }) {
                #expect(throws: BlockRejection.badReveal) {
                    try chain.verify([], chain.frame(at: height, leader: leader, reveal: wrong), on: state)
                }
                #expect(throws: BlockRejection.badReveal) {
                    try chain.assemble([], chain.frame(at: height, leader: leader, reveal: wrong), on: state)
                }
            }
            let block = try chain.verify(
                [], chain.frame(at: height, leader: leader, reveal: layer), on: state)
            state.apply(block.changes)
            #expect(
                state.read(OnionHead.self, OnionHead.key(leader)) == OnionHead(layer: layer, revealed: height)
            )
        }
    }

    @Test func aLeaderWithoutAnOnionRevealsNothing() throws {
        let chain = try TestChain.main(onions: [.init(member: key(1).publicKey, anchor: layers[0])])
        let leader = key(2).publicKey
        #expect(throws: Never.self) { try chain.verify([], chain.frame(leader: leader)) }
        #expect(throws: BlockRejection.badReveal) {
            try chain.verify([], chain.frame(leader: leader, reveal: layers[1]))
        }
    }
}

@Suite struct InboxTests {
    private func message(_ sequence: UInt64, _ amount: UInt64 = 10) -> InboxMessage {
        InboxMessage(
            sequence: sequence, height: Height(1), recipient: address(50 + sequence % 3),
            amount: Amount(units: amount), source: transactionID(sequence))
    }

    @Test func messagesAreCreditedInSequenceAndOnce() throws {
        let chain = try TestChain.side()
        var state = chain.genesis
        let block = try chain.verify([], chain.frame(inbox: [message(0), message(1, 7)]))
        state.apply(block.changes)
        #expect(Bank.balance(of: address(50), in: state).units == 10)
        #expect(Bank.balance(of: address(51), in: state).units == 7)
        #expect(state.read(Amount.self, Inbox.injectedKey) == Amount(units: 17))
        #expect(Inbox.next(in: state) == 2)
        #expect(throws: Never.self) { try chain.verify([], chain.frame(inbox: [message(2)]), on: state) }
        for wrong in [
            [message(1)], [message(3)], [message(2), message(2)], [message(2), message(4)], [message(0)],
        ] {
            #expect(throws: BlockRejection.badAnchor) {
                try chain.verify([], chain.frame(at: 2, inbox: wrong), on: state)
            }
        }
    }

    @Test func aBlockInjectsABoundedNumberOfMessages() throws {
        let chain = try TestChain.side()
        let all = (0...UInt64(Inbox.most)).map { message($0) }
        #expect(throws: Never.self) { try chain.verify([], chain.frame(inbox: Array(all.dropLast()))) }
        #expect(throws: BlockRejection.badAnchor) { try chain.verify([], chain.frame(inbox: all)) }
    }

    @Test func injectedMoneyCanBeSpentInTheSameBlock() throws {
        let chain = try TestChain.side()
        let deposit = InboxMessage(
            sequence: 0, height: Height(1), recipient: address(60), amount: Amount(units: 5_000),
            source: transactionID(1))
        let block = try chain.verify([chain.transfer(from: 60, to: 1, 4_000)], chain.frame(inbox: [deposit]))
        #expect(block.receipts.map(\.error) == [nil])
    }

    @Test func theMainChainInjectsNothing() throws {
        let chain = try TestChain.main()
        #expect(throws: BlockRejection.badAnchor) { try chain.verify([], chain.frame(inbox: [message(0)])) }
    }
}
