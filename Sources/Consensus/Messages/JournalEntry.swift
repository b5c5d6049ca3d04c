public import Ledger
public import Primitives

/// What a replica must remember over a crash before it speaks (`consensus.md` 4).
///
/// Entries of rounds below the open one may be deleted.
public enum JournalEntry: Sendable, Hashable, Canonical {
    /// A vote of our own: we never sign one that conflicts with it.
    case vote(Vote)
    /// A proposal of our own: we never propose another block in its view.
    case proposal(Proposal)
    /// The notarisation behind a finalising vote of ours.
    ///
    /// Were it lost in a crash of all members, the view could neither be notarised again, when
    /// Byzantine members stay silent, nor nullified, because we gave our word.
    case certificate(Certificate)

    /// The round that the entry belongs to.
    public var round: Round {
        switch self {
        case .vote(let vote): vote.ballot.round
        case .proposal(let proposal): proposal.round
        case .certificate(let certificate): certificate.ballot.round
        }
    }

    /// Writes a tag and the contents.
    public func encode(to writer: inout ByteWriter) {
        switch self {
        case .vote(let vote):
            writer.write(UInt8(1))
            writer.write(vote)
        case .proposal(let proposal):
            writer.write(UInt8(2))
            writer.write(proposal)
        case .certificate(let certificate):
            writer.write(UInt8(3))
            writer.write(certificate)
        }
    }

    /// Reads a tag and the contents.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        switch try reader.readInteger(UInt8.self) {
        case 1: self = .vote(try reader.read())
        case 2: self = .proposal(try reader.read())
        case 3: self = .certificate(try reader.read())
        case let tag: throw .unknownTag(offset: start, got: Int(tag))
        }
    }
}
