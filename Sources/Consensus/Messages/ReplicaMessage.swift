public import Ledger
public import Primitives

/// What replicas of one chain say to each other; every list is bounded and there is one byte form.
public enum ReplicaMessage: Sendable, Hashable, Canonical {
    /// A leader's candidate; without the block when most members have it already.
    case proposal(Proposal, Block?)
    /// One member's vote.
    case vote(Vote)
    /// A quorum of votes.
    case certificate(Certificate)
    /// A member holds something to put into a block.
    case cause(Cause)
    /// How far the sender is.
    case status(Status)
    /// Asks for blocks by id, at most `mostIDs`.
    case blockRequest([BlockID])
    /// One requested block, with the proposal that carried it if the sender still has it.
    case block(Block, Proposal?)
    /// Asks for the certificates of a run of views.
    case certificateRequest(CertificateRequest)
    /// The certificates that were found, at most `CertificateRequest.most`.
    case certificates([Certificate])
    /// Asks for final blocks.
    case rangeRequest(RangeRequest)
    /// Final blocks with their proofs.
    case range(BlockRange)

    /// The most ids in one block request.
    public static let mostIDs = 16
    /// The most bytes of one encoded message; a transport refuses longer frames.
    public static let mostBytes = 8 << 20

    /// Writes a tag and the contents.
    public func encode(to writer: inout ByteWriter) {
        switch self {
        case .proposal(let proposal, let block):
            writer.write(UInt8(1))
            writer.write(proposal)
            writer.write(optional: block)
        case .vote(let vote): writer.write(2, vote)
        case .certificate(let certificate): writer.write(3, certificate)
        case .cause(let cause): writer.write(4, cause)
        case .status(let status): writer.write(5, status)
        case .blockRequest(let ids):
            writer.write(UInt8(6))
            writer.write(list: ids)
        case .block(let block, let proposal):
            writer.write(7, block)
            writer.write(optional: proposal)
        case .certificateRequest(let request): writer.write(8, request)
        case .certificates(let certificates):
            writer.write(UInt8(9))
            writer.write(list: certificates)
        case .rangeRequest(let request): writer.write(10, request)
        case .range(let range): writer.write(11, range)
        }
    }

    /// Reads a tag and the contents.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        switch try reader.readInteger(UInt8.self) {
        case 1: self = .proposal(try reader.read(), try reader.readOptional())
        case 2: self = .vote(try reader.read())
        case 3: self = .certificate(try reader.read())
        case 4: self = .cause(try reader.read())
        case 5: self = .status(try reader.read())
        case 6: self = .blockRequest(try reader.readList(most: ReplicaMessage.mostIDs))
        case 7: self = .block(try reader.read(), try reader.readOptional())
        case 8: self = .certificateRequest(try reader.read())
        case 9: self = .certificates(try reader.readList(most: CertificateRequest.most))
        case 10: self = .rangeRequest(try reader.read())
        case 11: self = .range(try reader.read())
        case let tag: throw .unknownTag(offset: start, got: Int(tag))
        }
    }
}

extension ByteWriter {
    fileprivate mutating func write(_ tag: UInt8, _ value: some Canonical) {
        write(tag)
        write(value)
    }
}
