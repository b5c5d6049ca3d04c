public import Primitives

/// How far a replica is; whoever is further helps, whoever is behind asks.
public struct Status: Sendable, Hashable, Canonical {
    /// The open round.
    public let round: Round
    /// The view that the replica is in.
    public let view: View
    /// The height of its last final block.
    public let finalHeight: Height
    /// Its last final block.
    public let finalBlock: BlockID

    /// Joins the parts.
    public init(round: Round, view: View, finalHeight: Height, finalBlock: BlockID) {
        self.round = round
        self.view = view
        self.finalHeight = finalHeight
        self.finalBlock = finalBlock
    }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        writer.write(round)
        writer.write(view)
        writer.write(finalHeight)
        writer.write(finalBlock)
    }

    /// Reads the fields.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        round = try reader.read()
        view = try reader.read()
        finalHeight = try reader.read()
        finalBlock = try reader.read()
    }
}

/// Asks for the notarisations and nullifications of a run of views.
public struct CertificateRequest: Sendable, Hashable, Canonical {
    /// The round.
    public let round: Round
    /// The first view.
    public let first: View
    /// The last view; at most `most` views are answered.
    public let last: View

    /// The most certificates in one answer.
    public static let most = 64

    /// Joins the parts.
    public init(round: Round, first: View, last: View) {
        self.round = round
        self.first = first
        self.last = last
    }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        writer.write(round)
        writer.write(first)
        writer.write(last)
    }

    /// Reads the fields; the views must be in order.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        round = try reader.read()
        first = try reader.read()
        last = try reader.read()
        guard first <= last else { throw .notCanonical(offset: start) }
    }
}
