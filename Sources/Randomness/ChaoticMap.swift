/// The map x' = ay + by², y' = cx + dy + dxz, z' = x² + eyx in Q3.60 fixed point (`mathematics.md` 5.1, 5.2).
///
/// Products round down and everything wraps. Orbits stay below 2.45 in size, so wrapping never happens in
/// practice; it only makes the map total.
package enum ChaoticMap {
    /// 1.65: the smallest parameter.
    package static let a0: Int64 = 1_902_320_482_601_297_510
    /// The parameter of the control orbit: `a0` and one hundredth of it.
    package static let controlParameter: Int64 = 1_921_343_687_427_310_485
    /// 1.5.
    package static let b: Int64 = 1_729_382_256_910_270_464
    /// -1.2.
    package static let c: Int64 = -1_383_505_805_528_216_371
    /// 0.2.
    package static let d: Int64 = 230_584_300_921_369_395
    /// 1.5.
    package static let e: Int64 = 1_729_382_256_910_270_464
    /// 0.1: the bound of start values.
    package static let tenth: UInt64 = 115_292_150_460_684_697

    /// One step.
    @inline(__always)
    static func step(_ point: ChaoticPoint, parameter: Int64) -> ChaoticPoint {
        let (x, y, z) = (point.x, point.y, point.z)
        return ChaoticPoint(
            x: multiply(parameter, y) &+ multiply(b, multiply(y, y)),
            y: multiply(c, x) &+ multiply(d, y) &+ multiply(d, multiply(x, z)),
            z: multiply(x, x) &+ multiply(e, multiply(y, x)))
    }

    /// A 64-bit word as a start value from 0 to just below 0.1.
    static func start(_ word: UInt64) -> Int64 { Int64(word.multipliedFullWidth(by: tenth).high) }

    /// `a0` · (1 + 0.01 · mean / 256), rounded down; `mean` is a mean of bytes.
    static func parameter(mean: Int) -> Int64 {
        let product = UInt64(a0).multipliedFullWidth(by: UInt64(mean))
        return a0 + Int64((25_600 as UInt64).dividingFullWidth(product).quotient)
    }

    /// The size of a value in units of 2^-20, rounded down.
    static func scaled(_ value: Int64) -> UInt64 { value.magnitude >> 40 }

    @inline(__always)
    private static func multiply(_ p: Int64, _ q: Int64) -> Int64 {
        let product = p.multipliedFullWidth(by: q)
        return product.high << 4 | Int64(bitPattern: UInt64(product.low >> 60))
    }
}
