public import Primitives

/// How members come about, round by round.
public enum Elections: Sendable, Hashable {
    /// The members of genesis sit in every round.
    case fixed
    /// Every round's members are drawn by locked votes (`mathematics.md` 3).
    case upos(StakingParameters)

    /// The parameters of the draw, or nil where nobody is elected.
    public var staking: StakingParameters? {
        if case .upos(let parameters) = self { parameters } else { nil }
    }
}

/// The agreed numbers of locks, votes, miners and their election.
public struct StakingParameters: Sendable, Hashable, Canonical {
    /// One piece of the map from a balance to its weight: the part up to `end` counts at `rate`.
    public struct Bracket: Sendable, Hashable, Canonical {
        /// Where the piece ends in base units, or nil for the last.
        public let end: Amount?
        /// Weight of a base unit in ten-thousandths.
        public let rate: UInt16

        /// Joins the parts.
        public init(end: Amount?, rate: UInt16) {
            self.end = end
            self.rate = rate
        }

        /// Writes the parts.
        public func encode(to writer: inout ByteWriter) {
            writer.write(optional: end)
            writer.write(rate)
        }

        /// Reads the parts.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            end = try reader.readOptional()
            rate = try reader.readInteger()
        }
    }

    /// The time tower over a round's beacons, whose output seeds a later draw (`mathematics.md` 6, D-18).
    public struct Tower: Sendable, Hashable, Canonical {
        /// Which draw a round's tower seeds, and so how long it may take.
        public enum Kind: UInt8, Sendable, Hashable {
            /// The draw of the next round: the round's last block waits for it.
            case immediate
            /// The draw of the round after the next: it has a whole round of time (`consensus.md` 3).
            case delayed
        }

        /// Look-ups M.
        public let lookups: UInt32
        /// Hashes X before and after each look-up.
        public let hashes: UInt64
        /// Which draw it seeds.
        public let kind: Kind

        /// Eight look-ups of ten hashes: for tests and development networks.
        public static let test = Tower(lookups: 8, hashes: 10)
        /// The main chain's: about 0.06 s of one core in each round.
        public static let standard = Tower(lookups: 101, hashes: 10_000)
        /// Longer than a block: about 36 s of one core in each round, so that nobody can try outcomes.
        public static let delay = Tower(lookups: 101, hashes: 5_900_000, kind: .delayed)
        /// The most hashes of a tower that the last block of a round can wait for.
        public static let mostHashes: UInt64 = 2_000_000
        /// The most hashes of a delayed tower: about ten minutes of one core.
        public static let mostDelayedHashes: UInt64 = 10_000_000_000

        /// Joins the parts.
        public init(lookups: UInt32, hashes: UInt64, kind: Kind = .immediate) {
            self.lookups = lookups
            self.hashes = hashes
            self.kind = kind
        }

        // No tower has that many look-ups: the bit says that it is delayed.
        private static let delayedMark: UInt32 = 1 << 31

        /// Writes both numbers; the top bit of the first is set when the tower is delayed.
        public func encode(to writer: inout ByteWriter) {
            writer.write(kind == .delayed ? lookups | Tower.delayedMark : lookups)
            writer.write(hashes)
        }

        /// Reads both numbers and the mark.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            let first: UInt32 = try reader.readInteger()
            lookups = first & ~Tower.delayedMark
            kind = first & Tower.delayedMark == 0 ? .immediate : .delayed
            hashes = try reader.readInteger()
        }

        /// Why no chain can have this tower, or nil; a sentence with the bound.
        var defect: String? {
            let most = kind == .delayed ? Tower.mostDelayedHashes : Tower.mostHashes
            if (1...65_535).contains(lookups), (1...1 << 32).contains(hashes),
                (UInt64(lookups) + 1) * hashes <= most
            {
                return nil
            }
            return kind == .delayed
                ? "a delayed time tower must have 1 to 10,000,000,000 hashes in all"
                : "a time tower must have 1 to 2,000,000 hashes in all"
        }
    }

    /// Members of a round when there are that many candidates; at most `MemberSet.most`.
    public var seats: UInt16
    /// The concave map: ends rise, rates fall, only the last piece has no end (`mathematics.md` D-2).
    public var brackets: [Bracket]
    /// The least amount of one lock.
    public var leastLock: Amount
    /// The most active locks of one account.
    public var mostLocks: UInt16
    /// What a miner leaves as a deposit (`mathematics.md` 7.5).
    public var minerDeposit: Amount
    /// How long unlocked amounts and returned deposits wait, and how long evidence is accepted.
    public var unbonding: Instant.Span
    /// How the beacons of a round become the seed of the next draw.
    public var tower: Tower

    /// Rates are given in parts of this.
    public static let rateOne: UInt16 = 10_000
    /// The most brackets.
    public static let mostBrackets = 16
    /// The most locks of one account that a chain may allow.
    public static let mostLocksAnywhere: UInt16 = 256

    /// The main chain's: 101 seats, the brackets of `mathematics.md` 1.1, 1,000 ETM, two weeks.
    public static let main = StakingParameters(
        seats: 101,
        brackets: [
            Bracket(end: .etm(10_000), rate: 10_000), Bracket(end: .etm(100_000), rate: 8_000),
            Bracket(end: .etm(1_000_000), rate: 6_000), Bracket(end: .etm(10_000_000), rate: 4_000),
            Bracket(end: nil, rate: 2_000),
        ],
        minerDeposit: .etm(1_000), unbonding: .seconds(14 * 86_400), tower: .standard)

    /// Joins the parts; an account may have 32 locks of at least 1 ETM.
    public init(
        seats: UInt16, brackets: [Bracket], minerDeposit: Amount, unbonding: Instant.Span,
        tower: Tower = .test
    ) {
        self.tower = tower
        self.seats = seats
        self.brackets = brackets
        self.minerDeposit = minerDeposit
        self.unbonding = unbonding
        leastLock = .etm(1)
        mostLocks = 32
    }

    /// Why no chain can run with these numbers, or nil; every bound is a sentence.
    public var defect: String? {
        if !(1...MemberSet.most).contains(Int(seats)) { return "a round must have 1 to 1,024 seats" }
        if !(1...StakingParameters.mostLocksAnywhere).contains(mostLocks) {
            return "an account must be allowed 1 to 256 locks"
        }
        if leastLock == .zero { return "the least lock must be above zero" }
        if !(1...365 * 86_400_000).contains(unbonding.milliseconds) {
            return "the unbonding time must be from 1 ms to 365 days"
        }
        return tower.defect ?? bracketDefect
    }

    private var bracketDefect: String? {
        guard (1...StakingParameters.mostBrackets).contains(brackets.count), brackets.last?.end == nil else {
            return "there must be 1 to 16 brackets, the last without an end"
        }
        if brackets[0].rate > StakingParameters.rateOne { return "no rate may be above 10,000" }
        for index in brackets.indices.dropLast() {
            guard let end = brackets[index].end, end > (index == 0 ? .zero : brackets[index - 1].end ?? end)
            else { return "the ends of the brackets must rise" }
            guard brackets[index].rate > brackets[index + 1].rate else {
                return "the rates of the brackets must fall"
            }
        }
        return nil
    }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        writer.write(seats)
        writer.write(list: brackets)
        writer.write(leastLock)
        writer.write(mostLocks)
        writer.write(minerDeposit)
        writer.write(unbonding)
        writer.write(tower)
    }

    /// Reads the fields, which must have no defect.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        seats = try reader.readInteger()
        brackets = try reader.readList(most: StakingParameters.mostBrackets)
        leastLock = try reader.read()
        mostLocks = try reader.readInteger()
        minerDeposit = try reader.read()
        unbonding = try reader.read()
        tower = try reader.read()
        guard defect == nil else { throw .notCanonical(offset: start) }
    }
}
