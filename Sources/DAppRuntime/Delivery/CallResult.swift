public import Primitives

/// How a call ended; only `succeeded` leaves anything behind.
public enum CallStatus: UInt8, Sendable, CaseIterable {
    /// The method returned.
    case succeeded = 0
    /// The contract called `reject`, or a payment was not covered.
    case rejected = 1
    /// An error was thrown and not caught.
    case failed = 2
    /// The call used all its gas.
    case outOfGas = 3
    /// A limit on depth, string, number, array or state size was reached.
    case limitReached = 4
    /// The arguments do not fit the method's declaration.
    case badArguments = 5
    /// There is no such contract or method.
    case unknownMethod = 6
}

/// What one call did.
public struct CallResult: Canonical, Equatable, Sendable {
    /// Most events of one call.
    public static let mostEvents = 64
    /// Most bytes of the returned JSON text.
    public static let mostReturnedBytes = 16_384
    /// Most log lines of one call.
    public static let mostLogs = 32
    /// Longest log line in bytes.
    public static let longestLog = 512

    /// How it ended.
    public let status: CallStatus
    /// Gas used, never above the call's limit.
    public let gasUsed: UInt64
    /// Events in the order of `ctx.emit`; none unless it succeeded.
    public let events: [DAppEvent]
    /// JSON text of the returned value; nil when nothing was returned.
    public let returned: [UInt8]?
    /// Why it did not succeed.
    public let error: CallError?
    /// Lines of `ctx.log`; a help for authors that no receipt may contain.
    public let logs: [String]

    /// Describes one result.
    public init(
        status: CallStatus, gasUsed: UInt64, events: [DAppEvent] = [], returned: [UInt8]? = nil,
        error: CallError? = nil, logs: [String] = []
    ) {
        self.status = status
        self.gasUsed = gasUsed
        self.events = events
        self.returned = returned
        self.error = error
        self.logs = logs
    }

    /// Reads a result within the stated bounds.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let tag = try reader.readInteger(UInt8.self)
        guard let status = CallStatus(rawValue: tag) else { throw .unknownTag(offset: start, got: Int(tag)) }
        let gasUsed = try reader.readInteger(UInt64.self)
        let events: [DAppEvent] = try reader.readList(most: Self.mostEvents)
        let returned = try reader.readBool() ? try reader.readByteString(most: Self.mostReturnedBytes) : nil
        let error: CallError? = try reader.readOptional()
        var logs: [String] = []
        for _ in 0..<(try reader.readCount(most: Self.mostLogs)) {
            logs.append(try reader.readString(most: Self.longestLog))
        }
        self.init(
            status: status, gasUsed: gasUsed, events: events, returned: returned, error: error, logs: logs)
    }

    /// Writes the fields in order.
    public func encode(to writer: inout ByteWriter) {
        writer.write(status.rawValue)
        writer.write(gasUsed)
        writer.write(list: events)
        writer.write(returned != nil)
        if let returned { writer.write(bytes: returned) }
        writer.write(optional: error)
        writer.write(UInt32(logs.count))
        for line in logs { writer.write(line) }
    }
}

/// One `ctx.emit`.
public struct DAppEvent: Canonical, Equatable, Sendable {
    /// Longest name in bytes.
    public static let longestName = 64
    /// Most bytes of data.
    public static let mostDataBytes = 8_192

    /// The name given by the contract.
    public let name: String
    /// JSON text of the data.
    public let data: [UInt8]

    /// Describes one event.
    public init(name: String, data: [UInt8]) {
        self.name = name
        self.data = data
    }

    /// Reads a name and data within the stated bounds.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            name: try reader.readString(most: Self.longestName),
            data: try reader.readByteString(most: Self.mostDataBytes))
    }

    /// Writes the name, then the data.
    public func encode(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(bytes: data)
    }
}

/// Why a call did not succeed, and where in the DApp's source.
public struct CallError: Error, Canonical, Equatable, Sendable {
    /// Longest message in bytes.
    public static let longestMessage = 512

    /// Stable name: "Rejected", "OutOfGas", "DepthLimit", or the class of the thrown error.
    public let code: String
    /// The contract's own words; never text made by the engine.
    public let message: String
    /// Path of the module; empty when no source line is to blame.
    public let file: String
    /// Line counted from 1, or 0.
    public let line: UInt32
    /// Column in UTF-16 units counted from 1, or 0.
    public let column: UInt32

    /// Describes one error; the message is cut to `longestMessage` bytes.
    public init(code: String, message: String, file: String = "", line: UInt32 = 0, column: UInt32 = 0) {
        self.code = code.cut(toBytes: 64)
        self.message = message.cut(toBytes: Self.longestMessage)
        self.file = file
        self.line = line
        self.column = column
    }

    /// Reads texts within the stated bounds.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            code: try reader.readString(most: 64), message: try reader.readString(most: Self.longestMessage),
            file: try reader.readString(most: DAppBundle.longestPath), line: try reader.readInteger(),
            column: try reader.readInteger())
    }

    /// Writes the fields in order.
    public func encode(to writer: inout ByteWriter) {
        writer.write(code)
        writer.write(message)
        writer.write(file)
        writer.write(line)
        writer.write(column)
    }
}

extension String {
    /// The longest prefix of whole characters that fits into a number of UTF-8 bytes.
    package func cut(toBytes most: Int) -> String {
        guard utf8.count > most else { return self }
        var kept = String.UnicodeScalarView()
        var size = 0
        for scalar in unicodeScalars {
            size += UTF8.width(scalar)
            if size > most { break }
            kept.append(scalar)
        }
        return String(kept)
    }
}
