internal import Crypto
public import Primitives

/// The chain's random value, renewed by every block's reveal (`mathematics.md` 5.5).
public enum Beacon {
    private static let tag = HashTag("ETM/beacon/1")

    /// The value after a block: the tagged hash of the value before it, its reveal and its slot.
    ///
    /// A producer can publish or stay silent, nothing else: the reveal was fixed by its anchor.
    public static func next(previous: Bytes32, reveal: Bytes32, slot: UInt64) -> Bytes32 {
        var state = tag.begin()
        state.update(previous)
        state.update(reveal)
        state.update(slot)
        return state.finish().bytes
    }
}
