import Crypto
import Primitives
import Randomness
import Testing

@Suite struct DrawRequestTests {
    private let beacon = SHA256.hash(Array("beacon".utf8)).bytes

    private func request(
        _ label: String = "lottery", _ range: ClosedRange<UInt64> = 1...49, count: UInt32 = 6,
        unique: Bool = true
    ) throws -> DrawRequest {
        try DrawRequest(
            label: label, from: range.lowerBound, to: range.upperBound, count: count, unique: unique)
    }

    // Values of an independent program, which shares only the hash stream's published definition.
    @Test func knownDrawsMatch() throws {
        #expect(try request().values(beacon: beacon) == [13, 34, 46, 32, 45, 1])
        #expect(try request(unique: false).values(beacon: beacon) == [23, 15, 11, 10, 28, 25])
        let all = 0...UInt64.max
        #expect(
            try request("dé", all, count: 3).values(beacon: beacon) == [
                11_632_771_852_345_706_305, 7_782_218_783_613_107_359, 12_046_462_768_377_271_698,
            ])
        #expect(
            try request("dé", all, count: 3, unique: false).values(beacon: beacon) == [
                12_135_456_239_945_015_352, 13_591_123_243_571_610_670, 1_971_137_744_450_333_309,
            ])
        #expect(
            Digest(try request().commitment).hex
                == "3a261a99e57d85bece4a6b69d325a6546177b10a3e7691d69b72659fc5a86bca")
    }

    @Test func aFullUniqueDrawIsAPermutation() throws {
        let values = try request("all", 10...19, count: 10).values(beacon: beacon)
        #expect(values == [18, 13, 11, 15, 19, 16, 14, 10, 17, 12])
        let many = try request("many", 0...9_999, count: 10_000).values(beacon: beacon)
        #expect(many.sorted() == Array(0...9_999))
    }

    @Test func everyPartOfTheRequestChangesTheNumbers() throws {
        let base = try request(unique: false).values(beacon: beacon)
        #expect(try request("lottery2", unique: false).values(beacon: beacon) != base)
        #expect(try request("lottery", 1...50, unique: false).values(beacon: beacon) != base)
        #expect(try request("lottery", count: 7, unique: false).values(beacon: beacon).prefix(6) != base[...])
        #expect(try request(unique: false).values(beacon: .zero) != base)
    }

    @Test func drawsAreUniform() throws {
        var counts = [Int](repeating: 0, count: 10)
        for number in 0..<1_000 {
            let values = try request("\(number)", 0...9, count: 3).values(beacon: beacon)
            #expect(Set(values).count == 3)
            for value in values { counts[Int(value)] += 1 }
        }
        let chiSquare = counts.map { ($0 - 300) * ($0 - 300) }.reduce(0, +) / 300
        #expect(chiSquare < 30, "the 99.95 % point at 9 degrees of freedom, larger for exclusive draws")
    }

    @Test func boundsAreKept() throws {
        #expect(throws: DrawRejection.badLabel(bytes: 0)) { try request("") }
        #expect(throws: Never.self) { try request(String(repeating: "a", count: 128)) }
        #expect(throws: DrawRejection.badLabel(bytes: 129)) {
            try request(String(repeating: "a", count: 129))
        }
        #expect(throws: DrawRejection.badLabel(bytes: 2)) { try request("a\n") }
        #expect(throws: DrawRejection.emptyRange(minimum: 5, maximum: 4)) {
            try DrawRequest(label: "a", from: 5, to: 4, count: 1, unique: false)
        }
        #expect(throws: DrawRejection.badCount(got: 0, most: 10_000)) { try request(count: 0) }
        #expect(throws: DrawRejection.badCount(got: 10_001, most: 10_000)) { try request(count: 10_001) }
        #expect(throws: Never.self) { try request("a", 1...6, count: 6) }
        #expect(throws: DrawRejection.tooFewOutcomes(outcomes: 5, count: 6)) {
            try request("a", 1...5, count: 6)
        }
        #expect(try request("a", 7...7, count: 3, unique: false).values(beacon: beacon) == [7, 7, 7])
    }

    @Test func requestsHaveOneByteForm() throws {
        let request = try request("é")
        #expect(try DrawRequest(decoding: request.encoded) == request)
        var reversed = request.encoded
        reversed[13] = 200
        #expect(throws: CodecRejection.notCanonical(offset: 0)) { try DrawRequest(decoding: reversed) }
    }
}
