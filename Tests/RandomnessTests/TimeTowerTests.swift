import Crypto
import Primitives
import Randomness
import Testing

@Suite struct TimeTowerTests {
    private struct Vector {
        let input: TowerInput
        let profile: TowerProfile
        let picks: [Int]
        let checkpoints: [String]
        let output: String
        let hashes: Int
    }

    private static func digest(_ text: String) -> Bytes32 { SHA256.hash(Array(text.utf8)).bytes }

    private func vectors() throws -> [Vector] {
        let towers = try #require(Fixture.object("etm-timetower.json")["towers"] as? [[String: Any]])
        return try towers.map { tower in
            let count = try #require(tower["N"] as? Int)
            let height = try #require(tower["height"] as? UInt64)
            let lookups = try #require(tower["M"] as? UInt32)
            let hashes = try #require(tower["X"] as? UInt64)
            return Vector(
                input: try #require(
                    TowerInput(
                        values: (0..<count).map { Self.digest("tower/\($0)") }, height: Height(height))),
                profile: try #require(TowerProfile(lookups: lookups, hashes: hashes)),
                picks: try #require(tower["picks"] as? [Int]),
                checkpoints: try #require(tower["checkpoints"] as? [String]),
                output: try #require(tower["output"] as? String),
                hashes: try #require(tower["sha_count"] as? Int))
        }
    }

    @Test func everyPublishedTowerMatches() throws {
        let vectors = try vectors()
        #expect(vectors.count == 3)
        for vector in vectors {
            let tower = TimeTower(over: vector.input, profile: vector.profile)
            #expect(tower.checkpoints.map { Digest($0).hex } == vector.checkpoints)
            #expect(tower.picks(in: vector.input) == vector.picks)
            #expect(Digest(tower.output).hex == vector.output)
            #expect(vector.profile.totalHashes == UInt64(vector.hashes))
            #expect(throws: Never.self) { try tower.verify(over: vector.input, profile: vector.profile) }
        }
    }

    @Test(arguments: [1, 2, 3, 7, 10, 89, 90] as [UInt64])
    func slicesOfAnySizeGiveTheSameTower(_ slice: UInt64) throws {
        let vector = try vectors()[1]
        var builder = TowerBuilder(over: vector.input, profile: vector.profile)
        var steps: UInt64 = 0
        while !builder.advance(by: slice) {
            steps += 1
            #expect(builder.tower == nil)
            #expect(builder.remainingHashes == 90 - steps * slice)
        }
        #expect(builder.tower.map { Digest($0.output).hex } == vector.output)
        #expect(builder.remainingHashes == 0)
        let isDone = builder.advance(by: 5)
        #expect(isDone)
    }

    @Test func everyAlteredCheckpointIsNamed() throws {
        let vector = try vectors()[1]
        let good = TimeTower(over: vector.input, profile: vector.profile)
        for index in good.checkpoints.indices {
            var checkpoints = good.checkpoints
            let right = checkpoints[index]
            checkpoints[index] = Bytes32(right.a, right.b, right.c, right.d ^ 1)
            let bad = try #require(TimeTower(checkpoints: checkpoints))
            #expect(
                throws: TowerRejection.brokenSegment(index: index, expected: right, got: checkpoints[index])
            ) { try bad.verify(over: vector.input, profile: vector.profile) }
            let segments = try bad.segments(over: vector.input, profile: vector.profile)
            // The altered value is the end of one segment and the start of the next.
            #expect(segments.indices.filter { !segments[$0].isValid }.contains(index))
        }
    }

    @Test func anotherHeightOrValueOrCountOfHashesIsAnotherTower() throws {
        let vector = try vectors()[0]
        let tower = TimeTower(over: vector.input, profile: vector.profile)
        let values = vector.input.values
        let later = try #require(TowerInput(values: values, height: Height(1_006)))
        let other = try #require(TowerInput(values: values.reversed(), height: vector.input.height))
        let longer = try #require(TowerProfile(lookups: 3, hashes: 5))
        #expect(throws: TowerRejection.self) { try tower.verify(over: later, profile: vector.profile) }
        #expect(throws: TowerRejection.self) { try tower.verify(over: other, profile: vector.profile) }
        #expect(throws: TowerRejection.self) { try tower.verify(over: vector.input, profile: longer) }
        #expect(throws: TowerRejection.wrongCount(expected: 9, got: 4)) {
            try tower.verify(over: vector.input, profile: .test)
        }
    }

    @Test func aSampleHasDifferentSegmentsAndFindsWhatItTouches() throws {
        let vector = try vectors()[1]
        let seed = Self.digest("sample")
        let sample = TimeTower.sample(of: 3, from: 9, seed: seed)
        #expect(Set(sample).count == 3 && sample == sample.sorted() && (0..<9).contains(sample[2]))
        #expect(TimeTower.sample(of: 9, from: 9, seed: seed) == Array(0..<9))
        #expect(TimeTower.sample(of: 50, from: 9, seed: seed) == Array(0..<9))
        #expect(TimeTower.sample(of: 0, from: 9, seed: seed).isEmpty)
        var checkpoints = TimeTower(over: vector.input, profile: vector.profile).checkpoints
        checkpoints[8] = .zero
        let bad = try #require(TimeTower(checkpoints: checkpoints))
        for number in 0..<40 {
            let seed = Self.digest("sample/\(number)")
            let touches = TimeTower.sample(of: 2, from: 9, seed: seed).contains(8)
            let finds = throwsRejection {
                try bad.verifySample(of: 2, seed: seed, over: vector.input, profile: vector.profile)
            }
            #expect(finds == touches)
        }
    }

    private func throwsRejection(_ body: () throws -> Void) -> Bool {
        do { try body() } catch { return true }
        return false
    }

    @Test func sumsWrapAt256Bits() throws {
        let ones = Bytes32(.max, .max, .max, .max)
        let one = Bytes32(0, 0, 0, 1)
        let tower = try #require(TimeTower(checkpoints: [one, ones, one, one]))
        #expect(tower.output == one)
        let carried = try #require(TimeTower(checkpoints: [.zero, Bytes32(0, .max, .max, .max), one]))
        #expect(carried.output == Bytes32(1, 0, 0, 0))
    }

    @Test func profilesHaveBoundsAndNames() {
        #expect(TowerProfile(lookups: 0, hashes: 1) == nil)
        #expect(TowerProfile(lookups: 65_536, hashes: 1) == nil)
        #expect(TowerProfile(lookups: 65_535, hashes: 1 << 32) != nil)
        #expect(TowerProfile(lookups: 1, hashes: 0) == nil)
        #expect(TowerProfile(lookups: 1, hashes: 1 << 32 + 1) == nil)
        for name in ["test", "standard", "delay"] { #expect(TowerProfile(name: name)?.name == name) }
        #expect(TowerProfile(name: "other") == nil)
        #expect(TowerProfile.delay.totalHashes == 601_800_000)
        #expect(TowerInput(values: [], height: .zero) == nil)
        #expect(TowerInput(values: Array(repeating: .zero, count: 65_536), height: .zero) != nil)
        #expect(TowerInput(values: Array(repeating: .zero, count: 65_537), height: .zero) == nil)
        #expect(TimeTower(checkpoints: [.zero]) == nil)
    }

    @Test func towersAndProfilesHaveOneByteForm() throws {
        let vector = try vectors()[0]
        let tower = TimeTower(over: vector.input, profile: vector.profile)
        #expect(try TimeTower(decoding: tower.encoded) == tower)
        #expect(tower.encoded.count == 4 + 32 * 4)
        #expect(try TowerProfile(decoding: TowerProfile.standard.encoded) == .standard)
        #expect(throws: CodecRejection.self) {
            try TimeTower(decoding: [0, 0, 0, 1] + tower.encoded[4..<36])
        }
        #expect(throws: CodecRejection.self) { try TimeTower(decoding: Array(tower.encoded.dropLast())) }
        #expect(throws: CodecRejection.self) { try TimeTower(decoding: [0, 1, 0, 1]) }
        #expect(throws: CodecRejection.self) { try TowerProfile(decoding: [UInt8](repeating: 0, count: 12)) }
    }

    @Test func chainsOfHashesEqualSingleHashes() {
        var value = Self.digest("chain")
        let start = value
        for count in 0..<20 as Range<UInt64> {
            #expect(SHA256.iterate(start, count: count) == value)
            value = SHA256.hash(value).bytes
        }
    }
}
