public import Crypto
public import Primitives

/// What a vote says about its view.
public enum VoteKind: UInt8, Sendable, Hashable, Canonical, CaseIterable {
    /// The block is valid and the voter executed it.
    case notarize = 1
    /// The view brought no block in time; the voter will never finalise in it.
    case nullify = 2
    /// The view's block is notarised and the voter never nullified the view.
    case finalize = 3

    /// Writes one byte.
    public func encode(to writer: inout ByteWriter) { writer.write(rawValue) }

    /// Reads one byte.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let tag = try reader.readInteger(UInt8.self)
        guard let kind = VoteKind(rawValue: tag) else { throw .unknownTag(offset: start, got: Int(tag)) }
        self = kind
    }
}

/// What a member says in one view, before it is signed.
public struct Ballot: Sendable, Hashable, Canonical {
    /// The kind of vote.
    public let kind: VoteKind
    /// The round whose members vote.
    public let round: Round
    /// The view that the vote is about.
    public let view: View
    /// The block, or zero for `nullify`.
    public let block: BlockID

    /// Joins the parts.
    public init(_ kind: VoteKind, round: Round, view: View, block: BlockID) {
        self.kind = kind
        self.round = round
        self.view = view
        self.block = block
    }

    private static let tag = HashTag("ETM/vote/1")

    /// What is signed: H(tag, chain ‖ round ‖ view ‖ kind ‖ block), fixed width (`consensus.md` 2).
    public func digest(on chain: ChainID) -> Digest {
        var writer = ByteWriter(capacity: 81)
        writer.write(chain)
        writer.write(round)
        writer.write(view)
        writer.write(kind)
        writer.write(block)
        return Ballot.tag.hash(writer.bytes)
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(kind)
        writer.write(round)
        writer.write(view)
        writer.write(block)
    }

    /// Reads the parts; a nullification must name no block and the others must name one.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        kind = try reader.read()
        round = try reader.read()
        view = try reader.read()
        block = try reader.read()
        guard (kind == .nullify) == (block == .zero) else { throw .notCanonical(offset: start) }
    }
}

/// A signed ballot.
public struct Vote: Sendable, Hashable, Canonical {
    /// What is said.
    public let ballot: Ballot
    /// Who says it.
    public let voter: PublicKey
    /// The voter's signature of the ballot's digest.
    public let signature: Signature

    /// Joins the parts.
    public init(ballot: Ballot, voter: PublicKey, signature: Signature) {
        self.ballot = ballot
        self.voter = voter
        self.signature = signature
    }

    /// Signs a ballot.
    public init(_ ballot: Ballot, on chain: ChainID, by signer: some Signer) {
        self.init(ballot: ballot, voter: signer.publicKey, signature: signer.sign(ballot.digest(on: chain)))
    }

    /// True when the signature is the voter's.
    public func isSigned(on chain: ChainID, verifier: some SignatureVerifier) -> Bool {
        verifier.verify(signature, of: ballot.digest(on: chain), by: voter)
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(ballot)
        writer.write(voter)
        writer.write(signature)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        ballot = try reader.read()
        voter = try reader.read()
        signature = try reader.read()
    }
}
