import Primitives
import Testing

@Suite struct UInt256Tests {
    private let top = "115792089237316195423570985008687907853269984665640564039457584007913129639935"

    private func number(_ text: String) throws -> UInt256 { try #require(UInt256(decimal: text)) }

    private func random(_ generator: inout SeededGenerator) -> UInt256 {
        let words = (0..<4).map { _ in UInt128(generator.next()) }
        let shift = generator.below(256)
        let whole = UInt256(high: words[0] << 64 | words[1], low: words[2] << 64 | words[3])
        // Numbers of every length are equally likely.
        if shift >= 128 { return UInt256(high: 0, low: whole.high >> (shift - 128)) }
        return shift == 0
            ? whole
            : UInt256(high: whole.high >> shift, low: whole.low >> shift | whole.high << (128 - shift))
    }

    @Test func sumsAndDifferencesAreThoseOfAnotherImplementation() throws {
        for figure in WideFigures.sums {
            let (a, b) = (try number(figure.a), try number(figure.b))
            #expect(a.adding(b)?.description == figure.sum)
            #expect(b.adding(a)?.description == figure.sum)
            #expect(a.subtracting(b)?.description == figure.difference)
            #expect((a >= b) == (figure.difference != nil))
        }
    }

    @Test func productsAndQuotientsAreThoseOfAnotherImplementation() throws {
        for figure in WideFigures.products {
            #expect(try number(figure.a).multiplied(by: figure.factor)?.description == figure.product)
        }
        for figure in WideFigures.quotients {
            let result = try number(figure.a).quotientAndRemainder(dividingBy: figure.divisor)
            #expect(result.quotient.description == figure.quotient)
            #expect(result.remainder == figure.remainder)
        }
    }

    @Test(arguments: 0..<64 as Range<UInt64>) func operationsUndoOneAnother(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let (a, b) = (random(&generator), random(&generator))
        if let sum = a.adding(b) { #expect(sum.subtracting(b) == a && sum >= a) }
        let divisor = max(1, generator.next() >> generator.below(64))
        let (quotient, remainder) = a.quotientAndRemainder(dividingBy: divisor)
        #expect(remainder < divisor)
        #expect(quotient.multiplied(by: divisor)?.adding(UInt256(remainder)) == a)
        #expect(UInt256(decimal: a.description) == a)
        #expect(try UInt256(decoding: a.encoded) == a && a.encoded.count == 32)
        #expect((a < b) == a.encoded.lexicographicallyPrecedes(b.encoded))
    }

    @Test func everyOperationStopsAtTheTop() {
        #expect(UInt256.max.description == top)
        #expect(UInt256.max.adding(UInt256(1)) == nil)
        #expect(UInt256.max.subtracting(UInt256(1))?.adding(UInt256(1)) == .max)
        #expect(UInt256.max.adding(.zero) == .max)
        #expect(UInt256.zero.subtracting(UInt256(1)) == nil)
        #expect(UInt256.max.multiplied(by: 1) == .max && UInt256.max.multiplied(by: 2) == nil)
        #expect(UInt256(high: 1, low: 0).subtracting(UInt256(1)) == UInt256(high: 0, low: .max))
        #expect(UInt256(decimal: top) == .max)
        #expect(UInt256(decimal: String(top.dropLast()) + "6") == nil)
        #expect(UInt256(decimal: top + "0") == nil)
    }

    @Test(arguments: ["", ".", "1.", ".5", "-1", "+1", "1e3", "1,000", "1.2.3", " 1", "0.001", "٣", "0x1"])
    func whatIsNoExactDecimalIsRefused(text: String) { #expect(UInt256(decimal: text, decimals: 2) == nil) }

    @Test func decimalsAreExactAndGrouped() throws {
        let amount = try #require(UInt256(decimal: "1234567.05", decimals: 16))
        #expect(amount.description == "12345670500000000000000")
        #expect(amount.formatted(decimals: 16) == "1,234,567.0500000000000000")
        #expect(UInt256(5).formatted(decimals: 2) == "0.05" && UInt256.zero.formatted(decimals: 0) == "0")
        // The historical form became exponential from here on.
        #expect(try number("1000000000000000000000").description == "1000000000000000000000")
    }

    @Test func thirtyTwoBytesAreTheOnlyForm() throws {
        let bytes = [UInt8](repeating: 0, count: 31) + [7]
        #expect(try UInt256(decoding: bytes) == UInt256(7))
        #expect(throws: CodecRejection.self) { try UInt256(decoding: Array(bytes.dropLast())) }
        #expect(throws: CodecRejection.self) { try UInt256(decoding: bytes + [0]) }
    }
}
