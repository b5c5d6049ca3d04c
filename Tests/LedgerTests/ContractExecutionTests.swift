import Ledger
import Primitives
import Testing

private func fine(_ calls: [ContractCall], gas: UInt64 = 1_000) -> [ContractResult] {
    calls.map { ContractResult(error: nil, gasUsed: gas, returned: Array($0.payload.method.utf8)) }
}

private func outcome(
    _ results: [ContractResult], writes: [(key: [UInt8], value: [UInt8]?)] = [],
    balances: [Genesis.Balance] = []
) -> ContractOutcome {
    ContractOutcome(results: results, writes: writes, balances: balances)
}

private func contracts(
    _ run: @escaping @Sendable ([ContractCall], any StateReader) throws(ContractFailure) -> ContractOutcome
) -> ClosureContracts {
    ClosureContracts(run: run)
}

/// A counter contract: "add" counts its caller's calls, "fail" rejects, "gift" pays 100 units to account 9.
private let counter = contracts { calls, state throws(ContractFailure) in
    var counts: [Address: UInt8] = [:]
    var paid: [Address: UInt64] = [:]
    var results: [ContractResult] = []
    for call in calls {
        let stored = state.value(for: StateKey(.dapp, call.sender.array))?.first ?? 0
        switch call.payload.method {
        case "fail":
            results.append(
                ContractResult(
                    error: ReceiptError(code: "DAPP_REJECTED", message: "no", file: "c.js", line: 3),
                    gasUsed: 500,
                    events: [Event(name: "never", data: [])], returned: [1], logs: ["failing"]))
            continue
        case "gift": paid[call.sender, default: 0] += 100
        default: counts[call.sender] = (counts[call.sender] ?? stored) + 1
        }
        results.append(ContractResult(error: nil, gasUsed: 2_500, events: [Event(name: "did", data: [1])]))
    }
    var balances = paid.sorted { $0.key < $1.key }.map { sender, sum in
        let left = Bank.balance(of: sender, in: state).units - sum
        return Genesis.Balance(address: sender, amount: Amount(units: left))
    }
    if !paid.isEmpty {
        let before = Bank.balance(of: address(9), in: state).units
        let total = paid.values.reduce(0, +)
        balances.append(.init(address: address(9), amount: Amount(units: before + total)))
    }
    let writes = counts.sorted { $0.key < $1.key }.map {
        (key: $0.key.array, value: [UInt8]?.some([$0.value]))
    }
    return outcome(results, writes: writes, balances: balances)
}

@Suite struct ContractExecutionTests {
    @Test func unusedGasIsPaidBackToTheUnit() throws {
        let chain = try TestChain.side(gasPrice: 7)
        let call = chain.call(from: 1, "m", gas: 10_000)
        for (used, charged) in [(0, 0), (1, 7), (1_000, 7), (1_001, 14), (9_999, 70), (10_000, 70)]
            as [(UInt64, UInt64)]
        {
            let block = try chain.verify(
                [call],
                contracts: contracts { calls, _ in outcome(fine(calls, gas: used)) })
            let receipt = try #require(block.receipts.first)
            #expect(receipt.gasUsed == used && receipt.fee.units == 1_000 + charged)
            var state = chain.genesis
            state.apply(block.changes)
            #expect(Bank.fees(in: state).units == 1_000 + charged)
            #expect(Bank.balance(of: address(1), in: state).units == TestChain.wealth.units - 1_000 - charged)
        }
    }

    @Test func gasAboveTheLimitIsNeitherChargedNorReported() throws {
        let chain = try TestChain.side(gasPrice: 7)
        let block = try chain.verify(
            [chain.call(from: 1, "m", gas: 10_000)],
            contracts: contracts { calls, _ in outcome(fine(calls, gas: .max)) })
        #expect(block.receipts.map(\.gasUsed) == [10_000])
        #expect(block.receipts.map(\.fee.units) == [1_070])
    }

    @Test func whatASenderOffersAboveTheLeastFeeIsKept() throws {
        let chain = try TestChain.side(gasPrice: 7)
        let payload = CallPayload(contract: "c", method: "m", arguments: [], gasLimit: 10_000).encoded
        let call = chain.transaction(.call, from: 1, payload: payload, fee: 5_000)
        let block = try chain.verify(
            [call], contracts: contracts { calls, _ in outcome(fine(calls, gas: 1)) })
        #expect(block.receipts.map(\.fee.units) == [5_000 - 63])
    }

    @Test func feesMayBePaidInTheChainsOwnToken() throws {
        let chain = try TestChain.side(gasPrice: 7, currency: .own)
        let block = try chain.verify(
            [chain.call(from: 1, "m")], contracts: contracts { calls, _ in outcome(fine(calls)) })
        var state = chain.genesis
        state.apply(block.changes)
        #expect(Bank.fees(asset: .own, in: state).units == 1_007)
        #expect(Bank.balance(of: address(1), asset: .own, in: state).units == TestChain.wealth.units - 1_007)
        #expect(Bank.balance(of: address(1), in: state) == TestChain.wealth)
    }

    @Test func callsFollowNativeTransactionsAndReceiptsFollowTheirOrder() throws {
        let chain = try TestChain.side()
        let calls = (0..<3 as Range<UInt64>).map { chain.call(from: 1, "add", salt: $0) }
        let transfers = (5..<7 as Range<UInt64>).map { chain.transfer(from: 2, to: 3, 1, salt: $0) }
        let block = try chain.assemble(
            [calls[0], transfers[0], calls[1], transfers[1], calls[2]], contracts: counter)
        #expect(block.transactions == transfers + calls)
        #expect(block.receipts.map(\.transaction) == block.transactions.map(\.id))
        #expect(try chain.verify(block.transactions, contracts: counter).changes == block.changes)
        #expect(throws: BlockRejection.wrongOrder(index: 1)) {
            try chain.verify([calls[0], transfers[0]], contracts: counter)
        }
    }

    @Test func aFailingCallIsIncludedAndPaysForItsGasOnly() throws {
        let chain = try TestChain.side(gasPrice: 7)
        let block = try chain.assemble(
            [chain.call(from: 1, "fail"), chain.call(from: 2, "add")], contracts: counter)
        #expect(block.receipts.map { $0.error?.code } == ["DAPP_REJECTED", nil])
        #expect(block.receipts.map(\.fee.units) == [1_007, 1_021])
        #expect(block.receipts[0].events.isEmpty && block.receipts[0].returned.isEmpty)
        #expect(block.receipts[0].error?.line == 3)
        #expect(block.logs.map(\.text) == ["failing"])
        var state = chain.genesis
        state.apply(block.changes)
        #expect(state.value(for: StateKey(.dapp, address(1).array)) == nil)
        #expect(state.value(for: StateKey(.dapp, address(2).array)) == [1])
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func supplyIsConservedOverBlocksOfCallsAndTransfers(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let chain = try TestChain.side(gasPrice: 7)
        var state = chain.genesis
        for height in 1...4 as ClosedRange<UInt64> {
            let candidates = (0..<30 as Range<UInt64>).map { salt in
                random.below(2) == 0
                    ? chain.transfer(
                        from: random.pick(1...8), to: random.pick(1...9), random.pick(1...99), salt: salt)
                    : chain.call(
                        from: random.pick(1...8), ["add", "fail", "gift"][Int(random.below(3))],
                        gas: random.pick(2_500...9_000), salt: salt)
            }
            let frame = chain.frame(at: height)
            let block = try chain.assemble(candidates, frame, on: state, contracts: counter)
            let again = try chain.verify(block.transactions, frame, on: state, contracts: counter)
            #expect(again.changes == block.changes && again.receiptsRoot == block.receiptsRoot)
            #expect(block.receipts.map(\.transaction) == block.transactions.map(\.id))
            state.apply(block.changes)
            for asset in [AssetNumber.etm, .own] {
                #expect(Bank.supply(of: asset, in: state)?.units == 8 * TestChain.wealth.units)
            }
        }
    }

    @Test func aBlocksGasIsBounded() throws {
        let limits = BlockLimits(transactions: 50, bytes: 65_536, gas: 30_000, callGas: 20_000)
        let chain = try TestChain.side(limits: limits)
        let calls = [(20_000, 0), (10_000, 1), (1, 2)].map {
            chain.call(from: 1, "add", gas: $0.0, salt: $0.1)
        }
        #expect(throws: Never.self) { try chain.verify(Array(calls.prefix(2)), contracts: counter) }
        #expect(throws: BlockRejection.overLimit(.gas, got: 30_001, most: 30_000)) {
            try chain.verify(calls, contracts: counter)
        }
        #expect(try chain.assemble(calls, contracts: counter).transactions == Array(calls.prefix(2)))
    }

    @Test func aWrongNumberOfResultsIsNotExecuted() throws {
        let chain = try TestChain.side()
        for count in [0, 2] {
            let wrong = contracts { calls, _ in
                outcome([ContractResult](repeating: ContractResult(error: nil, gasUsed: 1), count: count))
            }
            #expect(throws: BlockRejection.notExecuted(ContractFailure("\(count) results for 1 calls"))) {
                try chain.verify([chain.call(from: 1, "add")], contracts: wrong)
            }
        }
    }

    @Test func aChainWithoutContractsRefusesCalls() throws {
        let chain = try TestChain.side()
        #expect(throws: BlockRejection.self) { try chain.verify([chain.call(from: 1, "add")]) }
        #expect(throws: Never.self) { try chain.verify([chain.transfer(from: 1, to: 2, 1)]) }
    }

    private func isRefused(_ balances: @escaping @Sendable (any StateReader) -> [Genesis.Balance]) throws
        -> Bool
    {
        let chain = try TestChain.side()
        let moving = contracts { calls, state in outcome(fine(calls), balances: balances(state)) }
        do {
            _ = try chain.verify([chain.call(from: 1, "m")], contracts: moving)
            return false
        } catch BlockRejection.notExecuted {
            return true
        }
    }

    @Test func movedBalancesMustAddUp() throws {
        let (two, three) = (address(2), address(3))
        @Sendable func balances(_ a: UInt64, _ b: UInt64) -> [Genesis.Balance] {
            [.init(address: two, amount: Amount(units: a)), .init(address: three, amount: Amount(units: b))]
        }
        let all = TestChain.wealth.units
        #expect(try !isRefused { _ in balances(all - 5, all + 5) })
        #expect(try !isRefused { _ in balances(0, 2 * all) })
        #expect(try isRefused { _ in balances(all - 5, all + 6) })
        #expect(try isRefused { _ in balances(all - 5, all + 4) })
        #expect(try isRefused { _ in balances(.max, .max) })
        #expect(try isRefused { _ in balances(.max, 2 * all &+ 1) })
    }

    @Test func movingOneAssetDoesNotPayForAnother() throws {
        let all = TestChain.wealth.units
        #expect(
            try isRefused { _ in
                [
                    .init(address: address(2), asset: .etm, amount: Amount(units: all + 5)),
                    .init(address: address(2), asset: .own, amount: Amount(units: all - 5)),
                ]
            })
        #expect(try isRefused { _ in [.init(address: address(2), asset: AssetNumber(2), amount: .zero)] })
    }

    @Test func namingABalanceTwiceDoesNotDoubleIt() throws {
        let all = TestChain.wealth.units
        #expect(
            try isRefused { _ in
                [
                    .init(address: address(2), amount: .zero),
                    .init(address: address(2), amount: Amount(units: 2 * all)),
                ]
            })
    }

    @Test func recordsMayBeAsLargeAsStatedAndNoLarger() throws {
        let chain = try TestChain.side()
        let call = chain.call(from: 1, "m")
        func fits(key: Int, value: Int, count: Int = 1) -> Bool {
            let writing = contracts { calls, _ in
                let writes = (0..<count).map { number in
                    var bytes = [UInt8](repeating: 1, count: key)
                    if key >= 8 {
                        bytes.replaceSubrange(0..<8, with: stateKey(UInt64(number)).bytes.suffix(8))
                    }
                    return (key: bytes, value: [UInt8]?.some([UInt8](repeating: 2, count: value)))
                }
                return outcome(fine(calls), writes: writes)
            }
            return (try? chain.verify([call], contracts: writing)) != nil
        }
        #expect(fits(key: StateKey.longest - 1, value: Change.largestValue))
        #expect(!fits(key: StateKey.longest, value: 1))
        #expect(!fits(key: 1, value: Change.largestValue + 1))
        let most = ContractOutcome.largestWrites / 400_000
        #expect(fits(key: 8, value: 399_992, count: most))
        #expect(!fits(key: 8, value: 399_992, count: most + 1))
        #expect(!fits(key: 8, value: 1, count: ContractOutcome.mostWrites + 1))
    }

    @Test func resultsThatNoReceiptHoldsAreNotExecuted() throws {
        let chain = try TestChain.side()
        let call = chain.call(from: 1, "m")
        func fits(_ result: ContractResult) -> Bool {
            let answering = contracts { _, _ in outcome([result]) }
            guard let block = try? chain.verify([call], contracts: answering) else { return false }
            return block.receipts.allSatisfy { (try? Receipt(decoding: $0.encoded)) == $0 }
        }
        func text(_ count: Int) -> String { String(repeating: "x", count: count) }
        func failing(_ code: Int, _ message: Int, _ file: Int) -> ContractResult {
            ContractResult(
                error: ReceiptError(code: text(code), message: text(message), file: text(file)), gasUsed: 1)
        }
        func returning(_ count: Int) -> ContractResult {
            ContractResult(error: nil, gasUsed: 1, returned: [UInt8](repeating: 1, count: count))
        }
        func emitting(_ name: Int, _ data: Int, times: Int = 1) -> ContractResult {
            let event = Event(name: text(name), data: [UInt8](repeating: 1, count: data))
            return ContractResult(error: nil, gasUsed: 1, events: .init(repeating: event, count: times))
        }
        #expect(fits(failing(64, 1_024, 256)) && fits(returning(65_536)) && fits(emitting(64, 16_384)))
        #expect(fits(emitting(1, 1, times: 256)))
        for wrong in [
            failing(65, 1, 1), failing(1, 1_025, 1), failing(1, 1, 257), returning(65_537), emitting(65, 1),
            emitting(1, 16_385), emitting(1, 1, times: 257),
        ] { #expect(!fits(wrong)) }
    }
}
