/// Tables of keys that sign often, and of the base point: each spares a square root and a table a signature.
///
/// A value: copies share memory until one of them changes. A key takes 1.9 KiB. When full, the key gives
/// way that was used longest ago in the order of a clock's hand, so equal histories leave equal tables.
public struct KeyTables: Sendable {
    // The base point's multiples, then sixteen for each slot.
    private(set) var multiples: [AffineMultiple]
    private var slots: [Encoded: Int] = [:]
    private var keys: [Encoded] = []
    private var uses: [Use] = []
    private var hand = 0
    private var round: UInt64 = 1
    // The first word of keys that were met once, at a place that the key determines; empty until one is met.
    private var sightings: [UInt64] = []

    /// The most keys that are kept.
    public let capacity: Int

    private struct Use {
        var round: UInt64
        // Used since the hand last passed.
        var isRecent: Bool
    }

    /// Multiples of a known key: odd ones up to 31.
    static let perKey = 16
    /// Multiples of the base point: odd ones up to 127.
    static let ofBase = 64
    /// Bytes that one key takes.
    public static let bytesPerKey = perKey * MemoryLayout<AffineMultiple>.stride

    /// Tables for at most `capacity` keys; none are known at first.
    public init(capacity: Int) {
        precondition(capacity >= 0 && capacity <= 1 << 16, "more keys than an index can name")
        self.capacity = capacity
        multiples = Self.base
    }

    /// Tables for exactly these keys; those that nobody can sign for are left out.
    public init(of keys: [Encoded]) {
        self.init(capacity: keys.count)
        for key in keys where slots[key] == nil { _ = insert(key) }
    }

    /// How many keys are known.
    public var count: Int { slots.count }

    /// True when the key has a table.
    public func knows(_ key: Encoded) -> Bool { slots[key] != nil }

    /// The first multiple of a known key.
    func find(_ key: Encoded) -> Int? { slots[key].map(Self.start) }

    /// The first multiple of a known key; a key that is met for the second time becomes known.
    ///
    /// The first time earns nothing: whoever floods a node with new keys would make it build a table for
    /// each, and those cost half a check.
    mutating func findOrLearn(_ key: Encoded) -> Int? {
        guard capacity > 0 else { return nil }
        if let slot = slots[key] {
            uses[slot] = Use(round: round, isRecent: true)
            return Self.start(slot)
        }
        if sightings.isEmpty { sightings = [UInt64](repeating: 0, count: 4 * capacity) }
        let place = Int(truncatingIfNeeded: (key.w0 ^ key.w1) % UInt64(sightings.count))
        guard sightings[place] == key.w0 else {
            sightings[place] = key.w0
            return nil
        }
        return insert(key)
    }

    /// Ends a batch: from now on, the keys it used may give way.
    mutating func endRound() { round += 1 }

    private mutating func insert(_ key: Encoded) -> Int? {
        guard let point = EdwardsPoint(key), !point.isOfSmallOrder, let slot = freeSlot() else { return nil }
        let table = AffineMultiple.oddMultiples(of: point, count: Self.perKey)
        let use = Use(round: round, isRecent: true)
        let start = Self.start(slot)
        if slot == keys.count {
            keys.append(key)
            uses.append(use)
            multiples.append(contentsOf: table)
        } else {
            slots[keys[slot]] = nil
            keys[slot] = key
            uses[slot] = use
            for index in table.indices { multiples[start + index] = table[index] }
        }
        slots[key] = slot
        return start
    }

    // A place of its own, or that of a key which this batch has not used and the hand finds unused.
    private mutating func freeSlot() -> Int? {
        guard keys.count == capacity else { return keys.count }
        for _ in 0..<2 * capacity {
            let slot = hand
            hand = (hand + 1) % capacity
            if uses[slot].round == round { continue }
            if !uses[slot].isRecent { return slot }
            uses[slot].isRecent = false
        }
        return nil
    }

    private static func start(_ slot: Int) -> Int { ofBase + slot * perKey }

    private static let base: [AffineMultiple] = {
        let y = Encoded(
            0x6666_6666_6666_6658, 0x6666_6666_6666_6666, 0x6666_6666_6666_6666, 0x6666_6666_6666_6666)
        guard let point = EdwardsPoint(y) else { preconditionFailure("the base point is on the curve") }
        return AffineMultiple.oddMultiples(of: point, count: ofBase)
    }()
}
