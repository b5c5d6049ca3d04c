public import Primitives

/// What an account asks for besides its own key's signature; an account without a record asks for nothing else.
public struct AccountPolicy: Sendable, Hashable, Canonical {
    /// Keys of which some must sign; the account's own key counts as one of them.
    public struct Group: Sendable, Hashable, Canonical {
        /// How many must sign.
        public let least: UInt8
        /// The other keys, ascending.
        public let keys: [PublicKey]

        /// The fewest and the most that a group may ask for.
        public static let leasts: ClosedRange<UInt8> = 2...16
        /// The most keys besides the account's own.
        public static let mostKeys = 16

        /// Joins the parts; nil when the keys repeat, are none or too many, or the number cannot be reached.
        public init?(least: UInt8, keys: [PublicKey]) {
            let sorted = keys.sorted()
            guard Group.isSound(least, sorted) else { return nil }
            self.least = least
            self.keys = sorted
        }

        private static func isSound(_ least: UInt8, _ sorted: [PublicKey]) -> Bool {
            (1...mostKeys).contains(sorted.count) && leasts.contains(least)
                && Int(least) <= sorted.count + 1
                && sorted.indices.dropFirst().allSatisfy { sorted[$0 - 1] < sorted[$0] }
        }

        /// Writes the number and the keys.
        public func encode(to writer: inout ByteWriter) {
            writer.write(least)
            writer.write(list: keys)
        }

        /// Reads the number and the keys, which must be in order.
        public init(from reader: inout ByteReader) throws(CodecRejection) {
            let start = reader.offset
            least = try reader.readInteger()
            keys = try reader.readList(most: Group.mostKeys)
            guard Group.isSound(least, keys) else { throw .notCanonical(offset: start) }
        }
    }

    /// A key that must sign whenever the account's own does.
    public var second: PublicKey?
    /// Whose signatures count, and how many are enough.
    public var group: Group?
    /// The last height at which the account is locked; zero when it never was.
    public var lockedUntil: Height

    /// Joins the parts.
    public init(second: PublicKey? = nil, group: Group? = nil, lockedUntil: Height = .zero) {
        self.second = second
        self.group = group
        self.lockedUntil = lockedUntil
    }

    /// The record of an account.
    public static func key(_ address: Address) -> StateKey { StateKey(.policies, address) }

    /// The policy of an account, or nil when its own key is enough.
    public static func of(_ address: Address, in state: some StateReader) -> AccountPolicy? {
        state.read(AccountPolicy.self, key(address))
    }

    // What moves value away from the account (`etm-formats.md` 1.2): transfers, deposits, claims, withdrawals,
    // storage, issuers and assets, issues and transfers of assets, locks, unlocks, delayed transfers; and calls,
    // which hand the balance to code. By number, as a chain need not know a kind.
    private static let held: Set<UInt16> = [0, 6, 7, 8, 9, 10, 13, 14, 101, 102, 110, 140, 1_000]

    /// True when a locked account may not send transactions of this kind.
    public static func isHeld(_ kind: TransactionKind) -> Bool { held.contains(kind.number) }

    /// True when the account may not send this kind in a block of this height.
    public func locks(_ kind: TransactionKind, at height: Height) -> Bool {
        height <= lockedUntil && AccountPolicy.isHeld(kind)
    }

    /// Writes the parts.
    public func encode(to writer: inout ByteWriter) {
        writer.write(optional: second)
        writer.write(optional: group)
        writer.write(lockedUntil)
    }

    /// Reads the parts.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        second = try reader.readOptional()
        group = try reader.readOptional()
        lockedUntil = try reader.read()
    }
}
