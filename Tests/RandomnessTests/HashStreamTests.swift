import Crypto
import Primitives
import Randomness
import Testing

@Suite struct HashStreamTests {
    private let vector: [String: Any]
    private let seed: Bytes32

    init() throws {
        vector = try #require(try Fixture.object("etm-election.json")["stream"] as? [String: Any])
        let hex = try #require(vector["seed"] as? String)
        seed = try #require(Digest(hex: hex)).bytes
    }

    @Test func theWordsMatch() throws {
        let words = try #require(vector["words"] as? [String])
        var stream = HashStream(seed: seed)
        for word in words {
            let next = stream.next()
            #expect(UInt64(word, radix: 16) == next)
        }
        #expect(words.count == 9)
    }

    @Test func drawsMatch() throws {
        let small = try #require(vector["below101"] as? [Int])
        var stream = HashStream(seed: seed)
        let drawn = small.map { _ in Int(stream.below(101)) }
        #expect(drawn == small)
        let large = try #require(vector["belowLarge"] as? [String: Any])
        let boundText = try #require(large["bound"] as? String)
        let bound = try #require(UInt64(boundText))
        let values = try #require(large["values"] as? [String])
        var other = HashStream(seed: seed)
        let drawnLarge = values.map { _ in "\(other.below(bound))" }
        #expect(drawnLarge == values)
    }

    @Test func aCertainDrawConsumesNothing() {
        var (one, two) = (HashStream(seed: seed), HashStream(seed: seed))
        let certain = one.below(1)
        let (first, second) = (one.next(), two.next())
        let (most, half) = (one.below(.max), one.below(1 << 63))
        #expect(certain == 0)
        #expect(first == second)
        #expect(most < .max)
        #expect(half < 1 << 63)
    }

    @Test func anotherTagIsAnotherStream() {
        var (one, two) = (HashStream(seed: seed), HashStream(seed: seed, tag: HashTag("ETM/other/1")))
        let (first, second) = (one.next(), two.next())
        #expect(first != second)
    }

    @Test func aDrawAmongNothingStopsTheProcess() async {
        await #expect(processExitsWith: .failure) {
            var stream = HashStream(seed: .zero)
            _ = stream.below(0)
        }
    }
}
