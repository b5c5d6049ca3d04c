internal import CSodium
public import Primitives

/// Ed25519 (RFC 8032) by libsodium; verification is strict: S below the group order, no small-order key.
public enum Ed25519 {
    /// True when `signature` is the signature of `message` by `key`.
    public static func verify(_ signature: Signature, of message: [UInt8], by key: PublicKey) -> Bool {
        Sodium.require()
        return unsafe crypto_sign_verify_detached(
            signature.array, message, UInt64(message.count), key.array) == 0
    }

    /// True when `signature` is the signature of the 32 bytes of `digest` by `key`.
    public static func verify(_ signature: Signature, of digest: Digest, by key: PublicKey) -> Bool {
        Sodium.require()
        // The words lie on the stack: three arrays for each signature would cost as much as hashing it.
        return unsafe signature.withBytes { signatureBytes in
            unsafe digest.bytes.withBytes { digestBytes in
                unsafe key.bytes.withBytes { keyBytes in
                    unsafe crypto_sign_verify_detached(signatureBytes, digestBytes, 32, keyBytes) == 0
                }
            }
        }
    }
}

extension Bytes32 {
    /// Lends the 32 bytes in order.
    func withBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        let words = (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)
        return unsafe withUnsafePointer(to: words) { unsafe lend($0, body) }
    }
}

extension Signature {
    /// Lends the 64 bytes in order.
    func withBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
        let words = (
            r.a.bigEndian, r.b.bigEndian, r.c.bigEndian, r.d.bigEndian, s.a.bigEndian, s.b.bigEndian,
            s.c.bigEndian, s.d.bigEndian
        )
        return unsafe withUnsafePointer(to: words) { unsafe lend($0, body) }
    }
}

private func lend<Words, Result>(
    _ words: UnsafePointer<Words>, _ body: (UnsafePointer<UInt8>) -> Result
) -> Result {
    let count = MemoryLayout<Words>.size
    return unsafe words.withMemoryRebound(to: UInt8.self, capacity: count) { unsafe body($0) }
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
