internal import CSodium

/// XChaCha20-Poly1305 (libsodium, IETF variant): a secret and its tag under a key that is used once.
enum SealedBox {
    static let nonceBytes = 24
    static let tagBytes = 16

    /// Encrypts `secret` and authenticates it together with `header`.
    static func seal(_ secret: SecretBytes, header: [UInt8], nonce: [UInt8], key: SecretBytes) -> [UInt8] {
        require(nonce, key)
        var box = [UInt8](repeating: 0, count: secret.count + tagBytes)
        unsafe secret.withBytes { text in
            unsafe key.withBytes { keyBytes in
                unsafe _ = crypto_aead_xchacha20poly1305_ietf_encrypt(
                    &box, nil, text, UInt64(secret.count), header, UInt64(header.count), nil, nonce, keyBytes)
            }
        }
        return box
    }

    /// The secret, or nil when the box, the header, the nonce or the key is not the one of `seal`.
    static func open(_ box: [UInt8], header: [UInt8], nonce: [UInt8], key: SecretBytes) -> SecretBytes? {
        require(nonce, key)
        guard box.count >= tagBytes else { return nil }
        let secret = SecretBytes(count: box.count - tagBytes)
        let status = unsafe secret.withMutableBytes { text in
            unsafe key.withBytes { keyBytes in
                unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                    text, nil, nil, box, UInt64(box.count), header, UInt64(header.count), nonce, keyBytes)
            }
        }
        return status == 0 ? secret : nil
    }

    /// Public random bytes, for salts and nonces.
    static func randomBytes(_ count: Int) -> [UInt8] {
        Sodium.require()
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe randombytes_buf(&bytes, count)
        return bytes
    }

    private static func require(_ nonce: [UInt8], _ key: SecretBytes) {
        precondition(nonce.count == nonceBytes && key.count == 32, "the cipher takes 24 and 32 bytes")
        Sodium.require()
    }
}
