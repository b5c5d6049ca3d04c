public import Crypto
public import Primitives

/// A signer for simulations: a keyed mix that costs nanoseconds and that `FakeVerifier` recomputes.
///
/// Anyone could forge it, so simulated liars are simply never given another's seed.
public struct FakeSigner: Signer {
    /// The key that verifies the signatures.
    public let publicKey: PublicKey

    /// The key follows from the seed.
    public init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed ^ 0x4641_4b45)
        publicKey = PublicKey(
            Bytes32(generator.next(), generator.next(), generator.next(), generator.next()))
    }

    /// Mixes key and digest.
    public func sign(_ digest: Digest) -> Signature { FakeVerifier.signature(of: digest, by: publicKey) }
}

/// Accepts exactly what `FakeSigner` signs.
public struct FakeVerifier: SignatureVerifier {
    /// There is nothing to set up.
    public init() {}

    /// True when `signature` is what the signer of `key` makes of `digest`.
    public func verify(_ signature: Signature, of digest: Digest, by key: PublicKey) -> Bool {
        signature == FakeVerifier.signature(of: digest, by: key)
    }

    static func signature(of digest: Digest, by key: PublicKey) -> Signature {
        let (k, d) = (key.bytes, digest.bytes)
        let first = mix(k.a ^ d.a, k.b &+ d.b)
        let second = mix(k.c ^ d.c, k.d &+ d.d)
        return Signature(
            r: Bytes32(first, second, mix(first, second), mix(second, first)), s: Bytes32(k.a, d.a, k.d, d.d))
    }

    private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = (a ^ 0x9e37_79b9_7f4a_7c15).multipliedFullWidth(by: b | 1)
        return product.high ^ product.low &+ a
    }
}
