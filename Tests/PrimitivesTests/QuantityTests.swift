import Primitives
import Testing

@Suite struct AmountTests {
    @Test(arguments: [
        ("0", 0), ("10", 1_000_000_000), ("0.05", 5_000_000), ("0.00000001", 1), ("1.00000000", 100_000_000),
        ("007", 700_000_000), ("184467440737.09551615", UInt64.max),
    ])
    func anExactDecimalIsRead(text: String, units: UInt64) {
        #expect(Amount(decimal: text) == Amount(units: units))
    }

    @Test(arguments: [
        "", ".", "1.", ".5", "-1", "+1", "1e3", "1,000", "1.2.3", " 1", "1 ", "0.000000001", "٣", "1.٣",
        "184467440737.09551616", "999999999999999999999", "0x10", "NaN",
    ])
    func anythingElseIsRefused(text: String) { #expect(Amount(decimal: text) == nil) }

    @Test func otherTokensHaveOtherPlaces() {
        #expect(Amount(decimal: "12", decimals: 0) == Amount(units: 12))
        #expect(Amount(decimal: "12.0", decimals: 0) == nil)
        #expect(Amount(decimal: "1.25", decimals: 2) == Amount(units: 125))
        #expect(Amount(units: 125).formatted(decimals: 2) == "1.25")
        #expect(Amount(units: 1_234_567).formatted(decimals: 0) == "1,234,567")
    }

    @Test(arguments: [
        (UInt64(0), "0.00000000"), (1, "0.00000001"), (99_999_999_999, "999.99999999"),
        (100_000_000_000, "1,000.00000000"), (.max, "184,467,440,737.09551615"),
    ])
    func formattingIsExactAndGroupsThousands(units: UInt64, text: String) {
        #expect(Amount(units: units).formatted() == text)
    }

    @Test(arguments: 0..<64 as Range<UInt64>) func whatIsFormattedReadsBack(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let amount = Amount(units: generator.next() >> generator.below(64))
        let text = amount.formatted().filter { $0 != "," }
        #expect(Amount(decimal: text) == amount)
    }

    @Test func arithmeticStopsAtTheBounds() {
        let most = Amount(units: .max)
        let one = Amount(units: 1)
        #expect(Amount(units: .max - 1).adding(one) == most)
        #expect(most.adding(one) == nil)
        #expect(one.subtracting(one) == .zero)
        #expect(Amount.zero.subtracting(one) == nil)
        #expect(one.multiplied(by: .max) == most)
        #expect(Amount(units: 2).multiplied(by: .max) == nil)
        #expect(Amount.etm(3) == Amount(units: 300_000_000))
        #expect(Amount.zero < one)
        #expect("\(most)" == "18446744073709551615")
    }
}

@Suite struct InstantTests {
    @Test func timeStopsAtItsEnd() {
        let almost = Instant(milliseconds: .max - 1)
        #expect(almost.advanced(by: .init(milliseconds: 1)) == .distantFuture)
        #expect(almost.advanced(by: .init(milliseconds: 2)) == .distantFuture)
        #expect(Instant(milliseconds: 5).advanced(by: .seconds(2)) == Instant(milliseconds: 2005))
    }

    @Test func aSpanIsNeverNegative() {
        let (early, late) = (Instant(milliseconds: 10), Instant(milliseconds: 25))
        #expect(late.since(early) == Instant.Span(milliseconds: 15))
        #expect(early.since(late) == .zero)
        #expect(early < late)
        #expect("\(late)" == "25")
    }

    @Test func aSpanStopsAtTheLongest() {
        let longest = Instant.Span(milliseconds: .max)
        #expect(Instant.Span(milliseconds: 3).times(4) == Instant.Span(milliseconds: 12))
        #expect(longest.times(2) == longest)
        #expect(Instant.Span.seconds(.max / 1000) < longest)
        #expect(Instant.Span.seconds(.max / 1000 + 1) == longest)
    }
}

@Suite struct OrdinalTests {
    @Test func ordinalsCountUpAndDown() {
        #expect(Height.zero.previous == nil)
        #expect(Height(1).previous == .zero)
        #expect(Height(7).next == Height(8))
        #expect(Round(1) < Round(2))
        #expect("\(View(12))" == "12")
    }
}

@Suite struct SeededGeneratorTests {
    /// Made by an independent implementation of the two published algorithms.
    static let outputs: [(UInt64, [UInt64])] = [
        (0, [0x99ec_5f36_cb75_f2b4, 0xbf6e_1f78_4956_452a, 0x1a5f_849d_4933_e6e0, 0x6aa5_94f1_262d_2d2c]),
        (1, [0xb3f2_af6d_0fc7_10c5, 0x853b_5596_4736_4cea, 0x92f8_9756_082a_4514, 0x642e_1c7b_c266_a3a7]),
        (.max, [0x8f55_20d5_2a7e_ad08, 0xc476_a018_caa1_802d, 0x81de_31c0_d260_469e, 0xbf65_8d7e_065f_3c2f]),
    ]

    @Test(arguments: outputs) func aSeedGivesTheSameNumbersEverywhere(seed: UInt64, expected: [UInt64]) {
        var generator = SeededGenerator(seed: seed)
        let made = expected.map { _ in generator.next() }
        #expect(made == expected)
    }

    @Test func drawsStayBelowTheirBoundAndReachEveryOutcome() {
        var generator = SeededGenerator(seed: 9)
        var seen = [Int](repeating: 0, count: 7)
        for _ in 0..<7000 { seen[Int(generator.below(7))] += 1 }
        for count in seen { #expect((850...1150).contains(count)) }
        let (certain, most) = (generator.below(1), generator.below(.max))
        #expect(certain == 0)
        #expect(most < .max)
    }

    @Test func chancesOfNothingAndEverythingAreCertain() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<100 {
            let (never, always) = (generator.chance(perMille: 0), generator.chance(perMille: 1000))
            #expect(!never)
            #expect(always)
        }
    }
}
