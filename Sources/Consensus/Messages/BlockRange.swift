public import Ledger
public import Primitives

/// Asks for consecutive final blocks from a height on.
public struct RangeRequest: Sendable, Hashable, Canonical {
    /// The first height that is wanted.
    public let first: Height

    /// Joins the parts.
    public init(first: Height) { self.first = first }

    /// Writes the height.
    public func encode(to writer: inout ByteWriter) { writer.write(first) }

    /// Reads the height.
    public init(from reader: inout ByteReader) throws(CodecRejection) { first = try reader.read() }
}

/// Consecutive final blocks of one round and what proves them final.
public struct RangeSegment: Sendable, Hashable, Canonical {
    /// Consecutive blocks, oldest first, at least one.
    public let blocks: [Block]
    /// Headers that lead from the last block to the certified one; empty when the last block itself is certified.
    public let link: [BlockHeader]
    /// The finalisation of the last linked header, or of the last block.
    public let certificate: Certificate

    /// The most headers between the last block and the certified one.
    public static let longestLink = 1024

    /// Joins the parts.
    public init(blocks: [Block], link: [BlockHeader], certificate: Certificate) {
        self.blocks = blocks
        self.link = link
        self.certificate = certificate
    }

    /// True when blocks and link are a chain above `parent` in the certificate's round that ends at its block.
    public func isChained(above parent: BlockID, at height: Height) -> Bool {
        guard !blocks.isEmpty, certificate.ballot.kind == .finalize else { return false }
        var id = parent
        var above = height
        for header in blocks.map(\.header) + link {
            guard header.parent == id, header.height == above.next, header.round == certificate.ballot.round
            else { return false }
            id = header.id
            above = header.height
        }
        return id == certificate.ballot.block
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(list: blocks)
        writer.write(list: link)
        writer.write(certificate)
    }

    /// Reads the parts; there must be a block.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        blocks = try reader.readList(most: BlockRange.mostBlocks)
        link = try reader.readList(most: RangeSegment.longestLink)
        certificate = try reader.read()
        guard !blocks.isEmpty else { throw .notCanonical(offset: start) }
    }
}

/// What a store must find so that ranges can be served; the shell answers `.serveRange` from it.
public protocol FinalBlockArchive {
    /// The final block at a height, or nil above the last one or below what is kept.
    func finalBlock(at height: Height) -> Block?
    /// The finalisation that came with the first `.finalized` whose last block is at or above a height, or nil.
    func finality(atOrAbove height: Height) -> Certificate?
}

/// The answer to a range request: segments of consecutive rounds, oldest first; empty means "not here".
public struct BlockRange: Sendable, Hashable, Canonical {
    /// The height of the first block, as it was asked for.
    public let first: Height
    /// Consecutive segments.
    public let segments: [RangeSegment]

    /// The most blocks in one answer.
    public static let mostBlocks = 64
    /// The most bytes of blocks in one answer; a single block may be larger.
    public static let mostBytes = 4 << 20

    /// Joins the parts.
    public init(first: Height, segments: [RangeSegment]) {
        self.first = first
        self.segments = segments
    }

    /// Gathers the longest provable answer within the bounds.
    public init(answering request: RangeRequest, from archive: some FinalBlockArchive) {
        var next = request.first
        var segments: [RangeSegment] = []
        var room = Room(blocks: BlockRange.mostBlocks, bytes: BlockRange.mostBytes)
        while room.blocks > 0, next.value > 0, let certificate = archive.finality(atOrAbove: next),
            let segment = BlockRange.segment(from: next, to: certificate, in: archive, room: &room)
        {
            segments.append(segment)
            next = Height(next.value + UInt64(segment.blocks.count))
            guard segment.link.isEmpty else { break }
        }
        self.init(first: request.first, segments: segments)
    }

    private struct Room {
        var blocks: Int
        var bytes: Int
        var isUntouched = true

        mutating func admits(_ block: Block) -> Bool {
            let size = block.encoded.count
            guard isUntouched || (blocks > 0 && bytes >= size) else { return false }
            isUntouched = false
            blocks -= 1
            bytes -= size
            return true
        }
    }

    private static func segment(
        from first: Height, to certificate: Certificate, in archive: some FinalBlockArchive, room: inout Room
    ) -> RangeSegment? {
        var blocks: [Block] = []
        var link: [BlockHeader] = []
        var height = first
        while let block = archive.finalBlock(at: height), block.header.round == certificate.ballot.round {
            if link.isEmpty, room.admits(block) {
                blocks.append(block)
            } else {
                guard !blocks.isEmpty, link.count < RangeSegment.longestLink else { return nil }
                link.append(block.header)
            }
            if block.id == certificate.ballot.block {
                return RangeSegment(blocks: blocks, link: link, certificate: certificate)
            }
            height = height.next
        }
        return nil
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(first)
        writer.write(list: segments)
    }

    /// Reads the parts; there may be at most `mostBlocks` blocks in all.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        first = try reader.read()
        segments = try reader.readList(most: BlockRange.mostBlocks)
        let count = segments.reduce(0) { $0 + $1.blocks.count }
        guard count <= BlockRange.mostBlocks else {
            throw .tooLong(offset: start, got: count, most: BlockRange.mostBlocks)
        }
    }
}
