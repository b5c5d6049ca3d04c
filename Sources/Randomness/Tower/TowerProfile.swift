public import Primitives

/// How much work a time tower takes: M look-ups with X sequential hashes each (`mathematics.md` 6.1).
public struct TowerProfile: Sendable, Hashable, Canonical {
    /// M: how many values are looked up.
    public let lookups: UInt32
    /// X: hashes before the first look-up and after each one.
    public let hashes: UInt64

    /// The bounds of M: a transcript has at most 65,536 checkpoints, 2 MiB.
    public static let lookupLimits: ClosedRange<UInt32> = 1...65_535
    /// The bounds of X.
    public static let hashLimits: ClosedRange<UInt64> = 1...1 << 32

    /// For tests: 90 hashes, no delay.
    public static let test = TowerProfile(lookups: 8, hashes: 10, unchecked: ())
    /// For real chains: about 0.06 s of one core; bias is bounded by the hash onions, not by delay.
    public static let standard = TowerProfile(lookups: 101, hashes: 10_000, unchecked: ())
    /// For chains that want grinding to be impossible: about 36 s of one core a round.
    public static let delay = TowerProfile(lookups: 101, hashes: 5_900_000, unchecked: ())

    /// A profile of one's own; nil outside the bounds.
    public init?(lookups: UInt32, hashes: UInt64) {
        guard Self.lookupLimits.contains(lookups), Self.hashLimits.contains(hashes) else { return nil }
        self.init(lookups: lookups, hashes: hashes, unchecked: ())
    }

    private init(lookups: UInt32, hashes: UInt64, unchecked: Void) {
        self.lookups = lookups
        self.hashes = hashes
    }

    /// A named profile: "test", "standard" or "delay".
    public init?(name: String) {
        switch name {
        case "test": self = .test
        case "standard": self = .standard
        case "delay": self = .delay
        default: return nil
        }
    }

    /// The name of a named profile, else nil.
    public var name: String? {
        switch self {
        case .test: "test"
        case .standard: "standard"
        case .delay: "delay"
        default: nil
        }
    }

    /// All hashes of one tower, (M + 1) · X; at most 2^48.
    public var totalHashes: UInt64 { (UInt64(lookups) + 1) * hashes }

    /// M + 1: the pieces that can be checked independently.
    public var segmentCount: Int { Int(lookups) + 1 }

    /// Writes 12 bytes.
    public func encode(to writer: inout ByteWriter) {
        writer.write(lookups)
        writer.write(hashes)
    }

    /// Reads 12 bytes within the bounds.
    public init(from reader: inout ByteReader) throws(CodecRejection) {
        let start = reader.offset
        let lookups: UInt32 = try reader.readInteger()
        let hashes: UInt64 = try reader.readInteger()
        guard let profile = TowerProfile(lookups: lookups, hashes: hashes) else {
            throw .notCanonical(offset: start)
        }
        self = profile
    }
}

/// What a tower is built over: values that the blocks of a round fixed, and the height of the newest.
public struct TowerInput: Sendable, Hashable {
    /// h: the values, oldest first.
    public let values: [Bytes32]
    /// H: the height of the newest value.
    public let height: Height

    /// Joins the parts; nil unless there are 1 to 65,536 values.
    ///
    /// The beacon of a round is the tower over the `Beacon` values of its blocks, or over their ids in the
    /// mode `blockId` (`mathematics.md` 6, D-18).
    public init?(values: [Bytes32], height: Height) {
        guard ChaoticIndex.limits.contains(values.count) else { return nil }
        self.values = values
        self.height = height
    }

    /// K: the place of the value that is looked up after the state `state`.
    public func pick(after state: Bytes32) -> Int {
        ChaoticIndex.index(id: state, slot: height.value, limit: values.count)
    }
}
