/// What an account's owner writes down: a text whose SHA-256 is the seed of the account's key.
///
/// New secrets are twelve BIP-39 words with their checksum. Any text of 1 to 1000 bytes is accepted on
/// import, as it always was (`etm-formats.md` 1.1): the words are never stretched or interpreted.
public struct AccountSecret: Sendable, Redacted {
    /// The most bytes of an imported secret.
    public static let longest = 1000

    private let text: SecretBytes

    /// Twelve words that encode 128 fresh random bits and a checksum of 4 bits.
    public static func generate() -> AccountSecret {
        AccountSecret(numbers: .random(count: Mnemonic.entropyBytes))
    }

    /// The twelve words of given entropy (BIP-39); nil unless it is 16 bytes.
    public init?(entropy: SecretBytes) {
        guard entropy.count == Mnemonic.entropyBytes else { return nil }
        self.init(numbers: entropy)
    }

    /// Takes over the UTF-8 bytes of any text and zeroes the caller's buffer, also when it refuses.
    public init(importing bytes: inout [UInt8]) throws(AccountSecretRejection) {
        let text = SecretBytes(zeroing: &bytes)
        guard text.count > 0 else { throw .empty }
        guard text.count <= Self.longest else { throw .tooLong(got: text.count, most: Self.longest) }
        guard text.reveal({ Mnemonic.isUTF8($0) }) else { throw .notUTF8 }
        self.text = text
    }

    /// Takes the first bytes of a decrypted buffer; nil unless they could have been imported.
    init?(prefix count: Int, of padded: SecretBytes) {
        guard (1...Self.longest).contains(count), count <= padded.count else { return nil }
        let text = SecretBytes(count: count)
        text.fill { target in padded.reveal { for index in 0..<count { target[index] = $0[index] } } }
        guard text.reveal({ Mnemonic.isUTF8($0) }) else { return nil }
        self.text = text
    }

    private init(numbers entropy: SecretBytes) { text = Mnemonic.words(encoding: entropy) }

    /// The seed of the key: SHA-256 of the UTF-8 bytes.
    public var seed: SecretBytes { text.sha256() }

    /// The signing key of the account.
    public var keyPair: KeyPair { KeyPair(of: seed) }

    /// True when the text is twelve listed words with a right checksum; a mistyped word almost never is.
    public var isMnemonic: Bool { text.reveal { Mnemonic.isValid($0) } }

    /// How many bytes the text has.
    public var count: Int { text.count }

    /// Lends the UTF-8 bytes to `body`, which answers for every copy it makes; the only way to see them.
    public func withUTF8<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try text.reveal(body)
    }

    /// True when both are the same text; takes the same time wherever they differ.
    public func isEqual(to other: AccountSecret) -> Bool { text.isEqual(to: other.text) }
}

/// Why a text cannot be an account secret.
///
/// Blame: whoever typed it. Consequence: nothing is stored.
public enum AccountSecretRejection: Error, Equatable, Sendable {
    /// There is no text: everybody can compute its key.
    case empty
    /// The text has `got` bytes, more than a keystore holds.
    case tooLong(got: Int, most: Int)
    /// The bytes are not UTF-8.
    case notUTF8
}
