public import Ledger
public import Primitives

/// What the chain knows of a miner besides its counters.
public struct MinerRecord: Sendable, Hashable, Canonical {
    /// The miner's number, from 1; it is kept when the miner resigns and returns.
    public let number: UInt32
    /// What people call it, `[a-z][a-z0-9-]{1,31}`.
    public var name: String
    /// When it registered last.
    public var registered: Height
    /// What it has at stake, also while that waits to be returned; zero once it is forfeited.
    public var deposit: Amount

    /// Joins the parts.
    public init(number: UInt32, name: String, registered: Height, deposit: Amount) {
        self.number = number
        self.name = name
        self.registered = registered
        self.deposit = deposit
    }

    /// The most bytes in a name.
    public static let longestName = 32

    /// The record of a miner.
    public static func key(_ miner: PublicKey) -> StateKey { StateKey(.miners, miner.array) }
    /// The record that says whose a name is.
    public static func nameKey(_ name: String) -> StateKey { StateKey(.minerNames, Array(name.utf8)) }

    /// True for names that a miner may have.
    public static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (2...longestName).contains(bytes.count), let first = bytes.first, (0x61...0x7a).contains(first)
        else { return false }
        return bytes.allSatisfy {
            (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d
        }
    }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        writer.write(number)
        writer.write(name)
        writer.write(registered)
        writer.write(deposit)
    }

    /// Reads the fields.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        number = try reader.readInteger()
        name = try reader.readString(most: MinerRecord.longestName)
        registered = try reader.read()
        deposit = try reader.read()
    }
}

/// A miner's lifecycle.
public enum MinerStatus: UInt8, Sendable, Hashable, Canonical, CaseIterable {
    /// It stands in elections.
    case registered = 1
    /// It gave up; its deposit is on its way back.
    case resigned = 2
    /// It signed twice: its deposit is lost and it never stands again.
    case frozen = 3

    /// Writes one byte.
    public func encode(to writer: inout ByteWriter) { writer.write(rawValue) }

    /// Reads one byte.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let tag = try reader.readInteger(UInt8.self)
        guard let status = MinerStatus(rawValue: tag) else { throw .unknownTag(offset: start, got: Int(tag)) }
        self = status
    }
}

/// A miner's part in elections, as its page keeps it.
public struct Miner: Sendable, Hashable, Canonical {
    /// Its key.
    public let key: PublicKey
    /// Where it stands.
    public var status: MinerStatus
    /// The first round that it may sit in: the one in which its first anchor is in force.
    public var from: Round
    /// Blocks that it ever produced: m.
    public var produced: UInt64 = 0
    /// Views that it was ever drawn to lead: n.
    public var drawn: UInt64 = 0
    /// Votes X counted for the open round.
    public var votes: UInt64 = 0
    /// Weight W that the open round's draw used.
    public var weight: UInt64 = 0
    /// True when it stood in the open round's draw.
    public var stood = false

    /// A newcomer.
    public init(key: PublicKey, from: Round) {
        self.key = key
        self.from = from
        status = .registered
    }

    /// True when it stands in the draw of a round.
    public func stands(in round: Round) -> Bool { status == .registered && from <= round }

    /// Its optimal coefficient v, given the average for newcomers.
    public func coefficient(average: Coefficient) -> Coefficient {
        Coefficient(produced: produced, drawn: drawn, average: average)
    }

    /// Writes 74 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(key)
        writer.write(status)
        writer.write(from)
        for count in [produced, drawn, votes, weight] { writer.write(count) }
        writer.write(stood)
    }

    /// Reads 74 bytes.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        key = try reader.read()
        status = try reader.read()
        from = try reader.read()
        produced = try reader.readInteger()
        drawn = try reader.readInteger()
        votes = try reader.readInteger()
        weight = try reader.readInteger()
        stood = try reader.readBool()
    }
}

/// Up to 64 miners in one record.
struct MinerPage: Sendable, Hashable, Canonical {
    var miners: [Miner]

    static func key(_ page: UInt32) -> StateKey { Paging.key(.minerPages, page) }

    init(_ miners: [Miner] = []) { self.miners = miners }

    func encode(to writer: inout ByteWriter) {
        writer.write(UInt32(miners.count))
        for index in miners.indices { miners[index].encode(to: &writer) }
    }

    init(from reader: inout ByteReader) throws(CodecRejection) {
        let count = try reader.readCount(most: Paging.size)
        miners = []
        miners.reserveCapacity(count)
        for _ in 0..<count { miners.append(try Miner(from: &reader)) }
    }
}
