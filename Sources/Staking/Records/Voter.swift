public import Ledger
public import Primitives

/// One account's stake, as its page keeps it.
public struct Voter: Sendable, Hashable, Canonical {
    /// A vote as a round counts it.
    public struct Counted: Sendable, Hashable, Canonical {
        /// The miner's number, or zero.
        public var miner: UInt32
        /// The voter's weight x; zero without a vote.
        public var weight: UInt64

        /// Nothing.
        public static let none = Counted(miner: 0, weight: 0)

        /// Joins the parts.
        public init(miner: UInt32, weight: UInt64) {
            self.miner = miner
            self.weight = weight
        }

        /// Writes 12 bytes.
        public func encode(to writer: inout ByteWriter) {
            writer.write(miner)
            writer.write(weight)
        }

        /// Reads 12 bytes.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            miner = try reader.readInteger()
            weight = try reader.readInteger()
        }
    }

    /// Whose stake; zero for a free place.
    public var address: Address
    /// The number of the miner that it votes for now, or zero; in a free place the next free one.
    public var vote: UInt32 = 0
    /// Its vote in the open round: fixed when the round before was settled, and what this round's bonus pays.
    public var counted = Counted.none
    /// Its vote in the round settled last.
    public var earlier = Counted.none
    /// Bonus that is settled and reaches the account within the next round.
    public var due = Amount.zero
    /// Active locks, oldest first.
    public var locks: [StakeLock] = []

    /// A voter without locks.
    public init(address: Address) { self.address = address }

    /// Everything that it has locked.
    public var total: Amount { Amount(units: locks.reduce(0) { $0 &+ $1.amount.units }) }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        writer.write(address)
        writer.write(vote)
        writer.write(counted)
        writer.write(earlier)
        writer.write(due)
        writer.write(UInt32(locks.count))
        for lock in locks { lock.encode(to: &writer) }
    }

    /// Reads the fields.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        address = try reader.read()
        vote = try reader.readInteger()
        counted = try reader.read()
        earlier = try reader.read()
        due = try reader.read()
        // Not a generic list: a settlement reads every voter there is.
        let count = try reader.readCount(most: Int(StakingParameters.mostLocksAnywhere))
        locks.reserveCapacity(count)
        for _ in 0..<count { locks.append(try StakeLock(from: &reader)) }
    }
}

/// Up to 64 voters in one record.
struct VoterPage: Sendable, Hashable, Canonical {
    var voters: [Voter]

    static func key(_ page: UInt32) -> StateKey { Paging.key(.voterPages, page) }

    init(_ voters: [Voter] = []) { self.voters = voters }

    func encode(to writer: inout ByteWriter) {
        writer.write(UInt32(voters.count))
        for index in voters.indices { voters[index].encode(to: &writer) }
    }

    init(from reader: inout ByteReader) throws(CodecRejection) {
        let count = try reader.readCount(most: Paging.size)
        voters = []
        voters.reserveCapacity(count)
        for _ in 0..<count { voters.append(try Voter(from: &reader)) }
    }

    /// The canonical bytes, in a buffer that is large enough from the start.
    var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 4 + voters.reduce(0) { $0 + 60 + 16 * $1.locks.count })
        encode(to: &writer)
        return writer.bytes
    }
}

/// Where an account's stake is, and the ids of its locks in the order of its page.
public struct StakeAccount: Sendable, Hashable, Canonical {
    /// The voter's number, from 1.
    public let number: UInt32
    /// The transactions that made the locks.
    public var locks: [TransactionID] = []

    /// An account without locks.
    public init(number: UInt32) { self.number = number }

    /// The record of an account.
    public static func key(_ address: Address) -> StateKey { StateKey(.stakes, address.array) }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        writer.write(number)
        writer.write(list: locks)
    }

    /// Reads the fields.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        number = try reader.readInteger()
        locks = try reader.readList(most: Int(StakingParameters.mostLocksAnywhere))
    }
}
