public import Primitives

/// A measure of time on a chain: 3 s since its genesis each (`mathematics.md` 0).
public struct Slot: Ordinal {
    /// The number.
    public let value: UInt64
    /// Wraps the number.
    public init(_ value: UInt64) { self.value = value }

    /// The length of a slot.
    public static let length = Instant.Span.seconds(3)
    /// Slots of one day.
    public static let perDay: UInt64 = 28_800

    /// The slot of a block's timestamp on a chain that began at `genesis`.
    public init(of time: Instant, since genesis: Instant) {
        self.init(time.since(genesis).milliseconds / Slot.length.milliseconds)
    }
}
