public import Primitives

/// A locked amount and the slot from which its age counts (`mathematics.md` 1.2).
public struct StakeLock: Sendable, Hashable, Canonical {
    /// Base units of ETM.
    public let amount: Amount
    /// When its age was zero.
    public private(set) var anchor: Slot

    /// The greatest time gain.
    public static let mostGain: UInt64 = 32

    /// Joins the parts.
    public init(amount: Amount, anchor: Slot) {
        self.amount = amount
        self.anchor = anchor
    }

    /// The time gain t: 1 at first, 1 more each day, at most 32 (D-4).
    public func timeGain(at now: Slot) -> UInt64 { min(StakeLock.mostGain, 1 + age(at: now) / Slot.perDay) }

    /// Moves the anchor so that the time gain, as the real number 1 + age in days, is half of what it was.
    ///
    /// The age is cut to 31 days first: a lock of a year would otherwise show 32 after it was halved.
    public mutating func halve(at now: Slot) {
        let days = StakeLock.mostGain - 1
        let age = min(age(at: now), days * Slot.perDay)
        let rest = age > Slot.perDay ? (age - Slot.perDay) / 2 : 0
        anchor = Slot(now.value - rest)
    }

    private func age(at now: Slot) -> UInt64 { now.value > anchor.value ? now.value - anchor.value : 0 }

    /// Writes 16 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(amount)
        writer.write(anchor)
    }

    /// Reads 16 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        amount = try reader.read()
        anchor = try reader.read()
    }
}
