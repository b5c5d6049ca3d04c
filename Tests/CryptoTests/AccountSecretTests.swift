import Crypto
import Foundation
import Primitives
import Testing

private func secret(_ text: String) throws -> AccountSecret {
    var bytes = Array(text.utf8)
    return try AccountSecret(importing: &bytes)
}

private func text(of secret: AccountSecret) -> String {
    secret.withUTF8 { span in
        String(decoding: span.indices.map { span[$0] }, as: UTF8.self)
    }
}

@Suite struct AccountSecretTests {
    @Test(arguments: ["A", "B", "C", "D", "E", "F"])
    func historicalKeysAndAddressesMatch(name: String) throws {
        let keys = try #require(try Fixture.object("etm-wire-vectors.json")["keys"] as? [String: Any])
        let vector = try #require(keys[name] as? [String: String])
        let secret = try secret(#require(vector["secret"]))
        let seed = secret.seed.reveal { span in span.indices.map { span[$0] } }
        #expect(Hex.encode(seed) == vector["seed"])
        #expect(secret.keyPair.publicKey.hex == vector["publicKey"])
        #expect(KeyPair(secret).publicKey.hex == vector["publicKey"])
        #expect(secret.keyPair.address.description == vector["address"])
        #expect(secret.isMnemonic == (name != "E"))
    }

    static let entropy = [
        (
            "00000000000000000000000000000000",
            "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"
        ),
        (
            "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
            "legal winner thank year wave sausage worth useful legal winner thank yellow"
        ),
        (
            "80808080808080808080808080808080",
            "letter advice cage absurd amount doctor acoustic avoid letter advice cage above"
        ),
        ("ffffffffffffffffffffffffffffffff", "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong"),
        (
            "9e885d952ad362caeb4efe34a8e91bd2",
            "ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic"
        ),
        (
            "c0ba5a8e914111210f2bd131f3d5e08d",
            "scheme spot photo card baby mountain device kick cradle pact join borrow"
        ),
    ]

    @Test(arguments: entropy) func wordsMatchBIP39(hex: String, words: String) throws {
        var bytes = try #require(Hex.decode(hex))
        let made = try #require(AccountSecret(entropy: SecretBytes(zeroing: &bytes)))
        #expect(text(of: made) == words)
        #expect(made.isMnemonic)
    }

    @Test func newSecretsDifferAndCarryTheirChecksum() throws {
        let (one, two) = (AccountSecret.generate(), AccountSecret.generate())
        #expect(one.isMnemonic)
        #expect(text(of: one).split(separator: " ").count == 12)
        #expect(!one.isEqual(to: two))
        #expect(try one.isEqual(to: secret(text(of: one))))
        #expect(AccountSecret(entropy: .random(count: 15)) == nil)
        #expect(AccountSecret(entropy: .random(count: 17)) == nil)
    }

    @Test(arguments: [
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon",
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about ",
        " abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
        "abandon  abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abou",
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon aboutt",
        "Abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
        "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong wrong", "zzzz", "",
    ])
    func otherTextsAreNotMnemonicsButStillSecrets(words: String) throws {
        guard !words.isEmpty else { return }
        #expect(try !secret(words).isMnemonic)
    }

    @Test func importAcceptsAnyTextWithinItsBounds() throws {
        #expect(throws: AccountSecretRejection.empty) { try secret("") }
        #expect(try secret("a").count == 1)
        #expect(try secret(String(repeating: "é", count: 500)).count == 1000)
        #expect(throws: AccountSecretRejection.tooLong(got: 1001, most: 1000)) {
            try secret(String(repeating: "a", count: 1001))
        }
        var raw: [UInt8] = [0x61, 0xff]
        #expect(throws: AccountSecretRejection.notUTF8) { try AccountSecret(importing: &raw) }
        #expect(raw == [0, 0])
    }

    /// The list itself is checked through the words that every index produces.
    @Test func theWordListIsTheStandardOne() throws {
        var list: [String] = []
        for index in 0..<2048 {
            var bits = [UInt8](repeating: 0, count: 16)
            bits[0] = UInt8(index >> 3)
            bits[1] = UInt8(index & 7) << 5
            let made = try #require(AccountSecret(entropy: SecretBytes(zeroing: &bits)))
            list.append(String(text(of: made).split(separator: " ")[0]))
        }
        let file = list.joined(separator: "\n") + "\n"
        #expect(
            SHA256.hash(Array(file.utf8)).hex
                == "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda")
    }
}

@Suite struct SecrecyTests {
    private func everyForm(_ value: some Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        let children = Mirror(reflecting: value).children.map { "\($0)" }.joined()
        return "\(value)" + String(reflecting: value) + String(describing: [value]) + dumped + children
    }

    @Test func noFormOfPrintingShowsASecret() throws {
        let words = "real rally sketch sorry place parrot typical cart stone mystery age nominee"
        let secret = try secret(words)
        var password = Array("hunter2hunter2".utf8)
        let bytes = SecretBytes(zeroing: &password)
        let seed = "f85a3d9142d4d6a7a0ce437f46a9a373f5ae6c663d1842676a8218d8ab8ff63e"
        for shown in [
            everyForm(secret), everyForm(secret.seed), everyForm(bytes), everyForm(secret.keyPair),
            everyForm([secret]), everyForm(["k": bytes]), everyForm(Optional(bytes)),
        ] {
            #expect(!shown.contains("real") && !shown.contains("hunter") && !shown.contains(seed))
            #expect(!shown.contains("f8, 5a") && !shown.contains("248") && !shown.contains("memory"))
            #expect(shown.contains("<secret>") || shown.contains("KeyPair("))
        }
        #expect(Mirror(reflecting: bytes).children.isEmpty)
        #expect(Mirror(reflecting: secret).children.isEmpty)
        #expect(Mirror(reflecting: secret.keyPair).children.map(\.label) == ["publicKey"])
    }

    @Test func takingBytesZeroesTheCallersBuffer() {
        var buffer = (1...100).map { UInt8($0) }
        let secret = SecretBytes(zeroing: &buffer)
        #expect(buffer == [UInt8](repeating: 0, count: 100))
        #expect(secret.count == 100)
        #expect(secret.reveal { span in span.indices.map { span[$0] } } == (1...100).map { UInt8($0) })
    }

    @Test func secretsAreComparedByContents() {
        var (one, two, three): ([UInt8], [UInt8], [UInt8]) = ([1, 2], [1, 2], [1, 3])
        let secret = SecretBytes(zeroing: &one)
        #expect(secret.isEqual(to: SecretBytes(zeroing: &two)))
        #expect(!secret.isEqual(to: SecretBytes(zeroing: &three)))
        #expect(!secret.isEqual(to: .random(count: 3)))
        #expect(!SecretBytes.random(count: 32).isEqual(to: .random(count: 32)))
        var (empty, none): ([UInt8], [UInt8]) = ([], [])
        #expect(SecretBytes(zeroing: &empty).isEqual(to: SecretBytes(zeroing: &none)))
    }
}
