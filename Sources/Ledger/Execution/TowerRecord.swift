public import Primitives

/// The output of a round's time tower, as the main chain's state keeps it for the newest rounds.
///
/// It is provable under every final state root from the block at `known` on.
public struct TowerRecord: Sendable, Hashable, Canonical {
    /// The round.
    public let round: Round
    /// The round's last height: H of the tower.
    public let height: Height
    /// The timestamp of the block before the round.
    public let opened: Instant
    /// The timestamp of the round's last block.
    public let closed: Instant
    /// The block that wrote the record.
    public let known: Height
    /// R: the tower's output.
    public let output: Digest

    /// How many rounds are kept.
    public static let kept: UInt64 = 4_096

    /// Joins the parts.
    public init(
        round: Round, height: Height, times: (opened: Instant, closed: Instant), known: Height, output: Digest
    ) {
        self.round = round
        self.height = height
        opened = times.opened
        closed = times.closed
        self.known = known
        self.output = output
    }

    /// What decides the tickets that wait for this round.
    public var draw: SettledDraw { SettledDraw(output: output.bytes, round: round, opened: opened) }

    /// The record of a round.
    public static func key(_ round: Round) -> StateKey {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(round.value)
        return StateKey(.towers, bytes)
    }

    /// Writes 72 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(round)
        writer.write(height)
        writer.write(opened)
        writer.write(closed)
        writer.write(known)
        writer.write(output)
    }

    /// Reads 72 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        round = try reader.read()
        height = try reader.read()
        opened = try reader.read()
        closed = try reader.read()
        known = try reader.read()
        output = try reader.read()
    }
}
