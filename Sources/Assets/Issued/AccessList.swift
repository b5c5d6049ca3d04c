public import Ledger
public import Primitives

/// Which accounts an asset's list concerns; the numbers are the historical flags.
public enum AccessList: UInt8, Sendable, Hashable, CaseIterable, Canonical {
    /// Listed accounts are shut out.
    case blacklist = 0
    /// Only listed accounts take part.
    case whitelist = 1

    /// The right that an asset needs for it.
    public var right: AssetRight { self == .blacklist ? .blacklist : .whitelist }

    /// Writes one byte.
    public func encode(to writer: inout ByteWriter) { writer.write(rawValue) }

    /// Reads one byte.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let tag = try reader.readInteger(UInt8.self)
        guard let list = AccessList(rawValue: tag) else { throw .unknownTag(offset: start, got: Int(tag)) }
        self = list
    }
}
