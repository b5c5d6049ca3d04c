import JSON
import Testing

// SplitMix64: small, seeded, and good enough to wander through values.
struct Wanderer: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func text() -> String {
        let pool: [Unicode.Scalar] = [
            "a", "\"", "\\", "\n", "\0", "\u{7F}", "é", "€", "😀", "\u{FFFF}", "/", "\u{301}",
        ]
        return (0..<Int.random(in: 0...20, using: &self)).reduce(into: "") { text, _ in
            text.unicodeScalars.append(pool[Int.random(in: 0..<pool.count, using: &self)])
        }
    }

    mutating func value(depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &self) {
        case 0: .null
        case 1: .bool(Bool.random(using: &self))
        case 2: JSONValue(next() >> UInt64.random(in: 0..<64, using: &self))
        case 3: JSONValue(Int(truncatingIfNeeded: next()))
        case 4: JSONDecimal("\(next() >> 40).\(next() >> 50)e-\(next() >> 60)").map { .decimal($0) } ?? .null
        case 5: .string(text())
        case 6: .array((0..<Int.random(in: 0...5, using: &self)).map { _ in value(depth: depth - 1) })
        default: .object(object(depth: depth - 1))
        }
    }

    mutating func object(depth: Int) -> JSONObject {
        var object = JSONObject()
        for _ in 0..<Int.random(in: 0...18, using: &self) { object[text()] = value(depth: depth) }
        return object
    }
}

struct JSONPropertyTests {
    @Test(arguments: 0..<40)
    func whatIsWrittenIsReadBackEqual(seed: UInt64) throws {
        var wanderer = Wanderer(state: seed)
        for _ in 0..<10 {
            let value = wanderer.value(depth: 4)
            let compact = JSONWriter.compact(value)
            let limits = JSONLimits(maximumBytes: 1 << 24)
            #expect(try JSONParser.parse(compact, limits: limits) == value)
            #expect(try JSONParser.parse(JSONWriter.pretty(value), limits: limits) == value)
            #expect(try JSONParser.parseWithPositions(compact, limits: limits).value == value)
        }
    }

    // Whatever survives a mutation must also be readable after being written again.
    @Test(arguments: 0..<40)
    func alteredTextIsRefusedOrStable(seed: UInt64) {
        var wanderer = Wanderer(state: seed)
        let interesting =
            Array("{}[]\",:\\u0123456789eE+-.truefalsn \n".utf8) + [0, 0x80, 0xC3, 0xE2, 0xED, 0xF0, 0xFF]
        for _ in 0..<200 {
            var bytes = JSONWriter.compact(wanderer.value(depth: 2))
            for _ in 0..<Int.random(in: 1...4, using: &wanderer) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &wanderer)
                switch Int.random(in: 0..<3, using: &wanderer) {
                case 0: bytes[place] = interesting[Int.random(in: 0..<interesting.count, using: &wanderer)]
                case 1: bytes.remove(at: place)
                default: bytes.removeSubrange(place...)
                }
            }
            guard let value = try? JSONParser.parse(bytes) else { continue }
            #expect((try? JSONParser.parse(JSONWriter.compact(value))) == value)
        }
    }

    @Test
    func everyPrefixOfATextIsRefused() {
        let text = Array("{\"a\":[1.5e3,true,\"\\u00e9\"],\"b\":{\"c\":null}}".utf8)
        for length in 0..<text.count {
            #expect(reason(of: Array(text.prefix(length))) == .unexpectedEnd)
        }
    }
}
