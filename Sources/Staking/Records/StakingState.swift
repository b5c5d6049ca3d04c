public import Ledger
public import Primitives

/// The counters of the staking rules: one record.
public struct StakingState: Sendable, Hashable, Canonical {
    /// Places for voters that were ever used; the pages hold that many.
    public var voters: UInt32 = 0
    /// The voter number that is free next, or zero.
    public var firstFreeVoter: UInt32 = 0
    /// Miners that ever registered; their numbers run from 1 to this.
    public var miners: UInt32 = 0
    /// The mean coefficient of the members of the round settled last (`mathematics.md` 2).
    public var average = Coefficient.one
    /// The number of the next amount that waits for its release.
    public var nextRelease: UInt64 = 0

    /// The record.
    public static let key = StateKey(.staking, [])
    /// The most accounts that may hold locks at once.
    public static let mostVoters: UInt32 = 16_000_000
    /// The most miners that may ever register.
    public static let mostMiners: UInt32 = 1_000_000

    /// Nobody yet.
    public init() {}

    /// The counters of a state; a chain that has none yet starts at nobody.
    public init(in state: some StateReader) {
        self = state.read(StakingState.self, StakingState.key) ?? StakingState()
    }

    /// Writes the fields.
    public func encode(to writer: inout ByteWriter) {
        writer.write(voters)
        writer.write(firstFreeVoter)
        writer.write(miners)
        writer.write(average)
        writer.write(nextRelease)
    }

    /// Reads the fields.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        voters = try reader.readInteger()
        firstFreeVoter = try reader.readInteger()
        miners = try reader.readInteger()
        average = try reader.read()
        nextRelease = try reader.readInteger()
    }
}

/// Pages of 64 entries, so that a settlement walks few records and few leaves of the state tree.
enum Paging {
    static let size = 64

    // Numbers run from 1; zero stands for nobody.
    static func page(of number: UInt32) -> UInt32 { (number - 1) / UInt32(size) }
    static func place(of number: UInt32) -> Int { Int((number - 1) % UInt32(size)) }
    static func pages(for count: UInt32) -> UInt32 {
        count / UInt32(size) + (count.isMultiple(of: UInt32(size)) ? 0 : 1)
    }

    static func key(_ table: StateTable, _ page: UInt32) -> StateKey {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(page)
        return StateKey(table, bytes)
    }
}
