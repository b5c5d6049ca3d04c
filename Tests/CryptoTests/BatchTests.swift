import Crypto
import Primitives
import Testing

@Suite struct BatchTests {
    private let pairs: [KeyPair]
    private let checks: [SignatureCheck]

    init() throws {
        var generator = SeededGenerator(seed: 1)
        var pairs: [KeyPair] = []
        for _ in 0..<70 {
            var seed: [UInt8] = []
            for _ in 0..<4 { seed.appendBigEndian(generator.next()) }
            pairs.append(try #require(KeyPair(seed: SecretBytes(zeroing: &seed))))
        }
        self.pairs = pairs
        // Two hundred signatures by seventy keys: two sums, and keys that come twice in one.
        checks = (0..<200).map { number in
            let digest = SHA256.hash([UInt8(number)])
            let pair = pairs[number * number % 70]
            return SignatureCheck(pair.sign(digest), of: digest, by: pair.publicKey)
        }
    }

    private var verifiers: [any BatchVerifier] {
        let cache = KeyCache(capacity: 50)
        for _ in 0..<2 { #expect(cache.failures(in: checks).isEmpty) }
        let some = Array(pairs.prefix(35).map(\.publicKey))
        return [Ed25519Verifier(), Ed25519Verifier().knowing(some), cache]
    }

    private func flip(_ bit: Int, of bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        return bytes
    }

    private func corrupt(_ check: SignatureCheck, part: Int, bit: Int) throws -> SignatureCheck {
        switch part {
        case 0:
            let bytes = flip(bit % 512, of: check.signature.array)
            return SignatureCheck(try #require(Signature(bytes: bytes)), of: check.digest, by: check.key)
        case 1:
            let bytes = flip(bit % 256, of: check.key.array)
            return SignatureCheck(
                check.signature, of: check.digest, by: try #require(PublicKey(bytes: bytes)))
        default:
            let bytes = flip(bit % 256, of: check.digest.array)
            return SignatureCheck(check.signature, of: try #require(Digest(bytes: bytes)), by: check.key)
        }
    }

    @Test func goodSignaturesPass() {
        for verifier in verifiers {
            for count in [0, 1, 2, 3, 63, 64, 65, 127, 128, 129, 200] {
                #expect(verifier.failures(in: Array(checks.prefix(count))).isEmpty)
            }
        }
    }

    @Test func everySingleCorruptionIsFoundByItsIndex() throws {
        let verifiers = verifiers
        for number in 0..<201 {
            let (index, part) = (number % 67, number % 3)
            var altered = Array(checks.prefix(67))
            altered[index] = try corrupt(altered[index], part: part, bit: number * 37)
            #expect(verifiers[number / 3 % 3].failures(in: altered) == [index])
        }
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func anyMixIsSortedExactly(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var altered = checks.shuffled(using: &generator)
        // From a single bad one to nearly all.
        let share = 1 + seed * seed
        var bad: [Int] = []
        for index in altered.indices where generator.below(150) < share {
            altered[index] = try corrupt(
                altered[index], part: Int(generator.below(3)), bit: Int(generator.below(512)))
            bad.append(index)
        }
        for verifier in verifiers {
            #expect(verifier.failures(in: altered) == bad)
            #expect(verifier.failures(in: altered, most: 2) == Array(bad.prefix(2)))
            #expect(verifier.firstFailure(in: altered) == bad.first)
        }
        let singly = altered.indices.filter {
            !Ed25519.verify(altered[$0].signature, of: altered[$0].digest, by: altered[$0].key)
        }
        #expect(singly == bad)
        let libsodium = altered.indices.filter {
            !LibsodiumVerification.verify(altered[$0].signature, of: altered[$0].digest, by: altered[$0].key)
        }
        #expect(libsodium == bad)
    }

    /// Two errors that cancel out in a plain sum: the factors keep them apart.
    @Test func errorsThatCancelOutAreFound() throws {
        let one = checks[0]
        var (up, down) = (one.signature.array, one.signature.array)
        up[32] &+= 1
        down[32] &-= 1
        let swapped = [
            SignatureCheck(try #require(Signature(bytes: up)), of: one.digest, by: one.key),
            SignatureCheck(try #require(Signature(bytes: down)), of: one.digest, by: one.key), checks[1],
        ]
        #expect(Ed25519Verifier().failures(in: swapped) == [0, 1])
        // The halves of two signatures exchanged: the sum of the responses stays.
        let (a, b) = (checks[2], checks[3])
        let exchanged = [
            SignatureCheck(Signature(r: a.signature.r, s: b.signature.s), of: a.digest, by: a.key),
            SignatureCheck(Signature(r: b.signature.r, s: a.signature.s), of: b.digest, by: b.key),
        ]
        #expect(Ed25519Verifier().failures(in: exchanged) == [0, 1])
    }

    @Test func repeatedSignaturesCountEach() throws {
        var repeated = [SignatureCheck](repeating: checks[5], count: 130)
        #expect(Ed25519Verifier().failures(in: repeated).isEmpty)
        repeated[7] = try corrupt(checks[5], part: 2, bit: 9)
        repeated[129] = repeated[7]
        #expect(Ed25519Verifier().failures(in: repeated) == [7, 129])
    }

    @Test func aCacheLearnsOnlyWhatComesAgain() {
        let cache = KeyCache(capacity: 8)
        #expect(cache.failures(in: Array(checks.prefix(1))).isEmpty)
        #expect(cache.count == 0)
        #expect(cache.failures(in: Array(checks.prefix(1))).isEmpty)
        #expect(cache.count == 1 && cache.knows(checks[0].key))
        for _ in 0..<5 { #expect(cache.failures(in: checks).isEmpty) }
        #expect(cache.count == 8)
    }
}
