public import Crypto
public import Primitives

/// A deterministic stream of uniform numbers, used for every draw (`mathematics.md` 0).
///
/// Block i is SHA-256(tag, one zero byte, seed, be64(i)); each block gives four big-endian 64-bit words.
public struct HashStream: RandomNumberGenerator, Sendable {
    private let tag: HashTag
    private let seed: Bytes32
    private var counter: UInt64 = 0
    private var block = Bytes32.zero
    private var used = 4

    /// The same seed and tag give the same numbers everywhere; a tag belongs to one kind of draw.
    public init(seed: Bytes32, tag: HashTag = HashTag("ETM/stream/1")) {
        self.seed = seed
        self.tag = tag
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        if used == 4 { refill() }
        used += 1
        return switch used {
        case 1: block.a
        case 2: block.b
        case 3: block.c
        default: block.d
        }
    }

    /// A uniform number from 0 to `bound` - 1; `bound` must be above 0, and 1 consumes nothing.
    ///
    /// The top ceil(log2(bound)) bits of each word are a candidate, and candidates that are too large are
    /// dropped: fewer than two words are needed on average, whatever the bound.
    public mutating func below(_ bound: UInt64) -> UInt64 {
        precondition(bound > 0, "a draw needs at least one outcome")
        let unusedBits = (bound - 1).leadingZeroBitCount
        guard unusedBits < 64 else { return 0 }
        while true {
            let candidate = next() >> UInt64(unusedBits)
            if candidate < bound { return candidate }
        }
    }

    private mutating func refill() {
        var state = tag.begin()
        state.update(seed)
        state.update(counter)
        block = state.finish().bytes
        counter += 1
        used = 0
    }
}
