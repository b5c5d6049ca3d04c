internal import Primitives

/// The text form of an encrypted key: JSON with fixed fields, order and spacing, so one text per record.
///
/// Reading accepts that text only and looks at no more than `longest` bytes. The address is there for
/// people and must agree with the public key.
public enum KeystoreFile {
    /// The most bytes that are read.
    public static let longest = 4_096

    /// The text, ending in a newline.
    public static func encode(_ key: EncryptedKey) -> String {
        """
        {
          "format": "entanmo-key",
          "version": \(EncryptedKey.version),
          "name": "\(key.name)",
          "address": "\(key.address)",
          "publicKey": "\(key.publicKey)",
          "kdf": "argon2id",
          "passes": \(key.parameters.passes),
          "memoryKiB": \(key.parameters.memoryKiB),
          "salt": "\(Hex.encode(key.cipher.salt))",
          "cipher": "xchacha20-poly1305",
          "nonce": "\(Hex.encode(key.cipher.nonce))",
          "box": "\(Hex.encode(key.cipher.box))"
        }

        """
    }

    /// Reads the text; costs out of bounds are refused here, before any password is tried.
    public static func decode(_ bytes: [UInt8]) throws(KeystoreFileRejection) -> EncryptedKey {
        guard bytes.count <= longest else { throw .tooLong(got: bytes.count, most: longest) }
        var text = FixedText(bytes)
        try text.expect("{\n  \"format\": \"entanmo-key\",\n  \"version\": ")
        let version = try text.number()
        guard version == UInt64(EncryptedKey.version) else { throw .unknownVersion(got: version) }
        try text.expect(",\n  \"name\": \"")
        guard let name = KeyName(try text.quoted()) else { throw .invalid(.name) }
        try text.expect(",\n  \"address\": \"")
        let address = try text.quoted()
        try text.expect(",\n  \"publicKey\": \"")
        guard let publicKey = PublicKey(hex: try text.quoted()) else { throw .invalid(.publicKey) }
        guard address == Address(of: publicKey).description else { throw .invalid(.address) }
        let parameters = try costs(from: &text)
        let cipher = try cipher(from: &text)
        try text.end()
        return EncryptedKey(name: name, publicKey: publicKey, parameters: parameters, cipher: cipher)
    }

    private static func costs(from text: inout FixedText) throws(KeystoreFileRejection) -> Argon2Parameters {
        try text.expect(",\n  \"kdf\": \"argon2id\",\n  \"passes\": ")
        let passes = try text.number()
        guard let passes = UInt32(exactly: passes), Argon2Parameters.passBounds.contains(passes) else {
            throw .invalid(.passes)
        }
        try text.expect(",\n  \"memoryKiB\": ")
        let memory = try text.number()
        guard let memory = UInt32(exactly: memory),
            let parameters = Argon2Parameters(passes: passes, memoryKiB: memory)
        else { throw .invalid(.memoryKiB) }
        return parameters
    }

    private static func cipher(
        from text: inout FixedText
    ) throws(KeystoreFileRejection) -> EncryptedKey.Cipher {
        try text.expect(",\n  \"salt\": \"")
        guard let salt = Hex.decode(try text.quoted()), salt.count == Argon2Parameters.saltBytes else {
            throw .invalid(.salt)
        }
        try text.expect(",\n  \"cipher\": \"xchacha20-poly1305\",\n  \"nonce\": \"")
        guard let nonce = Hex.decode(try text.quoted()), nonce.count == SealedBox.nonceBytes else {
            throw .invalid(.nonce)
        }
        try text.expect(",\n  \"box\": \"")
        guard let box = Hex.decode(try text.quoted()), EncryptedKey.isBoxLength(box.count) else {
            throw .invalid(.box)
        }
        try text.expect("\n}\n")
        return EncryptedKey.Cipher(salt: salt, nonce: nonce, box: box)
    }
}

/// Why a text is not an encrypted key.
///
/// Blame: whoever wrote or damaged the file. Consequence: it is refused by name and left as it is.
public enum KeystoreFileRejection: Error, Equatable, Sendable {
    /// The text has more bytes than are read.
    case tooLong(got: Int, most: Int)
    /// The text departs from the fixed form in this line, counted from 1.
    case malformed(line: Int)
    /// The record is of a version that this program does not know.
    case unknownVersion(got: UInt64)
    /// The field's value cannot be what an encoder wrote.
    case invalid(Field)

    /// A field that holds a value of its own.
    public enum Field: String, Sendable {
        case name, address, publicKey, passes, memoryKiB, salt, nonce, box
    }
}

/// Reads text whose form is fixed up to some values.
private struct FixedText {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func expect(_ literal: StaticString) throws(KeystoreFileRejection) {
        for byte in literal.description.utf8 {
            guard position < bytes.count, bytes[position] == byte else { throw .malformed(line: line) }
            position += 1
            if byte == 0x0a { line += 1 }
        }
    }

    /// A decimal of at most ten digits without leading zeros.
    mutating func number() throws(KeystoreFileRejection) -> UInt64 {
        let start = position
        var value: UInt64 = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]), position - start < 10 {
            value = value * 10 + UInt64(bytes[position] - 0x30)
            position += 1
        }
        guard position > start, bytes[start] != 0x30 || position == start + 1 else {
            throw .malformed(line: line)
        }
        return value
    }

    /// Printable ASCII without escapes, up to and including the closing quote.
    mutating func quoted() throws(KeystoreFileRejection) -> String {
        let start = position
        while position < bytes.count, bytes[position] != 0x22 {
            guard (0x20...0x7e).contains(bytes[position]), bytes[position] != 0x5c else {
                throw .malformed(line: line)
            }
            position += 1
        }
        guard position < bytes.count else { throw .malformed(line: line) }
        position += 1
        return String(decoding: bytes[start..<position - 1], as: UTF8.self)
    }

    func end() throws(KeystoreFileRejection) {
        guard position == bytes.count else { throw .malformed(line: line) }
    }
}
