/// An integer modulo p = 2^255 - 19 in five limbs of 51 bits, least significant first.
///
/// Limbs may exceed 51 bits for a while, which saves a carry after nearly every addition. An element is
/// *tight* when each limb is below 2^51 + 2^13, and *loose* when each is below 2^54. Every product is
/// tight, and every factor may be loose. The wrapping operators are safe under these bounds, which each
/// function states.
package struct FieldElement: Sendable {
    var l0, l1, l2, l3, l4: UInt64

    /// The low 51 bits.
    static let mask: UInt64 = (1 << 51) - 1

    @inline(__always)
    init(_ l0: UInt64, _ l1: UInt64, _ l2: UInt64, _ l3: UInt64, _ l4: UInt64) {
        (self.l0, self.l1, self.l2, self.l3, self.l4) = (l0, l1, l2, l3, l4)
    }

    /// The loose element with the largest limbs; every product must bear it.
    package static var largest: FieldElement {
        let limb: UInt64 = (1 << 54) - 1
        return FieldElement(limb, limb, limb, limb, limb)
    }

    static var zero: FieldElement { FieldElement(0, 0, 0, 0, 0) }
    static var one: FieldElement { FieldElement(1, 0, 0, 0, 0) }

    /// The sum; two tight elements give limbs below 2^52 + 2^14.
    @inline(__always)
    package static func + (f: FieldElement, g: FieldElement) -> FieldElement {
        FieldElement(f.l0 &+ g.l0, f.l1 &+ g.l1, f.l2 &+ g.l2, f.l3 &+ g.l3, f.l4 &+ g.l4)
    }

    /// The difference f + 2p - g: `g` must be tight, and `f` below 2^53, so that the result is loose.
    @inline(__always)
    package static func - (f: FieldElement, g: FieldElement) -> FieldElement {
        let (first, other): (UInt64, UInt64) = ((1 << 52) - 38, (1 << 52) - 2)
        return FieldElement(
            f.l0 &+ first &- g.l0, f.l1 &+ other &- g.l1, f.l2 &+ other &- g.l2, f.l3 &+ other &- g.l3,
            f.l4 &+ other &- g.l4)
    }

    /// The difference f + 4p - g: `g` may have limbs up to 2^53 - 76, and `f` must be below 2^52 + 2^14.
    @inline(__always)
    package func subtracting(wide g: FieldElement) -> FieldElement {
        let (first, other): (UInt64, UInt64) = ((1 << 53) - 76, (1 << 53) - 4)
        return FieldElement(
            l0 &+ first &- g.l0, l1 &+ other &- g.l1, l2 &+ other &- g.l2, l3 &+ other &- g.l3,
            l4 &+ other &- g.l4)
    }

    /// The product of two loose elements.
    ///
    /// A column is at most (1 + 4 · 19) · 2^108 < 2^115, so 128 bits hold it.
    @inline(__always)
    package static func * (f: FieldElement, g: FieldElement) -> FieldElement {
        let (g1, g2, g3, g4) = (19 &* g.l1, 19 &* g.l2, 19 &* g.l3, 19 &* g.l4)
        return FieldElement(
            columns: wide(f.l0, g.l0) &+ wide(f.l1, g4) &+ wide(f.l2, g3) &+ wide(f.l3, g2)
                &+ wide(f.l4, g1),
            wide(f.l0, g.l1) &+ wide(f.l1, g.l0) &+ wide(f.l2, g4) &+ wide(f.l3, g3) &+ wide(f.l4, g2),
            wide(f.l0, g.l2) &+ wide(f.l1, g.l1) &+ wide(f.l2, g.l0) &+ wide(f.l3, g4) &+ wide(f.l4, g3),
            wide(f.l0, g.l3) &+ wide(f.l1, g.l2) &+ wide(f.l2, g.l1) &+ wide(f.l3, g.l0)
                &+ wide(f.l4, g4),
            wide(f.l0, g.l4) &+ wide(f.l1, g.l3) &+ wide(f.l2, g.l2) &+ wide(f.l3, g.l1)
                &+ wide(f.l4, g.l0))
    }

    /// The square of a loose element; its columns are those of the product.
    @inline(__always)
    package var squared: FieldElement {
        let (d0, d1, d2, d3) = (2 &* l0, 2 &* l1, 2 &* l2, 2 &* l3)
        let (n3, n4) = (19 &* l3, 19 &* l4)
        return FieldElement(
            columns: Self.wide(l0, l0) &+ Self.wide(d1, n4) &+ Self.wide(d2, n3),
            Self.wide(d0, l1) &+ Self.wide(d2, n4) &+ Self.wide(l3, n3),
            Self.wide(d0, l2) &+ Self.wide(l1, l1) &+ Self.wide(d3, n4),
            Self.wide(d0, l3) &+ Self.wide(d1, l2) &+ Self.wide(l4, n4),
            Self.wide(d0, l4) &+ Self.wide(d1, l3) &+ Self.wide(l2, l2))
    }

    @inline(__always)
    private static func wide(_ x: UInt64, _ y: UInt64) -> UInt128 {
        UInt128(truncatingIfNeeded: x) &* UInt128(truncatingIfNeeded: y)
    }

    // Carries once around. The last column has no factor 19, so it is below 5 · 2^108 + 2^64 and its
    // carry below 2^60: nineteen times that and a limb stay below 2^64, and the final carry below 2^13.
    @inline(__always)
    private init(columns c0: UInt128, _ c1: UInt128, _ c2: UInt128, _ c3: UInt128, _ c4: UInt128) {
        let mask = Self.mask
        let r1 = c1 &+ UInt128(truncatingIfNeeded: Self.low(c0 &>> 51))
        let r2 = c2 &+ UInt128(truncatingIfNeeded: Self.low(r1 &>> 51))
        let r3 = c3 &+ UInt128(truncatingIfNeeded: Self.low(r2 &>> 51))
        let r4 = c4 &+ UInt128(truncatingIfNeeded: Self.low(r3 &>> 51))
        let r0 = (Self.low(c0) & mask) &+ 19 &* Self.low(r4 &>> 51)
        self.init(
            r0 & mask, (Self.low(r1) & mask) &+ (r0 &>> 51), Self.low(r2) & mask, Self.low(r3) & mask,
            Self.low(r4) & mask)
    }

    @inline(__always)
    private static func low(_ x: UInt128) -> UInt64 { UInt64(truncatingIfNeeded: x) }
}
