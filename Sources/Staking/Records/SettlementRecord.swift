public import Ledger
public import Primitives

/// How a round was settled, to the unit; with a voter's weight it explains every payment.
public struct SettlementRecord: Sendable, Hashable, Canonical {
    /// One member's part.
    public struct Seat: Sendable, Hashable, Canonical {
        /// Blocks it produced in the round.
        public var blocks: UInt32 = 0
        /// Views it failed to lead.
        public var missed: UInt32 = 0
        /// Block rewards.
        public var reward = Amount.zero
        /// Its part of the fees.
        public var fees = Amount.zero
        /// The votes among which its share of the bonus was divided.
        public var votes: UInt64 = 0

        /// A seat that did nothing.
        public init() {}

        /// Writes 32 bytes.
        public func encode(to writer: inout ByteWriter) {
            writer.write(blocks)
            writer.write(missed)
            writer.write(reward)
            writer.write(fees)
            writer.write(votes)
        }

        /// Reads 32 bytes.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            blocks = try reader.readInteger()
            missed = try reader.readInteger()
            reward = try reader.read()
            fees = try reader.read()
            votes = try reader.readInteger()
        }
    }

    /// The members' parts, seat by seat.
    public var seats: [Seat]
    /// The bonus of the round's heights.
    public var pool = Amount.zero
    /// What earlier rounds left.
    public var carryIn = Amount.zero
    /// What every member's voters shared.
    public var share = Amount.zero
    /// What the lucky member's voters shared besides.
    public var luckyHalf = Amount.zero
    /// The seat that chance named.
    public var lucky: UInt16 = 0
    /// What is left for the next round.
    public var carryOut = Amount.zero

    /// A settlement in progress.
    init(seats: Int) { self.seats = Array(repeating: Seat(), count: seats) }

    /// How many settlements are kept.
    public static let kept: UInt64 = 64

    /// The record of a round.
    public static func key(_ round: Round) -> StateKey {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(round.value)
        return StateKey(.settlements, bytes)
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(list: seats)
        for amount in [pool, carryIn, share, luckyHalf, carryOut] { writer.write(amount) }
        writer.write(lucky)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        seats = try reader.readList(most: MemberSet.most)
        pool = try reader.read()
        carryIn = try reader.read()
        share = try reader.read()
        luckyHalf = try reader.read()
        carryOut = try reader.read()
        lucky = try reader.readInteger()
    }
}
