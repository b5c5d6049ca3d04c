import Curve25519
import Testing

@Suite struct KeyTablesTests {
    /// Multiples of the base point.
    private let keys: [Encoded]

    init() throws {
        let base = try #require(
            EdwardsPoint(
                Encoded(
                    0x6666_6666_6666_6658, 0x6666_6666_6666_6666, 0x6666_6666_6666_6666,
                    0x6666_6666_6666_6666)))
        var (keys, point) = ([base.encoded], base)
        for _ in 0..<40 {
            point = point + base
            keys.append(point.encoded)
        }
        self.keys = keys
    }

    // A batch of these keys; whether the signatures hold does not matter.
    private func meet(_ met: [Encoded], _ tables: inout KeyTables) {
        var batch = SignatureBatch()
        for key in met {
            let zero = Encoded(0, 0, 0, 0)
            batch.append(
                .init(point: zero, response: zero, key: key, challenge: WideHash(low: zero, high: zero)),
                factor: 1, learning: &tables)
        }
        _ = batch.invalid(most: .max, learning: &tables)
    }

    @Test func aKeyIsLearntWhenItIsMetAgain() {
        var tables = KeyTables(capacity: 4)
        meet([keys[0]], &tables)
        #expect(tables.count == 0)
        meet([keys[1]], &tables)
        meet([keys[0]], &tables)
        #expect(tables.knows(keys[0]) && !tables.knows(keys[1]))
    }

    @Test func theNumberOfKeysIsBounded() {
        var tables = KeyTables(capacity: 4)
        for key in keys { for _ in 0..<2 { meet([key], &tables) } }
        #expect(tables.count == 4)
        #expect(tables.knows(keys[40]))
        #expect(!tables.knows(keys[0]))
    }

    @Test func aKeyThatIsUsedOutlivesThoseThatAreNot() {
        var tables = KeyTables(capacity: 4)
        for _ in 0..<2 { meet([keys[0]], &tables) }
        for key in keys.dropFirst() {
            for _ in 0..<2 { meet([key], &tables) }
            meet([keys[0]], &tables)
        }
        #expect(tables.knows(keys[0]))
    }

    @Test func noKeyOfABatchGivesWayToAnotherOfIt() {
        var tables = KeyTables(capacity: 2)
        for key in keys.prefix(2) { for _ in 0..<2 { meet([key], &tables) } }
        meet([keys[2]], &tables)
        meet(Array(keys.prefix(3)), &tables)
        #expect(tables.knows(keys[0]) && tables.knows(keys[1]) && !tables.knows(keys[2]))
        meet([keys[2]], &tables)
        #expect(tables.knows(keys[2]) && tables.count == 2)
    }

    @Test func equalHistoriesLeaveEqualTables() {
        var (one, other) = (KeyTables(capacity: 5), KeyTables(capacity: 5))
        for step in 0..<200 {
            let met = [keys[step * 7 % 41], keys[step * step % 41]]
            meet(met, &one)
            meet(met, &other)
            #expect(keys.map(one.knows) == keys.map(other.knows))
        }
    }

    @Test func keysThatNobodyCanSignForAreNotPrepared() {
        let tables = KeyTables(of: [keys[0], Encoded(1, 0, 0, 0), Encoded(2, 0, 0, 0), keys[0], keys[1]])
        #expect(tables.count == 2)
        #expect(tables.knows(keys[0]) && tables.knows(keys[1]))
    }

    @Test func aTableTakesWhatIsSaid() { #expect(KeyTables.bytesPerKey == 1_920) }
}
