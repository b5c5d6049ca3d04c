internal import Crypto
internal import Primitives

/// How many signatures a core checks in batches, against libsodium's checks one by one in the same run.
struct SignatureRates: Benchmark {
    /// Whose signatures are checked.
    enum Kind: String, CaseIterable {
        /// Keys that were never met: each takes a square root and a table.
        case strangers = "verify.batch64.overV"
        /// Keys that the cache knows.
        case known = "verify.knownKeys.overV"
        /// One certificate of a full round of 101 members.
        case cosigned = "verify.cosign68.overV"
    }

    let kind: Kind

    var name: String { kind.rawValue }

    private static let signatures = 2_048
    private static let members = 101

    private struct Sample {
        var batch = 0.0
        var single = 0.0
    }

    private var size: Int { kind == .cosigned ? 68 : 64 }
    private var bar: Double {
        switch kind {
        case .strangers: 1.8
        case .known: 2.5
        case .cosigned: 2
        }
    }

    /// Measures batches and single checks in turns, so that a slow moment slows both.
    func run(_ options: Options, _ report: inout Report) throws {
        report.heading("\(name): \(size) signatures at once, one core")
        let batches = try makeBatches()
        let verifier: any BatchVerifier
        switch kind {
        case .strangers: verifier = Ed25519Verifier()
        case .known:
            let cache = KeyCache()
            for _ in 0..<2 { for batch in batches { _ = cache.failures(in: batch) } }
            verifier = cache
        case .cosigned: verifier = Ed25519Verifier().knowing(batches.flatMap { $0 }.map(\.key))
        }
        let outcome = options.bench.measure { sample(batches, verifier) }
        let count = Double(batches.count * size)
        report.line(
            "µs a signature in batches".left(34) + outcome.spread { $0.batch / count * 1e6 }.text(decimals: 2)
        )
        report.line(
            "µs a libsodium verify (1/V)".left(34)
                + outcome.spread { $0.single / count * 1e6 }.text(decimals: 2))
        report.line(outcome.note)
        let ratio = outcome.spread { $0.single / $0.batch }
        report.line("ratio to V".left(34) + ratio.text(decimals: 3))
        report.add(Figure(name: name, value: ratio.median, unit: "V", bar: .least(bar)))
    }

    private func sample(_ batches: [[SignatureCheck]], _ verifier: any BatchVerifier) -> Sample {
        var sample = Sample()
        for batch in batches {
            let start = Clock.thread
            let failures = verifier.failures(in: batch)
            let middle = Clock.thread
            for check in batch {
                let isGood = LibsodiumVerification.verify(check.signature, of: check.digest, by: check.key)
                precondition(isGood, "a good signature")
            }
            sample.single += Clock.thread - middle
            sample.batch += middle - start
            precondition(failures.isEmpty, "good signatures")
        }
        return sample
    }

    private func makeBatches() throws -> [[SignatureCheck]] {
        var generator = SeededGenerator(seed: 9)
        let count = kind == .cosigned ? Self.members : Self.signatures
        var pairs: [KeyPair] = []
        for _ in 0..<count {
            var seed: [UInt8] = []
            for _ in 0..<4 { seed.appendBigEndian(generator.next()) }
            guard let pair = KeyPair(seed: SecretBytes(zeroing: &seed)) else {
                throw BenchmarkFailure("a seed of 32 bytes makes a key")
            }
            pairs.append(pair)
        }
        return (0..<Self.signatures / size).map { number in
            (0..<size).map { index in
                // Co-signers sign the same; the others each their own.
                let text = kind == .cosigned ? number : number * size + index
                var bytes: [UInt8] = []
                bytes.appendBigEndian(UInt64(text))
                let digest = SHA256.hash(bytes)
                let pair = pairs[(number * size + index) % count]
                return SignatureCheck(pair.sign(digest), of: digest, by: pair.publicKey)
            }
        }
    }
}
