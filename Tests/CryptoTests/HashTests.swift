import Crypto
import Primitives
import Testing

@Suite struct HashTests {
    static let sha256 = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ]

    @Test(arguments: sha256) func sha256MatchesFIPS180(message: String, digest: String) {
        #expect(SHA256.hash(Array(message.utf8)).hex == digest)
    }

    static let ripemd160 = [
        ("", "9c1185a5c5e9fc54612808977ee8f548b2258d31"),
        ("a", "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe"),
        ("abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
        ("message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36"),
        ("abcdefghijklmnopqrstuvwxyz", "f71c27109c692c1b56bbdceb5b9d2865b3708dbc"),
        (String(repeating: "1234567890", count: 8), "9b752e45573d4b39f4dbd3323cab82bf63326bfb"),
        (String(repeating: "a", count: 1_000_000), "52783243c1697bdbe16d37f97f68f08325dc1528"),
    ]

    @Test(arguments: ripemd160) func ripemd160MatchesItsAuthors(message: String, digest: String) {
        #expect(Hex.encode(RIPEMD160.hash(Array(message.utf8))) == digest)
    }

    @Test func aMessageMayArriveInAnyPieces() {
        let bytes = (0..<200).map { UInt8($0) }
        for cut in 0...200 {
            var state = SHA256()
            state.update(Array(bytes.prefix(cut)))
            state.update(Array(bytes.dropFirst(cut)))
            #expect(state.finish() == SHA256.hash(bytes))
        }
        let value = Bytes32(1, 2, 3, .max)
        var state = SHA256()
        state.update(byte: 7)
        state.update(value)
        state.update(UInt64(0x0102_0304_0506_0708))
        #expect(state.finish() == SHA256.hash([7] + value.array + [1, 2, 3, 4, 5, 6, 7, 8]))
        #expect(SHA256.hash(value) == SHA256.hash(value.array))
    }

    @Test func iterationHashesItsOwnResult() {
        let start = Bytes32(1, 2, 3, 4)
        #expect(SHA256.iterate(start, count: 0) == start)
        #expect(SHA256.iterate(start, count: 2) == SHA256.hash(SHA256.hash(start.array).array).bytes)
    }

    @Test func aTagSeparatesDomains() {
        let (left, right) = (Bytes32(1, 2, 3, 4), Bytes32(5, 6, 7, 8))
        let message = left.array + right.array
        let expected = SHA256.hash(Array("ETM/test/1".utf8) + [0] + message)
        #expect(HashTag("ETM/test/1").hash(message) == expected)
        #expect(HashTag("ETM/test/1").hash(left, right) == expected)
        #expect(HashTag("ETM/test/1").hash(Signature(r: left, s: right)) == expected)
        #expect(HashTag("ETM/test/2").hash(message) != expected)
    }
}
