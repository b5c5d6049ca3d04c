import JSON
import Testing

struct JSONValueTests {
    @Test
    func integersAreExactToTheEdgesOf64Bits() throws {
        #expect(try JSONParser.parse(text: "18446744073709551615").uint64 == .max)
        #expect(try JSONParser.parse(text: "18446744073709551616").uint64 == nil)
        #expect(try JSONParser.parse(text: "9223372036854775807").int64 == .max)
        #expect(try JSONParser.parse(text: "9223372036854775808").int64 == nil)
        #expect(try JSONParser.parse(text: "-9223372036854775808").int64 == .min)
        #expect(try JSONParser.parse(text: "-9223372036854775809").int64 == nil)
        #expect(try JSONParser.parse(text: "9007199254740993").uint64 == 9_007_199_254_740_993)
        #expect(try JSONParser.parse(text: "-1").uint64 == nil)
        #expect(JSONValue(exactly: Int128(UInt64.max) + 1) == nil)
        #expect(JSONValue(exactly: Int128(Int64.min) - 1) == nil)
    }

    @Test(arguments: [
        "1.0", "0.1", "-0", "-0.0", "1e3", "1E+3", "12.50e-7", "18446744073709551616", "-9223372036854775809",
        "123456789012345678901234567890",
    ])
    func otherNumbersKeepTheirText(text: String) throws {
        let value = try JSONParser.parse(text: text)
        #expect(value.description == text)
        #expect(value.int64 == nil && value.uint64 == nil)
        #expect(JSONDecimal(text)?.text == text)
    }

    @Test(arguments: ["1", "x", "", " 1.5", "1.5 ", "01.5", "NaN"])
    func aDecimalIsMadeOfNothingElse(text: String) {
        #expect(JSONDecimal(text) == nil)
    }

    @Test
    func textsAreComparedByBytesNotByEquivalence() {
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
        #expect(
            JSONValue.object(JSONObject([.init("\u{E9}", 1), .init("e\u{301}", 2)]) ?? .init()).object?.count
                == 2)
    }

    @Test
    func membersKeepTheirOrder() throws {
        let value = try JSONParser.parse(text: "{\"z\":1,\"a\":2}")
        #expect(value.object?.keys == ["z", "a"])
        #expect(value != ["a": 2, "z": 1])
    }

    @Test(arguments: [1, 12, 13, 200])
    func lookUpFindsEachMemberOfSmallAndLargeObjects(count: Int) throws {
        let object = try #require(JSONObject((0..<count).map { .init("k\($0)", JSONValue($0)) }))
        for place in 0..<count { #expect(object["k\(place)"]?.int == place) }
        #expect(object["k\(count)"] == nil && object[""] == nil)
    }

    @Test
    func assigningReplacesAppendsAndRemoves() {
        var object = JSONObject()
        for place in 0..<20 { object["k\(place)"] = JSONValue(place) }
        object["k3"] = "new"
        object["k0"] = nil
        object["gone"] = nil
        #expect(object.count == 19 && object["k0"] == nil && object["k3"] == "new" && object["k19"] == 19)
        #expect(object.keys.first == "k1")
    }

    @Test
    func twoMembersWithOneKeyAreNoObject() {
        #expect(JSONObject([.init("a", 1), .init("a", 2)]) == nil)
        #expect(JSONObject((0..<40).map { .init("k\($0 % 39)", 0) }) == nil)
    }

    @Test
    func accessorsAnswerOnlyForTheirKind() {
        let value: JSONValue = ["a": [1, "x", .null, true]]
        #expect(value["a"]?[0]?.uint64 == 1 && value["a"]?[1]?.string == "x")
        #expect(value["a"]?[2]?.isNull == true && value["a"]?[3]?.bool == true)
        #expect(value["a"]?[4] == nil && value["b"] == nil && value[0] == nil && value.string == nil)
        #expect(value["a"]?.array?.count == 4 && value.array == nil && value["a"]?.object == nil)
    }
}

struct JSONWriterTests {
    @Test
    func compactTextHasNoBlanks() {
        let value: JSONValue = [
            "a": [1, -2, "x\n\"\\\u{1}\u{1F}\u{8}\u{C}\r\té"], "b": [:], "c": [], "d": .null, "e": false,
        ]
        let expected = #"{"a":[1,-2,"x\n\"\\\u0001\u001f\b\f\r\té"],"b":{},"c":[],"d":null,"e":false}"#
        #expect(value.description == expected)
    }

    @Test
    func prettyTextHasALineForEachMemberAndElement() {
        let value: JSONValue = ["a": [1, [:]], "b": []]
        let expected = "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}"
        #expect(String(decoding: JSONWriter.pretty(value), as: UTF8.self) == expected)
    }

    @Test
    func aWriterBuildsTheSameTextStepByStep() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("n")
        writer.integer(UInt64.max)
        writer.key("list")
        writer.beginArray()
        writer.bool(true)
        writer.null()
        writer.integer(-5)
        writer.encoded(Array("{\"x\":1}".utf8))
        writer.endArray()
        writer.key("s")
        writer.string("é")
        writer.endObject()
        let expected = #"{"n":18446744073709551615,"list":[true,null,-5,{"x":1}],"s":"é"}"#
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    @Test
    func closingWhatWasNotOpenedStopsTheProgram() async {
        await #expect(processExitsWith: .failure) {
            var writer = JSONWriter()
            writer.endObject()
        }
    }
}
