public import Primitives

/// A deposit on its way from the main chain to a side chain.
public struct InboxMessage: Sendable, Hashable, Canonical {
    /// Counts the chain's deposits from 0.
    public let sequence: UInt64
    /// The main-chain height that included the deposit.
    public let height: Height
    /// Who is credited on the side chain.
    public let recipient: Address
    /// Base units of ETM.
    public let amount: Amount
    /// The main-chain transaction.
    public let source: TransactionID

    /// Joins the parts.
    public init(sequence: UInt64, height: Height, recipient: Address, amount: Amount, source: TransactionID) {
        self.sequence = sequence
        self.height = height
        self.recipient = recipient
        self.amount = amount
        self.source = source
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(sequence)
        writer.write(height)
        writer.write(recipient)
        writer.write(amount)
        writer.write(source)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        sequence = try reader.readInteger()
        height = try reader.read()
        recipient = try reader.read()
        amount = try reader.read()
        source = try reader.read()
    }
}
