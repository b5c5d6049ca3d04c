import Crypto
import Ledger
import Primitives
import Testing

/// Each rule of a field: what it just allows, and what it just does not.
@Suite struct HistoricalRuleTests {
    private func refusal(_ transaction: HistoricalTransaction) -> HistoricalRefusal? {
        do throws(HistoricalRefusal) {
            try transaction.check()
            return nil
        } catch {
            return error
        }
    }

    private func field(_ transaction: HistoricalTransaction) -> HistoricalRefusal.Field? {
        switch refusal(transaction) {
        case .outOfBounds(let field, _), .missing(let field), .unexpected(let field), .repeated(let field):
            field
        default: nil
        }
    }

    private func isAllowed(_ transaction: HistoricalTransaction) -> Bool { refusal(transaction) == nil }

    // The rules of the fields alone, whatever else the bytes may mean.
    private func isFormed(_ transaction: HistoricalTransaction) -> Bool {
        (try? transaction.checkFields()) != nil
    }

    private func keys(_ range: ClosedRange<UInt64>) -> [PublicKey] { range.map { key($0).publicKey } }

    @Test func numbersBeyondTheHistoricalFieldsDoNotDecode() {
        func decodes(_ change: (inout HistoricalTransaction) -> Void) -> Bool {
            var copy = historicalTransfer()
            change(&copy)
            return (try? SignedTransaction(decoding: SignedTransaction(copy).bytes)) != nil
        }
        #expect(decodes { $0.timestamp = UInt32(Int32.max) })
        #expect(!decodes { $0.timestamp = UInt32(Int32.max) + 1 })
        #expect(decodes { $0.amount = Amount(units: UInt64(Int64.max)) })
        #expect(!decodes { $0.amount = Amount(units: UInt64(Int64.max) + 1) })
        for character in ["x", "é", "語"] {
            #expect(decodes { $0.message = String(repeating: character, count: 256) })
            #expect(!decodes { $0.message = String(repeating: character, count: 257) })
        }
        // Outside the basic plane a character is two units.
        #expect(decodes { $0.message = String(repeating: "𝄞", count: 128) })
        #expect(!decodes { $0.message = String(repeating: "𝄞", count: 129) })
        let two = [key(3), key(4)].map { Authorization(key: $0.publicKey, signature: .zero) }
            .sorted { $0.key < $1.key }
        #expect(decodes { $0.endorsements = two })
        #expect(!decodes { $0.endorsements = two.reversed() })
        #expect(!decodes { $0.endorsements = [two[0], two[0]] })
    }

    @Test func aTransferMovesSomethingToSomebodyElse() {
        #expect(isAllowed(historicalTransfer(1)))
        #expect(field(historicalTransfer(0)) == .amount)
        #expect(refusal(historicalTransfer(to: address(1))) == .sameAccount)
        var nobody = historicalTransfer()
        nobody.recipient = nil
        #expect(field(nobody) == .recipientId)
        var argued = historicalTransfer()
        argued.arguments = ["1"]
        #expect(field(argued) == .args)
    }

    @Test func kindsThatMoveNoETMSayNothingAboutIt() {
        for content in [HistoricalContent.resignDelegate, .storage([1]), .lockHeight] {
            let arguments = content == .lockHeight ? ["5"] : []
            #expect(isAllowed(historical(content, arguments)))
            var paying = historical(content, arguments)
            paying.amount = Amount(units: 1)
            #expect(field(paying) == .amount)
            #expect(field(historical(content, to: address(2), arguments)) == .recipientId)
        }
    }

    @Test func votesAreOneForAndOneAgainstAtMostAndOfDifferentMiners() {
        let (plus, minus) = (
            HistoricalVote(isFor: true, miner: key(2).publicKey),
            HistoricalVote(isFor: false, miner: key(3).publicKey)
        )
        for votes in [[plus], [minus], [plus, minus], [minus, plus]] {
            #expect(isAllowed(historical(.vote(votes))))
        }
        let other = HistoricalVote(isFor: true, miner: key(4).publicKey)
        for votes in [[], [plus, other], [plus, minus, other]] {
            #expect(field(historical(.vote(votes))) == .votes)
        }
        let against = HistoricalVote(isFor: false, miner: plus.miner)
        #expect(refusal(historical(.vote([plus, against]))) == .repeated(.votes))
    }

    @Test func aGroupIsReachableAndEveryMemberAgrees() {
        func group(
            _ minimum: UInt8, _ members: ClosedRange<UInt64>, lifetime: UInt8 = 24,
            endorsers: ClosedRange<UInt64>? = nil
        ) -> HistoricalTransaction {
            let content = HistoricalGroup(minimum: minimum, lifetime: lifetime, keys: keys(members))
            return (endorsers ?? members).reduce(historical(.multisignature(content))) {
                $0.endorsed(by: key($1))
            }
        }
        #expect(isAllowed(group(2, 2...2)) && isAllowed(group(16, 2...17)))
        #expect(field(group(1, 2...3)) == .min)
        #expect(field(group(4, 2...3)) == .min && isAllowed(group(3, 2...3)))
        #expect(field(group(2, 2...18)) == .keysgroup)
        #expect(field(group(2, 1...2)) == .keysgroup)
        #expect(isAllowed(group(2, 2...3, lifetime: 1)))
        #expect(field(group(2, 2...3, lifetime: 0)) == .lifetime)
        #expect(field(group(2, 2...3, lifetime: 25)) == .lifetime)
        #expect(field(group(2, 2...4, endorsers: 2...3)) == .signatures)
        let twice = HistoricalGroup(minimum: 2, lifetime: 1, keys: keys(2...2) + keys(2...2))
        #expect(refusal(historical(.multisignature(twice)).endorsed(by: key(2))) == .repeated(.keysgroup))
    }

    @Test func storedBytesKeepTheirBoundAndTheirPrice() {
        for (count, tenths) in [(1, 1), (199, 1), (200, 2), (4_096, 21)] as [(Int, UInt64)] {
            let order = historical(.storage([UInt8](repeating: 1, count: count)))
            #expect(isAllowed(order))
            #expect(order.fee.units == tenths * 10_000_000)
        }
        #expect(field(historical(.storage([]))) == .content)
        #expect(field(historical(.storage([UInt8](repeating: 1, count: 4_097)))) == .content)
    }

    @Test func issuersAndAssetsHaveTheHistoricalNames() {
        func issuer(_ name: String, _ about: String = "1.") -> HistoricalTransaction {
            historical(.issuer(name: name, description: about))
        }
        #expect(isAllowed(issuer("a")) && isFormed(issuer("ABCDEFGHIJKLMNOP")))
        for name in ["", "ABCDEFGHIJKLMNOPQ", "A1", "A.B", "É"] { #expect(field(issuer(name)) == .name) }
        #expect(field(issuer("A", "")) == .desc)
        #expect(isAllowed(issuer("A", String(repeating: ".", count: 4_096))))
        #expect(field(issuer("A", String(repeating: ".", count: 4_097))) == .desc)
        func asset(_ change: (inout HistoricalAsset) -> Void) -> HistoricalTransaction {
            var asset = HistoricalAsset(name: "A.BCD", about: "x.", maximum: "10", precision: 16)
            change(&asset)
            return historical(.asset(asset))
        }
        let most = "1" + String(repeating: "0", count: 48)
        for maximum in ["1", most] { #expect(isAllowed(asset { $0.maximum = maximum })) }
        for maximum in ["0", "", "01", "-1", "1.5", "1e3", String(most.dropLast()) + "1", most + "0"] {
            #expect(field(asset { $0.maximum = maximum }) == .maximum)
        }
        for name in ["A.BC", "A.BCDEFGH", ".BCD", "A.bcd", "A.BCD.E"] {
            #expect(field(asset { $0.name = name }) == .name)
        }
        #expect(field(asset { $0.precision = 17 }) == .precision)
        #expect(field(asset { $0.strategy = "genesisHeight + 1" }) == .strategy)
        #expect(field(asset { $0.allowWhitelist = 2 }) == .allowWhitelist)
        #expect(isAllowed(asset { $0.allowBlacklist = 1 }))
    }

    @Test func accessListsHaveDifferentAddresses() {
        func change(_ list: [String], _ operation: String = "+", flag: UInt8 = 1) -> HistoricalTransaction {
            historical(.acl(.init(currency: "A.BCD", operation: operation, flag: flag, list: list)))
        }
        let list = (2...12).map { address($0).description }
        #expect(isAllowed(change(Array(list.prefix(1)))) && isAllowed(change(Array(list.prefix(10)), "-")))
        #expect(field(change([])) == .list && field(change(list)) == .list)
        #expect(field(change(["A123"])) == .list)
        #expect(refusal(change([list[0], list[0]])) == .repeated(.list))
        #expect(field(change([list[0]], "*")) == .operation)
        #expect(field(change([list[0]], flag: 2)) == .flag)
    }

    @Test func locksHaveOneNumberAndUnlocksDifferentIDs() {
        #expect(isAllowed(historical(.lockVotes, ["100000000"])))
        #expect(field(historical(.lockVotes, ["99999999"])) == .args)
        for text in ["", "0", "05", "+5", " 5", "5.0", "18446744073709551616"] {
            #expect(field(historical(.lockHeight, [text])) == .args)
        }
        #expect(field(historical(.lockHeight)) == .args)
        #expect(field(historical(.lockHeight, ["1", "2"])) == .args)
        let ids = (1...33).map { transactionID($0).hex }
        #expect(isAllowed(historical(.unlockVotes, Array(ids.prefix(32)))))
        #expect(field(historical(.unlockVotes, ids)) == .args)
        #expect(field(historical(.unlockVotes)) == .args)
        #expect(field(historical(.unlockVotes, [ids[0].uppercased()])) == .args)
        #expect(refusal(historical(.unlockVotes, [ids[0], ids[1], ids[0]])) == .repeated(.args))
    }

    @Test func aDelayedTransferIsDueAnHourLaterAtLeast() {
        let earliest = HistoricalTransaction.epoch.milliseconds + 1_000_000 + 3_600_000
        func delayed(_ time: UInt64) -> HistoricalTransaction {
            var transaction = historical(.delayTransfer, to: address(2), [String(time)])
            transaction.amount = Amount(units: 1)
            return transaction
        }
        #expect(isAllowed(delayed(earliest)))
        #expect(field(delayed(earliest - 1)) == .args)
        let latest = earliest + 3_650 * 86_400_000
        #expect(isAllowed(delayed(latest)))
        #expect(field(delayed(latest + 1)) == .args)
    }

    @Test func everySignatureIsOfAnotherKey() {
        #expect(isAllowed(historicalTransfer().seconded(by: key(9))))
        #expect(field(historicalTransfer().seconded(by: key(1))) == .signSignature)
        let requested = historicalTransfer().requested(by: key(2))
        #expect(isAllowed(requested.endorsed(by: key(3))) && isAllowed(requested.endorsed(by: key(1))))
        #expect(refusal(requested.endorsed(by: key(2))) == .repeated(.signatures))
        #expect(field(requested.seconded(by: key(2))) == .signSignature)
        #expect(refusal(requested.endorsed(by: key(3)).seconded(by: key(3))) == .repeated(.signatures))
        #expect(field(historicalTransfer().requested(by: key(1))) == .requesterPublicKey)
    }

    @Test func kindsThatHaveNoPlaceHereNameTheWayThatHas() {
        let dapp = HistoricalDApp(name: "a", link: "b.zip")
        for (content, word) in [
            (.delegate(username: "a"), "etm validator register"), (.registerDApp(dapp), "etm dapp deploy"),
            (.inTransfer(dapp: "", currency: "ETM", amount: nil), "etm dapp deposit"),
            (.outTransfer(dapp: "", transaction: "", currency: "ETM", amount: "1"), "etm dapp withdraw"),
        ] as [(HistoricalContent, String)] {
            #expect(refusal(historical(content))?.message.contains(word) == true)
        }
    }
}
