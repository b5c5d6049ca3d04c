public import Primitives

/// One thing that is wrong with a DApp package, at one place in one file.
public struct Diagnostic: Canonical, Equatable, Sendable {
    /// Path inside the package.
    public let file: String
    /// Line, counted from 1; 0 when the whole file is meant.
    public let line: UInt32
    /// Column in UTF-16 units, counted from 1; 0 when the whole line is meant.
    public let column: UInt32
    /// Stable name of the rule, such as "forbidden-global".
    public let code: String
    /// What is wrong, in one sentence.
    public let message: String
    /// What to write instead; empty when there is nothing to add.
    public let hint: String

    /// Places one finding.
    public init(file: String, line: UInt32, column: UInt32, code: String, message: String, hint: String = "")
    {
        self.file = file
        self.line = line
        self.column = column
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// Reads a path of at most 512 bytes, a code of 64 and two texts of 1,024.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        self.init(
            file: try reader.readString(most: 512), line: try reader.readInteger(),
            column: try reader.readInteger(), code: try reader.readString(most: 64),
            message: try reader.readString(most: 1024), hint: try reader.readString(most: 1024))
    }

    /// Writes place, code and texts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(file)
        writer.write(line)
        writer.write(column)
        writer.write(code)
        writer.write(message)
        writer.write(hint)
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `file:line:column: message (hint)`.
    public var description: String {
        "\(file):\(line):\(column): \(message)" + (hint.isEmpty ? "" : " (\(hint))")
    }
}
