public import Crypto
public import Primitives

/// A member's signed word that it holds something to put into the next block (`consensus.md` 7).
///
/// It is signed so that no stranger can make an idle chain work; it binds the member to nothing.
public struct Cause: Sendable, Hashable, Canonical {
    /// The round in which the block is wanted.
    public let round: Round
    /// The height that is wanted: one above the member's last final block.
    public let height: Height
    /// Who wants it.
    public let member: PublicKey
    /// The member's signature of `digest(on:)`.
    public let signature: Signature

    private static let tag = HashTag("ETM/cause/1")

    /// Signs a cause.
    public init(round: Round, height: Height, on chain: ChainID, by signer: some Signer) {
        let digest = Cause.digest(round: round, height: height, chain: chain)
        self.round = round
        self.height = height
        member = signer.publicKey
        signature = signer.sign(digest)
    }

    /// What is signed: H(tag, chain ‖ round ‖ height), fixed width.
    public func digest(on chain: ChainID) -> Digest {
        Cause.digest(round: round, height: height, chain: chain)
    }

    private static func digest(round: Round, height: Height, chain: ChainID) -> Digest {
        var writer = ByteWriter(capacity: 48)
        writer.write(chain)
        writer.write(round)
        writer.write(height)
        return tag.hash(writer.bytes)
    }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        writer.write(round)
        writer.write(height)
        writer.write(member)
        writer.write(signature)
    }

    /// Reads the fields.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        round = try reader.read()
        height = try reader.read()
        member = try reader.read()
        signature = try reader.read()
    }
}
