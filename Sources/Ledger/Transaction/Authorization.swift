public import Crypto
public import Primitives

/// One key's signature of a transaction.
public struct Authorization: Sendable, Hashable, Canonical {
    /// Who signed.
    public let key: PublicKey
    /// The signature of the transaction's signing digest.
    public let signature: Signature

    /// Bytes of an encoded authorization.
    static let byteCount = 32 + Signature.byteCount

    /// Joins the parts.
    public init(key: PublicKey, signature: Signature) {
        self.key = key
        self.signature = signature
    }

    /// Writes 96 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(key)
        writer.write(signature)
    }

    /// Reads 96 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        key = try reader.read()
        signature = try reader.read()
    }
}

/// Who signed a transaction: nearly always its sender alone, which then costs 64 bytes.
///
/// Both forms sign the same digest. Which keys an account asks for is in `AccountPolicy`.
public enum Authorizations: Sendable, Hashable {
    /// The sender's signature and no other.
    case sender(Signature)
    /// Ascending by key, each key once, and not just the sender's: that has the form above.
    case keys([Authorization])

    /// The most signatures of one transaction: a whole group of 16 gives way to 16 new keys, with sender and
    /// second key.
    public static let most = 34

    /// Sorts what was gathered; nil when it is empty, too long, or holds a key twice.
    init?(_ gathered: [Authorization], sender: PublicKey) {
        let sorted = gathered.sorted { $0.key < $1.key }
        if sorted.count == 1, sorted[0].key == sender {
            self = .sender(sorted[0].signature)
        } else {
            guard Authorizations.isCanonical(sorted, sender: sender) else { return nil }
            self = .keys(sorted)
        }
    }

    /// True for what the second form may hold.
    static func isCanonical(_ list: [Authorization], sender: PublicKey) -> Bool {
        guard let first = list.first, list.count <= most else { return false }
        if list.count == 1, first.key == sender { return false }
        return list.indices.dropFirst().allSatisfy { list[$0 - 1].key < list[$0].key }
    }

    /// The byte that says which form follows.
    var tag: UInt8 {
        switch self {
        case .sender: 1
        case .keys: 2
        }
    }

    /// How many bytes follow the unsigned transaction.
    var byteCount: Int {
        switch self {
        case .sender: Signature.byteCount
        case .keys(let list): 4 + list.count * Authorization.byteCount
        }
    }

    func encode(to writer: inout ByteWriter) {
        switch self {
        case .sender(let signature): writer.write(signature)
        case .keys(let list): writer.write(list: list)
        }
    }
}

extension SignedTransaction {
    /// Joins a transaction and the signatures that were gathered for it, in any order; nil when there are none,
    /// more than `Authorizations.most`, or two by one key.
    public init?(_ transaction: Transaction, authorizations gathered: [Authorization]) {
        guard let authorizations = Authorizations(gathered, sender: transaction.sender) else { return nil }
        self.init(transaction, authorizations)
    }

    /// The same transaction with one more signature, or nil when the key has signed, or there is no room.
    public func cosigned(by signer: some Signer) -> SignedTransaction? {
        guard case .v1(let transaction, _) = content else { return nil }
        let own = Authorization(key: signer.publicKey, signature: signer.sign(signingDigest))
        return SignedTransaction(transaction, authorizations: authorizations + [own])
    }

    /// Every signature, ascending by key; in a version 0 transaction, first the first one.
    public var authorizations: [Authorization] {
        switch content {
        case .v1(let transaction, .sender(let signature)):
            [Authorization(key: transaction.sender, signature: signature)]
        case .v1(_, .keys(let list)): list
        case .v0(let historical): historical.authorizations
        }
    }

    /// The keys that signed, ascending; whether the signatures hold is for `signatureChecks`.
    public var signers: [PublicKey] { authorizations.map(\.key) }

    /// True when there is one signature and it is the sender's.
    public var isSignedBySenderAlone: Bool {
        switch content {
        case .v1(_, .sender): true
        case .v1(_, .keys): false
        case .v0(let historical): historical.isSignedBySenderAlone
        }
    }

    /// What has to hold of the signatures.
    public var signatureChecks: [SignatureCheck] {
        var checks: [SignatureCheck] = []
        appendSignatureChecks(to: &checks)
        return checks
    }

    // Into one list for a whole block: nearly all transactions have one signature, which needs no list of its own.
    func appendSignatureChecks(to checks: inout [SignatureCheck]) {
        switch content {
        case .v1(let transaction, .sender(let signature)):
            checks.append(SignatureCheck(signature, of: signingDigest, by: transaction.sender))
        case .v1(_, .keys(let list)):
            let digest = signingDigest
            for one in list { checks.append(SignatureCheck(one.signature, of: digest, by: one.key)) }
        case .v0(let historical): checks += historical.signatureChecks
        }
    }
}
