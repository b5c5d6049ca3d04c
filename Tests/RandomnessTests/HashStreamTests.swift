import Crypto
import Primitives
import Randomness
import Testing

@Suite struct HashStreamTests {
    private let vector: [String: Any]
    private let seed: Bytes32

    init() throws {
        vector = try #require(try Fixture.object("etm-election.json")["stream"] as? [String: Any])
        seed = try #require(Digest(hex: try #require(vector["seed"] as? String))).bytes
    }

    @Test func theWordsMatch() throws {
        let words = try #require(vector["words"] as? [String])
        var stream = HashStream(seed: seed)
        #expect(words.map { UInt64($0, radix: 16) } == words.map { _ in stream.next() })
    }

    @Test func drawsMatch() throws {
        let small = try #require(vector["below101"] as? [Int])
        var stream = HashStream(seed: seed)
        #expect(small == small.map { _ in Int(stream.below(101)) })
        let large = try #require(vector["belowLarge"] as? [String: Any])
        let bound = try #require(UInt64(try #require(large["bound"] as? String)))
        let values = try #require(large["values"] as? [String])
        var other = HashStream(seed: seed)
        #expect(values == values.map { _ in "\(other.below(bound))" })
    }

    @Test func aCertainDrawConsumesNothing() {
        var (one, two) = (HashStream(seed: seed), HashStream(seed: seed))
        #expect(one.below(1) == 0)
        #expect(one.next() == two.next())
        #expect(one.below(.max) < .max)
        #expect(one.below(1 << 63) < 1 << 63)
    }

    @Test func anotherTagIsAnotherStream() {
        var (one, two) = (HashStream(seed: seed), HashStream(seed: seed, tag: HashTag("ETM/other/1")))
        #expect(one.next() != two.next())
    }

    @Test func aDrawAmongNothingStopsTheProcess() async {
        await #expect(processExitsWith: .failure) {
            var stream = HashStream(seed: .zero)
            _ = stream.below(0)
        }
    }
}
