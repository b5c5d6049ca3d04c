/// A point of the curve -x² + y² = 1 + d x² y² in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z.
///
/// The addition law is complete, torsion included: no pair of points needs a case of its own. All
/// coordinates are tight.
package struct EdwardsPoint: Sendable {
    var x, y, z, t: FieldElement

    /// The neutral element.
    static var identity: EdwardsPoint { EdwardsPoint(x: .zero, y: .one, z: .one, t: .zero) }

    @inline(__always)
    init(x: FieldElement, y: FieldElement, z: FieldElement, t: FieldElement) {
        (self.x, self.y, self.z, self.t) = (x, y, z, t)
    }

    /// The point that RFC 8032 encodes like this, or nil.
    ///
    /// There is one encoding for each point: y is below p, and x = 0 has no sign.
    package init?(_ encoded: Encoded) {
        guard encoded.isBelowP else { return nil }
        let y = FieldElement(encoded)
        let square = y.squared
        let (u, v) = (square - .one, FieldElement.d * square + .one)
        let v3 = v.squared * v
        var x = (v3.squared * v * u).rootPower * v3 * u
        let check = x.squared * v
        if !check.subtracting(wide: u).isZero {
            guard (check + u).isZero else { return nil }
            x = x * .rootOfMinusOne
        }
        let isOdd = x.isOdd
        if isOdd != encoded.topBit {
            guard !x.isZero else { return nil }
            // The product makes the difference tight again.
            x = (.zero - x) * .one
        }
        self.init(x: x, y: y, z: .one, t: x * y)
    }

    /// The encoding of the point.
    package var encoded: Encoded {
        let inverse = z.inverse
        let (affineX, affineY) = (x * inverse, (y * inverse).encoded)
        return Encoded(
            affineY.w0, affineY.w1, affineY.w2, affineY.w3 | (affineX.isOdd ? 1 &<< 63 : 0))
    }

    /// True when eight times the point is the neutral element.
    package var isOfSmallOrder: Bool {
        let eightfold = doubled.extended.doubled.extended.doubled
        return eightfold.isIdentity
    }

    /// Twice the point.
    @inline(__always)
    var doubled: CompletedPoint { CompletedPoint(doubling: x, y, z) }

    /// The sum.
    package static func + (left: EdwardsPoint, right: EdwardsPoint) -> EdwardsPoint {
        left.adding(ProjectiveMultiple(right)).extended
    }
}

/// A sum before its last multiplications: x = X/Z, y = Y/T; all coordinates are loose.
struct CompletedPoint {
    var x, y, z, t: FieldElement

    static var identity: CompletedPoint { CompletedPoint(x: .zero, y: .one, z: .one, t: .one) }

    @inline(__always)
    init(x: FieldElement, y: FieldElement, z: FieldElement, t: FieldElement) {
        (self.x, self.y, self.z, self.t) = (x, y, z, t)
    }

    // "dbl-2008-hwcd" for a = -1; the bounds are those of tight coordinates.
    @inline(__always)
    init(doubling x: FieldElement, _ y: FieldElement, _ z: FieldElement) {
        let (xx, yy, zz) = (x.squared, y.squared, z.squared)
        let sum = yy + xx
        let difference = yy - xx
        self.init(
            x: (x + y).squared.subtracting(wide: sum), y: sum, z: difference,
            t: (zz + zz).subtracting(wide: difference))
    }

    /// Twice the point, without the product that only a sum needs.
    @inline(__always)
    var doubled: CompletedPoint { CompletedPoint(doubling: x * t, y * z, z * t) }

    /// The point in extended coordinates.
    @inline(__always)
    var extended: EdwardsPoint { EdwardsPoint(x: x * t, y: y * z, z: z * t, t: x * y) }

    /// True for the neutral element: x = 0 and y = 1.
    var isIdentity: Bool {
        let (px, py, pz) = (x * t, y * z, z * t)
        return px.isZero && (py - pz).isZero
    }
}
