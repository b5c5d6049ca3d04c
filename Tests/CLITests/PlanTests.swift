import CLI
import JSON
import Primitives
import Testing

@Suite struct PlanTests {
    private func changes(balance: UInt64, leaving: UInt64, fee: UInt64) throws -> [Plan.Change] {
        try Plan.changes(
            balances: [Amount(units: balance)], leaving: [Amount(units: leaving)], fee: Amount(units: fee),
            feeAsset: 0,
            currencies: [.etm], who: "alice")
    }

    @Test func aBalanceMaySpendItsLastUnitAndNoMore() throws {
        #expect(try changes(balance: 110, leaving: 100, fee: 10).first?.after == .zero)
        #expect(throws: CommandFailure.self) { try changes(balance: 109, leaving: 100, fee: 10) }
    }

    @Test func theShortfallIsExact() {
        do {
            _ = try changes(balance: 999_990_000_000, leaving: 2_000_000_000_000, fee: 10_000_000)
            Issue.record("overspending was planned")
        } catch let failure as CommandFailure {
            #expect(failure.exit == .refused)
            #expect(failure.code == "INSUFFICIENT_BALANCE")
            #expect(failure.message.contains("10,000.20000000 ETM short"))
            #expect(failure.facts["shortfall"]?["units"] == "1000020000000")
            #expect(failure.hint.contains("--amount 10000.20000000"))
        } catch {
            Issue.record("another error")
        }
    }

    @Test func aFeeInAnotherCurrencyLeavesTheFirstAlone() throws {
        let token = Currency(symbol: "XCT", decimals: 2)
        let changes = try Plan.changes(
            balances: [Amount(units: 50), Amount(units: 500)], leaving: [.zero, Amount(units: 100)],
            fee: Amount(units: 20), feeAsset: 1, currencies: [.etm, token], who: "alice")
        #expect(changes == [.init(currency: token, before: Amount(units: 500), after: Amount(units: 380))])
    }

    @Test func sumsThatDoNotFitAreRefused() {
        #expect(throws: CommandFailure.self) { try changes(balance: .max, leaving: .max, fee: 1) }
        #expect(throws: Never.self) { try changes(balance: .max, leaving: .max - 1, fee: 1) }
    }

    @Test func theLinesShowAmountFeeAndResultingBalance() {
        let plan = Plan(
            title: "Transfer · chain main", sender: "alice  A1",
            facts: [.init("to", "bob"), .init("amount", "10.00000000 ETM")],
            fee: Amount(units: 10_000_000), feeCurrency: .etm,
            balances: [.init(currency: .etm, before: .etm(10_000), after: Amount(units: 998_990_000_000))])
        #expect(
            plan.lines == [
                "Transfer · chain main",
                "  from     alice  A1",
                "  to       bob",
                "  amount   10.00000000 ETM",
                "  fee      0.10000000 ETM",
                "  balance  10,000.00000000 → 9,989.90000000 ETM",
            ])
        #expect(plan.json["fee"]?["units"] == "10000000")
        #expect(plan.json["balances"]?[0]?["after"]?["display"] == "9,989.90000000 ETM")
    }

    @Test func aFailedReceiptSaysReasonLineAndGas() {
        let receipt = ReceiptView([
            "status": "failed", "gasUsed": 8412,
            "error": [
                "code": "DAPP_REJECTED", "message": "round 3 is open",
                "at": ["file": "contract/guess.js", "line": 71, "column": 11],
            ],
        ])
        let failure = receipt.failure(transaction: "ab")
        #expect(failure.exit == .refused)
        #expect(failure.place?.description == "contract/guess.js:71:11")
        #expect(failure.facts["gasUsed"] == "8412")
        #expect(failure.hint == "etm tx trace ab")
        #expect(failure.report == ["gas used 8,412 · no state changed"])
    }
}
