internal import CSodium
public import Primitives

/// A signing key in memory; the private half is zeroed when the last reference goes and never printed.
public final class KeyPair: Signer, CustomStringConvertible, CustomReflectable {
    /// The key that verifies this key's signatures.
    public let publicKey: PublicKey
    private let secret: SecretBytes

    /// Derives the pair from a 32-byte seed (RFC 8032 5.1.5); nil when the seed is not 32 bytes.
    public convenience init?(seed: SecretBytes) {
        guard seed.count == 32 else { return nil }
        self.init(of: seed)
    }

    /// Derives the pair from an account secret the historical way: seed = SHA-256 of its UTF-8 bytes.
    public convenience init(_ secret: AccountSecret) { self.init(of: secret.seed) }

    /// Derives the pair from a seed that is known to have 32 bytes.
    init(of seed: SecretBytes) {
        precondition(seed.count == 32, "an Ed25519 seed has 32 bytes")
        Sodium.require()
        var key = [UInt8](repeating: 0, count: 32)
        let secret = SecretBytes(count: 64)
        unsafe seed.withBytes { seedBytes in
            unsafe secret.withMutableBytes { secretBytes in
                unsafe _ = crypto_sign_seed_keypair(&key, secretBytes, seedBytes)
            }
        }
        publicKey = PublicKey(bytes: key) ?? .zero
        self.secret = secret
    }

    /// A new key from 32 random bytes of the operating system.
    public static func generate() -> KeyPair { KeyPair(of: .random(count: 32)) }

    /// Signs 32 bytes.
    public func sign(_ digest: Digest) -> Signature { sign(digest.array) }

    /// Signs any message; signatures are deterministic.
    public func sign(_ message: [UInt8]) -> Signature {
        var out = [UInt8](repeating: 0, count: 64)
        unsafe secret.withBytes { secretBytes in
            unsafe _ = crypto_sign_detached(&out, nil, message, UInt64(message.count), secretBytes)
        }
        return Signature(bytes: out) ?? .zero
    }

    /// The address of the account that this key controls.
    public var address: Address { Address(of: publicKey) }

    /// Names the public key only.
    public var description: String { "KeyPair(\(publicKey.hex))" }
    /// Shows the public key only.
    public var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey.hex]) }
}
