public import Primitives

/// A version 0 DApp: a description and a link, without a hash of what lies there.
public struct HistoricalDApp: Sendable, Hashable, Canonical {
    /// Its name.
    public var name: String
    /// What it is; may be empty.
    public var about: String
    /// Words to find it by; may be empty.
    public var tags: String
    /// Where its archive lies.
    public var link: String
    /// Where its picture lies; may be empty.
    public var icon: String
    /// 0 for a DApp, 1 for a file.
    public var type: UInt32
    /// 1 to 9.
    public var category: UInt32
    /// The keys of those who run it, as texts.
    public var delegates: [String]
    /// How many of them must sign a withdrawal.
    public var unlockDelegates: UInt32

    /// A DApp of this name at this link, with everything else empty.
    public init(name: String, link: String) {
        self.name = name
        self.link = link
        about = ""
        tags = ""
        icon = ""
        type = 0
        category = 1
        delegates = []
        unlockDelegates = 0
    }

    /// Appends the historical bytes: five texts in a row, then little-endian numbers.
    func append(to out: inout [UInt8]) {
        for text in [name, about, tags, link, icon] { out.append(contentsOf: text.utf8) }
        out.appendLittleEndian(type)
        out.appendLittleEndian(category)
        out.append(contentsOf: delegates.joined(separator: ",").utf8)
        out.appendLittleEndian(unlockDelegates)
    }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        for text in [name, about, tags, link, icon] { writer.write(text) }
        writer.write(type)
        writer.write(category)
        writer.write(texts: delegates)
        writer.write(unlockDelegates)
    }

    /// Reads the fields.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let most = HistoricalTransaction.longestText
        name = try reader.readString(most: most)
        about = try reader.readString(most: most)
        tags = try reader.readString(most: most)
        link = try reader.readString(most: most)
        icon = try reader.readString(most: most)
        type = try reader.readInteger()
        category = try reader.readInteger()
        delegates = try reader.readTexts(most: 128)
        unlockDelegates = try reader.readInteger()
    }
}

/// A version 0 asset.
public struct HistoricalAsset: Sendable, Hashable, Canonical {
    /// The issuer, a point and the symbol.
    public var name: String
    /// What it is.
    public var about: String
    /// The most that may ever exist, in decimal base units.
    public var maximum: String
    /// Decimal places.
    public var precision: UInt8
    /// An expression that the historical nodes evaluated; here it must be empty.
    public var strategy: String
    /// 1 where the issuer may take the asset out of use.
    public var allowWriteoff: UInt8
    /// 1 where the issuer may say who may hold it.
    public var allowWhitelist: UInt8
    /// 1 where the issuer may say who may not hold it.
    public var allowBlacklist: UInt8

    /// An asset without strategy and flags.
    public init(name: String, about: String, maximum: String, precision: UInt8) {
        self.name = name
        self.about = about
        self.maximum = maximum
        self.precision = precision
        strategy = ""
        allowWriteoff = 0
        allowWhitelist = 0
        allowBlacklist = 0
    }

    /// Appends the historical bytes.
    func append(to out: inout [UInt8]) {
        for text in [name, about, maximum] { out.append(contentsOf: text.utf8) }
        out.append(precision)
        out.append(contentsOf: strategy.utf8)
        out.append(contentsOf: [allowWriteoff, allowWhitelist, allowBlacklist])
    }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        for text in [name, about, maximum] { writer.write(text) }
        writer.write(precision)
        writer.write(strategy)
        writer.write(allowWriteoff)
        writer.write(allowWhitelist)
        writer.write(allowBlacklist)
    }

    /// Reads the fields.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        name = try reader.readString(most: HistoricalTransaction.longestWord)
        about = try reader.readString(most: HistoricalTransaction.longestText)
        maximum = try reader.readString(most: HistoricalTransaction.longestWord)
        precision = try reader.readInteger()
        strategy = try reader.readString(most: HistoricalTransaction.longestText)
        allowWriteoff = try reader.readInteger()
        allowWhitelist = try reader.readInteger()
        allowBlacklist = try reader.readInteger()
    }
}
