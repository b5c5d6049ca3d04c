import Crypto
import Ledger
import Primitives
import Testing

private let sample = Transaction(
    chain: ChainID(digest(1).bytes), kind: .transfer, expiry: Height(10), fee: Amount(units: 5), salt: 7,
    sender: key(1).publicKey, payload: [1, 2, 3])

private func variants() -> [Transaction] {
    let edits: [(inout Transaction) -> Void] = [
        { $0.chain = ChainID(digest(2).bytes) }, { $0.kind = .call }, { $0.expiry = Height(11) },
        { $0.fee = Amount(units: 6) }, { $0.salt = 8 }, { $0.sender = key(2).publicKey },
        { $0.payload = [1, 2, 4] }, { $0.payload = [1, 2, 3, 0] }, { $0.payload = [] },
    ]
    return edits.map { edit in
        var copy = sample
        edit(&copy)
        return copy
    }
}

@Suite struct TransactionTests {
    @Test func aSignedTransactionComesBackFromItsBytes() throws {
        let signed = sample.signed(by: key(1))
        let decoded = try SignedTransaction(decoding: signed.bytes)
        #expect(decoded == signed && decoded.id == signed.id && decoded.encoded == signed.bytes)
        #expect(signed.bytes.first == 1)
        guard case .v1(let transaction, .sender(let signature)) = decoded.content else {
            Issue.record("version 1 was lost")
            return
        }
        #expect(transaction == sample)
        #expect(Ed25519.verify(signature, of: sample.signingDigest, by: key(1).publicKey))
    }

    @Test func theIDExcludesTheSignature() {
        let one = SignedTransaction(sample, signature: .zero)
        let two = SignedTransaction(sample, signature: key(1).sign(sample.signingDigest))
        #expect(one.id == two.id && one != two && one.bytes != two.bytes)
    }

    @Test func everyFieldChangesTheIDAndWhatIsSigned() {
        let all = [sample] + variants()
        #expect(Set(all.map(\.id)).count == all.count)
        #expect(Set(all.map(\.signingDigest)).count == all.count)
        #expect(Set(all.map(\.id.bytes)).isDisjoint(with: all.map(\.signingDigest.bytes)))
    }

    @Test func everyAlteredByteOfASignedTransactionIsRefusedOrUnsigned() throws {
        let bytes = sample.signed(by: key(1)).bytes
        let verifier = Ed25519Verifier()
        for position in bytes.indices {
            var altered = bytes
            altered[position] ^= 0x04
            guard let signed = try? SignedTransaction(decoding: altered) else { continue }
            guard case .v1(let transaction, .sender(let signature)) = signed.content else { continue }
            #expect(!verifier.verify(signature, of: transaction.signingDigest, by: transaction.sender))
        }
    }

    @Test func threeFormsAreKnownAndNoOther() throws {
        let bytes = sample.signed(by: key(1)).bytes
        #expect(throws: CodecRejection.unknownTag(offset: 0, got: 3)) {
            try SignedTransaction(decoding: [3] + bytes.dropFirst())
        }
        #expect(throws: CodecRejection.trailingBytes(count: 1)) {
            try SignedTransaction(decoding: bytes + [0])
        }
        #expect(throws: CodecRejection.self) { try SignedTransaction(decoding: Array(bytes.dropLast())) }
        #expect(throws: CodecRejection.self) { try SignedTransaction(decoding: []) }
    }

    @Test func aPayloadMayBeAsLargeAsStatedAndNoLarger() {
        for (extra, fits) in [(0, true), (1, false)] {
            var transaction = sample
            transaction.payload = [UInt8](repeating: 9, count: Transaction.largestPayload + extra)
            let bytes = SignedTransaction(transaction, signature: .zero).bytes
            #expect(((try? SignedTransaction(decoding: bytes)) != nil) == fits)
        }
    }
}

@Suite struct AdmissionTests {
    private let verifier = Ed25519Verifier()

    @Test func aSignedTransferIsAdmittedAndABadSignatureIsNot() throws {
        let chain = try TestChain.main()
        let good = chain.transfer(from: 1, to: 2, 5)
        let checked = try chain.rules.check(good, verifier: verifier)
        #expect(checked.sender == address(1) && checked.id == good.id)
        guard case .v1(let transaction, .sender(let signature)) = good.content else { return }
        for forged in [
            Signature.zero, Signature(r: signature.s, s: signature.r), key(2).sign(transaction.signingDigest),
            key(1).sign(Digest(transaction.id.bytes)),
        ] {
            #expect(throws: AdmissionRejection.badSignature) {
                try chain.rules.check(SignedTransaction(transaction, signature: forged), verifier: verifier)
            }
        }
    }

    @Test func aBlocksSignaturesAreCheckedTogetherAndTheFirstBadOneIsNamed() throws {
        let chain = try TestChain.main()
        var all = (0..<150).map { chain.transfer(from: 1 + $0 % 8, to: 9, 5, salt: $0) }
        #expect(try chain.rules.check(all, verifier: verifier).map(\.id) == all.map(\.id))
        #expect(try chain.rules.check([], verifier: verifier).isEmpty)
        for index in [140, 70] {
            guard case .v1(let transaction, _) = all[index].content else { return }
            all[index] = SignedTransaction(
                transaction, signature: try #require(all[index + 1].signature))
            let verifiers: [any BatchVerifier] = [verifier, KeyCache()]
            for verifier in verifiers {
                #expect(throws: BlockRejection.transaction(index: index, .badSignature)) {
                    try chain.rules.check(all, verifier: verifier)
                }
            }
        }
        let bad = [all[70].id, all[140].id]
        // Those whose signatures are known to hold are not checked again.
        #expect(
            try chain.rules.check(all, verifier: verifier, isVerified: { bad.contains($0.id) }).count == 150)
        #expect(
            chain.rules.passing(all, verifier: verifier).map(\.id)
                == all.map(\.id).filter { !bad.contains($0) })
        // A form that is wrong is named before any signature.
        let poor = chain.transfer(from: 1, to: 2, 5, fee: 0)
        #expect(throws: BlockRejection.self) { try chain.rules.check(all + [poor], verifier: verifier) }
        #expect(chain.rules.passing([poor, all[0]], verifier: verifier).map(\.id) == [all[0].id])
    }

    @Test func anotherChainsTransactionIsRefused() throws {
        let (main, side) = (try TestChain.main(), try TestChain.side())
        let foreign = side.transfer(from: 1, to: 2, 5, fee: 100_000_000)
        #expect(throws: AdmissionRejection.wrongChain(expected: main.spec.id, got: side.spec.id)) {
            try main.rules.check(foreign, verifier: verifier)
        }
    }

    // Whoever reads a number in an old record must not find that it means something else here.
    @Test func historicalNumbersMeanWhatTheyMeant() {
        let historical: [(TransactionKind, UInt16)] = [
            (.transfer, 0), (.registerMiner, 2), (.vote, 3), (.registerDApp, 5), (.deposit, 6), (.claim, 7),
            (.storage, 8), (.registerIssuer, 9), (.createAsset, 10), (.setAssetFlag, 11),
            (.changeAccessList, 12), (.issueAsset, 13), (.transferAsset, 14), (.lock, 101), (.unlock, 102),
            (.delayedTransfer, 110), (.resignMiner, 120),
        ]
        for (kind, number) in historical { #expect(kind.number == number) }
        let known: Set<UInt16> = Set(0...14).union(100...102).union([110, 120])
        for kind in [TransactionKind.withdraw, .withdrawVote, .newAnchor, .evidence, .call] {
            #expect(!known.contains(kind.number))
        }
    }

    @Test func anUnknownKindIsRefused() throws {
        let chain = try TestChain.main()
        for kind in [TransactionKind(2), .storage, .withdraw, TransactionKind(.max)] {
            #expect(throws: AdmissionRejection.unknownKind(kind)) {
                try chain.rules.checkForm(chain.transaction(kind, from: 1, payload: [], fee: 100_000_000))
            }
        }
    }

    @Test func aFeeMustReachTheLeastOne() throws {
        let chain = try TestChain.main()
        let least = chain.spec.fees.base.units
        #expect(throws: Never.self) {
            try chain.rules.checkForm(chain.transfer(from: 1, to: 2, 5, fee: least))
        }
        #expect(
            throws: AdmissionRejection.feeTooLow(needed: chain.spec.fees.base, got: Amount(units: least - 1))
        ) { try chain.rules.checkForm(chain.transfer(from: 1, to: 2, 5, fee: least - 1)) }
    }

    @Test func feesGrowWithEveryStartedKilobyteAboveTheFirst() {
        let fees = FeeSchedule.main
        let steps: [(Int, UInt64)] = [(0, 0), (1, 0), (1024, 0), (1025, 1), (2048, 1), (2049, 2)]
        for (bytes, extra) in steps {
            #expect(
                fees.minimum(base: fees.base, payloadBytes: bytes).units == 10_000_000 + extra * 1_000_000)
        }
    }

    @Test func feesSaturateInsteadOfOverflowingIntoABargain() {
        var fees = FeeSchedule.main
        fees.perKilobyte = Amount(units: .max)
        fees.gasPrice = Amount(units: .max / 2)
        #expect(fees.minimum(base: fees.base, payloadBytes: 3_000).units == .max)
        #expect(fees.minimum(base: Amount(units: .max), payloadBytes: 1_025).units == .max)
        #expect(fees.price(ofGas: 3_000).units == .max)
        #expect(fees.price(ofGas: .max).units == .max)
    }

    @Test func gasIsPricedByStartedThousands() {
        var fees = FeeSchedule.main
        fees.gasPrice = Amount(units: 7)
        for (gas, units) in [(0, 0), (1, 7), (1_000, 7), (1_001, 14), (2_000, 14)] as [(UInt64, UInt64)] {
            #expect(fees.price(ofGas: gas).units == units)
        }
    }

    @Test func aTransactionLivesUpToItsExpiry() throws {
        let chain = try TestChain.main()
        let signed = chain.transfer(from: 1, to: 2, 5, expiry: 100)
        let now = chain.spec.genesis.time
        #expect(throws: Never.self) { try chain.rules.checkLife(signed, height: Height(100), time: now) }
        #expect(throws: AdmissionRejection.expired(expiry: Height(100), height: Height(101))) {
            try chain.rules.checkLife(signed, height: Height(101), time: now)
        }
    }

    @Test func anExpiryMayLie1200BlocksAheadAndNoFurther() throws {
        let chain = try TestChain.main()
        let now = chain.spec.genesis.time
        #expect(throws: Never.self) {
            try chain.rules.checkLife(
                chain.transfer(from: 1, to: 2, 5, expiry: 1_210), height: Height(10), time: now)
        }
        #expect(throws: AdmissionRejection.expiryTooFar(expiry: Height(1_211), latest: Height(1_210))) {
            try chain.rules.checkLife(
                chain.transfer(from: 1, to: 2, 5, expiry: 1_211), height: Height(10), time: now)
        }
        #expect(throws: Never.self) {
            try chain.rules.checkLife(
                chain.transfer(from: 1, to: 2, 5, expiry: .max), height: Height(.max), time: now)
        }
    }

    @Test func malformedPayloadsAreRefused() throws {
        let chain = try TestChain.main()
        let good = TransferPayload(recipient: address(2), amount: Amount(units: 1)).encoded
        let unknown = TransferPayload(recipient: address(2), asset: .own, amount: Amount(units: 1)).encoded
        let nothing = TransferPayload(recipient: address(2), amount: .zero).encoded
        #expect(throws: Never.self) { try chain.rules.checkForm(chain.transaction(from: 1, payload: good)) }
        for payload in [[], good + [0], Array(good.dropLast()), unknown, nothing] {
            let rejection = #expect(throws: AdmissionRejection.self) {
                try chain.rules.checkForm(chain.transaction(from: 1, payload: payload))
            }
            #expect(rejection?.code == "BAD_PAYLOAD")
        }
    }

    @Test func aMessageMayHave256BytesAndNoMore() throws {
        let chain = try TestChain.main()
        for (count, fits) in [(256, true), (257, false)] {
            let payload = TransferPayload(
                recipient: address(2), amount: Amount(units: 1), message: String(repeating: "m", count: count)
            )
            let signed = chain.transaction(from: 1, payload: payload.encoded)
            #expect(((try? chain.rules.checkForm(signed)) != nil) == fits)
        }
    }

    @Test func aTransactionMayFillABlockAndNoMore() throws {
        let size = try TestChain.main().transfer(from: 1, to: 2, 5).bytes.count
        for (spare, fits) in [(0, true), (1, false)] {
            let limits = BlockLimits(transactions: 5, bytes: UInt32(size - spare), gas: 0, callGas: 0)
            let chain = try TestChain.main(limits: limits)
            let signed = chain.transfer(from: 1, to: 2, 5)
            if fits {
                #expect(throws: Never.self) { try chain.rules.checkForm(signed) }
            } else {
                #expect(throws: AdmissionRejection.tooLarge(bytes: size, most: size - 1)) {
                    try chain.rules.checkForm(signed)
                }
            }
        }
    }

    @Test func aSenderMustHoldTheFee() throws {
        let chain = try TestChain.main()
        let checked = try chain.rules.checkForm(chain.transfer(from: 1, to: 2, 1))
        let fee = chain.spec.fees.base
        for (held, fits) in [(fee.units, true), (fee.units - 1, false)] {
            let state = ModelState(records: [Bank.key(address(1), .etm): Amount(units: held).encoded])
            if fits {
                #expect(throws: Never.self) { try chain.rules.checkFee(checked, state: state) }
            } else {
                let expected = AdmissionRejection.cannotPayFee(
                    account: address(1), balance: Amount(units: held), needed: fee)
                #expect(throws: expected) { try chain.rules.checkFee(checked, state: state) }
                #expect(expected.message.hasSuffix("1 short"))
            }
        }
    }

    @Test func callsMustStayWithinTheGasLimit() throws {
        let chain = try TestChain.side()
        #expect(throws: Never.self) { try chain.check([chain.call(from: 1, "m", gas: 1)]) }
        #expect(throws: Never.self) { try chain.check([chain.call(from: 1, "m", gas: 40_000)]) }
        for gas in [0, 40_001, .max] as [UInt64] {
            let payload = CallPayload(contract: "c", method: "m", arguments: [], gasLimit: gas).encoded
            let signed = chain.transaction(.call, from: 1, payload: payload, fee: .max)
            let rejection = #expect(throws: AdmissionRejection.self) { try chain.rules.checkForm(signed) }
            #expect(rejection?.code == "BAD_PAYLOAD")
        }
        let idle = CallHandler(limits: .main)
        let payload = CallPayload(contract: "c", method: "m", arguments: [], gasLimit: 1).encoded
        #expect(throws: AdmissionRejection.self) { try idle.check(payload) }
    }

    @Test func theFeeOfACallCoversItsGasLimit() throws {
        let chain = try TestChain.side(gasPrice: 9)
        let handler = CallHandler(limits: chain.spec.limits)
        for (gas, arguments) in [(1, 0), (12_345, 10), (40_000, 3_000)] as [(UInt64, Int)] {
            let payload = CallPayload(
                contract: "c", method: "m", arguments: [UInt8](repeating: 1, count: arguments), gasLimit: gas
            ).encoded
            let size = chain.spec.fees.minimum(base: chain.spec.fees.base, payloadBytes: payload.count)
            #expect(
                handler.minimumFee(for: payload, fees: chain.spec.fees)
                    == size.adding(chain.spec.fees.price(ofGas: gas)))
        }
    }

    @Test func everyRejectionHasItsOwnWordAndASentence() {
        let all: [AdmissionRejection] = [
            .wrongChain(expected: .zero, got: .zero), .expired(expiry: .zero, height: .zero),
            .expiryTooFar(expiry: .zero, latest: .zero), .historical(.notTaken), .badSignature,
            .unknownKind(.call), .badPayload(.call, reason: "r"), .feeTooLow(needed: .zero, got: .zero),
            .duplicate(.zero), .cannotPayFee(account: .zero, balance: .zero, needed: .zero),
            .tooLarge(bytes: 1, most: 0), .needsSignatures(least: 2, got: 1, missing: [.zero]),
            .needsSecondSignature(.zero), .needsConsent(missing: [.zero]), .strangeSignature(.zero),
            .accountLocked(until: .zero),
        ]
        #expect(Set(all.map(\.code)).count == all.count)
        #expect(all.allSatisfy { !$0.message.isEmpty && $0.code == $0.code.uppercased() })
    }
}
