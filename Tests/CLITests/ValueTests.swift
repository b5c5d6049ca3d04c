import CLI
import Primitives
import Testing

@Suite struct ValueTests {
    @Test(arguments: [
        ("10", 1_000_000_000), ("10etm", 1_000_000_000), ("0.5ETM", 50_000_000), ("0.00000001", 1), ("0", 0),
        ("184467440737.09551615", UInt64.max),
    ])
    func amountsAreExactDecimals(_ text: String, _ units: UInt64) throws {
        #expect(try AmountText(text)?.amount() == Amount(units: units))
    }

    @Test(arguments: ["", "-1", "1e3", "1,000", ".5", "1.", "ten", "0x10", "1 0", "1.2.3", "etm"])
    func otherTextsAreNoAmounts(_ text: String) { #expect(AmountText(text) == nil) }

    @Test func moreDecimalsThanTheCurrencyHasAreRefused() {
        #expect(throws: CommandFailure.self) { try AmountText("0.000000001")?.amount() }
        #expect(throws: CommandFailure.self) { try AmountText("184467440737.09551616")?.amount() }
    }

    @Test func anotherCurrencyIsRefused() {
        #expect(throws: CommandFailure.self) { try AmountText("1btc")?.amount() }
        #expect(throws: Never.self) {
            try AmountText("1XCT")?.amount(of: Currency(symbol: "XCT", decimals: 2))
        }
    }

    @Test func currenciesShowTheirDecimals() {
        #expect(Currency.etm.display(Amount(units: 999_990_000_000)) == "9,999.90000000 ETM")
        #expect(Currency(symbol: "XCT", decimals: 2).display(Amount(units: 1_234)) == "12.34 XCT")
    }

    @Test(arguments: [("500ms", 500), ("3s", 3_000), ("2m", 120_000), ("1h", 3_600_000), ("1d", 86_400_000)])
    func timesHaveAUnit(_ text: String, _ milliseconds: UInt64) {
        #expect(DurationText.parse(text)?.milliseconds == milliseconds)
        #expect(DurationText.format(Instant.Span(milliseconds: milliseconds)) == text)
    }

    @Test(arguments: ["3", "s", "-1s", "1.5s", "3 s", "18446744073709551616ms", "1w"])
    func otherTextsAreNoTimes(_ text: String) { #expect(DurationText.parse(text) == nil) }

    @Test(arguments: [
        ("", "", 0), ("devnet", "devnet", 0), ("devent", "devnet", 1), ("tset", "test", 1), ("abc", "", 3),
        ("kitten", "sitting", 3), ("Status", "status", 0),
    ])
    func distanceCountsSlipsAndASwapOnce(_ left: String, _ right: String, _ distance: Int) {
        #expect(Suggestion.distance(left, right) == distance)
        #expect(Suggestion.distance(right, left) == distance)
    }

    @Test func farWordsAreNotSuggested() {
        #expect(Suggestion.nearest(to: "xyzzy", among: ["devnet", "account"]) == nil)
        #expect(Suggestion.nearest(to: "acount", among: ["devnet", "account"]) == "account")
    }
}
