public import Primitives

extension Address: CustomStringConvertible {
    /// The address of a key: RIPEMD-160 of SHA-256 of its 32 bytes (`etm-formats.md` 1.1).
    public init(of key: PublicKey) {
        self = RIPEMD160.address(of: SHA256.hash(key.bytes))
    }

    /// Reads the text form; nil unless it is "A", then Base58Check of exactly 20 bytes.
    public init?(text: some StringProtocol) {
        guard text.utf8.first == 0x41, let raw = Base58.decode(text.dropFirst()), raw.count == 24 else {
            return nil
        }
        let payload = Array(raw.prefix(20))
        guard let address = Address(bytes: payload) else { return nil }
        var checksum: [UInt8] = []
        checksum.appendBigEndian(address.checksum)
        guard checksum == Array(raw.suffix(4)) else { return nil }
        self = address
    }

    /// The text form: "A", then Base58 of the payload and four checksum bytes, without a version byte.
    public var description: String {
        var text: [UInt8] = []
        appendText(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the bytes of the text form.
    public func appendText(to out: inout [UInt8]) {
        var payload: [UInt8] = []
        payload.reserveCapacity(24)
        append(to: &payload)
        payload.appendBigEndian(checksum)
        out.append(0x41)
        Base58.appendDigits(of: payload, to: &out)
    }

    private var checksum: UInt32 {
        var state = SHA256()
        state.update(a)
        state.update(b)
        state.update(c)
        return UInt32(truncatingIfNeeded: SHA256.hash(state.finish().bytes).bytes.a >> 32)
    }
}
