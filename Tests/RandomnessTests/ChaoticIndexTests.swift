import Crypto
import Primitives
import Randomness
import Testing

@Suite struct ChaoticIndexTests {
    private let vectors: [String: Any]

    init() throws { vectors = try Fixture.object("etm-chaos.json") }

    private func identifier(_ value: Any?) throws -> Bytes32 {
        let hex = try #require(value as? String)
        return try #require(Digest(hex: hex)).bytes
    }

    private func digest(_ text: String) -> Bytes32 { SHA256.hash(Array(text.utf8)).bytes }

    @Test func theConstantsMatch() throws {
        let constants = try #require(vectors["fixedPoint"] as? [String: Any])
        #expect(constants["fractionBits"] as? Int == 60)
        #expect(constants["A0"] as? String == "\(ChaoticMap.a0)")
        #expect(constants["PRE_A"] as? String == "\(ChaoticMap.controlParameter)")
        #expect(constants["B"] as? String == "\(ChaoticMap.b)")
        #expect(constants["C"] as? String == "\(ChaoticMap.c)")
        #expect(constants["D"] as? String == "\(ChaoticMap.d)")
        #expect(constants["E"] as? String == "\(ChaoticMap.e)")
        #expect(constants["TENTH"] as? String == "\(ChaoticMap.tenth)")
    }

    @Test func everyIntermediateValueMatches() throws {
        let traces = try #require(vectors["traces"] as? [[String: Any]])
        #expect(traces.count == 6)
        for vector in traces {
            let id = try identifier(vector["id"])
            let slot = try #require(vector["slot"] as? UInt64)
            let limit = try #require(vector["limit"] as? Int)
            let expected = try #require(vector["trace"] as? [String: Any])
            let trace = ChaoticIndex.trace(id: id, slot: slot, limit: limit)
            #expect(trace.info.hex == expected["info"] as? String)
            #expect(trace.control.steps == expected["n1"] as? Int)
            #expect(trace.control.channel == expected["channel"] as? Int)
            #expect(trace.control.segments == expected["seg"] as? [Int])
            #expect("\(trace.orbit.parameter)" == expected["a"] as? String)
            #expect(trace.orbit.steps == expected["iterations"] as? Int)
            #expect("\(trace.orbit.start)" == expected["start"] as? String)
            #expect((0..<3).map { "\(trace.orbit.final[$0])" } == expected["final"] as? [String])
            #expect("\(trace.fraction48)" == expected["fraction48"] as? String)
            #expect(trace.index == expected["index"] as? Int)
            #expect(ChaoticIndex.index(id: id, slot: slot, limit: limit) == trace.index)
        }
    }

    @Test func aWalkOverIdsMatches() throws {
        let walk = try #require(vectors["walk"] as? [String: Any])
        let expected = try #require(walk["indices"] as? [Int])
        let limit = try #require(walk["limit"] as? Int)
        var slot = try #require(walk["firstSlot"] as? UInt64)
        var id = digest("genesis")
        for index in expected {
            #expect(ChaoticIndex.index(id: id, slot: slot, limit: limit) == index)
            id = SHA256.hash(id).bytes
            slot += 1
        }
        #expect(expected.count == 200)
    }

    @Test func consecutiveSlotsOfOneIdMatch() throws {
        let same = try #require(vectors["sameIdConsecutiveSlots"] as? [String: Any])
        let id = try identifier(same["id"])
        let first = try #require(same["firstSlot"] as? UInt64)
        let limit = try #require(same["limit"] as? Int)
        let expected = try #require(same["indices"] as? [Int])
        for (offset, index) in expected.enumerated() {
            #expect(ChaoticIndex.index(id: id, slot: first + UInt64(offset), limit: limit) == index)
        }
        #expect(expected.count == 100)
    }

    @Test func everyLimitMatches() throws {
        let limits = try #require(vectors["limits"] as? [[String: Any]])
        for vector in limits {
            let id = try identifier(vector["id"])
            let slot = try #require(vector["slot"] as? UInt64)
            let limit = try #require(vector["limit"] as? Int)
            #expect(ChaoticIndex.index(id: id, slot: slot, limit: limit) == vector["index"] as? Int)
        }
        #expect(limits.compactMap { $0["limit"] as? Int }.max() == ChaoticIndex.limits.upperBound)
    }

    @Test func manyDrawsSpreadExactlyAsComputedElsewhere() throws {
        let uniformity = try #require(vectors["uniformity"] as? [String: Any])
        let expected = try #require(uniformity["counts"] as? [Int])
        let draws = try #require(uniformity["draws"] as? Int)
        var counts = [Int](repeating: 0, count: 101)
        for draw in 0..<draws {
            counts[ChaoticIndex.index(id: digest("uniform/\(draw)"), slot: UInt64(draw), limit: 101)] += 1
        }
        #expect(counts == expected)
        let even = draws / 101
        let chiSquare = counts.map { ($0 - even) * ($0 - even) }.reduce(0, +) / even
        #expect(chiSquare < 136, "the 99 % point at 100 degrees of freedom")
    }

    @Test func extremeInputsHaveAnIndex() {
        for id in [Bytes32.zero, Bytes32(.max, .max, .max, .max)] {
            for slot in [0, UInt64.max] {
                #expect(ChaoticIndex.index(id: id, slot: slot, limit: 1) == 0)
                #expect((0..<65_536).contains(ChaoticIndex.index(id: id, slot: slot, limit: 65_536)))
            }
        }
    }

    @Test func aLimitBeyondItsBoundsStopsTheProcess() async {
        await #expect(processExitsWith: .failure) { _ = ChaoticIndex.index(id: .zero, slot: 0, limit: 0) }
        await #expect(processExitsWith: .failure) {
            _ = ChaoticIndex.index(id: .zero, slot: 0, limit: 65_537)
        }
    }
}
