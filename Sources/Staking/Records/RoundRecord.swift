public import Ledger
public import Primitives

/// A round's members as the state names them; a light client proves it under the closing certificate.
public struct RoundRecord: Sendable, Hashable, Canonical {
    /// The members in key order, which is the order of seats.
    public let members: MemberSet
    /// Their numbers as miners, seat by seat; zero for a member of genesis that never registered.
    public let numbers: [UInt32]
    /// When the round opened: the timestamp of the block before it.
    public let opened: Instant
    /// The beacon that seeded the draw; zero where there was none.
    public let beacon: Digest
    /// How many miners stood in the draw; zero when there was none.
    public let candidates: UInt32

    /// Joins the parts.
    public init(members: MemberSet, numbers: [UInt32], opened: Instant, beacon: Digest, candidates: UInt32) {
        self.members = members
        self.numbers = numbers
        self.opened = opened
        self.beacon = beacon
        self.candidates = candidates
    }

    /// The record of a round.
    public static func key(_ round: Round) -> StateKey {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(round.value)
        return StateKey(.rounds, bytes)
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(members)
        writer.write(UInt32(numbers.count))
        for number in numbers { writer.write(number) }
        writer.write(opened)
        writer.write(beacon)
        writer.write(candidates)
    }

    /// Reads the parts; there is one number for each member.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        members = try reader.read()
        let start = reader.offset
        let count = try reader.readCount(most: MemberSet.most)
        guard count == members.count else { throw .notCanonical(offset: start) }
        var numbers: [UInt32] = []
        for _ in 0..<count { numbers.append(try reader.readInteger()) }
        self.numbers = numbers
        opened = try reader.read()
        beacon = try reader.read()
        candidates = try reader.readInteger()
    }
}

/// Who led a block and who failed to lead before it; kept until its round is settled.
public struct TurnRecord: Sendable, Hashable, Canonical {
    /// The block's height.
    public let height: Height
    /// The block before it, which a hashing test may name.
    public let parent: BlockID
    /// The block's timestamp.
    public let time: Instant
    /// The leader's seat.
    public let seat: UInt16
    /// The beacon after the block: an input of the time tower.
    public let beacon: Digest
    /// The seats whose views failed, in order.
    public let missed: [UInt16]

    /// Joins the parts.
    public init(
        height: Height, parent: BlockID, time: Instant, seats: (leader: UInt16, missed: [UInt16]),
        beacon: Digest
    ) {
        self.height = height
        self.parent = parent
        self.time = time
        seat = seats.leader
        missed = seats.missed
        self.beacon = beacon
    }

    /// How many turns are kept: those of two rounds and the block before, and enough for hashing tests.
    public static func kept(roundLength: UInt64) -> UInt64 { max(2 * roundLength + 1, 32) }

    /// The record of a height; later heights take its place.
    public static func key(_ height: Height, roundLength: UInt64) -> StateKey {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(height.value % kept(roundLength: roundLength))
        return StateKey(.turns, bytes)
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(height)
        writer.write(parent)
        writer.write(time)
        writer.write(seat)
        writer.write(beacon)
        writer.write(UInt32(missed.count))
        for seat in missed { writer.write(seat) }
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        height = try reader.read()
        parent = try reader.read()
        time = try reader.read()
        seat = try reader.readInteger()
        beacon = try reader.read()
        let count = try reader.readCount(most: Int(Turns.longestChargedGap))
        var missed: [UInt16] = []
        for _ in 0..<count { missed.append(try reader.readInteger()) }
        self.missed = missed
    }
}

/// An amount that waits for its release.
public struct ReleaseRecord: Sendable, Hashable, Canonical {
    /// Who gets it.
    public let recipient: Address
    /// How much; a deposit is returned as far as it is still there.
    public let amount: Amount
    /// The miner whose deposit it is, or nil for a lock.
    public let miner: PublicKey?

    /// Joins the parts.
    public init(recipient: Address, amount: Amount, miner: PublicKey?) {
        self.recipient = recipient
        self.amount = amount
        self.miner = miner
    }

    /// The record of an amount: in order of time.
    public static func key(at time: Instant, number: UInt64) -> StateKey {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(time.milliseconds)
        bytes.appendBigEndian(number)
        return StateKey(.unbonding, bytes)
    }

    /// When the amount with this key is released.
    public static func time(of key: StateKey) -> Instant {
        Instant(milliseconds: key.bytes.dropFirst().prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(recipient)
        writer.write(amount)
        writer.write(optional: miner)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        recipient = try reader.read()
        amount = try reader.read()
        miner = try reader.readOptional()
    }
}
