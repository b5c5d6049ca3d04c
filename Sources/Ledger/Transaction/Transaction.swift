public import Crypto
public import Primitives

/// A version 1 transaction before it is signed (`architecture.md` 2, decision 4).
public struct Transaction: Sendable, Hashable {
    /// The only chain on which it is valid.
    public var chain: ChainID
    /// Which rules apply.
    public var kind: TransactionKind
    /// The last height at which it may be included.
    public var expiry: Height
    /// The most that the sender pays, in the chain's fee currency.
    public var fee: Amount
    /// Makes otherwise equal transactions differ.
    public var salt: UInt64
    /// Who sends it and signs it.
    public var sender: PublicKey
    /// The canonical bytes of the kind's own fields.
    public var payload: [UInt8]

    /// The most bytes in a payload: a DApp bundle and its manifest fit.
    public static let largestPayload = 300_000
    /// An expiry may lie at most this many blocks ahead, which bounds the set of remembered ids.
    public static let longestLife: UInt64 = 1_200

    /// Joins the parts.
    public init(
        chain: ChainID, kind: TransactionKind, expiry: Height, fee: Amount, salt: UInt64, sender: PublicKey,
        payload: [UInt8]
    ) {
        self.chain = chain
        self.kind = kind
        self.expiry = expiry
        self.fee = fee
        self.salt = salt
        self.sender = sender
        self.payload = payload
    }

    private static let signingTag = HashTag("ETM/transaction-signing/1")
    private static let idTag = HashTag("ETM/transaction/1")

    /// What the sender signs.
    public var signingDigest: Digest { Transaction.signingTag.hash(unsignedBytes) }

    /// The id: it covers everything but the signatures, so no one can make a second id for the same order.
    public var id: TransactionID { TransactionID(Transaction.idTag.hash(unsignedBytes).bytes) }

    /// The transaction with its sender's signature.
    public func signed(by signer: some Signer) -> SignedTransaction {
        var copy = self
        copy.sender = signer.publicKey
        return SignedTransaction(copy, signature: signer.sign(copy.signingDigest))
    }

    fileprivate static func signingDigest(of unsigned: ArraySlice<UInt8>) -> Digest {
        signingTag.hash(unsigned)
    }

    fileprivate static func id(of unsigned: ArraySlice<UInt8>) -> TransactionID {
        TransactionID(idTag.hash(unsigned).bytes)
    }

    var unsignedBytes: [UInt8] {
        var writer = ByteWriter(capacity: 104 + payload.count)
        encode(to: &writer)
        return writer.bytes
    }

    func encode(to writer: inout ByteWriter) {
        writer.write(chain)
        writer.write(kind)
        writer.write(expiry)
        writer.write(fee)
        writer.write(salt)
        writer.write(sender)
        writer.write(bytes: payload)
    }

    init(from reader: inout ByteReader) throws(CodecRejection) {
        chain = try reader.read()
        kind = try reader.read()
        expiry = try reader.read()
        fee = try reader.read()
        salt = try reader.readInteger()
        sender = try reader.read()
        payload = try reader.readByteString(most: Transaction.largestPayload)
    }
}

/// A signed transaction of either version, with its id and its canonical bytes.
///
/// Decoding proves only the form; `AdmissionRules` proves the signatures and the rest. The id does not cover
/// the signatures; the bytes, and with them a block's transactions root, do.
public struct SignedTransaction: Sendable, Hashable, Canonical, Identifiable {
    /// The two versions.
    public enum Content: Sendable, Hashable {
        /// The current format.
        case v1(Transaction, Authorizations)
        /// The historical format; rare and large, so that it does not make room for itself in every other one.
        indirect case v0(HistoricalTransaction)
    }

    /// The version and its fields.
    public let content: Content
    /// The one byte form; the first byte says which form it is.
    public let bytes: [UInt8]
    /// The transaction's id.
    public let id: TransactionID

    /// Joins a current transaction and its sender's signature.
    public init(_ transaction: Transaction, signature: Signature) {
        self.init(transaction, .sender(signature))
    }

    init(_ transaction: Transaction, _ authorizations: Authorizations) {
        var writer = ByteWriter(capacity: 106 + transaction.payload.count + authorizations.byteCount)
        writer.write(authorizations.tag)
        transaction.encode(to: &writer)
        authorizations.encode(to: &writer)
        self.init(transaction, authorizations, bytes: writer.bytes)
    }

    // The bytes are those that the parts encode to: written just now, or read from their one form.
    private init(_ transaction: Transaction, _ authorizations: Authorizations, bytes: [UInt8]) {
        content = .v1(transaction, authorizations)
        self.bytes = bytes
        id = Transaction.id(of: SignedTransaction.unsigned(bytes, authorizations))
    }

    // Between the first byte and the signatures.
    private static func unsigned(_ bytes: [UInt8], _ authorizations: Authorizations) -> ArraySlice<UInt8> {
        bytes[1..<bytes.count - authorizations.byteCount]
    }

    /// Wraps a historical transaction.
    public init(_ historical: HistoricalTransaction) {
        content = .v0(historical)
        id = historical.id
        var writer = ByteWriter(capacity: 240)
        writer.write(UInt8(0))
        historical.encode(to: &writer)
        bytes = writer.bytes
    }

    /// What the signers signed.
    public var signingDigest: Digest {
        switch content {
        case .v1(_, let authorizations):
            Transaction.signingDigest(of: SignedTransaction.unsigned(bytes, authorizations))
        case .v0(let historical): historical.signingDigest
        }
    }

    /// The sender's signature of `signingDigest`; nil when only others signed.
    public var signature: Signature? {
        switch content {
        case .v1(_, .sender(let signature)): signature
        case .v1(let transaction, .keys(let list)):
            list.first { $0.key == transaction.sender }?.signature
        case .v0(let historical): historical.requester == nil ? historical.signature : nil
        }
    }

    /// True for version 0.
    public var isHistorical: Bool {
        if case .v0 = content { return true }
        return false
    }

    /// Who sent it.
    public var sender: PublicKey {
        switch content {
        case .v1(let transaction, _): transaction.sender
        case .v0(let historical): historical.sender
        }
    }

    /// Which rules apply.
    public var kind: TransactionKind {
        switch content {
        case .v1(let transaction, _): transaction.kind
        case .v0(let historical): historical.kind.transactionKind
        }
    }

    /// The most that the sender pays.
    public var fee: Amount {
        switch content {
        case .v1(let transaction, _): transaction.fee
        case .v0(let historical): historical.fee
        }
    }

    /// Compares canonical bytes.
    public static func == (left: SignedTransaction, right: SignedTransaction) -> Bool {
        left.bytes == right.bytes
    }

    /// Hashes the id.
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }

    /// Writes the first byte and the fields.
    public func encode(to writer: inout ByteWriter) { writer.writeRaw(bytes) }

    /// Reads the first byte and the fields: 0 historical, 1 signed by the sender alone, 2 by a list of keys.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        switch try reader.readInteger(UInt8.self) {
        case 0: self.init(try HistoricalTransaction(from: &reader))
        case 1:
            let transaction = try Transaction(from: &reader)
            let signature: Signature = try reader.read()
            self.init(transaction, .sender(signature), bytes: Array(reader.bytesRead(since: start)))
        case 2:
            let transaction = try Transaction(from: &reader)
            let signed = reader.offset
            let list: [Authorization] = try reader.readList(most: Authorizations.most)
            guard Authorizations.isCanonical(list, sender: transaction.sender) else {
                throw .notCanonical(offset: signed)
            }
            self.init(transaction, .keys(list), bytes: Array(reader.bytesRead(since: start)))
        case let version: throw .unknownTag(offset: start, got: Int(version))
        }
    }
}
