public import Crypto
public import Primitives

/// A version 0 transfer: the historical byte layout, id and signature (`etm-formats.md` 1.3).
///
/// The historical bytes carry no lengths and cannot be decoded, so a block stores the fields in
/// canonical form and derives the historical bytes from them.
public struct HistoricalTransfer: Sendable, Hashable, Canonical {
    /// Seconds since the historical epoch, 2018-10-12T12:00:00Z.
    public var timestamp: UInt32
    /// Who sends it and signs it.
    public var sender: PublicKey
    /// The recipient's address.
    public var recipient: Address
    /// Base units.
    public var amount: Amount
    /// At most 256 bytes of UTF-8; may be empty.
    public var message: String
    /// The sender's signature.
    public var signature: Signature

    /// The fee that the historical rules fix: 0.1 ETM.
    public static let fee = Amount(units: 10_000_000)
    /// The historical epoch in Unix milliseconds.
    public static let epoch = Instant(milliseconds: 1_539_345_600_000)
    /// A transfer may be included until this long after its timestamp; chains with faster blocks ask for less.
    public static let longestLife = Instant.Span.seconds(3_600)
    /// The most bytes in a message.
    public static let longestMessage = 256

    /// Joins the parts.
    public init(
        timestamp: UInt32, sender: PublicKey, recipient: Address, amount: Amount, message: String,
        signature: Signature
    ) {
        self.timestamp = timestamp
        self.sender = sender
        self.recipient = recipient
        self.amount = amount
        self.message = message
        self.signature = signature
    }

    /// The historical bytes that are hashed and signed; little-endian, no lengths.
    public var bytesToSign: [UInt8] {
        var out: [UInt8] = [0]
        out.appendLittleEndian(timestamp)
        out.append(contentsOf: sender.array)
        out.append(contentsOf: recipient.description.utf8)
        out.appendLittleEndian(amount.units)
        out.append(contentsOf: message.utf8)
        return out
    }

    /// True when the signed bytes can be read in no other way.
    ///
    /// They carry no lengths (`etm-formats.md` 8.1, 14): where an address less its last characters is an
    /// address too, a signature also covers a transfer of about 256 times the amount to that one. Such a
    /// pair of addresses takes seconds to find.
    public var hasOneReading: Bool {
        let bytes = bytesToSign
        let start = 37
        let own = recipient.description.utf8.count
        return (HistoricalTransfer.shortestAddress...HistoricalTransfer.longestAddress).allSatisfy { count in
            guard count != own, start + count + 8 <= bytes.count else { return true }
            let text = String(decoding: bytes[start..<start + count], as: UTF8.self)
            return Address(text: text) == nil
        }
    }

    // "A" and the Base58 form of 24 bytes: from all zero to all ones.
    private static let shortestAddress = 25
    private static let longestAddress = 34

    /// What the sender signs: SHA-256 of `bytesToSign`.
    public var signingDigest: Digest { SHA256.hash(bytesToSign) }

    /// The historical id: SHA-256 of the signed bytes.
    public var id: TransactionID { TransactionID(SHA256.hash(bytesToSign + signature.array).bytes) }

    /// The same transfer signed.
    public func signed(by signer: some Signer) -> HistoricalTransfer {
        var copy = self
        copy.sender = signer.publicKey
        copy.signature = signer.sign(copy.signingDigest)
        return copy
    }

    /// When the transfer was made.
    public var time: Instant {
        HistoricalTransfer.epoch.advanced(by: .seconds(UInt64(timestamp)))
    }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        writer.write(timestamp)
        writer.write(sender)
        writer.write(recipient)
        writer.write(amount)
        writer.write(message)
        writer.write(signature)
    }

    /// Reads the fields; the timestamp must fit the historical signed 32-bit field.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        timestamp = try reader.readInteger()
        sender = try reader.read()
        recipient = try reader.read()
        amount = try reader.read()
        message = try reader.readString(most: HistoricalTransfer.longestMessage)
        signature = try reader.read()
        guard timestamp <= UInt32(Int32.max), amount.units <= UInt64(Int64.max) else {
            throw .notCanonical(offset: start)
        }
    }
}
