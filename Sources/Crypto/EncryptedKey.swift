public import Primitives

/// An account secret under a password, as a keystore holds it; the rest of the record is in clear.
///
/// Argon2id turns the password into a key and XChaCha20-Poly1305 seals the secret with it. Everything in
/// clear is authenticated too, so that no field can be exchanged without the password.
public struct EncryptedKey: Sendable, Hashable, Canonical {
    /// The version of the record that this code writes and reads.
    public static let version: UInt8 = 1

    /// What the owner calls the key.
    public let name: KeyName
    /// The account's public key, readable without the password.
    public let publicKey: PublicKey
    /// The cost of one try of a password.
    public let parameters: Argon2Parameters

    let cipher: Cipher

    /// What the cipher needs and gives: the lengths are those of `Argon2Parameters` and `SealedBox`.
    struct Cipher: Sendable, Hashable {
        let salt: [UInt8]
        let nonce: [UInt8]
        var box: [UInt8] = []

        /// A salt and a nonce that were never used before.
        static func fresh() -> Cipher {
            Cipher(
                salt: SealedBox.randomBytes(Argon2Parameters.saltBytes),
                nonce: SealedBox.randomBytes(SealedBox.nonceBytes))
        }
    }

    /// The account's address, readable without the password.
    public var address: Address { Address(of: publicKey) }

    /// Encrypts a secret with a fresh salt and nonce; the password has 1 to 1000 bytes.
    public static func seal(
        secret: AccountSecret, name: KeyName, password: SecretBytes, parameters: Argon2Parameters = .standard
    ) throws(KeystoreRejection) -> EncryptedKey {
        guard passwordLengths.contains(password.count) else {
            throw .passwordLength(got: password.count, most: passwordLengths.upperBound)
        }
        var cipher = Cipher.fresh()
        let clear = EncryptedKey(
            name: name, publicKey: secret.keyPair.publicKey, parameters: parameters, cipher: cipher)
        guard let key = parameters.key(of: password, salt: cipher.salt) else {
            throw .outOfMemory(neededKiB: parameters.memoryKiB)
        }
        cipher.box = SealedBox.seal(padded(secret), header: clear.header, nonce: cipher.nonce, key: key)
        return EncryptedKey(
            name: name, publicKey: clear.publicKey, parameters: parameters, cipher: cipher)
    }

    /// Decrypts the secret; a wrong password and a damaged record are told apart by nobody.
    public func open(password: SecretBytes) throws(KeystoreRejection) -> AccountSecret {
        guard Self.passwordLengths.contains(password.count) else { throw .cannotOpen }
        guard let key = parameters.key(of: password, salt: cipher.salt) else {
            throw .outOfMemory(neededKiB: parameters.memoryKiB)
        }
        guard let text = SealedBox.open(cipher.box, header: header, nonce: cipher.nonce, key: key),
            let secret = Self.unpadded(text), secret.keyPair.publicKey == publicKey
        else { throw .cannotOpen }
        return secret
    }

    /// The same secret under a new password, with a fresh salt and nonce.
    public func changingPassword(
        from old: SecretBytes, to new: SecretBytes, parameters: Argon2Parameters = .standard
    ) throws(KeystoreRejection) -> EncryptedKey {
        try Self.seal(secret: try open(password: old), name: name, password: new, parameters: parameters)
    }

    /// Writes the record: at most 1161 bytes.
    public func encode(to writer: inout ByteWriter) {
        encodeHeader(to: &writer)
        writer.write(bytes: cipher.box)
    }

    /// Reads a record; an unknown version or costs out of bounds are refused before anything is computed.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let version = try reader.readInteger(UInt8.self)
        guard version == Self.version else { throw .unknownTag(offset: start, got: Int(version)) }
        let nameOffset = reader.offset
        guard let name = KeyName(try reader.readString(most: KeyName.longest)) else {
            throw .notCanonical(offset: nameOffset)
        }
        self.name = name
        publicKey = try reader.read()
        parameters = try reader.read()
        let salt = try reader.readRaw(Argon2Parameters.saltBytes)
        let nonce = try reader.readRaw(SealedBox.nonceBytes)
        let boxOffset = reader.offset
        let box = try reader.readByteString(most: Self.boxLengths.upperBound)
        guard Self.isBoxLength(box.count) else { throw .notCanonical(offset: boxOffset) }
        cipher = Cipher(salt: salt, nonce: nonce, box: box)
    }

    /// Joins parts whose lengths a reader has checked.
    init(name: KeyName, publicKey: PublicKey, parameters: Argon2Parameters, cipher: Cipher) {
        self.name = name
        self.publicKey = publicKey
        self.parameters = parameters
        self.cipher = cipher
    }
}

/// Why a record could not be made or opened.
public enum KeystoreRejection: Error, Equatable, Sendable {
    /// The password is wrong or the record was changed.
    ///
    /// Blame: whoever typed or edited. Consequence: ask again; which part was wrong stays unknown.
    case cannotOpen
    /// A new password is empty or too long.
    ///
    /// Blame: whoever typed it. Consequence: ask again.
    case passwordLength(got: Int, most: Int)
    /// The machine could not give the memory that the key derivation takes.
    ///
    /// Blame: nobody. Consequence: free memory and try again.
    case outOfMemory(neededKiB: UInt32)
}

extension EncryptedKey {
    static let passwordLengths = 1...1_000
    static let boxLengths = paddingUnit + SealedBox.tagBytes...1_024 + SealedBox.tagBytes

    /// The secret is padded to a multiple of this, so that its length tells little about it.
    private static let paddingUnit = 128

    static func isBoxLength(_ count: Int) -> Bool {
        boxLengths.contains(count) && (count - SealedBox.tagBytes).isMultiple(of: paddingUnit)
    }

    /// All that is in clear, in its canonical form and under its own tag.
    private var header: [UInt8] {
        var writer = ByteWriter()
        writer.writeRaw("ETM/keystore/1".utf8)
        writer.write(UInt8(0))
        encodeHeader(to: &writer)
        return writer.bytes
    }

    private func encodeHeader(to writer: inout ByteWriter) {
        writer.write(Self.version)
        writer.write(name.description)
        writer.write(publicKey)
        writer.write(parameters)
        writer.writeRaw(cipher.salt)
        writer.writeRaw(cipher.nonce)
    }

    /// The text, one byte 80, and zeros up to a multiple of the unit.
    private static func padded(_ secret: AccountSecret) -> SecretBytes {
        let padded = SecretBytes(count: (secret.count / paddingUnit + 1) * paddingUnit)
        padded.fill { target in
            secret.withUTF8 { for index in $0.indices { target[index] = $0[index] } }
            target[secret.count] = 0x80
        }
        return padded
    }

    private static func unpadded(_ padded: SecretBytes) -> AccountSecret? {
        let count = padded.reveal { bytes in
            var end = bytes.count - 1
            while end > 0, bytes[end] == 0 { end -= 1 }
            return bytes[end] == 0x80 ? end : 0
        }
        return AccountSecret(prefix: count, of: padded)
    }
}
