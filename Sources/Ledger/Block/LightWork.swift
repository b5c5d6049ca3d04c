internal import Crypto
public import Primitives

/// The light proof of work: a small, certain price for making a block (`mathematics.md` 7.2).
///
/// The digest is SHA-256 twice over the bytes and a little-endian nonce; it must begin with `bits` zeros.
public enum LightWork {
    /// Leading zero bits on a public main chain: 65,536 trials on average.
    public static let standardBits: UInt8 = 16
    /// The most bits that a chain may ask for.
    public static let mostBits: UInt8 = 40

    /// The digest that a nonce gives.
    public static func digest(of bytes: [UInt8], nonce: UInt64) -> Digest {
        var state = SHA256()
        state.update(bytes)
        state.update(nonce.byteSwapped)
        return SHA256.hash(state.finish().bytes)
    }

    /// True when the digest has at least `bits` leading zero bits.
    public static func verify(_ bytes: [UInt8], nonce: UInt64, bits: UInt8) -> Bool {
        bits == 0 || zeros(of: digest(of: bytes, nonce: nonce)) >= Int(bits)
    }

    /// The first nonce of a range that does, or nil; a caller that must not wait asks for small ranges.
    public static func search(_ bytes: [UInt8], bits: UInt8, nonces: Range<UInt64>) -> UInt64? {
        var nonce = nonces.lowerBound
        while nonce < nonces.upperBound {
            if verify(bytes, nonce: nonce, bits: bits) { return nonce }
            nonce += 1
        }
        return nil
    }

    private static func zeros(of digest: Digest) -> Int {
        let value = digest.bytes
        if value.a != 0 { return value.a.leadingZeroBitCount }
        return 64 + value.b.leadingZeroBitCount
    }
}

extension BlockHeader {
    /// True when the nonce proves the chain's work.
    public func hasWork(bits: UInt8) -> Bool {
        bits == 0 || LightWork.verify(workBytes, nonce: powNonce, bits: bits)
    }
}
