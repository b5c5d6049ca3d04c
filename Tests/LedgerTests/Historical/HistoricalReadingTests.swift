import Crypto
import Ledger
import Primitives
import Testing

/// Pairs of different orders with the same signed bytes, and so with the same signature and id.
@Suite struct HistoricalReadingTests {
    private func expectBothRefused(_ one: HistoricalTransaction, _ other: HistoricalTransaction) {
        #expect(one != other && one.bytesToSign == other.bytesToSign && one.id == other.id)
        for transaction in [one, other] {
            #expect(!transaction.hasOneReading)
            #expect(throws: Never.self) { try transaction.checkFields() }
            #expect(throws: HistoricalRefusal.ambiguous(transaction.kind)) { try transaction.check() }
        }
    }

    @Test func anAddressThatEndsEarlierMakesAnotherTransfer() throws {
        let long = try #require(Address(text: "ABaMPFe43cuQs297VGtdY7VRRx8VuGEzyz"))
        let short = try #require(Address(text: "ABaMPFe43cuQs297VGtdY7VRRx8VuGEzy"))
        let honest = historicalTransfer(to: long, 0x1234)
        var stolen = honest
        stolen.recipient = short
        stolen.amount = Amount(units: 0x1234 << 8 | 0x7a)
        stolen.message = "\0"
        expectBothRefused(honest, stolen)
        #expect(historicalTransfer(to: short, 0x1234).hasOneReading)
    }

    @Test func aMembersKeyCanStandWhereARecipientStands() throws {
        // An address whose 33rd character is "A" begins another one behind 32 bytes that may be a key.
        let first = try #require(
            (1...100_000).lazy.map { Address($0 &* 0x9e37_79b9_7f4a_7c15, 7, 7) }.first {
                let text = Array($0.description.utf8)
                return text.count == 34 && text[32] == 0x41
            })
        let text = Array(first.description.utf8)
        let second = try #require(
            (1...100_000).lazy.map { Address($0 &* 0xc2b2_ae3d_27d4_eb4f, 5, 9) }.first {
                Array($0.description.utf8)[1] == text[33] && $0.description.utf8.count == 34
            })
        let behind = Array(second.description.utf8.dropFirst(2))
        var honest = historicalTransfer(to: first, 1)
        honest.amount = Amount(units: behind.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) })
        honest.message = String(decoding: behind.dropFirst(8), as: UTF8.self) + "\u{5}\0\0\0\0\0\0\0note"
        var stolen = honest
        stolen.requester = PublicKey(bytes: text.prefix(32))
        stolen.recipient = second
        stolen.amount = Amount(units: 5)
        stolen.message = "note"
        expectBothRefused(honest, stolen)
    }

    @Test func aKeyThatSaysNobodyReceivesItIsNoMembersKey() {
        var order = historical(.lockVotes, ["100000000"])
        order.requester = PublicKey(bytes: [UInt8](repeating: 0, count: 8) + [UInt8](repeating: 1, count: 24))
        #expect(throws: HistoricalRefusal.self) { try order.checkFields() }
        order.requester = PublicKey(bytes: [UInt8](repeating: 0, count: 7) + [UInt8](repeating: 1, count: 25))
        #expect(throws: Never.self) { try order.check() }
    }

    @Test func theDigitsOfAMessageNeverBelongToTheTimeOfADelayedTransfer() {
        func delayed(_ message: String, _ time: String) -> HistoricalTransaction {
            var transaction = historical(.delayTransfer, to: address(2), [time])
            transaction.amount = Amount(units: 5)
            transaction.message = message
            return transaction
        }
        // A digit more makes the time later than ten years, one less earlier than an hour.
        let (honest, other) = (delayed("at 1", "1700000000000"), delayed("at ", "11700000000000"))
        #expect(honest.bytesToSign == other.bytesToSign)
        #expect(throws: Never.self) { try honest.check() }
        #expect(throws: HistoricalRefusal.self) { try other.checkFields() }
        #expect(delayed("", "1700000000000").hasOneReading)
        #expect(delayed("12", "1700000000000").hasOneReading)
    }

    @Test func anIssuersNameRunsIntoItsDescription() {
        expectBothRefused(
            historical(.issuer(name: "QQQ", description: "QQQ desc")),
            historical(.issuer(name: "QQQQ", description: "QQ desc")))
        // A shorter name is a name too: only one letter before something else leaves no choice.
        expectBothRefused(
            historical(.issuer(name: "QQ", description: "1st")),
            historical(.issuer(name: "Q", description: "Q1st")))
        #expect(historical(.issuer(name: "Q", description: "1st")).hasOneReading)
    }

    @Test func anAssetsDescriptionRunsIntoBothNeighbours() {
        func asset(_ name: String, _ about: String, _ maximum: String) -> HistoricalTransaction {
            historical(.asset(HistoricalAsset(name: name, about: about, maximum: maximum, precision: 4)))
        }
        expectBothRefused(asset("QQQ.WWW", "ABC.", "1000"), asset("QQQ.WWWA", "BC.", "1000"))
        expectBothRefused(asset("QQQ.WWWW", "abc.", "1000"), asset("QQQ.WWW", "Wabc.", "1000"))
        expectBothRefused(asset("QQQ.WWW", "a token.", "12"), asset("QQQ.WWW", "a token.1", "2"))
        #expect(asset("QQQ.WWW", "a token.", "1000").hasOneReading)
    }

    @Test func noOtherKindsHavePairs() throws {
        // Fixed widths, or a boundary that one character decides: no place where a part could end differently.
        let key2 = key(2).publicKey
        let list = (2...11).map { address($0).description }
        let orders = [
            historical(.secondSignature(key2)),
            historical(
                .vote([.init(isFor: false, miner: key2), .init(isFor: true, miner: key(3).publicKey)])),
            historical(.storage([UInt8](repeating: 0, count: 4_096))),
            historical(.storage(Array(address(2).description.utf8) + [UInt8](repeating: 0, count: 40))),
            historical(.flags(currency: "QQQ.WWWWWW", type: 1, flag: 1)),
            historical(.acl(.init(currency: "QQQ.WWWWWW", operation: "-", flag: 0, list: list))),
            historical(.issue(currency: "QQQ.WWWWWW", amount: "1234")),
            historical(.assetTransfer(currency: "AAAAAAAAAAAAAAAA.WWW", amount: "11"), to: address(2)),
            historical(.lockHeight, ["1234"]), historical(.lockVotes, ["123400000000"]),
            historical(.unlockVotes, (1...32).map { transactionID($0).hex }), historical(.resignDelegate),
        ]
        for order in orders {
            #expect(throws: Never.self, "\(order.kind)") { try order.check() }
        }
        let group = historical(
            .multisignature(.init(minimum: 2, lifetime: 24, keys: (2...17).map { key($0).publicKey })))
        #expect(throws: Never.self) {
            try (2...17).reduce(group) { $0.endorsed(by: key($1)) }.check()
        }
    }

    @Test func aMessageIsOnlyWhereItsEndIsKnown() {
        for var order in [
            historical(.lockVotes, ["100000000"]), historical(.storage([1])), historical(.resignDelegate),
            historical(.assetTransfer(currency: "QQQ.WWW", amount: "1"), to: address(2)),
        ] {
            #expect(throws: Never.self) { try order.check() }
            order.message = "x"
            #expect(throws: HistoricalRefusal.unexpected(.message)) { try order.check() }
        }
    }
}
