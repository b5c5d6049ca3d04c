internal import Ledger
public import Primitives

/// The payload of a delayed transfer.
public struct DelayedTransferPayload: Sendable, Hashable, JudgedPayload {
    /// Who receives.
    public let recipient: Address
    /// Base units of ETM, above zero.
    public let amount: Amount
    /// From when on it is paid.
    public let due: Instant
    /// At most 256 bytes of UTF-8; may be empty.
    public let message: String

    /// It must be due at least this long after its block (`etm-formats.md` 1.2).
    public static let leastDelay = Instant.Span.seconds(3_600)
    /// It must be due at most this long after its block: ten years of 365 days.
    public static let mostDelay = Instant.Span.seconds(3_650 * 86_400)

    /// Joins the parts.
    public init(recipient: Address, amount: Amount, due: Instant, message: String = "") {
        self.recipient = recipient
        self.amount = amount
        self.due = due
        self.message = message
    }

    /// What is wrong with the fields, or nil.
    public var defect: String? { amount == .zero ? "the amount is zero" : nil }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(recipient)
        writer.write(amount)
        writer.write(due)
        writer.write(message)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        recipient = try reader.read()
        amount = try reader.read()
        due = try reader.read()
        message = try reader.readString(most: TransferPayload.longestMessage)
    }
}
