/// An integer modulo the group order L = 2^252 + c, always below L.
package struct Scalar: Sendable, Hashable {
    let w0, w1, w2, w3: UInt64

    // c = L - 2^252 has 125 bits.
    private static let c0: UInt64 = 0x5812_631a_5cf5_d3ed
    private static let c1: UInt64 = 0x14de_f9de_a2f7_9cd6
    private static let top: UInt64 = 1 << 60

    static var zero: Scalar { Scalar(0, 0, 0, 0) }
    static var one: Scalar { Scalar(1, 0, 0, 0) }

    private init(_ w0: UInt64, _ w1: UInt64, _ w2: UInt64, _ w3: UInt64) {
        (self.w0, self.w1, self.w2, self.w3) = (w0, w1, w2, w3)
    }

    /// The scalar of 32 little-endian bytes, or nil when they are L or more.
    package init?(_ encoded: Encoded) {
        let difference = Self.minusOrder(encoded.w0, encoded.w1, encoded.w2, encoded.w3)
        guard difference.isBelow else { return nil }
        self.init(encoded.w0, encoded.w1, encoded.w2, encoded.w3)
    }

    /// The 32 little-endian bytes.
    package var encoded: Encoded { Encoded(w0, w1, w2, w3) }

    /// The residue of 64 little-endian bytes.
    package init(reducing wide: WideHash) {
        self = Scalar.zero.shifted(wide.high.w3).shifted(wide.high.w2).shifted(wide.high.w1)
            .shifted(wide.high.w0).shifted(wide.low.w3).shifted(wide.low.w2).shifted(wide.low.w1)
            .shifted(wide.low.w0)
    }

    /// The scalar of a 128-bit factor.
    package init(_ factor: UInt128) {
        self.init(UInt64(truncatingIfNeeded: factor), UInt64(truncatingIfNeeded: factor &>> 64), 0, 0)
    }

    // r · 2^64 + word modulo L.
    //
    // With q the bits from 252 on, it is congruent to the lower 252 bits minus q · c, which lies between
    // -2^190 and 2^252. As r is below L, q is at most 2^64, and q · c0 and q · c1 stay below 2^128.
    @inline(__always)
    private func shifted(_ word: UInt64) -> Scalar {
        let q = UInt128(truncatingIfNeeded: w3) &<< 4 | UInt128(truncatingIfNeeded: w2 &>> 60)
        let first = q &* UInt128(truncatingIfNeeded: Self.c0)
        let second = q &* UInt128(truncatingIfNeeded: Self.c1) &+ first &>> 64
        let (d0, b0) = word.subtractingReportingOverflow(UInt64(truncatingIfNeeded: first))
        let (d1, b1) = Self.subtract(w0, UInt64(truncatingIfNeeded: second), b0)
        let (d2, b2) = Self.subtract(w1, UInt64(truncatingIfNeeded: second &>> 64), b1)
        let (d3, b3) = Self.subtract(w2 & (Self.top - 1), 0, b2)
        return b3 ? Self.plusOrder(d0, d1, d2, d3) : Scalar(d0, d1, d2, d3)
    }

    /// The product with a 128-bit factor.
    package func multiplied(by factor: UInt128) -> Scalar {
        let f0 = UInt128(truncatingIfNeeded: UInt64(truncatingIfNeeded: factor))
        let f1 = factor &>> 64
        let low = multiplied(by: f0, plus: (0, 0, 0, 0))
        let high = multiplied(by: f1, plus: (low.1, low.2, low.3, low.4))
        return Scalar.zero.shifted(high.4).shifted(high.3).shifted(high.2).shifted(high.1)
            .shifted(high.0).shifted(low.0)
    }

    // Five words of self · word + addend: no step exceeds (2^64 - 1)² + 2 (2^64 - 1) < 2^128.
    @inline(__always)
    private func multiplied(
        by word: UInt128, plus addend: (UInt64, UInt64, UInt64, UInt64)
    ) -> (UInt64, UInt64, UInt64, UInt64, UInt64) {
        func wide(_ x: UInt64) -> UInt128 { UInt128(truncatingIfNeeded: x) }
        func low(_ x: UInt128) -> UInt64 { UInt64(truncatingIfNeeded: x) }
        let p0 = word &* wide(w0) &+ wide(addend.0)
        let p1 = word &* wide(w1) &+ wide(addend.1) &+ p0 &>> 64
        let p2 = word &* wide(w2) &+ wide(addend.2) &+ p1 &>> 64
        let p3 = word &* wide(w3) &+ wide(addend.3) &+ p2 &>> 64
        return (low(p0), low(p1), low(p2), low(p3), low(p3 &>> 64))
    }

    /// The sum; the words of two scalars below 2^253 cannot overflow.
    package static func + (left: Scalar, right: Scalar) -> Scalar {
        let (s0, c0) = left.w0.addingReportingOverflow(right.w0)
        let (s1, c1) = add(left.w1, right.w1, c0)
        let (s2, c2) = add(left.w2, right.w2, c1)
        let (s3, _) = add(left.w3, right.w3, c2)
        let reduced = minusOrder(s0, s1, s2, s3)
        return reduced.isBelow ? Scalar(s0, s1, s2, s3) : reduced.difference
    }

    /// L minus the scalar; zero stays zero.
    package var negated: Scalar {
        guard self != .zero else { return self }
        let (d0, b0) = Self.c0.subtractingReportingOverflow(w0)
        let (d1, b1) = Self.subtract(Self.c1, w1, b0)
        let (d2, b2) = Self.subtract(0, w2, b1)
        let (d3, _) = Self.subtract(Self.top, w3, b2)
        return Scalar(d0, d1, d2, d3)
    }

    private static func minusOrder(
        _ w0: UInt64, _ w1: UInt64, _ w2: UInt64, _ w3: UInt64
    ) -> (difference: Scalar, isBelow: Bool) {
        let (d0, b0) = w0.subtractingReportingOverflow(c0)
        let (d1, b1) = subtract(w1, c1, b0)
        let (d2, b2) = subtract(w2, 0, b1)
        let (d3, b3) = subtract(w3, top, b2)
        return (Scalar(d0, d1, d2, d3), b3)
    }

    // Wraps back from the negative side.
    private static func plusOrder(_ w0: UInt64, _ w1: UInt64, _ w2: UInt64, _ w3: UInt64) -> Scalar {
        let (s0, o0) = w0.addingReportingOverflow(c0)
        let (s1, o1) = add(w1, c1, o0)
        let (s2, o2) = add(w2, 0, o1)
        let (s3, _) = add(w3, top, o2)
        return Scalar(s0, s1, s2, s3)
    }

    @inline(__always)
    private static func subtract(_ x: UInt64, _ y: UInt64, _ borrow: Bool) -> (UInt64, Bool) {
        let (first, b) = x.subtractingReportingOverflow(y)
        let (second, c) = first.subtractingReportingOverflow(borrow ? 1 : 0)
        return (second, b || c)
    }

    @inline(__always)
    private static func add(_ x: UInt64, _ y: UInt64, _ carry: Bool) -> (UInt64, Bool) {
        let (first, b) = x.addingReportingOverflow(y)
        let (second, c) = first.addingReportingOverflow(carry ? 1 : 0)
        return (second, b || c)
    }
}

/// The 64 bytes of a SHA-512 digest as little-endian words.
public struct WideHash: Sendable {
    /// The lower and the upper 32 bytes.
    public let low, high: Encoded

    /// Joins the halves.
    @inlinable
    public init(low: Encoded, high: Encoded) {
        self.low = low
        self.high = high
    }
}
