import Crypto
import Primitives
import Randomness
import Staking
import Testing

@Suite struct ElectionVectorTests {
    private func candidates(_ row: [String: Any]) throws -> [Candidate] {
        try #require(row["candidates"] as? [[String: Any]]).map {
            Candidate(key: try #require(PublicKey(hex: try $0.text("key"))), weight: try $0.number("weight"))
        }
    }

    @Test func smallUrns() throws {
        for row in try Fixture.list("election", "draws") {
            let urn = try candidates(row)
            let seats = Int(try row.number("seats"))
            let drawn = try #require(row["drawn"] as? [String])
            let seed = try row.digest("seed")
            #expect(try Election.draw(urn, seed: seed, seats: seats).map(\.hex) == drawn)
            #expect(try Election.draw(urn.reversed(), seed: seed, seats: seats).map(\.hex) == drawn)
        }
    }

    @Test func aWholeRound() throws {
        let row = try #require(try Fixture.object("election")["round"] as? [String: Any])
        let seed = Election.seed(round: Round(try row.number("round")), beacon: try row.digest("beacon"))
        #expect(seed == (try row.digest("seed")))
        let urn = (0..<300 as Range<UInt64>).map {
            Candidate(
                key: PublicKey(SHA256.hash(Array("miner/\($0)".utf8)).bytes),
                weight: 100_000_000 * (1 + 7_919 * $0 % 1_000))
        }
        let drawn = try #require(row["drawn"] as? [String])
        #expect(try Election.draw(urn, seed: seed, seats: 101).map(\.hex) == drawn)
    }

    /// The definition, step by step, without a tree.
    private func slowDraw(_ list: [Candidate], seed: Digest, seats: Int) -> [PublicKey] {
        var urn = list.sorted { $0.key < $1.key }
        var stream = HashStream(seed: seed.bytes, tag: HashTag("ETM/draw/1"))
        var chosen: [PublicKey] = []
        while chosen.count < seats, !urn.isEmpty {
            let total = urn.reduce(0) { $0 + $1.weight }
            var index = 0
            if total > 0 {
                var target = stream.below(total)
                while target >= urn[index].weight {
                    target -= urn[index].weight
                    index += 1
                }
            } else {
                index = Int(stream.below(UInt64(urn.count)))
            }
            chosen.append(urn.remove(at: index).key)
        }
        return chosen
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func theTreeDrawsWhatTheDefinitionDraws(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let count = Int(generator.below(120)) + 1
        let urn = (0..<count).map { _ in
            Candidate(
                key: PublicKey(Bytes32(generator.next(), generator.next(), 0, 0)),
                weight: generator.chance(perMille: 400) ? 0 : generator.below(1_000))
        }
        let start = Digest(Bytes32(generator.next(), 0, 0, seed))
        let seats = Int(generator.below(130))
        #expect(
            try Election.draw(urn, seed: start, seats: seats) == slowDraw(urn, seed: start, seats: seats))
    }

    @Test func duplicatesAndOverflowAreRefused() throws {
        let one = Candidate(key: PublicKey(Bytes32(0, 0, 0, 1)), weight: .max)
        let two = Candidate(key: PublicKey(Bytes32(0, 0, 0, 2)), weight: 1)
        #expect(throws: ElectionRejection.duplicate(one.key)) {
            try Election.draw([one, one], seed: .zero, seats: 1)
        }
        #expect(throws: ElectionRejection.overflow) { try Election.draw([one, two], seed: .zero, seats: 1) }
        #expect(try Election.draw([one], seed: .zero, seats: 101) == [one.key])
        #expect(try Election.draw([], seed: .zero, seats: 101).isEmpty)
    }
}
