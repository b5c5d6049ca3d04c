import Primitives
import Testing

@Suite struct HexTests {
    @Test func everyByteSurvivesARoundTrip() {
        let all = (0...255).map { UInt8($0) }
        #expect(Hex.decode(Hex.encode(all)) == all)
        #expect(Hex.encode([0x00, 0x0f, 0xf0, 0xff]) == "000ff0ff")
        #expect(Hex.decode("") == [])
    }

    @Test(arguments: ["0", "0g", "AB", "aB", " 00", "00 ", "0x00", "é0", "/0", ":0", "`0"])
    func anythingButPairsOfLowerCaseDigitsIsRefused(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test func identifiersReadExactlyTheirLength() {
        let digits = String(repeating: "0a", count: 32)
        #expect(Digest(hex: digits)?.hex == digits)
        #expect(Digest(hex: String(digits.dropLast(2))) == nil)
        #expect(Digest(hex: digits + "00") == nil)
        #expect(Signature(hex: digits + digits)?.hex == digits + digits)
        #expect(Signature(hex: digits) == nil)
        #expect(Address(bytes: [UInt8](repeating: 1, count: 20)) != nil)
        #expect(Address(bytes: [UInt8](repeating: 1, count: 19)) == nil)
        #expect(Address(bytes: [UInt8](repeating: 1, count: 21)) == nil)
    }
}

@Suite struct Base58Tests {
    static let vectors = [
        ("", ""), ("61", "2g"), ("626262", "a3gV"), ("636363", "aPEr"), ("516b6fcd0f", "ABnLTmg"),
        ("73696d706c792061206c6f6e6720737472696e67", "2cFupjhnEsSn59qHXstmK2ffpLv2"),
        ("572e4794", "3EFU7m"), ("ecac89cad93923c02321", "EJDM8drfXA6uyA"), ("10c8511e", "Rt5zm"),
        ("00000000000000000000", "1111111111"),
        ("00eb15231dfceb60925886b67d065299925915aeb172c06647", "1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L"),
    ]

    @Test(arguments: vectors) func knownTextsMatch(hex: String, text: String) throws {
        let bytes = try #require(Hex.decode(hex))
        #expect(Base58.encode(bytes) == text)
        #expect(Base58.decode(text) == bytes)
    }

    @Test(arguments: ["0", "O", "I", "l", "+", " ", "2g ", "é", "\u{0}"])
    func lettersOutsideTheAlphabetAreRefused(text: String) { #expect(Base58.decode(text) == nil) }

    @Test func aTextAtTheBoundIsReadAndTheNextIsRefused() {
        #expect(Base58.decode(String(repeating: "z", count: Base58.longestText)) != nil)
        #expect(Base58.decode(String(repeating: "z", count: Base58.longestText + 1)) == nil)
    }

    @Test(arguments: 0..<64 as Range<UInt64>) func anyBytesSurviveARoundTrip(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var bytes = [UInt8](repeating: 0, count: Int(generator.below(4)))
        for _ in 0..<generator.below(80) { bytes.append(UInt8(generator.below(256))) }
        #expect(Base58.decode(Base58.encode(bytes)) == bytes)
    }
}

@Suite struct WordTests {
    @Test(arguments: 0..<32 as Range<UInt64>) func wordsAndBytesAgree(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let left = Bytes32(generator.next(), generator.next(), generator.next(), generator.next())
        var other = left.array
        other[Int(generator.below(32))] ^= 1 << UInt8(generator.below(8))
        let right = try #require(Bytes32(other))
        #expect(Bytes32(left.array) == left)
        #expect(left != right)
        #expect((left < right) == left.array.lexicographicallyPrecedes(right.array))
        #expect((right < left) == right.array.lexicographicallyPrecedes(left.array))
        for index in 0..<256 {
            #expect(left.bit(index) == (left.array[index / 8] >> UInt8(7 - index % 8) & 1 == 1))
        }
        let address = try #require(Address(bytes: left.array.prefix(20)))
        #expect(address.array == Array(left.array.prefix(20)))
    }

    @Test func onlyExactlyThirtyTwoBytesMakeAValue() {
        #expect(Bytes32([UInt8](repeating: 1, count: 32)) != nil)
        #expect(Bytes32([UInt8](repeating: 1, count: 31)) == nil)
        #expect(Bytes32([UInt8](repeating: 1, count: 33)) == nil)
    }

    @Test func integersAreAppendedInBothOrders() {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(UInt32(0x0102_0304))
        bytes.appendLittleEndian(UInt32(0x0102_0304))
        bytes.appendBigEndian(UInt8(9))
        #expect(bytes == [1, 2, 3, 4, 4, 3, 2, 1, 9])
    }

    @Test func addressesAndSignaturesAreOrderedByTheirBytes() {
        #expect(Address(0, 0, 1) < Address(0, 1, 0))
        #expect(Address(0, 1, 0) < Address(1, 0, 0))
        #expect(!(Address(1, 0, 0) < Address(1, 0, 0)))
        let one = Bytes32(0, 0, 0, 1)
        #expect(Signature(r: .zero, s: one) < Signature(r: one, s: .zero))
        #expect(Signature.zero < Signature(r: .zero, s: one))
    }
}
