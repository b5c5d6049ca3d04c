public import Primitives

/// A read-only request to a DApp's `interface/`.
public struct Query: Canonical, Equatable, Sendable {
    /// Longest path in bytes.
    public static let longestPath = 512

    /// Path without a leading slash, such as "greeting/alice".
    public let path: String
    /// A JSON object of parameters, or nothing.
    public let parameters: [UInt8]
    /// Height of the state that is read.
    public let height: Height
    /// Time of that block.
    public let time: Instant

    /// Describes a request.
    public init(path: String, parameters: [UInt8], height: Height, time: Instant) {
        self.path = path
        self.parameters = parameters
        self.height = height
        self.time = time
    }

    /// Reads texts within the stated bounds.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            path: try reader.readString(most: Self.longestPath),
            parameters: try reader.readByteString(most: Call.mostArgumentBytes), height: try reader.read(),
            time: try reader.read())
    }

    /// Writes the fields in order.
    public func encode(to writer: inout ByteWriter) {
        writer.write(path)
        writer.write(bytes: parameters)
        writer.write(height)
        writer.write(time)
    }
}

/// The answer to a query.
public enum QueryAnswer: Canonical, Equatable, Sendable {
    /// Most bytes of an answer.
    public static let mostBytes = 1_048_576

    /// JSON text.
    case answered([UInt8])
    /// The route does not exist, the parameters do not fit, or the code failed.
    case refused(CallError)

    /// Reads a tag and its content.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self =
            try reader.readBool()
            ? .answered(try reader.readByteString(most: Self.mostBytes)) : .refused(try reader.read())
    }

    /// Writes a tag and the content.
    public func encode(to writer: inout ByteWriter) {
        switch self {
        case .answered(let bytes):
            writer.write(true)
            writer.write(bytes: bytes)
        case .refused(let error):
            writer.write(false)
            writer.write(error)
        }
    }
}
