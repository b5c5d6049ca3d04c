internal import Crypto
public import Primitives

/// A withdrawal on its way from a side chain to the main chain.
public struct OutboxMessage: Sendable, Hashable, Canonical {
    /// Counts the chain's withdrawals from 0.
    public let sequence: UInt64
    /// Who is paid on the main chain.
    public let recipient: Address
    /// Base units of ETM that were burnt on the side chain.
    public let amount: Amount
    /// The transaction that burnt them.
    public let source: TransactionID

    /// Joins the parts.
    public init(sequence: UInt64, recipient: Address, amount: Amount, source: TransactionID) {
        self.sequence = sequence
        self.recipient = recipient
        self.amount = amount
        self.source = source
    }

    private static let rootTag = HashTag("ETM/outbox/1")

    /// The commitment to one block's messages: their number and their Merkle root.
    ///
    /// The number is part of it, so that a proof cannot misplace a message in a list of another length.
    public static func root(_ messages: [OutboxMessage]) -> Digest {
        commitment(count: UInt32(messages.count), tree: MerkleTree(of: messages.map(\.encoded)).root)
    }

    /// The commitment to `count` messages under a Merkle root.
    public static func commitment(count: UInt32, tree: Digest) -> Digest {
        var writer = ByteWriter(capacity: 36)
        writer.write(count)
        writer.write(tree)
        return rootTag.hash(writer.bytes)
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(sequence)
        writer.write(recipient)
        writer.write(amount)
        writer.write(source)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        sequence = try reader.readInteger()
        recipient = try reader.read()
        amount = try reader.read()
        source = try reader.read()
    }
}
