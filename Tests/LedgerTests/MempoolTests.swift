import Ledger
import Primitives
import Testing

private let shared = Result { try TestChain.side() }

private func waiting(
    from sender: UInt64 = 1, fee: UInt64, salt: UInt64, padding: Int = 0
) throws -> CheckedTransaction {
    let chain = try shared.get()
    let arguments = [UInt8](repeating: 1, count: padding)
    let payload = CallPayload(contract: "c", method: "m", arguments: arguments, gasLimit: 1).encoded
    return try chain.rules.checkForm(
        chain.transaction(.call, from: sender, payload: payload, fee: fee, salt: salt))
}

private func size(_ checked: CheckedTransaction) -> Int { checked.transaction.bytes.count }

/// The mempool's rules over a plain list.
private struct ModelMempool {
    let limits: Mempool.Limits
    var list: [CheckedTransaction] = []

    var bytes: Int { list.reduce(0) { $0 + size($1) } }

    // In arrival order, so a stable sort settles ties.
    var ranked: [CheckedTransaction] {
        list.enumerated().sorted { left, right in
            let a = left.element.transaction.fee.units * UInt64(size(right.element))
            let b = right.element.transaction.fee.units * UInt64(size(left.element))
            return a == b ? left.offset < right.offset : a > b
        }.map(\.element)
    }

    // Not inlined: with it the optimiser of Swift 6.3.1 fails on its caller.
    @inline(never)
    private func salt(_ checked: CheckedTransaction) -> UInt64? {
        switch checked.transaction.content {
        case .v1(let transaction, _): transaction.salt
        case .v0: nil
        }
    }

    /// The model after an arrival, and who had to leave.
    mutating func add(_ new: CheckedTransaction) throws -> [TransactionID] {
        if list.contains(new) { throw Mempool.Rejection.duplicate(new.id) }
        let kept = try withoutRival(of: new)
        let fitting = try withRoom(for: new, in: kept)
        let gone = list.filter { !fitting.contains($0) }
        // Whoever is replaced goes first, then the worst of the rest, one by one.
        let order =
            gone.filter { !kept.contains($0) }
            + ModelMempool(limits: limits, list: kept).ranked
            .reversed().filter { gone.contains($0) }
        list = fitting + [new]
        return order.map(\.id)
    }

    private func withoutRival(of new: CheckedTransaction) throws -> [CheckedTransaction] {
        guard let rival = list.first(where: { $0.sender == new.sender && salt($0) == salt(new) }) else {
            if list.count(where: { $0.sender == new.sender }) >= limits.perSender {
                throw Mempool.Rejection.tooManyOfSender(most: limits.perSender)
            }
            return list
        }
        let old = rival.transaction.fee.units
        guard new.transaction.fee.units * 10 >= old * 11, new.transaction.fee.units > old else {
            throw Mempool.Rejection.replacementTooCheap(needed: .zero, got: .zero)
        }
        return list.filter { $0 != rival }
    }

    private func withRoom(
        for new: CheckedTransaction, in kept: [CheckedTransaction]
    ) throws -> [CheckedTransaction] {
        var trial = ModelMempool(limits: limits, list: kept)
        while trial.list.count >= limits.count || trial.bytes + size(new) > limits.bytes {
            guard let worst = trial.ranked.last,
                worst.transaction.fee.units * UInt64(size(new)) < new.transaction.fee.units
                    * UInt64(size(worst))
            else { throw Mempool.Rejection.full(count: list.count, bytes: bytes) }
            trial.list = trial.list.filter { $0 != worst }
        }
        return trial.list
    }
}

@Suite struct MempoolTests {
    @Test(arguments: 0..<6 as Range<UInt64>)
    func itBehavesLikeASortedList(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let limits = Mempool.Limits(count: 12, bytes: 3_500, perSender: 4)
        var pool = Mempool(limits: limits)
        var model = ModelMempool(limits: limits)
        var outcomes: Set<String> = []
        for _ in 0..<250 {
            let known = model.list.isEmpty || random.below(20) > 0 ? nil : model.list[0]
            let new =
                try known
                ?? waiting(
                    from: random.pick(1...5), fee: 3_000 + random.below(40) * 100, salt: random.below(5),
                    padding: Int(random.below(3)) * 90)
            let expected = Result { try model.add(new) }
            let got = Result { try pool.add(new) }
            switch (expected, got) {
            case (.success(let left), .success(let right)):
                #expect(left == right)
                outcomes.insert("added")
            case (.failure(let left as Mempool.Rejection), .failure(let right as Mempool.Rejection)):
                #expect(left.code == right.code)
                outcomes.insert(left.code)
            default: Issue.record("\(expected) differs from \(got)")
            }
            if random.below(10) == 0, let gone = model.list.first {
                model.list.removeFirst()
                pool.remove([gone.id, transactionID(1)])
            }
            if random.below(20) == 0 {
                let stale = pool.prune { $0.transaction.fee.units % 1_000 == 0 }
                #expect(
                    Set(stale) == Set(model.list.filter { $0.transaction.fee.units % 1_000 == 0 }.map(\.id)))
                model.list.removeAll { $0.transaction.fee.units % 1_000 == 0 }
            }
            #expect(pool.count == model.list.count && pool.bytes == model.bytes)
            #expect(pool.candidates(count: .max, bytes: .max) == model.ranked)
            #expect(pool.count <= limits.count && pool.bytes <= limits.bytes)
        }
        #expect(outcomes.count == 5)
    }

    @Test func theBestPayerForItsSizeComesFirstAndTheEarlierOneWinsATie() throws {
        var pool = Mempool()
        let small = try waiting(fee: 2_000, salt: 1)
        let large = try waiting(fee: 3_000, salt: 2, padding: 2 * size(small))
        let tie = try waiting(fee: 2_000, salt: 3)
        let best = try waiting(fee: 2_001, salt: 4)
        for checked in [large, small, tie, best] { try pool.add(checked) }
        #expect(pool.candidates(count: 9, bytes: .max) == [best, small, tie, large])
    }

    @Test func feesNearTheEndOfTheRangeAreOrderedExactly() throws {
        var pool = Mempool()
        let rich = try waiting(fee: .max, salt: 1)
        let richer = try waiting(fee: .max - 1, salt: 2)
        try pool.add(richer)
        try pool.add(rich)
        #expect(pool.candidates(count: 2, bytes: .max) == [rich, richer])
    }

    @Test(arguments: [(2_000, 2_200), (2_001, 2_202), (2_009, 2_210), (2_010, 2_211)] as [(UInt64, UInt64)])
    func aReplacementPaysATenthMore(old: UInt64, least: UInt64) throws {
        var pool = Mempool()
        let first = try waiting(fee: old, salt: 1)
        try pool.add(first)
        let cheap = try waiting(fee: least - 1, salt: 1)
        #expect(
            throws: Mempool.Rejection.replacementTooCheap(
                needed: Amount(units: least), got: Amount(units: least - 1))
        ) { try pool.add(cheap) }
        #expect(pool.contains(first.id))
        let enough = try waiting(fee: least, salt: 1)
        #expect(try pool.add(enough) == [first.id])
        #expect(pool.candidates(count: 9, bytes: .max) == [enough])
    }

    @Test func nothingReplacesAFeeThatCannotGrowByATenth() throws {
        var pool = Mempool()
        let first = try waiting(fee: .max - 5, salt: 1)
        try pool.add(first)
        #expect(throws: Mempool.Rejection.self) { try pool.add(try waiting(fee: .max, salt: 1)) }
        #expect(throws: Mempool.Rejection.self) { try pool.add(try waiting(fee: 2_000, salt: 1)) }
        #expect(pool.count == 1)
    }

    @Test func anotherSendersSaltIsNoRival() throws {
        var pool = Mempool()
        try pool.add(try waiting(from: 1, fee: 2_000, salt: 1))
        #expect(try pool.add(try waiting(from: 2, fee: 2_000, salt: 1)) == [])
        #expect(pool.count == 2)
    }

    @Test func theSameTransactionWaitsOnce() throws {
        var pool = Mempool()
        let one = try waiting(fee: 2_000, salt: 1)
        try pool.add(one)
        #expect(throws: Mempool.Rejection.duplicate(one.id)) { try pool.add(one) }
        #expect(pool[one.id] == one && pool.count == 1)
    }

    @Test func oneAccountMayFillItsShareAndNoMore() throws {
        var pool = Mempool(limits: .init(count: 10, bytes: 100_000, perSender: 2))
        try pool.add(try waiting(fee: 2_000, salt: 1))
        try pool.add(try waiting(fee: 2_000, salt: 2))
        #expect(throws: Mempool.Rejection.tooManyOfSender(most: 2)) {
            try pool.add(try waiting(fee: 9_000, salt: 3))
        }
        #expect(throws: Never.self) { try pool.add(try waiting(fee: 9_000, salt: 2)) }
        #expect(throws: Never.self) { try pool.add(try waiting(from: 2, fee: 2_000, salt: 3)) }
    }

    @Test func whenFullOnlyABetterPayerGetsIn() throws {
        let unit = size(try waiting(fee: 2_000, salt: 1))
        for limits in [
            Mempool.Limits(count: 2, bytes: .max / 2, perSender: 9),
            .init(count: 9, bytes: 2 * unit, perSender: 9),
        ] {
            var pool = Mempool(limits: limits)
            let low = try waiting(fee: 2_000, salt: 1)
            let high = try waiting(fee: 3_000, salt: 2)
            try pool.add(low)
            try pool.add(high)
            #expect(throws: Mempool.Rejection.full(count: 2, bytes: 2 * unit)) {
                try pool.add(try waiting(fee: 2_000, salt: 3))
            }
            #expect(try pool.add(try waiting(fee: 2_001, salt: 4)) == [low.id])
            #expect(pool.count == 2 && pool.bytes == 2 * unit)
        }
    }

    @Test func aLargeNewcomerThatCannotFitLeavesEverybodyInPlace() throws {
        let unit = size(try waiting(fee: 2_000, salt: 1))
        var pool = Mempool(limits: .init(count: 9, bytes: 3 * unit, perSender: 9))
        try pool.add(try waiting(fee: 2_000, salt: 1))
        try pool.add(try waiting(fee: 2_000_000, salt: 2))
        let large = try waiting(fee: 10_000, salt: 3, padding: 2 * unit)
        #expect(throws: Mempool.Rejection.self) { try pool.add(large) }
        #expect(pool.count == 2)
        let huge = try waiting(fee: .max, salt: 4, padding: 3 * unit)
        #expect(throws: Mempool.Rejection.self) { try pool.add(huge) }
        #expect(pool.count == 2)
    }

    @Test func candidatesStayWithinCountAndBytesAndSkipWhatDoesNotFit() throws {
        var pool = Mempool()
        let large = try waiting(fee: 90_000, salt: 1, padding: 500)
        let first = try waiting(fee: 3_000, salt: 2)
        let second = try waiting(fee: 2_000, salt: 3)
        for checked in [large, first, second] { try pool.add(checked) }
        #expect(pool.candidates(count: 0, bytes: .max).isEmpty)
        #expect(pool.candidates(count: 2, bytes: .max) == [large, first])
        #expect(pool.candidates(count: 9, bytes: 2 * size(first)) == [first, second])
        #expect(pool.candidates(count: 9, bytes: 2 * size(first) - 1) == [first])
        #expect(pool.candidates(count: 9, bytes: 0).isEmpty)
    }

    @Test func thousandsAreAddedAndForgottenWithoutQuadraticWork() throws {
        var pool = Mempool(limits: .init(count: 2_000, bytes: 10_000_000, perSender: 5_000))
        let chain = try TestChain.side()
        let template = try waiting(fee: 2_000, salt: 0)
        guard case .v1(let base, .sender(let signature)) = template.transaction.content else { return }
        var ids: [TransactionID] = []
        for number in 0..<2_500 as Range<UInt64> {
            var copy = base
            copy.salt = number
            copy.fee = Amount(units: 2_000 + number)
            let checked = try chain.rules.checkForm(SignedTransaction(copy, signature: signature))
            try pool.add(checked)
            ids.append(checked.id)
        }
        #expect(pool.count == 2_000 && !pool.contains(ids[499]) && pool.contains(ids[500]))
        pool.remove(ids)
        #expect(pool.count == 0 && pool.bytes == 0)
        #expect(pool.candidates(count: 1, bytes: .max).isEmpty)
    }
}
