public import Primitives

/// The optimal coefficient v of a miner: how much of its votes counts, in units of 2^-32 (`mathematics.md` 2).
public struct Coefficient: Sendable, Hashable, Comparable, Canonical {
    /// Units of 2^-32.
    public let units: UInt64

    /// All votes count.
    public static let one = Coefficient(units: 1 << 32)

    /// A number of units of 2^-32.
    public init(units: UInt64) { self.units = units }

    /// v of a miner that was drawn n times and produced m blocks, m not above n.
    ///
    /// A newcomer gets the average of the round before; who never delivered fades with 1 / 10n² (D-6).
    public init(produced m: UInt64, drawn n: UInt64, average: Coefficient) {
        precondition(m <= n, "a miner produces only when it is drawn")
        if n == 0 {
            self = average
        } else if m == 0 {
            // Beyond 2^16 draws the quotient is zero, and 10n² would soon not fit.
            units = n < 1 << 16 ? (1 << 32) / (10 * n * n) : 0
        } else {
            units = UInt64(truncatingIfNeeded: (UInt128(m) << 32) / UInt128(n))
        }
    }

    /// The mean over the members of a round that just ended; all votes count where there are none.
    public static func average(of members: [Coefficient]) -> Coefficient {
        guard !members.isEmpty else { return .one }
        let sum = members.reduce(UInt128(0)) { $0 + UInt128($1.units) }
        return Coefficient(units: UInt64(truncatingIfNeeded: sum / UInt128(members.count)))
    }

    /// A candidate's weight: floor(votes · v / 2^32); nil when it does not fit, never for v up to one.
    public func weight(of votes: UInt64) -> UInt64? {
        UInt64(exactly: (UInt128(votes) * UInt128(units)) >> 32)
    }

    /// By size.
    public static func < (left: Coefficient, right: Coefficient) -> Bool { left.units < right.units }

    /// Writes 8 bytes.
    public func encode(to writer: inout ByteWriter) { writer.write(units) }

    /// Reads 8 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        units = try reader.readInteger()
    }
}
