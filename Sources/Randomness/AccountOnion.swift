public import Crypto
internal import Primitives

/// The hash onions of an account's key: its owner announces their anchors, and a node with the key finds them again.
///
/// The secret of onion g is SHA-256 of the key's Ed25519 signature of the tagged hash of g. Such signatures are
/// deterministic (RFC 8032 5.1.6), so the key alone is enough; nothing else signs a hash with this tag, and the
/// signature is never shown. Each new anchor takes the next number, because the layers of an old onion are public.
public enum AccountOnion {
    /// Layers of each onion: at a block every three seconds and four members, more than a month; at 101, two years.
    public static let length: UInt64 = 1 << 18
    /// How many onions of a key there are.
    public static let most: UInt32 = 32

    private static let tag = HashTag("ETM/account-onion/1")

    /// The onion with a number below `most`; nil for other numbers.
    public static func onion(of key: KeyPair, generation: UInt32) -> HashOnion? {
        guard generation < most else { return nil }
        var number: [UInt8] = []
        number.appendBigEndian(generation)
        var signature = key.sign(tag.hash(number)).array
        return HashOnion(secret: SecretBytes(zeroing: &signature).sha256(), length: length)
    }
}
