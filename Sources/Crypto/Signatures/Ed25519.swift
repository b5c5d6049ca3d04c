public import Primitives

/// Ed25519 (RFC 8032) under the one acceptance rule of the house, for one signature and for many.
///
/// S is below the group order, A and R are the one encoding of a point, A is not of small order, and the
/// equation is the cofactored one. A single check is a batch of one, so no node can accept alone what
/// another refuses in a batch.
public enum Ed25519 {
    /// True when `signature` is the signature of `message` by `key`.
    public static func verify(_ signature: Signature, of message: [UInt8], by key: PublicKey) -> Bool {
        Ed25519Batch.isValid(Ed25519Batch.claim(signature, of: message, by: key))
    }

    /// True when `signature` is the signature of the 32 bytes of `digest` by `key`.
    public static func verify(_ signature: Signature, of digest: Digest, by key: PublicKey) -> Bool {
        Ed25519Batch.isValid(Ed25519Batch.claim(SignatureCheck(signature, of: digest, by: key)))
    }
}

/// One signature of 32 bytes that is to be checked, alone or with others.
public struct SignatureCheck: Sendable, Hashable {
    /// What is checked.
    public let signature: Signature
    /// What was signed.
    public let digest: Digest
    /// Who is said to have signed it.
    public let key: PublicKey

    /// Joins the parts.
    public init(_ signature: Signature, of digest: Digest, by key: PublicKey) {
        self.signature = signature
        self.digest = digest
        self.key = key
    }
}

/// Whatever can sign for one key: a key pair here, a remote signer elsewhere, a fast fake in simulations.
public protocol Signer: Sendable {
    /// The key that verifies the signatures.
    var publicKey: PublicKey { get }
    /// Signs 32 bytes.
    func sign(_ digest: Digest) -> Signature
}

/// Whatever can check many signatures at once; it may remember keys, and then belongs to one thread.
public protocol BatchVerifier {
    /// The indices of the first `most` checks that fail, ascending; the answer is the same as for each alone.
    ///
    /// A failure costs as much as several good signatures, so whoever needs only one asks for one.
    func failures(in checks: [SignatureCheck], most: Int) -> [Int]
}

extension BatchVerifier {
    /// The indices of all checks that fail, ascending.
    public func failures(in checks: [SignatureCheck]) -> [Int] { failures(in: checks, most: .max) }

    /// The index of the first check that fails.
    public func firstFailure(in checks: [SignatureCheck]) -> Int? { failures(in: checks, most: 1).first }
}

/// Whatever can check signatures; simulations pass a fast fake that matches their signers.
public protocol SignatureVerifier: BatchVerifier, Sendable {
    /// True when `signature` is the signature of the 32 bytes of `digest` by `key`.
    func verify(_ signature: Signature, of digest: Digest, by key: PublicKey) -> Bool
    /// The same verifier, prepared for many signatures by these keys.
    func knowing(_ keys: [PublicKey]) -> Self
}

extension SignatureVerifier {
    /// Checks one after the other.
    public func failures(in checks: [SignatureCheck], most: Int) -> [Int] {
        let failing = checks.indices.lazy.filter {
            !verify(checks[$0].signature, of: checks[$0].digest, by: checks[$0].key)
        }
        return Array(failing.prefix(most))
    }

    /// Needs no preparation.
    public func knowing(_ keys: [PublicKey]) -> Self { self }
}
