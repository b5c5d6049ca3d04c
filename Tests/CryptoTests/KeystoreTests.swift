import Crypto
import Primitives
import Testing

private func password(_ text: String) -> SecretBytes {
    var bytes = Array(text.utf8)
    return SecretBytes(zeroing: &bytes)
}

@Suite struct KeystoreTests {
    private let secret = AccountSecret.generate()
    private let name: KeyName

    init() throws { name = try #require(KeyName("alice")) }

    private func sealed(_ text: String = "open sesame") throws -> EncryptedKey {
        try .seal(secret: secret, name: name, password: password(text), parameters: .lightest)
    }

    @Test func whatIsSealedOpensWithItsPassword() throws {
        let key = try sealed()
        #expect(key.publicKey == secret.keyPair.publicKey)
        #expect(key.address == secret.keyPair.address)
        #expect(try key.open(password: password("open sesame")).isEqual(to: secret))
    }

    @Test func aKeyMadeByOtherLibrariesOpens() throws {
        let file = try Fixture.bytes("keystore.json")
        let key = try KeystoreFile.decode(file)
        let opened = try key.open(password: password("correct horse battery staple"))
        #expect(opened.keyPair.address.description == "A4rNr2VzCq2jnmhzxkvjY9PsPmhcmSEfiw")
        #expect(opened.isMnemonic)
        #expect(Array(KeystoreFile.encode(key).utf8) == file)
    }

    @Test(arguments: ["", "Open sesame", "open sesame ", "open sesam"])
    func aWrongPasswordIsRefused(text: String) throws {
        #expect(throws: KeystoreRejection.cannotOpen) { try sealed().open(password: password(text)) }
    }

    @Test func passwordsHaveBounds() throws {
        #expect(throws: KeystoreRejection.passwordLength(got: 0, most: 1000)) { try sealed("") }
        #expect(throws: KeystoreRejection.passwordLength(got: 1001, most: 1000)) {
            try sealed(String(repeating: "a", count: 1001))
        }
        #expect(throws: KeystoreRejection.cannotOpen) {
            try sealed().open(password: password(String(repeating: "a", count: 1001)))
        }
        let longest = String(repeating: "a", count: 1000)
        #expect(try sealed(longest).open(password: password(longest)).isEqual(to: secret))
    }

    @Test func everyDamagedByteIsRefusedTheSameWay() throws {
        let right = try sealed().encoded
        var opened = 0
        for index in stride(from: 0, to: right.count, by: 3) {
            var wrong = right
            wrong[index] ^= 1
            do throws(CodecRejection) {
                let key = try EncryptedKey(decoding: wrong)
                opened += 1
                #expect(throws: KeystoreRejection.cannotOpen) {
                    try key.open(password: password("open sesame"))
                }
            } catch {
                // The record was refused before any password was tried: the version, a bound or a length.
                continue
            }
        }
        #expect(opened > 60)
    }

    @Test func sealingTwiceGivesUnrelatedRecords() throws {
        let (one, two) = try (sealed(), sealed())
        #expect(one != two)
        #expect(one.encoded.count == two.encoded.count)
    }

    @Test func theLengthOfASecretIsHidden() throws {
        func length(_ text: String) throws -> Int {
            var bytes = Array(text.utf8)
            let secret = try AccountSecret(importing: &bytes)
            let key = try EncryptedKey.seal(
                secret: secret, name: name, password: password("p"), parameters: .lightest)
            #expect(try key.open(password: password("p")).isEqual(to: secret))
            return key.encoded.count
        }
        let one = try length("a")
        #expect(try length(String(repeating: "a", count: 127)) == one)
        #expect(try length(String(repeating: "a", count: 128)) == one + 128)
        #expect(try length(String(repeating: "a", count: 1000)) == 1161 - 32 + name.description.utf8.count)
    }

    @Test func thePasswordCanChange() throws {
        let changed = try sealed().changingPassword(
            from: password("open sesame"), to: password("new"), parameters: .lightest)
        #expect(changed.name == name)
        #expect(try changed.open(password: password("new")).isEqual(to: secret))
        #expect(throws: KeystoreRejection.cannotOpen) {
            try changed.open(password: password("open sesame"))
        }
    }

    @Test func theRecordHasOneByteForm() throws {
        let key = try sealed()
        #expect(try EncryptedKey(decoding: key.encoded) == key)
        #expect(throws: CodecRejection.trailingBytes(count: 1)) {
            try EncryptedKey(decoding: key.encoded + [0])
        }
        #expect(throws: CodecRejection.unknownTag(offset: 0, got: 2)) {
            try EncryptedKey(decoding: [2] + key.encoded.dropFirst())
        }
        for length in 0..<key.encoded.count {
            #expect(throws: CodecRejection.self) {
                try EncryptedKey(decoding: Array(key.encoded.prefix(length)))
            }
        }
    }

    @Test func costsAtTheirBoundsAreAcceptedAndTheNextRefused() {
        #expect(Argon2Parameters(passes: 1, memoryKiB: 8_192) == .lightest)
        #expect(Argon2Parameters(passes: 16, memoryKiB: 262_144) != nil)
        #expect(Argon2Parameters(passes: 3, memoryKiB: 131_072) == .standard)
        #expect(Argon2Parameters(passes: 0, memoryKiB: 8_192) == nil)
        #expect(Argon2Parameters(passes: 17, memoryKiB: 8_192) == nil)
        #expect(Argon2Parameters(passes: 1, memoryKiB: 8_191) == nil)
        #expect(Argon2Parameters(passes: 1, memoryKiB: 262_145) == nil)
        var hostile = Argon2Parameters.lightest.encoded
        hostile[4] = 0xff
        #expect(throws: CodecRejection.notCanonical(offset: 0)) { try Argon2Parameters(decoding: hostile) }
    }
}

@Suite struct KeyNameTests {
    @Test(arguments: ["a", "Z9", "0", "alice.main_key-2", String(repeating: "x", count: 32)])
    func goodNamesAreAccepted(text: String) { #expect(KeyName(text)?.description == text) }

    @Test(arguments: [
        "", ".", "..", "-a", "_a", ".a", "a b", "a/b", "a\u{0}", "é", "a\"", "a\\", "a\n",
        String(repeating: "x", count: 33),
    ])
    func otherNamesAreRefused(text: String) { #expect(KeyName(text) == nil) }
}

@Suite struct KeystoreFileTests {
    private let text: String

    init() throws { text = String(decoding: try Fixture.bytes("keystore.json"), as: UTF8.self) }

    private func decode(replacing old: String, with new: String) throws -> EncryptedKey {
        let changed = text.replacing(old, with: new)
        #expect(changed != text)
        return try KeystoreFile.decode(Array(changed.utf8))
    }

    @Test(
        arguments: [
            ("\"version\": 1", "\"version\": 2", KeystoreFileRejection.unknownVersion(got: 2)),
            ("\"version\": 1", "\"version\": 01", .malformed(line: 3)),
            ("\"version\": 1", "\"version\": -1", .malformed(line: 3)),
            ("\"version\": 1", "\"version\": 99999999999", .unknownVersion(got: 9_999_999_999)),
            ("entanmo-key", "other-key", .malformed(line: 2)),
            ("alice", "../alice", .invalid(.name)),
            ("alice", "al\\u0069ce", .malformed(line: 4)),
            ("A4rNr2", "A4rNr3", .invalid(.address)),
            ("07187396", "0718739", .invalid(.publicKey)),
            ("07187396", "07187397", .invalid(.address)),
            ("argon2id", "argon2i", .malformed(line: 7)),
            ("\"passes\": 2", "\"passes\": 17", .invalid(.passes)),
            ("\"passes\": 2", "\"passes\": 0", .invalid(.passes)),
            ("\"passes\": 2", "\"passes\": 2.0", .malformed(line: 8)),
            ("\"memoryKiB\": 8192", "\"memoryKiB\": 9999999999", .invalid(.memoryKiB)),
            ("\"memoryKiB\": 8192", "\"memoryKiB\": 262145", .invalid(.memoryKiB)),
            ("\"memoryKiB\": 8192", "\"memoryKiB\": 8191", .invalid(.memoryKiB)),
            ("000102", "0001", .invalid(.salt)),
            ("000102", "00010A", .invalid(.salt)),
            ("xchacha20", "chacha20", .malformed(line: 11)),
            ("64656667", "64656667ff", .invalid(.nonce)),
            ("9a43b52a", "9a43b5", .invalid(.box)),
            ("\n}\n", "\n}", .malformed(line: 14)),
            ("\n}\n", "\n}\n\n", .malformed(line: 15)),
            ("  \"name\"", "\t\"name\"", .malformed(line: 4)),
            ("\"kdf\": \"argon2id\",", "\"kdf\": \"argon2id\", \"kdf\": \"x\",", .malformed(line: 7)),
        ] as [(String, String, KeystoreFileRejection)])
    func aChangedTextIsRefusedByName(old: String, new: String, rejection: KeystoreFileRejection) {
        #expect(throws: rejection) { try decode(replacing: old, with: new) }
    }

    @Test func aFileAboveTheBoundIsNotRead() {
        let most = KeystoreFile.longest
        #expect(throws: KeystoreFileRejection.tooLong(got: most + 1, most: most)) {
            try KeystoreFile.decode([UInt8](repeating: 0x20, count: most + 1))
        }
        #expect(throws: KeystoreFileRejection.malformed(line: 1)) {
            try KeystoreFile.decode([UInt8](repeating: 0x20, count: most))
        }
    }

    @Test func everyShortenedFileIsRefused() {
        let whole = Array(text.utf8)
        for length in 0..<whole.count {
            #expect(throws: KeystoreFileRejection.self) {
                try KeystoreFile.decode(Array(whole.prefix(length)))
            }
        }
    }

    @Test(arguments: 0..<16 as Range<UInt64>) func anAcceptedTextIsTheOnlyOne(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var mutant = Array(text.utf8)
            mutant[Int(generator.below(UInt64(mutant.count)))] = UInt8(generator.below(256))
            do throws(KeystoreFileRejection) {
                let key = try KeystoreFile.decode(mutant)
                #expect(Array(KeystoreFile.encode(key).utf8) == mutant)
            } catch {
                #expect(mutant != Array(text.utf8))
            }
        }
    }

    @Test func theLongestKeyFitsTheBound() throws {
        var bytes = [UInt8](repeating: 0x61, count: AccountSecret.longest)
        let name = try #require(KeyName(String(repeating: "n", count: KeyName.longest)))
        let key = try EncryptedKey.seal(
            secret: AccountSecret(importing: &bytes), name: name, password: password("p"),
            parameters: .lightest)
        let file = Array(KeystoreFile.encode(key).utf8)
        #expect(file.count <= KeystoreFile.longest)
        #expect(try KeystoreFile.decode(file) == key)
    }
}
