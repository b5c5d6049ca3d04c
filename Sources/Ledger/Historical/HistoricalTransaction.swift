public import Crypto
public import Primitives

/// A version 0 transaction: the historical byte layout, id and signatures (`etm-formats.md` 1.2 and 1.3).
///
/// The historical bytes carry no lengths and cannot be decoded, so a block stores the fields in
/// canonical form and derives the historical bytes from them.
public struct HistoricalTransaction: Sendable {
    /// Seconds since the historical epoch, 2018-10-12T12:00:00Z.
    public var timestamp: UInt32
    /// Whose transaction it is.
    public var sender: PublicKey
    /// The group's member that signs instead of the sender; nil where the sender signs.
    public var requester: PublicKey?
    /// Who receives; nil for none.
    public var recipient: Address?
    /// Base units of ETM.
    public var amount: Amount
    /// A note; may be empty.
    public var message: String
    /// Texts beside the asset, such as the ids of locks.
    public var arguments: [String]
    /// The kind and its own fields.
    public var content: HistoricalContent
    /// The signature of the requester, or else of the sender.
    public var signature: Signature
    /// The second key's, over the first signature too.
    public var second: Authorization?
    /// The group's other signatures, ascending by key.
    public var endorsements: [Authorization]

    /// The historical epoch in Unix milliseconds.
    public static let epoch = Instant(milliseconds: 1_539_345_600_000)
    /// It may be included until this long after its timestamp; chains with faster blocks ask for less.
    public static let longestLife = Instant.Span.seconds(3_600)
    /// The most UTF-16 units in a message.
    public static let longestMessage = 256
    /// The most arguments, and items of an access list.
    public static let mostArguments = 32
    /// The most bytes that a storage keeps.
    public static let largestStorage = 4_096
    /// The most UTF-8 bytes of a description.
    static let longestText = 4_096
    /// The most UTF-8 bytes of a name, an amount or an argument.
    static let longestWord = 128
    /// The most signatures of a group.
    static let mostEndorsements = 64

    /// A transaction without signatures.
    public init(
        _ content: HistoricalContent, timestamp: UInt32, sender: PublicKey, recipient: Address? = nil,
        amount: Amount = .zero, arguments: [String] = []
    ) {
        self.content = content
        self.timestamp = timestamp
        self.sender = sender
        self.recipient = recipient
        self.amount = amount
        self.arguments = arguments
        requester = nil
        message = ""
        signature = .zero
        second = nil
        endorsements = []
    }

    /// A transfer without signatures.
    public static func send(
        _ amount: Amount, to recipient: Address, from sender: PublicKey, at timestamp: UInt32,
        message: String = ""
    ) -> HistoricalTransaction {
        var transfer = HistoricalTransaction(
            .send, timestamp: timestamp, sender: sender, recipient: recipient, amount: amount)
        transfer.message = message
        return transfer
    }

    /// The kind.
    public var kind: HistoricalKind { content.kind }

    /// Who made `signature`.
    public var signer: PublicKey { requester ?? sender }

    /// When the transaction was made.
    public var time: Instant {
        HistoricalTransaction.epoch.advanced(by: .seconds(UInt64(timestamp)))
    }
}

// Texts are compared by their bytes, because the bytes are what was signed.
extension HistoricalTransaction: Hashable {
    /// Compares canonical bytes.
    public static func == (left: HistoricalTransaction, right: HistoricalTransaction) -> Bool {
        left.encoded == right.encoded
    }

    /// Hashes the first signature.
    public func hash(into hasher: inout Hasher) { hasher.combine(signature) }
}

extension HistoricalTransaction {
    /// The historical bytes without signatures, which are hashed and signed; little-endian, no lengths.
    public var bytesToSign: [UInt8] {
        var out: [UInt8] = [kind.rawValue]
        out.appendLittleEndian(timestamp)
        out.append(contentsOf: sender.array)
        if let requester { out.append(contentsOf: requester.array) }
        if let recipient {
            recipient.appendText(to: &out)
        } else {
            out.append(contentsOf: repeatElement(0, count: 8))
        }
        out.appendLittleEndian(amount.units)
        out.append(contentsOf: message.utf8)
        for argument in arguments { out.append(contentsOf: argument.utf8) }
        content.append(to: &out)
        return out
    }

    /// The historical bytes with the signatures that the id covers; the group's other ones are not among them.
    public var historicalBytes: [UInt8] {
        bytesToSign + signature.array + (second?.signature.array ?? [])
    }

    /// What the sender, or the requester, and the group's members sign: SHA-256 of `bytesToSign`.
    public var signingDigest: Digest { SHA256.hash(bytesToSign) }

    /// What the second key signs: SHA-256 of `bytesToSign` and the first signature.
    public var secondDigest: Digest { SHA256.hash(bytesToSign + signature.array) }

    /// The historical id: SHA-256 of `historicalBytes`.
    public var id: TransactionID { TransactionID(SHA256.hash(historicalBytes).bytes) }

    /// The first signature, the second key's and the group's, each with its key.
    public var authorizations: [Authorization] {
        [Authorization(key: signer, signature: signature)] + (second.map { [$0] } ?? []) + endorsements
    }

    /// True when the sender signed and nobody else.
    public var isSignedBySenderAlone: Bool { requester == nil && second == nil && endorsements.isEmpty }

    /// Every signature with what it is of: the first one, the second key's, the group's.
    public var signatureChecks: [SignatureCheck] {
        let digest = signingDigest
        var checks = [SignatureCheck(signature, of: digest, by: signer)]
        if let second { checks.append(SignatureCheck(second.signature, of: secondDigest, by: second.key)) }
        for endorsement in endorsements {
            checks.append(SignatureCheck(endorsement.signature, of: digest, by: endorsement.key))
        }
        return checks
    }

    /// The same transaction signed by its sender, whose key it takes.
    public func signed(by signer: some Signer) -> HistoricalTransaction {
        var copy = self
        copy.sender = signer.publicKey
        copy.requester = nil
        copy.signature = signer.sign(copy.signingDigest)
        return copy
    }

    /// The same transaction signed by a member of the sender's group.
    public func requested(by signer: some Signer) -> HistoricalTransaction {
        var copy = self
        copy.requester = signer.publicKey
        copy.signature = signer.sign(copy.signingDigest)
        return copy
    }

    /// The signed transaction with the second key's signature.
    public func seconded(by signer: some Signer) -> HistoricalTransaction {
        var copy = self
        copy.second = Authorization(key: signer.publicKey, signature: signer.sign(secondDigest))
        return copy
    }

    /// The transaction with one more signature of a group's member.
    public func endorsed(by signer: some Signer) -> HistoricalTransaction {
        var copy = self
        copy.endorsements.append(
            Authorization(key: signer.publicKey, signature: signer.sign(signingDigest)))
        copy.endorsements.sort { $0.key < $1.key }
        return copy
    }
}

extension HistoricalTransaction: Canonical {
    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        writer.write(kind)
        writer.write(timestamp)
        writer.write(sender)
        writer.write(optional: requester)
        writer.write(optional: recipient)
        writer.write(amount)
        writer.write(message)
        writer.write(texts: arguments)
        content.encode(to: &writer)
        writer.write(signature)
        writer.write(optional: second)
        writer.write(list: endorsements)
    }

    /// Reads the fields; numbers must fit the historical signed fields, endorsements ascend by key.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let kind: HistoricalKind = try reader.read()
        timestamp = try reader.readInteger()
        sender = try reader.read()
        requester = try reader.readOptional()
        recipient = try reader.readOptional()
        amount = try reader.read()
        // A UTF-16 unit takes at most three bytes of UTF-8.
        message = try reader.readString(most: 3 * HistoricalTransaction.longestMessage)
        arguments = try reader.readTexts(most: HistoricalTransaction.mostArguments)
        content = try HistoricalContent(kind, from: &reader)
        signature = try reader.read()
        second = try reader.readOptional()
        endorsements = try reader.readList(most: HistoricalTransaction.mostEndorsements)
        guard timestamp <= UInt32(Int32.max), amount.units <= UInt64(Int64.max),
            message.utf16.count <= HistoricalTransaction.longestMessage
        else { throw .notCanonical(offset: start) }
        for index in endorsements.indices.dropFirst()
        where endorsements[index - 1].key >= endorsements[index].key {
            throw .notCanonical(offset: start)
        }
    }
}
