public import Primitives

/// How deposits enter a side chain and how much ever entered and left it.
public enum Inbox {
    /// The record of the sequence number that the next injected message must have.
    public static let cursorKey = StateKey(.chain, Array("inbox".utf8))
    /// The record of all base units of ETM that were ever injected.
    public static let injectedKey = StateKey(.chain, Array("injected".utf8))
    /// The record of all base units of ETM that were ever burnt.
    public static let burntKey = StateKey(.chain, Array("burnt".utf8))

    /// The most messages that one block injects: the oldest ones; the others wait for the next block.
    public static let most = 5_000

    /// A count in a record of its own.
    public struct Cursor: Sendable, Hashable, Canonical {
        /// The next sequence number.
        public let next: UInt64

        /// Wraps the number.
        public init(next: UInt64) { self.next = next }

        /// Writes 8 bytes.
        public func encode(to writer: inout ByteWriter) { writer.write(next) }

        /// Reads 8 bytes.
        public init(from reader: inout ByteReader) throws(CodecRejection) { next = try reader.readInteger() }
    }

    /// The sequence number that the next injected message must have.
    public static func next(in state: some StateReader) -> UInt64 {
        state.read(Cursor.self, cursorKey)?.next ?? 0
    }

    /// Credits messages in sequence, each exactly once; any gap or repetition is refused.
    static func inject(_ messages: [InboxMessage], in state: inout StateOverlay) throws(ExecutionError) {
        guard let last = messages.last else { return }
        guard messages.count <= most else { throw .notAllowed("a block injects at most \(most) messages") }
        var expected = next(in: state)
        for message in messages {
            guard message.sequence == expected else {
                throw .notAllowed("message \(message.sequence) was injected where \(expected) is due")
            }
            try Bank.credit(message.amount, to: message.recipient, in: &state)
            try Bank.add(message.amount, to: injectedKey, in: &state)
            expected += 1
        }
        state.write(cursorKey, Cursor(next: last.sequence + 1))
    }
}
