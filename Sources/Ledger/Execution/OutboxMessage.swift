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

    /// The Merkle root over one block's messages.
    public static func root(_ messages: [OutboxMessage]) -> Digest {
        MerkleTree.root(messages.map(\.encoded))
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
