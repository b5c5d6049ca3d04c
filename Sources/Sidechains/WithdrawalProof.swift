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
    /// Where the first header's outbox holds it.
    public let position: Position

    /// A place in a block's outbox.
    public struct Position: Sendable, Hashable, Canonical {
        /// Counts the block's messages from 0.
        public let index: UInt32
        /// How many messages the block's outbox holds.
        public let count: UInt32
        /// The Merkle root of the block's outbox.
        public let tree: Digest
        /// The Merkle path from the message to `tree`; at most 32 digests.
        public let path: [Digest]

        /// Joins the parts.
        public init(index: UInt32, count: UInt32, tree: Digest, path: [Digest]) {
            self.index = index
            self.count = count
            self.tree = tree
            self.path = path
        }

        /// True when a header's outbox root holds `message` here.
        public func holds(_ message: OutboxMessage, under outboxRoot: Digest) -> Bool {
            OutboxMessage.commitment(count: count, tree: tree) == outboxRoot
                && MerkleTree.verify(
                    leaf: MerkleTree.leaf(message.encoded), index: Int(index), count: Int(count),
                    path: path, root: tree)
        }

        /// Writes the parts.
        public func encode(to writer: inout ByteWriter) {
            writer.write(index)
            writer.write(count)
            writer.write(tree)
            writer.write(list: path)
        }

        /// Reads the parts.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            index = try reader.readInteger()
            count = try reader.readInteger()
            tree = try reader.read()
            path = try reader.readList(most: 32)
        }
    }

    /// The most headers between a withdrawal and its certificate.
    public static let mostHeaders = 128

    /// Joins the parts.
    public init(
        headers: [BlockHeader], certificate: Certificate, message: OutboxMessage, position: Position
    ) {
        self.headers = headers
        self.certificate = certificate
        self.message = message
        self.position = position
    }

    /// Proves the message at `index` of the first header's outbox; nil when there is no such message.
    public init?(headers: [BlockHeader], certificate: Certificate, outbox: [OutboxMessage], index: Int) {
        let tree = MerkleTree(of: outbox.map(\.encoded))
        guard let path = tree.proof(at: index) else { return nil }
        self.init(
            headers: headers, certificate: certificate, message: outbox[index],
            position: Position(
                index: UInt32(index), count: UInt32(outbox.count), tree: tree.root, path: path))
    }

    /// Checks everything against a chain's validators; throws the first thing that is wrong.
    ///
    /// Leaders' signatures are not checked: the certificate names the last header, and each header names
    /// its parent by an id that covers every byte, so a quorum vouches for all of them.
    public func verify(
        chain: ChainID, validators: MemberSet, verifier: some SignatureVerifier
    ) throws(ExecutionError) {
        // What is cheap comes first: nobody should make a node check signatures for nothing.
        let ends = try checkHeaders(of: chain)
        guard position.holds(message, under: ends.first.outboxRoot) else {
            throw .badProof("the withdrawal is not in the outbox")
        }
        let ballot = certificate.ballot
        guard ballot.kind == .finalize, ballot.block == ends.last.id, ballot.round == ends.last.round else {
            throw .badProof("the certificate does not finalise the last header")
        }
        do throws(Certificate.Rejection) {
            try certificate.verify(members: validators, leader: nil, chain: chain, verifier: verifier)
        } catch {
            throw .badProof("the certificate does not hold: \(error)")
        }
    }

    private func checkHeaders(
        of chain: ChainID
    ) throws(ExecutionError) -> (first: BlockHeader, last: BlockHeader) {
        guard let first = headers.first, let last = headers.last else { throw .badProof("it has no header") }
        guard headers.count <= WithdrawalProof.mostHeaders else { throw .badProof("it has too many headers") }
        var parent: BlockID?
        for header in headers {
            guard header.chain == chain else { throw .badProof("a header is of another chain") }
            if let parent, header.parent != parent { throw .badProof("the headers do not form a chain") }
            parent = header.id
        }
        return (first, last)
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(list: headers)
        writer.write(certificate)
        writer.write(message)
        writer.write(position)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        headers = try reader.readList(most: WithdrawalProof.mostHeaders)
        certificate = try reader.read()
        message = try reader.read()
        position = try reader.read()
    }
}
