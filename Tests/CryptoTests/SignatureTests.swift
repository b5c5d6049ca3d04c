import Crypto
import Primitives
import Testing

@Suite struct SignatureTests {
    /// RFC 8032 7.1: tests 1, 2, 3 and SHA(abc).
    static let rfc8032 = [
        [
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ],
        [
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ],
        [
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ],
        [
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
                + "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
        ],
    ]

    private let pair: KeyPair
    private let digest = SHA256.hash([1, 2, 3])

    init() throws {
        var seed = [UInt8](repeating: 7, count: 32)
        pair = try #require(KeyPair(seed: SecretBytes(zeroing: &seed)))
    }

    @Test(arguments: rfc8032) func signaturesMatchRFC8032(vector: [String]) throws {
        var seed = try #require(Hex.decode(vector[0]))
        let message = try #require(Hex.decode(vector[2]))
        let pair = try #require(KeyPair(seed: SecretBytes(zeroing: &seed)))
        #expect(pair.publicKey.hex == vector[1])
        #expect(pair.sign(message).hex == vector[3])
        #expect(Ed25519.verify(pair.sign(message), of: message, by: pair.publicKey))
    }

    @Test func everyFlippedBitIsRefused() throws {
        let signature = pair.sign(digest)
        let verifier = Ed25519Verifier()
        #expect(verifier.verify(signature, of: digest, by: pair.publicKey))
        for bit in 0..<512 {
            let changed = try #require(Signature(bytes: flip(bit, of: signature.array)))
            #expect(!verifier.verify(changed, of: digest, by: pair.publicKey))
        }
        for bit in 0..<256 {
            let message = try #require(Digest(bytes: flip(bit, of: digest.array)))
            let key = try #require(PublicKey(bytes: flip(bit, of: pair.publicKey.array)))
            #expect(!verifier.verify(signature, of: message, by: pair.publicKey))
            #expect(!verifier.verify(signature, of: digest, by: key))
        }
    }

    @Test func aScalarAtOrAboveTheGroupOrderIsRefused() throws {
        let order = try #require(
            Hex.decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"))
        var bytes = pair.sign(digest).array
        var carry = 0
        for index in 0..<32 {
            let sum = Int(bytes[32 + index]) + Int(order[index]) + carry
            bytes[32 + index] = UInt8(truncatingIfNeeded: sum)
            carry = sum >> 8
        }
        let malleated = try #require(Signature(bytes: bytes))
        #expect(carry == 0)
        #expect(!Ed25519.verify(malleated, of: digest, by: pair.publicKey))
    }

    /// With a key of small order, R = the identity and S = 0 would pass for some or all messages.
    @Test(arguments: [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ])
    func keysOfSmallOrderAreRefused(hex: String) throws {
        let key = try #require(PublicKey(hex: hex))
        let identity = try #require(Bytes32([1] + [UInt8](repeating: 0, count: 31)))
        for message in 0..<16 as Range<UInt8> {
            let forged = Signature(r: identity, s: .zero)
            #expect(!Ed25519.verify(forged, of: [message], by: key))
        }
    }

    @Test func onlySeedsOfThirtyTwoBytesMakeKeys() {
        #expect(KeyPair(seed: .random(count: 31)) == nil)
        #expect(KeyPair(seed: .random(count: 33)) == nil)
        #expect(KeyPair(seed: .random(count: 32)) != nil)
        #expect(KeyPair.generate().publicKey != KeyPair.generate().publicKey)
    }

    private func flip(_ bit: Int, of bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        return bytes
    }
}
