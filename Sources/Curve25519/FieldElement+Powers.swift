/// Powers, roots and the one canonical form.
extension FieldElement {
    /// The element whose 32 little-endian bytes these are; the top bit is ignored, and values from p on wrap.
    package init(_ encoded: Encoded) {
        let (w0, w1, w2, w3) = (encoded.w0, encoded.w1, encoded.w2, encoded.w3)
        self.init(
            w0 & Self.mask, (w0 &>> 51 | w1 &<< 13) & Self.mask, (w1 &>> 38 | w2 &<< 26) & Self.mask,
            (w2 &>> 25 | w3 &<< 39) & Self.mask, (w3 &>> 12) & Self.mask)
    }

    /// The 32 little-endian bytes of the residue below p; the element may be loose.
    package var encoded: Encoded {
        let x = canonical
        return Encoded(
            x.l0 | x.l1 &<< 51, x.l1 &>> 13 | x.l2 &<< 38, x.l2 &>> 26 | x.l3 &<< 25,
            x.l3 &>> 39 | x.l4 &<< 12)
    }

    /// The residue below p with limbs of 51 bits.
    private var canonical: FieldElement {
        let mask = Self.mask
        // One round of carries leaves limbs below 2^51 + 2^8, hence a value below 2p.
        var x = FieldElement(
            (l0 & mask) &+ 19 &* (l4 &>> 51), (l1 & mask) &+ (l0 &>> 51), (l2 & mask) &+ (l1 &>> 51),
            (l3 & mask) &+ (l2 &>> 51), (l4 & mask) &+ (l3 &>> 51))
        // The carry out of x + 19 says whether x is p or more.
        var carry = (x.l0 &+ 19) &>> 51
        carry = (x.l1 &+ carry) &>> 51
        carry = (x.l2 &+ carry) &>> 51
        carry = (x.l3 &+ carry) &>> 51
        carry = (x.l4 &+ carry) &>> 51
        x.l0 &+= 19 &* carry
        x.l1 &+= x.l0 &>> 51
        x.l2 &+= x.l1 &>> 51
        x.l3 &+= x.l2 &>> 51
        x.l4 &+= x.l3 &>> 51
        return FieldElement(x.l0 & mask, x.l1 & mask, x.l2 & mask, x.l3 & mask, x.l4 & mask)
    }

    /// True for the residue 0; the element may be loose.
    var isZero: Bool {
        let x = canonical
        return x.l0 | x.l1 | x.l2 | x.l3 | x.l4 == 0
    }

    /// The lowest bit of the canonical form, which RFC 8032 takes for a sign.
    var isOdd: Bool { canonical.l0 & 1 == 1 }

    @inline(__always)
    private func squared(times count: Int) -> FieldElement {
        var x = self
        for _ in 0..<count { x = x.squared }
        return x
    }

    /// The power (p - 5) / 8 = 2^252 - 3, from which square roots and inverses follow.
    @inline(never)
    var rootPower: FieldElement {
        let x2 = squared
        let x9 = self * x2.squared(times: 2)
        let x11 = x2 * x9
        // From here on, eN is the power 2^N - 1.
        let e5 = x9 * x11.squared
        let e10 = e5 * e5.squared(times: 5)
        let e20 = e10 * e10.squared(times: 10)
        let e40 = e20 * e20.squared(times: 20)
        let e50 = e10 * e40.squared(times: 10)
        let e100 = e50 * e50.squared(times: 50)
        let e200 = e100 * e100.squared(times: 100)
        let e250 = e50 * e200.squared(times: 50)
        return self * e250.squared(times: 2)
    }

    /// The inverse, the power p - 2 = 8 (2^252 - 3) + 3; of zero, zero.
    package var inverse: FieldElement { rootPower.squared(times: 3) * (squared * self) }

    /// d = -121665 / 121666 of the curve -x² + y² = 1 + d x² y².
    static let d = FieldElement(
        0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff)
    /// 2d.
    static let doubleD = FieldElement(
        0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff)
    /// A square root of -1.
    static let rootOfMinusOne = FieldElement(
        0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d)
}
