public import Ledger
public import Primitives

/// A delayed transfer that waits; its message is in its transaction.
public struct DelayedRecord: Sendable, Hashable, Canonical {
    /// Who sent it.
    public let sender: Address
    /// Who will be paid.
    public let recipient: Address
    /// How much.
    public let amount: Amount

    init(sender: Address, recipient: Address, amount: Amount) {
        self.sender = sender
        self.recipient = recipient
        self.amount = amount
    }

    /// The record of a transfer: those that are due first come first.
    public static func key(due: Instant, _ transaction: TransactionID) -> StateKey {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(due.milliseconds)
        return StateKey(.delayed, bytes + transaction.array)
    }

    /// When the transfer of a record is due, and its transaction; nil for another table's key.
    public static func parts(of key: StateKey) -> (due: Instant, transaction: TransactionID)? {
        var reader = ByteReader(Array(key.bytes.dropFirst()))
        guard key.table == StateTable.delayed.rawValue, let due: Instant = try? reader.read(),
            let id: TransactionID = try? reader.read(), reader.remaining == 0
        else { return nil }
        return (due, id)
    }

    /// Writes 48 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(sender)
        writer.write(recipient)
        writer.write(amount)
    }

    /// Reads 48 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        sender = try reader.read()
        recipient = try reader.read()
        amount = try reader.read()
    }
}
