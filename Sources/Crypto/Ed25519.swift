internal import CSodium
public import Primitives

/// Ed25519 (RFC 8032) by libsodium; verification is strict: S below the group order, no small-order key.
public enum Ed25519 {
    private static let isReady: Bool = sodium_init() >= 0

    /// True when `signature` is the signature of `message` by `key`.
    public static func verify(_ signature: Signature, of message: [UInt8], by key: PublicKey) -> Bool {
        guard isReady else { return false }
        return unsafe crypto_sign_verify_detached(
            signature.array, message, UInt64(message.count), key.array) == 0
    }

    /// True when `signature` is the signature of the 32 bytes of `digest` by `key`.
    public static func verify(_ signature: Signature, of digest: Digest, by key: PublicKey) -> Bool {
        verify(signature, of: digest.array, by: key)
    }
}

/// Whatever can sign for one key: a key pair here, a remote signer elsewhere, a fast fake in simulations.
public protocol Signer: Sendable {
    /// The key that verifies the signatures.
    var publicKey: PublicKey { get }
    /// Signs 32 bytes.
    func sign(_ digest: Digest) -> Signature
}

/// Whatever can check signatures; simulations pass a fast fake that matches their signers.
public protocol SignatureVerifier: Sendable {
    /// True when `signature` is the signature of the 32 bytes of `digest` by `key`.
    func verify(_ signature: Signature, of digest: Digest, by key: PublicKey) -> Bool
}

/// The real verifier.
public struct Ed25519Verifier: SignatureVerifier {
    /// There is nothing to set up.
    public init() {}
    /// Checks by libsodium.
    public func verify(_ signature: Signature, of digest: Digest, by key: PublicKey) -> Bool {
        Ed25519.verify(signature, of: digest, by: key)
    }
}

/// A signing key in memory; the private half is zeroed when the last reference goes and never printed.
public final class KeyPair: Signer, CustomStringConvertible {
    /// The key that verifies this key's signatures.
    public let publicKey: PublicKey
    private let secret: SecretBytes

    /// Derives the pair from a 32-byte seed (RFC 8032 5.1.5); nil when the seed is not 32 bytes.
    public init?(seed: SecretBytes) {
        guard sodium_init() >= 0, seed.count == 32 else { return nil }
        var key = [UInt8](repeating: 0, count: 32)
        let secret = SecretBytes(count: 64)
        unsafe seed.withBytes { seedBytes in
            unsafe secret.withMutableBytes { secretBytes in
                unsafe _ = crypto_sign_seed_keypair(&key, secretBytes, seedBytes)
            }
        }
        guard let publicKey = PublicKey(bytes: key) else { return nil }
        self.publicKey = publicKey
        self.secret = secret
    }

    /// Derives the pair from an account secret the historical way: seed = SHA-256 of its UTF-8 bytes.
    public convenience init?(passphrase: SecretBytes) {
        self.init(seed: passphrase.sha256())
    }

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
}
