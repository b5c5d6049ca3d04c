/// A small deterministic generator (xoshiro256**, seeded through SplitMix64) for simulation and jitter.
///
/// Never a source of secrets. Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators".
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var a, b, c, d: UInt64

    /// The same seed gives the same numbers on every machine.
    public init(seed: UInt64) {
        var state = seed
        func mix() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
            return z ^ z >> 31
        }
        a = mix()
        b = mix()
        c = mix()
        d = mix()
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        let product = b &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = b << 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = d << 45 | d >> 19
        return result
    }

    /// A uniform number from 0 to `bound` - 1; `bound` must be above 0.
    public mutating func below(_ bound: UInt64) -> UInt64 {
        precondition(bound > 0, "a draw needs at least one outcome")
        let limit = UInt64.max - UInt64.max % bound
        while true {
            let candidate = next()
            if candidate < limit { return candidate % bound }
        }
    }

    /// True with probability `perMille` / 1000.
    public mutating func chance(perMille: UInt64) -> Bool { below(1000) < perMille }
}
