import Primitives
import Testing

/// A value that uses every form the codec has.
private struct Sample: Canonical, Equatable {
    var flag = true
    var small: UInt8 = 7
    var wide: UInt64 = 0x0102_0304_0506_0708
    var id = Digest(Bytes32(1, 2, 3, 4))
    var text = "héllo"
    var blob: [UInt8] = [1, 2, 3]
    var list = [Height(1), Height(2)]
    var maybe: Amount? = Amount(units: 9)
    var nothing: Amount?

    init() {}

    func encode(to writer: inout ByteWriter) {
        writer.write(flag)
        writer.write(small)
        writer.write(wide)
        writer.write(id)
        writer.write(text)
        writer.write(bytes: blob)
        writer.write(list: list)
        writer.write(optional: maybe)
        writer.write(optional: nothing)
    }

    init(from reader: inout ByteReader) throws(CodecRejection) {
        flag = try reader.readBool()
        small = try reader.readInteger()
        wide = try reader.readInteger()
        id = try reader.read()
        text = try reader.readString(most: 6)
        blob = try reader.readByteString(most: 3)
        list = try reader.readList(most: 2)
        maybe = try reader.readOptional()
        nothing = try reader.readOptional()
    }
}

private func roundTrip<Value: Canonical & Equatable>(_ value: Value) throws -> Bool {
    try Value(decoding: value.encoded) == value
}

@Suite struct CodecTests {
    @Test func everyFormSurvivesARoundTrip() throws {
        #expect(try roundTrip(Sample()))
        var other = Sample()
        (other.flag, other.maybe, other.nothing, other.list) = (false, nil, .zero, [])
        (other.text, other.blob) = ("", [])
        #expect(try roundTrip(other))
    }

    @Test func theVocabularySurvivesARoundTrip() throws {
        let bytes = Bytes32(.max, 0, 1, 0x8000_0000_0000_0000)
        #expect(try roundTrip(Digest(bytes)))
        #expect(try roundTrip(BlockID(bytes)))
        #expect(try roundTrip(TransactionID(bytes)))
        #expect(try roundTrip(ChainID(bytes)))
        #expect(try roundTrip(PublicKey(bytes)))
        #expect(try roundTrip(Signature(r: bytes, s: .zero)))
        #expect(try roundTrip(Address(1, .max, 0x8000_0001)))
        #expect(try roundTrip(Height(.max)))
        #expect(try roundTrip(Round(1)))
        #expect(try roundTrip(View(0)))
        #expect(try roundTrip(Amount(units: .max)))
        #expect(try roundTrip(Instant.distantFuture))
        #expect(try roundTrip(Instant.Span(milliseconds: 3000)))
    }

    @Test func theLayoutIsBigEndianWithThirtyTwoBitCounts() {
        var writer = ByteWriter(capacity: 32)
        writer.write(UInt16(0x0102))
        writer.write("ab")
        writer.write(list: [Height(3)])
        writer.write(optional: Height?.none)
        writer.writeRaw([0xff])
        #expect(
            Hex.encode(writer.bytes) == "0102" + "000000026162" + "000000010000000000000003" + "00" + "ff")
    }

    @Test func aBufferThatEndsEarlyIsRefusedAtEveryLength() {
        let whole = Sample().encoded
        for length in 0..<whole.count {
            #expect(throws: CodecRejection.self) { try Sample(decoding: Array(whole.prefix(length))) }
        }
        #expect(throws: CodecRejection.truncated(offset: 0, needed: 8)) { try Height(decoding: [0, 0]) }
        var reader = ByteReader([1, 2, 3])
        #expect(throws: CodecRejection.truncated(offset: 0, needed: 4)) { try reader.readRaw(4) }
        #expect(throws: CodecRejection.truncated(offset: 0, needed: -1)) { try reader.readRaw(-1) }
        #expect(reader.remaining == 3)
    }

    @Test func bytesAfterAValueAreRefused() {
        #expect(throws: CodecRejection.trailingBytes(count: 1)) {
            try Sample(decoding: Sample().encoded + [0])
        }
    }

    @Test func aCountAtItsBoundIsReadAndTheNextIsRefused() throws {
        var atBound = ByteReader([0, 0, 0, 2, 5, 6])
        #expect(try atBound.readByteString(most: 2) == [5, 6])
        var above = ByteReader([0, 0, 0, 3, 5, 6, 7])
        #expect(throws: CodecRejection.tooLong(offset: 0, got: 3, most: 2)) {
            try above.readByteString(most: 2)
        }
        var list = ByteReader([0xff, 0xff, 0xff, 0xff])
        #expect(throws: CodecRejection.tooLong(offset: 0, got: 0xffff_ffff, most: 2)) {
            try list.readList(of: Height.self, most: 2)
        }
        var promised = ByteReader([0, 0x0f, 0xff, 0xff])
        #expect(throws: CodecRejection.truncated(offset: 4, needed: 8)) {
            try promised.readList(of: Height.self, most: 1 << 20)
        }
    }

    @Test(arguments: UInt8(2)...255) func aFlagOtherThanZeroOrOneIsRefused(byte: UInt8) {
        var reader = ByteReader([byte])
        #expect(throws: CodecRejection.notCanonical(offset: 0)) { try reader.readBool() }
        var optional = ByteReader([byte, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(throws: CodecRejection.notCanonical(offset: 0)) { try optional.readOptional(Height.self) }
    }

    @Test(arguments: [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc3]])
    func textThatIsNotUTF8IsRefused(raw: [UInt8]) {
        var reader = ByteReader([0, 0, 0, UInt8(raw.count)] + raw)
        #expect(throws: CodecRejection.notUTF8(offset: 0)) { try reader.readString(most: 8) }
    }

    @Test(arguments: 0..<32 as Range<UInt64>)
    func whateverADecoderAcceptsEncodesToTheSameBytes(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let mutant = mutate(Sample().encoded, with: &generator)
            do throws(CodecRejection) {
                let value = try Sample(decoding: mutant)
                #expect(value.encoded == mutant)
            } catch {
                #expect(mutant != Sample().encoded)
            }
        }
    }

    private func mutate(_ bytes: [UInt8], with generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<generator.below(3) {
            let place = Int(generator.below(UInt64(bytes.count)))
            switch generator.below(4) {
            case 0: bytes[place] ^= 1 << UInt8(generator.below(8))
            case 1: bytes[place] = UInt8(generator.below(256))
            case 2: bytes.remove(at: place)
            default: bytes.insert(UInt8(generator.below(256)), at: place)
            }
        }
        return bytes
    }
}
