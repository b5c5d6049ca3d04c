internal import Curve25519
internal import Primitives

/// From signatures to the equations of `SignatureBatch`: hashes and the factors of the sum.
enum Ed25519Batch {
    /// The signatures of one sum; measured, more are no faster and fewer share too little.
    static let size = 128

    /// What a signature says, with the SHA-512 of R, A and the message.
    static func claim(_ check: SignatureCheck) -> SignatureBatch.Claim {
        var state = SHA512()
        state.update(check.signature.r)
        state.update(check.key.bytes)
        state.update(check.digest.bytes)
        return claim(check.signature, by: check.key, challenge: state.finish())
    }

    /// What a signature of a message of any length says.
    static func claim(
        _ signature: Signature, of message: [UInt8], by key: PublicKey
    ) -> SignatureBatch.Claim {
        var state = SHA512()
        state.update(signature.r)
        state.update(key.bytes)
        state.update(message)
        return claim(signature, by: key, challenge: state.finish())
    }

    private static func claim(
        _ signature: Signature, by key: PublicKey, challenge: WideHash
    ) -> SignatureBatch.Claim {
        SignatureBatch.Claim(
            point: Encoded(signature.r), response: Encoded(signature.s), key: Encoded(key.bytes),
            challenge: challenge)
    }

    /// True when the one signature keeps the rule.
    static func isValid(_ claim: SignatureBatch.Claim, knowing tables: KeyTables = .none) -> Bool {
        var batch = SignatureBatch()
        batch.append(claim, factor: 1, knowing: tables)
        return batch.invalid(most: 1, knowing: tables).isEmpty
    }

    /// A sum in the making.
    struct Sum {
        let claims: [SignatureBatch.Claim]
        let factors: [UInt128]
        /// How many failures are asked for.
        let most: Int
    }

    /// Splits checks into sums of equal size and gathers the indices that each finds.
    static func failures(in checks: [SignatureCheck], most: Int, _ body: (Sum) -> [Int]) -> [Int] {
        let parts = (checks.count + size - 1) / size
        var found: [Int] = []
        for part in 0..<parts where found.count < most {
            let range = part * checks.count / parts..<(part + 1) * checks.count / parts
            let claims = checks[range].map(claim)
            let sum = Sum(
                claims: claims, factors: factors(of: checks[range], claims), most: most - found.count)
            found += body(sum).map { range.lowerBound + $0 }
        }
        return found
    }

    private static let seedTag = HashTag("ETM/signature-batch-seed/1")
    private static let factorTag = HashTag("ETM/signature-batch-factor/1")

    // The factors come from a hash of everything that they multiply, as in a Fiat–Shamir proof. k is
    // itself a hash of R, A and the message, so k and S pin down each equation. Whoever changes one bit of
    // one signature draws all factors anew. For equations that do not all hold, the sum is zero for at
    // most one of 2^128 values of a wrong equation's factor, whatever the others are: a forger needs about
    // 2^128 tries, each a batch of its own, which is the strength of the curve. The same holds for every
    // part that bisection looks at, of which there are fewer than 2^9 in a batch. So no chance from
    // outside is needed, and equal batches give equal answers everywhere.
    private static func factors(
        of checks: ArraySlice<SignatureCheck>, _ claims: [SignatureBatch.Claim]
    ) -> [UInt128] {
        // The factor of a single equation is of no consequence.
        guard claims.count > 1 else { return [1] }
        var state = seedTag.begin()
        for (check, claim) in zip(checks, claims) {
            state.update(Bytes32(claim.challenge.low), Bytes32(claim.challenge.high))
            state.update(check.signature.s)
        }
        let seed = state.finish()
        var factors: [UInt128] = []
        factors.reserveCapacity(claims.count + 1)
        var counter: UInt64 = 0
        while factors.count < claims.count {
            let words = factorTag.hash(seed.bytes, Bytes32(counter, 0, 0, 0)).bytes
            counter += 1
            for (high, low) in [(words.a, words.b), (words.c, words.d)] {
                // Zero would leave an equation out; that one stands for zero costs nothing.
                factors.append(max(1, UInt128(high) << 64 | UInt128(low)))
            }
        }
        return factors
    }
}

extension Encoded {
    /// The same 32 bytes.
    init(_ bytes: Bytes32) {
        self.init(bytes.a.byteSwapped, bytes.b.byteSwapped, bytes.c.byteSwapped, bytes.d.byteSwapped)
    }
}

extension Bytes32 {
    /// The same 32 bytes.
    init(_ encoded: Encoded) {
        self.init(
            encoded.w0.byteSwapped, encoded.w1.byteSwapped, encoded.w2.byteSwapped, encoded.w3.byteSwapped)
    }
}

extension KeyTables {
    /// No key's tables.
    static let none = KeyTables(capacity: 0)
}
