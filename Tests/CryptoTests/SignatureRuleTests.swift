import Crypto
import Primitives
import Testing

/// The acceptance rule on cases that other rules judge otherwise; Python computed the verdicts.
@Suite struct SignatureRuleTests {
    struct Case {
        let name: String
        let signature: Signature
        let message: [UInt8]
        let key: PublicKey
        let isValid: Bool
    }

    private let cases: [Case]

    init() throws {
        let list = try #require(try Fixture.object("ed25519-rule.json")["cases"] as? [[String: Any]])
        cases = try list.map { fields in
            func text(_ name: String) throws -> String { try #require(fields[name] as? String) }
            let (signature, message, key) = (try text("signature"), try text("message"), try text("key"))
            return Case(
                name: try text("name"), signature: try #require(Signature(hex: signature)),
                message: try #require(Hex.decode(message)), key: try #require(PublicKey(hex: key)),
                isValid: try #require(fields["isValid"] as? Bool))
        }
    }

    @Test func everyVerdictIsTheReferences() {
        #expect(cases.count > 400)
        for one in cases {
            let verdict = Ed25519.verify(one.signature, of: one.message, by: one.key)
            #expect(verdict == one.isValid, "\(one.name)")
        }
    }

    /// "Taming the many EdDSAs", table 5: the verdicts that follow from this rule, case by case.
    @Test func thePublishedCasesAreJudgedAsTheRuleSays() {
        let published = cases.filter { $0.name.hasPrefix("speccheck") }.prefix(12)
        #expect(
            published.map(\.isValid) == [
                // A of small order.
                false, false,
                // R of small order, mixed order, only with the cofactor, only unreduced.
                true, true, true, true,
                // S from the order on.
                false, false,
                // R and A in a second encoding.
                false, false, false, false,
            ])
    }

    /// ZIP 215 accepts all 196 pairs; here a key of small order signs nothing.
    @Test func noKeyOfSmallOrderSignsInAnyEncoding() {
        let matrix = cases.filter { $0.name.hasPrefix("small ") && !$0.name.hasPrefix("small R") }
        #expect(matrix.count == 196)
        #expect(matrix.allSatisfy { !Ed25519.verify($0.signature, of: $0.message, by: $0.key) })
    }

    @Test func messagesOfThirtyTwoBytesAreJudgedAlikeAsDigestsAndInBatches() throws {
        let short = cases.filter { $0.message.count == 32 }
        let checks = try short.map { one in
            let digest = try #require(Digest(bytes: one.message))
            return SignatureCheck(one.signature, of: digest, by: one.key)
        }
        let bad = short.indices.filter { !short[$0].isValid }
        #expect(checks.count > 200 && !bad.isEmpty)
        #expect(
            checks.map { Ed25519.verify($0.signature, of: $0.digest, by: $0.key) } == short.map(\.isValid))
        #expect(Ed25519Verifier().failures(in: checks) == bad)
        #expect(Ed25519Verifier().knowing(checks.map(\.key)).failures(in: checks) == bad)
        let cache = KeyCache(capacity: 64)
        for _ in 0..<3 { #expect(cache.failures(in: checks) == bad) }
        // Any order, and each alone.
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<4 {
            let order = checks.indices.shuffled(using: &generator)
            let found = Ed25519Verifier().failures(in: order.map { checks[$0] })
            #expect(Set(found.map { order[$0] }) == Set(bad))
        }
    }

    /// What libsodium accepts, the rule accepts; what only the rule accepts has a part of small order.
    @Test func theRuleIsWiderThanLibsodiumsOnlyBySmallOrder() {
        var wider: [String] = []
        for one in cases {
            let other = LibsodiumVerification.verify(one.signature, of: one.message, by: one.key)
            if other { #expect(one.isValid, "\(one.name)") }
            if one.isValid, !other { wider.append(one.name) }
        }
        #expect(!wider.isEmpty)
        #expect(
            wider.allSatisfy {
                $0.hasPrefix("small R") || $0.hasPrefix("mixed") || $0.hasPrefix("speccheck")
            })
    }
}
