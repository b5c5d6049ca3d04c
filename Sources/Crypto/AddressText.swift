public import Primitives

extension Address: CustomStringConvertible {
    /// The address of a key: RIPEMD-160 of SHA-256 of its 32 bytes (`etm-formats.md` 1.1).
    public init(of key: PublicKey) {
        self = Address(bytes: RIPEMD160.hash(SHA256.hash(key.bytes).array)) ?? .zero
    }

    /// Reads the text form; nil unless it is "A", then Base58Check of exactly 20 bytes.
    public init?(text: some StringProtocol) {
        guard text.utf8.first == 0x41, let raw = Base58.decode(text.dropFirst()), raw.count == 24 else {
            return nil
        }
        let payload = Array(raw.prefix(20))
        guard Address.checksum(payload) == Array(raw.suffix(4)) else { return nil }
        self.init(bytes: payload)
    }

    /// The text form: "A", then Base58 of the payload and four checksum bytes, without a version byte.
    public var description: String { String(decoding: ascii, as: UTF8.self) }

    /// The bytes of the text form.
    public var ascii: [UInt8] {
        var payload = array
        payload.append(contentsOf: Address.checksum(payload))
        return [0x41] + Base58.digits(of: payload)
    }

    private static func checksum(_ payload: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(SHA256.hash(payload).bytes).array.prefix(4))
    }
}
