public import Crypto
public import Ledger
public import Primitives

/// Proves to the main chain that a side chain's validators finalised a withdrawal.
public struct WithdrawalProof: Sendable, Hashable, Canonical {
    /// The header whose outbox holds the withdrawal, then its children up to the one that the certificate names.
    public let headers: [BlockHeader]
    /// A finality certificate for the last header.
    public let certificate: Certificate
    /// The withdrawal.
    public let message: OutboxMessage
    /// Its position in the block's outbox.
    public let index: UInt32
    /// How many messages the block's outbox holds.
    public let count: UInt32
    /// The Merkle root of the block's outbox.
    public let tree: Digest
    /// The Merkle path from the message to `tree`.
    public let path: [Digest]

    /// The most headers between a withdrawal and its certificate.
    public static let mostHeaders = 128

    /// Joins the parts.
    public init(
        headers: [BlockHeader], certificate: Certificate, message: OutboxMessage, index: UInt32,
        count: UInt32, tree: Digest, path: [Digest]
    ) {
        self.headers = headers
        self.certificate = certificate
        self.message = message
        self.index = index
        self.count = count
        self.tree = tree
        self.path = path
    }

    /// Checks everything against a chain's validators; throws the first thing that is wrong.
    public func verify(
        chain: ChainID, validators: MemberSet, verifier: some SignatureVerifier
    ) throws(ExecutionError) {
        guard let first = headers.first, let last = headers.last else { throw .badProof("it has no header") }
        var parent: BlockID?
        for header in headers {
            guard header.chain == chain else { throw .badProof("a header is of another chain") }
            if let parent, header.parent != parent { throw .badProof("the headers do not form a chain") }
            guard validators.seat(of: header.leader) != nil,
                verifier.verify(header.signature, of: header.signingDigest, by: header.leader)
            else { throw .badProof("a header is not signed by a validator") }
            parent = header.id
        }
        let ballot = certificate.ballot
        guard ballot.kind == .finalize, ballot.block == last.id, ballot.round == last.round else {
            throw .badProof("the certificate does not finalise the last header")
        }
        do throws(Certificate.Rejection) {
            try certificate.verify(members: validators, leader: nil, chain: chain, verifier: verifier)
        } catch {
            throw .badProof("the certificate does not hold: \(error)")
        }
        guard OutboxMessage.commitment(count: count, tree: tree) == first.outboxRoot,
            MerkleTree.verify(
                leaf: MerkleTree.leaf(message.encoded), index: Int(index), count: Int(count), path: path,
                root: tree)
        else { throw .badProof("the withdrawal is not in the outbox") }
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(list: headers)
        writer.write(certificate)
        writer.write(message)
        writer.write(index)
        writer.write(count)
        writer.write(tree)
        writer.write(list: path)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        headers = try reader.readList(most: WithdrawalProof.mostHeaders)
        certificate = try reader.read()
        message = try reader.read()
        index = try reader.readInteger()
        count = try reader.readInteger()
        tree = try reader.read()
        path = try reader.readList(most: 32)
    }
}
