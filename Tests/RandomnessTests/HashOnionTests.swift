import Crypto
import Primitives
import Randomness
import Testing

private func secret() -> SecretBytes {
    var bytes = (0..<32).map { UInt8($0) }
    return SecretBytes(zeroing: &bytes)
}

private let contents = Bytes32(
    0x0001_0203_0405_0607, 0x0809_0a0b_0c0d_0e0f, 0x1011_1213_1415_1617, 0x1819_1a1b_1c1d_1e1f)

@Suite struct HashOnionTests {
    @Test(arguments: [1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 100, 1000] as [UInt64])
    func everyRevealIsTheNextPreimage(length: UInt64) throws {
        let onion = try #require(HashOnion(secret: secret(), length: length))
        #expect(onion.anchor == SHA256.iterate(contents, count: length))
        var verifier = OnionVerifier(anchor: onion.anchor)
        for index in 0..<length {
            let reveal = try #require(onion.reveal(at: index))
            #expect(reveal == SHA256.iterate(contents, count: length - 1 - index))
            #expect(verifier.revealed == index)
            #expect(verifier.isNext(reveal))
            try verifier.accept(reveal)
        }
        #expect(verifier.last == contents)
        #expect(onion.reveal(at: length) == nil)
        #expect(onion.reveal(at: .max) == nil)
    }

    @Test func anOnionOfTheStandardLengthRevealsFromBothEnds() throws {
        let onion = try #require(HashOnion(secret: secret()))
        let last = HashOnion.standardLength - 1
        #expect(onion.length == 1 << 20)
        #expect(SHA256.hash(try #require(onion.reveal(at: 0))).bytes == onion.anchor)
        #expect(onion.reveal(at: last) == contents)
        #expect(onion.reveal(at: last - 1) == SHA256.hash(contents).bytes)
        #expect(onion.reveal(at: last + 1) == nil)
        for index in stride(from: 1023, to: last, by: 65_536) {
            let (this, next) = (onion.reveal(at: index), onion.reveal(at: index + 1))
            #expect(next.map { SHA256.hash($0).bytes } == this)
        }
    }

    @Test func anythingButTheNextRevealIsRefused() throws {
        let onion = try #require(HashOnion(secret: secret(), length: 8))
        var verifier = OnionVerifier(anchor: onion.anchor)
        let first = try #require(onion.reveal(at: 0))
        let second = try #require(onion.reveal(at: 1))
        #expect(throws: OnionRejection.notNext(expected: onion.anchor, got: first)) {
            try verifier.accept(second)
        }
        #expect(verifier == OnionVerifier(anchor: onion.anchor))
        try verifier.accept(first)
        #expect(!verifier.isNext(first))
        #expect(throws: OnionRejection.self) { try verifier.accept(first) }
        #expect(throws: OnionRejection.self) { try verifier.accept(.zero) }
        try verifier.accept(second)
    }

    @Test func theVerifierSurvivesARoundTrip() throws {
        let onion = try #require(HashOnion(secret: secret(), length: 8))
        var verifier = OnionVerifier(anchor: onion.anchor)
        try verifier.accept(#require(onion.reveal(at: 0)))
        #expect(try OnionVerifier(decoding: verifier.encoded) == verifier)
        #expect(verifier.encoded.count == 40)
    }

    @Test func onlyGoodSecretsAndLengthsMakeOnions() {
        #expect(HashOnion(secret: secret(), length: 0) == nil)
        #expect(HashOnion(secret: secret(), length: 1 << 32 + 1) == nil)
        #expect(HashOnion(secret: .random(count: 31), length: 4) == nil)
        #expect(HashOnion(secret: .random(count: 33), length: 4) == nil)
    }

    @Test func noFormOfPrintingShowsAnOnion() throws {
        let onion = try #require(HashOnion(secret: secret(), length: 4))
        var dumped = ""
        dump(onion, to: &dumped)
        #expect("\(onion)" == "<secret>")
        #expect(dumped == "- <secret>\n")
    }
}

@Suite struct BeaconTests {
    /// SHA-256 of "ETM/beacon/1", a zero byte, thirty-two 1s, thirty-two 2s and 3 as eight bytes.
    @Test func theBeaconMatchesItsDefinition() throws {
        let previous = try #require(Bytes32([UInt8](repeating: 1, count: 32)))
        let reveal = try #require(Bytes32([UInt8](repeating: 2, count: 32)))
        let next = Beacon.next(previous: previous, reveal: reveal, slot: 3)
        #expect(Digest(next).hex == "1953db81d925005728589b086d8e1b9ec6c213f89245b47908f2363c1a1b6b85")
        #expect(Beacon.next(previous: previous, reveal: reveal, slot: 4) != next)
        #expect(Beacon.next(previous: reveal, reveal: previous, slot: 3) != next)
    }
}
