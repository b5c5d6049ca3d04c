import Curve25519
import Testing

@Suite struct ArithmeticTests {
    @Test func fieldElementsAgreeWithBigIntegers() throws {
        for row in try Fixture.rows("field") {
            let values = try row.map(Fixture.encoded)
            let (a, b) = (FieldElement(values[0]), FieldElement(values[1]))
            #expect((a + b).encoded == values[2])
            #expect((a - b).encoded == values[3])
            #expect((a * b).encoded == values[4])
            #expect((b * a).encoded == values[4])
            #expect((a * a).encoded == values[5])
            #expect(a.squared.encoded == values[5])
            #expect(a.inverse.encoded == values[6])
        }
    }

    /// The factors of the formulas are sums and differences of two or three products; these are wider.
    @Test func looseFactorsGiveTheSameProducts() throws {
        for row in try Fixture.rows("field") {
            let values = try row.map(Fixture.encoded)
            let (a, b) = (FieldElement(values[0]), FieldElement(values[1]))
            let wide = a + b + a + b
            let other = a + a - b
            #expect((wide * other).encoded == (product(wide) * product(other)).encoded)
            #expect(wide.squared.encoded == (product(wide) * product(wide)).encoded)
            #expect(other.squared.encoded == (product(other) * product(other)).encoded)
            #expect(a.subtracting(wide: a + b).encoded == (product(a) - product(a + b)).encoded)
        }
    }

    // The same residue with every limb back under its bound.
    private func product(_ element: FieldElement) -> FieldElement { FieldElement(element.encoded) }

    /// Every limb at the largest value that a factor may have.
    @Test func theLargestFactorsDoNotOverflow() {
        let largest = FieldElement.largest
        let reduced = FieldElement(largest.encoded)
        #expect((largest * largest).encoded == (reduced * reduced).encoded)
        #expect(largest.squared.encoded == (reduced * reduced).encoded)
        #expect((largest * largest * largest).encoded == (reduced * reduced * reduced).encoded)
        // Chains of squares meet limbs that carries left above 51 bits.
        var (loose, tight) = (largest, reduced)
        for _ in 0..<1_000 {
            loose = loose.squared
            tight = FieldElement(tight.squared.encoded)
            #expect(loose.encoded == tight.encoded)
        }
    }

    @Test func scalarsAgreeWithBigIntegers() throws {
        for row in try Fixture.rows("scalars") {
            let wide = try Fixture.words(row[0])
            let factor = try Fixture.words(row[1])
            let scalar = Scalar(
                reducing: WideHash(
                    low: Encoded(wide[0], wide[1], wide[2], wide[3]),
                    high: Encoded(wide[4], wide[5], wide[6], wide[7])))
            let product = scalar.multiplied(by: UInt128(factor[1]) << 64 | UInt128(factor[0]))
            #expect(scalar.encoded == (try Fixture.encoded(row[2])))
            #expect(product.encoded == (try Fixture.encoded(row[3])))
            #expect((scalar + product).encoded == (try Fixture.encoded(row[4])))
            #expect(scalar.negated.encoded == (try Fixture.encoded(row[5])))
            #expect(Scalar(scalar.encoded) == scalar)
        }
    }

    @Test func scalarsFromTheOrderOnAreRefused() throws {
        let order: (UInt64, UInt64, UInt64, UInt64) = (
            0x5812_631a_5cf5_d3ed, 0x14de_f9de_a2f7_9cd6, 0, 1 << 60
        )
        #expect(Scalar(Encoded(order.0 - 1, order.1, order.2, order.3)) != nil)
        #expect(Scalar(Encoded(order.0, order.1, order.2, order.3)) == nil)
        #expect(Scalar(Encoded(order.0 + 1, order.1, order.2, order.3)) == nil)
        #expect(Scalar(Encoded(.max, .max, .max, .max)) == nil)
    }

    @Test func pointsAgreeWithBigIntegers() throws {
        for row in try Fixture.rows("points") {
            let left = try #require(EdwardsPoint(try Fixture.encoded(row[0])))
            let right = try #require(EdwardsPoint(try Fixture.encoded(row[1])))
            #expect((left + right).encoded == (try Fixture.encoded(row[2])))
            #expect(left.isOfSmallOrder == (try #require(row[3] as? Bool)))
            #expect(left.encoded == (try Fixture.encoded(row[0])))
        }
    }

    @Test func onlyTheOneEncodingOfAPointIsRead() {
        // y = 1 and y = -1 have x = 0, which has no sign; y = p + 1 is y = 1 again.
        #expect(EdwardsPoint(Encoded(1, 0, 0, 0)) != nil)
        #expect(EdwardsPoint(Encoded(1, 0, 0, 1 << 63)) == nil)
        #expect(EdwardsPoint(Encoded(.max - 19, .max, .max, .max >> 1)) != nil)
        #expect(EdwardsPoint(Encoded(.max - 19, .max, .max, .max)) == nil)
        #expect(EdwardsPoint(Encoded(.max - 18, .max, .max, .max >> 1)) == nil)
        #expect(EdwardsPoint(Encoded(.max - 17, .max, .max, .max >> 1)) == nil)
        #expect(EdwardsPoint(Encoded(.max, .max, .max, .max)) == nil)
        // No point has y = 2.
        #expect(EdwardsPoint(Encoded(2, 0, 0, 0)) == nil)
    }
}
