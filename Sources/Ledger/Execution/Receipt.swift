public import Primitives

/// Something a transaction made public.
public struct Event: Sendable, Hashable, Canonical {
    /// What kind of event, such as "transfer".
    public let name: String
    /// Its fields as canonical JSON text.
    public let data: [UInt8]

    /// The most bytes in a name.
    public static let longestName = 64
    /// The most bytes of data.
    public static let largestData = 16_384

    /// Joins the parts.
    public init(name: String, data: [UInt8]) {
        self.name = name
        self.data = data
    }

    /// True when the event decodes again.
    var isWithinBounds: Bool {
        name.utf8.count <= Event.longestName && data.count <= Event.largestData
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(bytes: data)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        name = try reader.readString(most: Event.longestName)
        data = try reader.readByteString(most: Event.largestData)
    }
}

/// Why an included transaction had no effect besides its fee.
public struct ReceiptError: Sendable, Hashable, Canonical {
    /// A stable upper-case word, such as "INSUFFICIENT_BALANCE" or "DAPP_REJECTED".
    public let code: String
    /// One sentence.
    public let message: String
    /// The source file of a DApp, or empty.
    public let file: String
    /// The line in that file, counted from 1, or 0.
    public let line: UInt32
    /// The column in that line, counted from 1, or 0.
    public let column: UInt32

    /// The most bytes in a code.
    public static let longestCode = 64
    /// The most bytes in a message.
    public static let longestMessage = 1024
    /// The most bytes in a file's name.
    public static let longestFile = 256

    /// Joins the parts.
    public init(code: String, message: String, file: String = "", line: UInt32 = 0, column: UInt32 = 0) {
        self.code = code
        self.message = message
        self.file = file
        self.line = line
        self.column = column
    }

    /// True when the error decodes again.
    var isWithinBounds: Bool {
        code.utf8.count <= ReceiptError.longestCode && message.utf8.count <= ReceiptError.longestMessage
            && file.utf8.count <= ReceiptError.longestFile
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(code)
        writer.write(message)
        writer.write(file)
        writer.write(line)
        writer.write(column)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        code = try reader.readString(most: ReceiptError.longestCode)
        message = try reader.readString(most: ReceiptError.longestMessage)
        file = try reader.readString(most: ReceiptError.longestFile)
        line = try reader.readInteger()
        column = try reader.readInteger()
    }
}

/// What became of an included transaction; the block commits to it.
public struct Receipt: Sendable, Hashable, Canonical {
    /// Which transaction.
    public let transaction: TransactionID
    /// Why it failed, or nil when it took effect.
    public let error: ReceiptError?
    /// What the sender paid.
    public let fee: Amount
    /// Units of computation used; zero for native kinds.
    public let gasUsed: UInt64
    /// What it made public, in order; empty when it failed.
    public let events: [Event]
    /// The contract's returned value as JSON text; empty when there is none.
    public let returned: [UInt8]

    /// The most events of one transaction.
    public static let mostEvents = 256
    /// The most bytes returned.
    public static let largestReturn = 65_536

    /// Joins the parts.
    public init(
        transaction: TransactionID, error: ReceiptError? = nil, fee: Amount, gasUsed: UInt64 = 0,
        events: [Event] = [], returned: [UInt8] = []
    ) {
        self.transaction = transaction
        self.error = error
        self.fee = fee
        self.gasUsed = gasUsed
        self.events = events
        self.returned = returned
    }

    /// The byte form, in a buffer that is large enough from the start.
    public var encoded: [UInt8] {
        let size = events.reduce(80 + returned.count) { $0 + 8 + Event.longestName + $1.data.count }
        var writer = ByteWriter(capacity: size)
        encode(to: &writer)
        return writer.bytes
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(transaction)
        writer.write(optional: error)
        writer.write(fee)
        writer.write(gasUsed)
        writer.write(list: events)
        writer.write(bytes: returned)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        transaction = try reader.read()
        error = try reader.readOptional()
        fee = try reader.read()
        gasUsed = try reader.readInteger()
        events = try reader.readList(most: Receipt.mostEvents)
        returned = try reader.readByteString(most: Receipt.largestReturn)
    }
}
