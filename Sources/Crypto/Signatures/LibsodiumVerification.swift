internal import CSodium
package import Primitives

/// Libsodium's own check, whose acceptance rule is another: a yardstick for speed and for comparisons.
///
/// No rule of a chain may rest on it.
package enum LibsodiumVerification {
    /// True when libsodium accepts the signature of the 32 bytes of `digest`.
    package static func verify(_ signature: Signature, of digest: Digest, by key: PublicKey) -> Bool {
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

    /// True when libsodium accepts the signature of a message of any length.
    package static func verify(_ signature: Signature, of message: [UInt8], by key: PublicKey) -> Bool {
        Sodium.require()
        return unsafe crypto_sign_verify_detached(
            signature.array, message, UInt64(message.count), key.array) == 0
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
