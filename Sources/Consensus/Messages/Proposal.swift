public import Crypto
public import Primitives

/// A leader's signed word that a block is its one candidate of a view.
///
/// A new block names its parent. A round's last block, proposed again in a later view, names itself
/// as parent (`consensus.md` 3), so the header's own signature would not say which view is meant.
public struct Proposal: Sendable, Hashable, Canonical {
    /// The round whose members vote.
    public let round: Round
    /// The view that the proposal is for.
    public let view: View
    /// The proposed block.
    public let block: BlockID
    /// The block's height.
    public let height: Height
    /// The block it extends, or the block itself when it is proposed again.
    public let parent: BlockID
    /// The view in which the parent was notarised; zero for the round's root.
    public let parentView: View
    /// Who proposes.
    public let leader: PublicKey
    /// The leader's signature of `digest(on:)`.
    public let signature: Signature

    private static let tag = HashTag("ETM/proposal/1")

    /// Joins the parts as decoded.
    public init(
        at place: Place, block: BlockID, height: Height, leader: PublicKey, signature: Signature
    ) {
        round = place.round
        view = place.view
        parent = place.parent
        parentView = place.parentView
        self.block = block
        self.height = height
        self.leader = leader
        self.signature = signature
    }

    /// Signs a proposal of `block`.
    public init(
        at place: Place, block: BlockID, height: Height, on chain: ChainID, by signer: some Signer
    ) {
        let unsigned = Proposal(
            at: place, block: block, height: height, leader: signer.publicKey, signature: .zero)
        self.init(
            at: place, block: block, height: height, leader: signer.publicKey,
            signature: signer.sign(unsigned.digest(on: chain)))
    }

    /// Where a proposal attaches: its view and the notarised block below it.
    public struct Place: Sendable, Hashable {
        /// The round.
        public var round: Round
        /// The view that the proposal is for.
        public var view: View
        /// The notarised block below, or the block itself when it is proposed again.
        public var parent: BlockID
        /// The view in which the parent was notarised.
        public var parentView: View

        /// Joins the parts.
        public init(round: Round, view: View, parent: BlockID, parentView: View) {
            self.round = round
            self.view = view
            self.parent = parent
            self.parentView = parentView
        }
    }

    /// Where the proposal attaches.
    public var place: Place { Place(round: round, view: view, parent: parent, parentView: parentView) }

    /// True when a round's last block is proposed again.
    public var isRepeated: Bool { block == parent }

    /// What is signed: H(tag, chain and every field but the signature), fixed width.
    public func digest(on chain: ChainID) -> Digest {
        var writer = ByteWriter(capacity: 192)
        writer.write(chain)
        encodeUnsigned(to: &writer)
        return Proposal.tag.hash(writer.bytes)
    }

    /// True when the signature is the leader's.
    public func isSigned(on chain: ChainID, verifier: some SignatureVerifier) -> Bool {
        verifier.verify(signature, of: digest(on: chain), by: leader)
    }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        encodeUnsigned(to: &writer)
        writer.write(signature)
    }

    private func encodeUnsigned(to writer: inout ByteWriter) {
        writer.write(round)
        writer.write(view)
        writer.write(block)
        writer.write(height)
        writer.write(parent)
        writer.write(parentView)
        writer.write(leader)
    }

    /// Reads the fields; the parent's view must be below the proposal's.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        round = try reader.read()
        view = try reader.read()
        block = try reader.read()
        height = try reader.read()
        parent = try reader.read()
        parentView = try reader.read()
        leader = try reader.read()
        signature = try reader.read()
        guard parentView < view else { throw .notCanonical(offset: start) }
    }
}
