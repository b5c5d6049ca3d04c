internal import Crypto
internal import Primitives

/// How a draw of a DApp follows from a round's output: the same numbers as `Randomness.HashStream` gives.
enum DrawSeed {
    private static let tag = HashTag("ETM/dapp-random/1")

    /// The tagged hash of output, chain and label: a stream of its own for each of them.
    static func seed(output: Bytes32, chain: ChainID, label: [UInt8]) -> Digest {
        var state = tag.begin()
        state.update(output)
        state.update(chain.bytes)
        state.update(label)
        return state.finish()
    }

    /// Block `index` of the stream of a seed, in hexadecimal: four big-endian words of 64 bits.
    static func block(_ seed: String, _ index: UInt64) -> String? {
        guard let seed = Digest(hex: seed) else { return nil }
        var state = tag.begin()
        state.update(seed.bytes)
        state.update(index)
        return state.finish().hex
    }
}
