import Assets
import Ledger
import Primitives
import Testing

@Suite struct DelayedTests {
    private func delayed(
        _ amount: UInt64 = 500, to recipient: UInt64 = 2, due: Instant
    ) -> DelayedTransferPayload {
        DelayedTransferPayload(recipient: address(recipient), amount: Amount(units: amount), due: due)
    }

    private func pending(_ market: Market) -> [DelayedQuery<OrderedRecords>.Pending] {
        DelayedQuery(market.state).pending(after: nil, limit: 1_000).found
    }

    @Test func theAmountLeavesAtOnceAndArrivesInTheFirstBlockAtItsTime() throws {
        var market = try Market()
        let due = market.time.advanced(by: .seconds(2 * 3_600))
        let (before, there) = (market.balance(1), market.balance(2))
        let order = try market.order(.delayedTransfer, delayed(due: due))
        #expect(try market.run([order])[0].error == nil)
        #expect(market.balance(1) == before - 500 - 10_000_000 && market.balance(2) == there)
        #expect(Vault.delayed.balance(in: market.state) == Amount(units: 500))
        #expect(market.brokenInvariant() == nil)
        #expect(pending(market).map(\.transaction) == [order.id] && pending(market).map(\.due) == [due])
        let span = due.since(market.time)
        try market.run(after: .init(milliseconds: span.milliseconds - 1))
        #expect(market.balance(2) == there && pending(market).count == 1)
        try market.run(after: .init(milliseconds: 1))
        #expect(market.balance(2) == there + 500 && pending(market).isEmpty)
        #expect(Vault.delayed.balance(in: market.state) == .zero && market.brokenInvariant() == nil)
        try market.run(after: .seconds(9))
        #expect(market.balance(2) == there + 500)
    }

    // The original's roll-back was inverted, and undone transfers were paid (etm-formats.md 8.1, 22).
    @Test func aBlockThatIsUndonePaysNobody() throws {
        var market = try Market()
        let due = market.time.advanced(by: .seconds(3_700))
        let there = market.balance(2)
        try market.succeed(.delayedTransfer, delayed(due: due))
        let waiting = market.state
        try market.run(after: .seconds(3_700))
        #expect(market.balance(2) == there + 500)
        // The payment is undone: the transfer waits again, and the next block pays it once.
        try market.undo()
        #expect(market.balance(2) == there && pending(market).count == 1)
        #expect(same(market.state, waiting) && market.brokenInvariant() == nil)
        try market.run()
        #expect(market.balance(2) == there + 500 && market.brokenInvariant() == nil)
        // The order itself is undone: nothing waits, and no later block pays it.
        try market.undo()
        try market.undo()
        #expect(pending(market).isEmpty)
        try market.run(after: .seconds(9_000))
        #expect(market.balance(2) == there && market.balance(1) == Market.wealth.units)
        #expect(Vault.delayed.balance(in: market.state) == .zero && market.brokenInvariant() == nil)
    }

    private func same(_ a: OrderedRecords, _ b: OrderedRecords) -> Bool {
        let (left, right) = (
            a.scan(prefix: [], after: nil, limit: 10_000), b.scan(prefix: [], after: nil, limit: 10_000)
        )
        return left.elementsEqual(right) { $0.key == $1.key && $0.value == $1.value }
    }

    @Test func itIsDueAnHourToTenYearsAfterItsBlock() throws {
        var market = try Market()
        let hour = Instant.Span.seconds(3_600)
        let years = Instant.Span.seconds(3_650 * 86_400)
        func due(_ span: Instant.Span, _ extra: Int) -> DelayedTransferPayload {
            let block = market.time.advanced(by: .seconds(3)).advanced(by: span)
            return delayed(due: Instant(milliseconds: UInt64(Int(block.milliseconds) + extra)))
        }
        #expect(try market.act(.delayedTransfer, due(hour, -1)) == "DUE_OUT_OF_RANGE")
        #expect(try market.act(.delayedTransfer, due(hour, 0)) == nil)
        #expect(try market.act(.delayedTransfer, due(years, 0)) == nil)
        #expect(try market.act(.delayedTransfer, due(years, 1)) == "DUE_OUT_OF_RANGE")
        #expect(try market.act(.delayedTransfer, delayed(due: .zero)) == "DUE_OUT_OF_RANGE")
        #expect(try market.act(.delayedTransfer, delayed(due: .distantFuture)) == "DUE_OUT_OF_RANGE")
    }

    @Test func whatATransferMayNotDoADelayedOneMayNotEither() throws {
        var market = try Market()
        let due = market.time.advanced(by: .seconds(9_000))
        #expect(try market.act(.delayedTransfer, delayed(to: 1, due: due)) == "SAME_ACCOUNT")
        #expect(try market.refusal(.delayedTransfer, delayed(0, due: due)) != nil)
        let all = market.balance(1) - 10_000_000
        #expect(try market.act(.delayedTransfer, delayed(all + 1, due: due)) == "INSUFFICIENT_BALANCE")
        #expect(
            try market.act(.delayedTransfer, delayed(all - 10_000_000, due: due)) == nil)
        #expect(market.balance(1) == 0)
        let long = DelayedTransferPayload(
            recipient: address(2), amount: Amount(units: 1), due: due,
            message: String(repeating: "m", count: 257))
        #expect(try market.refusal(.delayedTransfer, long) != nil)
    }

    @Test func aBlockPaysSixHundredTheEarliestFirst() throws {
        var market = try Market()
        let due = market.time.advanced(by: .seconds(4_000))
        var left = 601
        while left > 0 {
            let count = min(left, 200)
            var orders: [SignedTransaction] = []
            for index in 0..<count {
                // Those of account 3 are due one millisecond later than those of account 2.
                let isLast = left == 1 && index == 0
                orders.append(
                    try market.order(
                        .delayedTransfer,
                        delayed(
                            7, to: isLast ? 2 : 3,
                            due: isLast ? due : due.advanced(by: .init(milliseconds: 1)))))
            }
            try market.run(orders)
            left -= count
        }
        let there = (market.balance(2), market.balance(3))
        try market.run(after: .seconds(5_000))
        #expect(market.balance(2) == there.0 + 7 && market.balance(3) == there.1 + 599 * 7)
        #expect(market.brokenInvariant() == nil)
        try market.run()
        #expect(market.balance(3) == there.1 + 600 * 7 && pending(market).isEmpty)
        #expect(market.brokenInvariant() == nil)
    }

    @Test func waitingTransfersAreGivenPageByPageAndByAccount() throws {
        var market = try Market()
        for (index, recipient) in [2, 3, 2, 4, 2].enumerated() {
            let due = Market.start.advanced(by: .seconds(9_000 - UInt64(index)))
            try market.succeed(
                .delayedTransfer, delayed(UInt64(index + 1), to: UInt64(recipient), due: due))
        }
        let query = DelayedQuery(market.state)
        let first = query.pending(after: nil, limit: 2)
        let rest = query.pending(after: first.next, limit: 9)
        #expect((first.found + rest.found).map(\.record.amount.units) == [5, 4, 3, 2, 1])
        #expect(rest.next == nil)
        let own = query.pending(with: address(2), after: nil, limit: 2)
        #expect(own.found.map(\.record.amount.units) == [5, 3] && own.next != nil)
        let last = query.pending(with: address(2), after: own.next, limit: 2)
        #expect(last.found.map(\.record.amount.units) == [1] && last.next == nil)
        #expect(query.pending(with: address(1), after: nil, limit: 9).found.count == 5)
    }
}
