/// Where a DApp chain keeps its tickets for draws, among the DApp's own records.
///
/// A ticket is a time: it is drawn from the first round of the main chain that opens after it. No model's key begins
/// with the byte 0xFF, which is in no UTF-8 text.
public enum DrawTicketKey {
    /// What the keys of all open tickets begin with.
    public static let open: [UInt8] = [0xff, 0x6f]
    /// What the keys of all settled tickets begin with.
    public static let settled: [UInt8] = [0xff, 0x73]

    /// The key of the open tickets for a time; the record is empty.
    public static func open(after time: Instant) -> [UInt8] { key(open, time) }

    /// The key of the tickets for a time once they are settled; the record is a `SettledDraw`.
    public static func settled(after time: Instant) -> [UInt8] { key(settled, time) }

    /// The time in the key of an open ticket, in milliseconds.
    public static func time(ofOpen key: some Sequence<UInt8>) -> Instant {
        Instant(milliseconds: key.dropFirst(open.count).prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    private static func key(_ prefix: [UInt8], _ time: Instant) -> [UInt8] {
        var bytes = prefix
        bytes.appendBigEndian(time.milliseconds)
        return bytes
    }
}

/// What decides all draws of one ticket.
public struct SettledDraw: Sendable, Hashable, Canonical {
    /// The output of the round's time tower.
    public let output: Bytes32
    /// The main chain's round.
    public let round: Round
    /// When the round opened: the timestamp of the block before it.
    public let opened: Instant

    /// Joins the parts.
    public init(output: Bytes32, round: Round, opened: Instant) {
        self.output = output
        self.round = round
        self.opened = opened
    }

    /// Writes 48 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(output)
        writer.write(round)
        writer.write(opened)
    }

    /// Reads 48 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        output = try reader.readBytes32()
        round = try reader.read()
        opened = try reader.read()
    }
}
