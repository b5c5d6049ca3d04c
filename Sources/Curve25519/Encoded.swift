/// Thirty-two bytes as four little-endian words, as Ed25519 encodes points and scalars.
public struct Encoded: Sendable, Hashable {
    /// The words, least significant first.
    public let w0, w1, w2, w3: UInt64

    /// Makes the value from its words, least significant first.
    @inlinable
    public init(_ w0: UInt64, _ w1: UInt64, _ w2: UInt64, _ w3: UInt64) {
        (self.w0, self.w1, self.w2, self.w3) = (w0, w1, w2, w3)
    }

    /// The top bit: of a point, the sign of x.
    var topBit: Bool { w3 &>> 63 == 1 }

    /// True when the lower 255 bits are below p = 2^255 - 19.
    var isBelowP: Bool {
        let top = w3 & (.max &>> 1)
        return top != .max &>> 1 || w2 != .max || w1 != .max || w0 < .max - 18
    }
}
