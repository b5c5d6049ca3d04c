import Crypto
import Ledger
import Primitives
import Testing

private func keys(_ numbers: [UInt64]) -> [PublicKey] { numbers.map { key($0).publicKey } }

/// A chain that is used block by block.
private struct Ledger {
    let chain: TestChain
    var state: ModelState
    var height: UInt64 = 1
    private var salt: UInt64 = 0

    init() throws {
        chain = try TestChain.main()
        state = chain.genesis
    }

    /// An order of account 1 unless said otherwise, signed by exactly these keys.
    mutating func order(
        _ kind: TransactionKind, _ payload: some Canonical, by signers: [UInt64], from sender: UInt64 = 1,
        etm: UInt64 = 100
    ) throws -> SignedTransaction {
        salt += 1
        let transaction = Transaction(
            chain: chain.spec.id, kind: kind, expiry: Height(height + 50), fee: .etm(etm), salt: salt,
            sender: key(sender).publicKey, payload: payload.encoded)
        let digest = transaction.signingDigest
        return try #require(
            SignedTransaction(
                transaction,
                authorizations: signers.map {
                    Authorization(key: key($0).publicKey, signature: key($0).sign(digest))
                }))
    }

    mutating func transfer(by signers: [UInt64], from sender: UInt64 = 1) throws -> SignedTransaction {
        try order(
            .transfer, TransferPayload(recipient: address(8), amount: Amount(units: 5)), by: signers,
            from: sender, etm: 1)
    }

    mutating func second(_ number: UInt64, by signers: [UInt64]) throws -> SignedTransaction {
        try order(.secondSignature, key(number).publicKey, by: signers)
    }

    mutating func group(_ least: UInt8, _ members: [UInt64], by signers: [UInt64]) throws
        -> SignedTransaction
    {
        let group = try #require(AccountPolicy.Group(least: least, keys: keys(members)))
        return try order(.multisignature, group, by: signers)
    }

    mutating func lock(until height: UInt64) throws -> SignedTransaction {
        try order(.lockAccount, Height(height), by: [1])
    }

    /// Why a block of this transaction alone is invalid; nil when it is valid.
    func refusal(_ transaction: SignedTransaction) throws -> AdmissionRejection? {
        do {
            _ = try chain.verify([transaction], chain.frame(at: height), on: state)
            return nil
        } catch BlockRejection.transaction(0, let rejection) {
            // What a block may not hold, a mempool does not take, and a producer leaves out.
            let checked = try chain.rules.checkForm(transaction)
            #expect(throws: rejection) {
                try chain.rules.checkAuthority(checked, state: state, height: Height(height))
            }
            let block = try chain.assemble([transaction], chain.frame(at: height), on: state)
            #expect(block.transactions.isEmpty)
            return rejection
        }
    }

    /// Makes a block of these; the codes of what failed in it.
    @discardableResult
    mutating func make(_ transactions: SignedTransaction...) throws -> [String?] {
        let block = try chain.verify(transactions, chain.frame(at: height), on: state)
        state.apply(block.changes)
        height += 1
        return block.receipts.map { $0.error?.code }
    }

    var policy: AccountPolicy? { AccountPolicy.of(address(1), in: state) }
}

@Suite struct PlainAccountTests {
    @Test func theSenderMustHaveSignedAndNobodyElse() throws {
        var ledger = try Ledger()
        #expect(try ledger.refusal(ledger.transfer(by: [1])) == nil)
        #expect(
            try ledger.refusal(ledger.transfer(by: [2]))
                == .needsSignatures(least: 1, got: 0, missing: keys([1])))
        #expect(try ledger.refusal(ledger.transfer(by: [1, 2])) == .strangeSignature(key(2).publicKey))
    }

    @Test func whoMayNotActPaysNothing() throws {
        var ledger = try Ledger()
        let stolen = try ledger.transfer(by: [2])
        #expect(throws: BlockRejection.self) { try ledger.make(stolen) }
        #expect(ledger.state.records == ledger.chain.genesis.records)
    }
}

@Suite struct SecondSignatureTests {
    @Test func theNewKeyMustAgreeAndIsThenAskedEveryTime() throws {
        var ledger = try Ledger()
        #expect(try ledger.refusal(ledger.second(9, by: [1])) == .needsConsent(missing: keys([9])))
        #expect(
            try ledger.refusal(ledger.second(9, by: [9]))
                == .needsSignatures(least: 1, got: 0, missing: keys([1])))
        #expect(try ledger.make(ledger.second(9, by: [1, 9])) == [nil])
        #expect(ledger.policy == AccountPolicy(second: key(9).publicKey))
        #expect(
            try ledger.refusal(ledger.transfer(by: [1])) == .needsSecondSignature(key(9).publicKey))
        #expect(
            try ledger.refusal(ledger.transfer(by: [9]))
                == .needsSignatures(least: 1, got: 0, missing: keys([1])))
        #expect(try ledger.refusal(ledger.transfer(by: [1, 8])) == .needsSecondSignature(key(9).publicKey))
        #expect(try ledger.refusal(ledger.transfer(by: [1, 8, 9])) == .strangeSignature(key(8).publicKey))
        #expect(try ledger.make(ledger.transfer(by: [1, 9])) == [nil])
    }

    @Test func aSecondKeyIsNeverReplacedAndNeverTheOwn() throws {
        var ledger = try Ledger()
        #expect(try ledger.make(ledger.second(1, by: [1])) == ["OWN_KEY"])
        #expect(ledger.policy == nil)
        try ledger.make(ledger.second(9, by: [1, 9]))
        #expect(try ledger.make(ledger.second(10, by: [1, 9, 10])) == ["HAS_SECOND_KEY"])
        #expect(try ledger.make(ledger.second(9, by: [1, 9])) == ["HAS_SECOND_KEY"])
        #expect(ledger.policy?.second == key(9).publicKey)
    }

    @Test func itCountsFromTheNextTransactionOfTheSameBlockOn() throws {
        var ledger = try Ledger()
        let change = try ledger.second(9, by: [1, 9])
        let late = try ledger.transfer(by: [1])
        let whole = try ledger.transfer(by: [1, 9])
        let frame = ledger.chain.frame(at: 1)
        #expect(
            throws: BlockRejection.transaction(index: 1, .needsSecondSignature(key(9).publicKey))
        ) { try ledger.chain.verify([change, late], frame, on: ledger.state) }
        #expect(throws: BlockRejection.transaction(index: 0, .strangeSignature(key(9).publicKey))) {
            try ledger.chain.verify([whole, change], frame, on: ledger.state)
        }
        #expect(try ledger.make(change, whole) == [nil, nil])
    }

    @Test func theFeeIsFiftyBaseFees() throws {
        var ledger = try Ledger()
        for (units, fits) in [(500_000_000, true), (499_999_999, false)] as [(UInt64, Bool)] {
            let signed = try ledger.second(9, by: [1, 9])
            guard case .v1(var transaction, _) = signed.content else { return }
            transaction.fee = Amount(units: units)
            let checked = try? ledger.chain.rules.checkForm(transaction.signed(by: key(1)))
            #expect((checked != nil) == fits)
        }
    }

    @Test func historicalTransfersAreAskedForItToo() throws {
        let chain = try TestChain.main()
        let time = chain.spec.genesis.time
        let seconds = time.since(HistoricalTransaction.epoch).milliseconds / 1_000
        let transfer = historicalTransfer(at: UInt32(seconds))
        var state = chain.genesis
        let signed = SignedTransaction(transfer)
        #expect(try chain.verify([signed], on: state).receipts.map(\.error) == [nil])
        state.records[AccountPolicy.key(address(1))] = AccountPolicy(second: key(9).publicKey).encoded
        #expect(
            throws: BlockRejection.transaction(index: 0, .needsSecondSignature(key(9).publicKey))
        ) { try chain.verify([signed], on: state) }
    }
}

@Suite struct MultisignatureTests {
    @Test func everyKeyOfANewGroupMustAgree() throws {
        var ledger = try Ledger()
        for (signers, missing) in [([1], [2, 3]), ([1, 2], [3]), ([1, 3], [2])] as [([UInt64], [UInt64])] {
            let order = try ledger.group(2, [2, 3], by: signers)
            #expect(
                try ledger.refusal(order)
                    == .needsConsent(missing: keys(missing).sorted()))
        }
        #expect(
            try ledger.refusal(ledger.group(2, [2, 3], by: [1, 2, 3, 4]))
                == .strangeSignature(key(4).publicKey))
        #expect(
            try ledger.refusal(ledger.group(2, [2, 3], by: [2, 3]))
                == .needsSignatures(least: 1, got: 0, missing: keys([1])))
        #expect(try ledger.make(ledger.group(2, [2, 3], by: [1, 2, 3])) == [nil])
        #expect(ledger.policy?.group?.keys == keys([2, 3]).sorted())
    }

    @Test func enoughDistinctMembersActAndOneFewerDoNot() throws {
        var ledger = try Ledger()
        try ledger.make(ledger.group(3, [2, 3, 4], by: [1, 2, 3, 4]))
        for signers in [[1, 2, 3], [2, 3, 4], [1, 2, 3, 4]] as [[UInt64]] {
            #expect(try ledger.refusal(ledger.transfer(by: signers)) == nil)
        }
        let missing = ([key(1).publicKey] + keys([2, 3, 4]).sorted()).filter { !keys([1, 3]).contains($0) }
        #expect(
            try ledger.refusal(ledger.transfer(by: [1, 3]))
                == .needsSignatures(least: 3, got: 2, missing: missing))
        // Strangers count for nothing, and are refused beside enough members.
        let few = try #require(try ledger.refusal(ledger.transfer(by: [1, 3, 9])))
        #expect(few.code == "NEEDS_SIGNATURES")
        #expect(try ledger.refusal(ledger.transfer(by: [1, 2, 3, 9])) == .strangeSignature(key(9).publicKey))
    }

    @Test func theFeeIsTheSendersWhoeverSigns() throws {
        var ledger = try Ledger()
        try ledger.make(ledger.group(2, [2, 3], by: [1, 2, 3]))
        let before = Bank.balance(of: address(1), in: ledger.state).units
        #expect(try ledger.make(ledger.transfer(by: [2, 3])) == [nil])
        #expect(Bank.balance(of: address(1), in: ledger.state).units == before - Amount.unitsPerETM - 5)
        #expect(Bank.balance(of: address(2), in: ledger.state) == TestChain.wealth)
    }

    @Test func theSecondKeyGoesWithTheSendersAndNotWithTheMembers() throws {
        var ledger = try Ledger()
        try ledger.make(ledger.second(9, by: [1, 9]))
        try ledger.make(ledger.group(2, [2, 3], by: [1, 2, 3, 9]))
        #expect(
            try ledger.refusal(ledger.transfer(by: [1, 2])) == .needsSecondSignature(key(9).publicKey))
        #expect(try ledger.refusal(ledger.transfer(by: [1, 2, 9])) == nil)
        #expect(try ledger.refusal(ledger.transfer(by: [2, 3])) == nil)
        #expect(try ledger.refusal(ledger.transfer(by: [2, 3, 9])) == .strangeSignature(key(9).publicKey))
        #expect(try ledger.refusal(ledger.transfer(by: [1, 9]))?.code == "NEEDS_SIGNATURES")
    }

    @Test func aGroupGivesWayOnlyByItsOwnRuleAndWithTheConsentOfTheNewKeys() throws {
        var ledger = try Ledger()
        try ledger.make(ledger.group(2, [2, 3], by: [1, 2, 3]))
        #expect(
            try ledger.refusal(ledger.group(2, [4, 5], by: [1, 4, 5]))?.code == "NEEDS_SIGNATURES")
        #expect(
            try ledger.refusal(ledger.group(2, [4, 5], by: [1, 2, 4])) == .needsConsent(missing: keys([5])))
        #expect(try ledger.make(ledger.group(2, [4, 5], by: [1, 2, 4, 5])) == [nil])
        #expect(try ledger.refusal(ledger.transfer(by: [1, 2]))?.code == "NEEDS_SIGNATURES")
        // The members of the present group may change it without the account's own key.
        #expect(try ledger.make(ledger.group(3, [4, 6, 7], by: [4, 5, 6, 7])) == [nil])
        #expect(ledger.policy?.group?.keys == keys([4, 6, 7]).sorted())
    }

    @Test func aSignatureThatIsTakenAwayLeavesNothingThatCouldEnterAndFail() throws {
        var ledger = try Ledger()
        try ledger.make(ledger.group(2, [2, 3], by: [1, 2, 3]))
        let whole = try ledger.group(2, [4, 5], by: [1, 2, 4, 5])
        guard case .v1(let transaction, .keys(let list)) = whole.content else { return }
        for index in list.indices {
            var rest = list
            rest.remove(at: index)
            let stripped = try #require(SignedTransaction(transaction, authorizations: rest))
            #expect(stripped.id == whole.id)
            #expect(try ledger.refusal(stripped) != nil)
        }
    }

    @Test func theOwnKeyIsNoMember() throws {
        var ledger = try Ledger()
        #expect(try ledger.make(ledger.group(2, [1, 2], by: [1, 2])) == ["OWN_KEY"])
        #expect(ledger.policy == nil)
    }

    @Test func aGroupHasOneTo16KeysAndAsksForTwoTo16ThatItCanReach() throws {
        let all = keys(Array(2...18))
        func isGroup(_ least: UInt8, _ count: Int) -> Bool {
            AccountPolicy.Group(least: least, keys: Array(all.prefix(count))) != nil
        }
        #expect(isGroup(2, 1) && !isGroup(1, 1) && !isGroup(3, 1) && !isGroup(2, 0))
        #expect(isGroup(16, 16) && !isGroup(17, 16) && !isGroup(2, 17) && isGroup(16, 15))
        #expect(AccountPolicy.Group(least: 2, keys: [all[0], all[0]]) == nil)
        let chain = try TestChain.main()
        var writer = ByteWriter()
        writer.write(UInt8(2))
        writer.write(list: keys([2, 3]).sorted().reversed())
        for payload in [[], writer.bytes, [2, 0, 0, 0, 0]] {
            let rejection = #expect(throws: AdmissionRejection.self) {
                try chain.rules.checkForm(
                    chain.transaction(.multisignature, from: 1, payload: payload, fee: .max))
            }
            #expect(rejection?.code == "BAD_PAYLOAD")
        }
    }

    @Test(arguments: [1, 2, 16]) func theFeeIsFiftyBaseFeesAKeyAndOneMore(count: Int) throws {
        let chain = try TestChain.main()
        let group = try #require(
            AccountPolicy.Group(least: 2, keys: keys(Array(2...UInt64(count + 1)))))
        let needed = UInt64(count + 1) * 500_000_000
        for (units, fits) in [(needed, true), (needed - 1, false)] {
            let signed = chain.transaction(.multisignature, from: 1, payload: group.encoded, fee: units)
            #expect(((try? chain.rules.checkForm(signed)) != nil) == fits)
        }
    }

    @Test func theLargestGroupCanBeReplacedByAnotherOne() throws {
        var ledger = try Ledger()
        let (old, new) = (Array(2...17) as [UInt64], Array(22...37) as [UInt64])
        try ledger.make(ledger.second(9_000, by: [1, 9_000]))
        try ledger.make(ledger.group(16, old, by: [1, 9_000] + old))
        let whole = try ledger.group(16, new, by: [1, 9_000] + old + new)
        #expect(whole.signers.count == Authorizations.most)
        #expect(try ledger.make(whole) == [nil])
        #expect(ledger.policy?.group?.keys == keys(new).sorted())
    }
}

@Suite struct AccountLockTests {
    @Test func nothingLeavesUpToTheHeightAndEverythingAfterIt() throws {
        var ledger = try Ledger()
        #expect(try ledger.make(ledger.lock(until: 5)) == [nil])
        ledger.height = 5
        #expect(try ledger.refusal(ledger.transfer(by: [1])) == .accountLocked(until: Height(5)))
        ledger.height = 6
        #expect(try ledger.refusal(ledger.transfer(by: [1])) == nil)
    }

    @Test func theHeightLiesAheadByAtMostAYear() throws {
        let codes: [(UInt64, String?)] = [
            (1, "LOCK_OUT_OF_RANGE"), (2, nil), (10_512_001, nil), (10_512_002, "LOCK_OUT_OF_RANGE"),
            (.max, "LOCK_OUT_OF_RANGE"), (0, "LOCK_OUT_OF_RANGE"),
        ]
        for (until, code) in codes {
            var ledger = try Ledger()
            #expect(try ledger.make(ledger.lock(until: until)) == [code])
        }
    }

    @Test func aLockCanBeExtendedAndNotShortened() throws {
        var ledger = try Ledger()
        try ledger.make(ledger.lock(until: 50))
        #expect(try ledger.make(ledger.lock(until: 50)) == ["LOCK_NOT_LONGER"])
        #expect(try ledger.make(ledger.lock(until: 49)) == ["LOCK_NOT_LONGER"])
        #expect(try ledger.make(ledger.lock(until: 51)) == [nil])
        #expect(ledger.policy?.lockedUntil == Height(51))
        ledger.height = 52
        #expect(try ledger.make(ledger.lock(until: 60)) == [nil])
    }

    @Test func exactlyTheKindsThatMoveValueAreHeld() {
        let held: [TransactionKind] = [
            .transfer, .deposit, .claim, .withdraw, .lock, .unlock, .call, TransactionKind(8),
            TransactionKind(9), TransactionKind(10), TransactionKind(13), TransactionKind(14),
            TransactionKind(110),
        ]
        #expect(held.allSatisfy { AccountPolicy.isHeld($0) })
        let free: [TransactionKind] = [
            .secondSignature, .registerMiner, .vote, .multisignature, .registerDApp, .lockAccount,
            .resignMiner, .withdrawVote, .newAnchor, .evidence,
        ]
        #expect(free.allSatisfy { !AccountPolicy.isHeld($0) })
    }

    @Test func aLockedAccountStillReceivesAndCallsOfItsOwnAreHeld() throws {
        let chain = try TestChain.side()
        var state = chain.genesis
        state.records[AccountPolicy.key(address(1))] = AccountPolicy(lockedUntil: Height(9)).encoded
        #expect(throws: BlockRejection.transaction(index: 0, .accountLocked(until: Height(9)))) {
            try chain.verify([chain.call(from: 1, "m")], on: state)
        }
        let block = try chain.verify([chain.transfer(from: 2, to: 1, 5)], on: state)
        #expect(block.receipts.map(\.error) == [nil])
    }

    @Test func simulationNeedsNoSignatureButHeedsTheLock() throws {
        var ledger = try Ledger()
        try ledger.make(ledger.group(2, [2, 3], by: [1, 2, 3]))
        func simulate(_ signed: SignedTransaction) throws -> Receipt {
            try ledger.chain.executor.simulate(
                signed, frame: ledger.chain.frame(at: ledger.height), on: ledger.state,
                contracts: NoContracts()
            ).receipt
        }
        let unsigned = try ledger.transfer(by: [1])
        #expect(try simulate(unsigned).error == nil)
        ledger.state.records[AccountPolicy.key(address(1))] =
            AccountPolicy(lockedUntil: Height(9)).encoded
        #expect(throws: AdmissionRejection.accountLocked(until: Height(9))) { try simulate(unsigned) }
    }
}

@Suite struct WaitingTransactionTests {
    @Test func whatWaitedForASignatureOrWasSignedBeforeAPolicyPoisonsNoBlock() throws {
        var ledger = try Ledger()
        let early = try (0..<3).map { _ in try ledger.transfer(by: [1]) }
        let other = try ledger.transfer(by: [2], from: 2)
        let unfinished = try ledger.group(2, [2, 3], by: [1, 2])
        let change = try ledger.group(2, [2, 3], by: [1, 2, 3])
        let candidates = [unfinished, change] + early + [other]
        let frame = ledger.chain.frame(at: 1)
        let block = try ledger.chain.assemble(candidates, frame, on: ledger.state)
        #expect(block.transactions.map(\.id) == [change.id, other.id])
        let again = try ledger.chain.verify(block.transactions, frame, on: ledger.state)
        #expect(again.changes == block.changes)
        // Those that were left out did not use up the producer's patience.
        #expect(block.dropped.isEmpty)
        // Signed by one member more, the same orders enter later under the same ids.
        try ledger.make(change)
        let whole = try #require(early[0].cosigned(by: key(3)))
        #expect(whole.id == early[0].id)
        #expect(try ledger.make(whole) == [nil])
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func whatIsAssembledUnderChangingPoliciesIsVerifiedToTheSameResult(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var ledger = try Ledger()
        for _ in 1...5 {
            var candidates: [SignedTransaction] = []
            for _ in 0..<random.pick(1...25) {
                let signers = (1...5 as ClosedRange<UInt64>).filter { _ in random.below(2) == 0 } + [1]
                let distinct = Set(signers).sorted()
                switch random.below(8) {
                case 0: candidates.append(try ledger.second(random.pick(2...5), by: distinct))
                case 1: candidates.append(try ledger.group(2, [2, 3], by: distinct))
                case 2: candidates.append(try ledger.group(3, [3, 4, 5], by: distinct))
                case 3: candidates.append(try ledger.lock(until: random.pick(1...4)))
                default: candidates.append(try ledger.transfer(by: distinct))
                }
            }
            let frame = ledger.chain.frame(at: ledger.height)
            let block = try ledger.chain.assemble(candidates, frame, on: ledger.state)
            let again = try ledger.chain.verify(block.transactions, frame, on: ledger.state)
            #expect(again.changes == block.changes && again.receipts == block.receipts)
            ledger.state.apply(block.changes)
            ledger.height += 1
        }
    }

    @Test func refusalsHaveTheirOwnWordsAndSentences() {
        let all: [AccountRefusal] = [
            .hasSecondKey(.zero), .ownKey(.zero),
            .lockOutOfRange(least: .zero, most: .zero, got: .zero), .lockNotLonger(until: .zero, got: .zero),
        ]
        #expect(Set(all.map(\.code)).count == all.count && all.allSatisfy { !$0.message.isEmpty })
        #expect(all.allSatisfy { ExecutionError.account($0).code == $0.code })
    }
}
