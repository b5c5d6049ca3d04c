public import Ledger
public import Primitives

/// What an issuer may do to its asset, fixed when it makes it.
public struct AssetRights: Sendable, Hashable, Canonical {
    /// Whether it may end the asset.
    public let writeOff: Bool
    /// Whether it may let only listed accounts take part.
    public let whitelist: Bool
    /// Whether it may shut listed accounts out.
    public let blacklist: Bool

    /// Nothing.
    public static let none = AssetRights()

    /// Joins the parts.
    public init(writeOff: Bool = false, whitelist: Bool = false, blacklist: Bool = false) {
        self.writeOff = writeOff
        self.whitelist = whitelist
        self.blacklist = blacklist
    }

    /// Whether the issuer may do this.
    public func contains(_ right: AssetRight) -> Bool {
        switch right {
        case .writeOff: writeOff
        case .whitelist: whitelist
        case .blacklist: blacklist
        }
    }

    /// Writes three bytes in the historical order.
    public func encode(to writer: inout ByteWriter) {
        writer.write(writeOff)
        writer.write(whitelist)
        writer.write(blacklist)
    }

    /// Reads three bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        writeOff = try reader.readBool()
        whitelist = try reader.readBool()
        blacklist = try reader.readBool()
    }
}
