import JSON
import Testing

struct JSONParserTests {
    static let accepted: [(String, JSONValue)] = [
        ("null", .null), ("true", true), ("false", false), (" \t\r\n1 \n", 1), ("0", 0), ("-1", -1),
        ("18446744073709551615", JSONValue(UInt64.max)), ("-9223372036854775808", JSONValue(Int.min)),
        ("\"\"", ""), ("\"a\"", "a"), ("\"\\u0041\\n\\/\\\\\\\"\"", "A\n/\\\""), ("\"é€😀\"", "é€😀"),
        ("\"\\uD83D\\uDE00\"", "😀"), ("\"\\u0000\"", "\0"), ("\"\\uffff\"", "\u{FFFF}"),
        ("\"\u{7F}\"", "\u{7F}"), ("\"\u{10FFFF}\"", "\u{10FFFF}"), ("[]", []), ("[ ]", []), ("{}", [:]),
        ("{ }", [:]), ("[1,[2,[]],{}]", [1, [2, []], [:]]), ("{\"a\":{\"b\":[null]}}", ["a": ["b": [.null]]]),
        (" { \"a\" : 1 , \"b\" : 2 } ", ["a": 1, "b": 2]), ("{\"\":0}", ["": 0]),
        ("{\"\u{E9}\":1,\"e\u{301}\":2}", ["\u{E9}": 1, "e\u{301}": 2]),
    ]

    @Test(arguments: accepted)
    func acceptsWhatTheGrammarAllows(text: String, value: JSONValue) throws {
        #expect(try JSONParser.parse(text: text) == value)
    }

    static let rejected: [String] = [
        "", " ", "nul", "nulL", "True", "truE", "NaN", "Infinity", "undefined", "+1", "01", "-01", "00", "-",
        "1.", ".5", "1.e3", "1e", "1e+", "1E-", "0x10", "1_000", "1 2", "--1", "\"", "\"a", "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"", "\"\\u12G4\"", "\"\\u 123\"", "\"\\uD800\"", "\"\\uDC00\"", "\"\\uD800\\u0041\"",
        "\"\\uD800\\uD800\"", "\"\\uD800x\"", "\"\\uD800\\n\"", "\"\n\"", "\"\t\"", "\"\0\"", "'a'", "[", "]",
        "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1}", "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,",
        "{\"a\":1,}", "{,}", "{a:1}", "{1:1}", "{\"a\" 1}", "{\"a\":1]", "{\"a\":1 \"b\":2}", "1,", "[] []",
        "// x\n1", "/* */1", "1 //", "\u{FEFF}1", "\u{A0}1", "\u{B}1", "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}", "[{\"x\":{\"k\":0,\"k\":0}}]", "nullnull", "tru\0",
    ]

    @Test(arguments: rejected)
    func refusesWhatTheGrammarForbids(text: String) {
        #expect(throws: JSONRejection.self) { try JSONParser.parse(text: text) }
    }

    static let malformed: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x22], [0xE0, 0x9F, 0xBF], [0xE1, 0x80],
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80],
        [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xE2, 0x82, 0x22],
    ]

    @Test(arguments: malformed)
    func refusesBytesThatAreNotUTF8(bytes: [UInt8]) {
        #expect(reason(of: [0x22] + bytes + [0x22]) == .invalidUTF8)
        #expect(reason(of: [0x22, 0x5C, 0x6E] + bytes + [0x22]) == .invalidUTF8)
    }

    @Test
    func everyRejectionNamesItsReason() {
        #expect(reason(of: Array("01".utf8)) == .leadingZero)
        #expect(reason(of: Array("-x".utf8)) == .missingDigit)
        #expect(reason(of: Array("\"\\ud800\"".utf8)) == .loneSurrogate)
        #expect(reason(of: Array("\"\\q\"".utf8)) == .invalidEscape)
        #expect(reason(of: Array("\"\u{1}\"".utf8)) == .controlCharacter(1))
        #expect(reason(of: Array("1 1".utf8)) == .trailingText)
        #expect(reason(of: Array("{\"k\":1,\"k\":2}".utf8)) == .duplicateKey("k"))
        #expect(reason(of: [0xEF, 0xBB, 0xBF, 0x31]) == .byteOrderMark)
        #expect(reason(of: Array("[1;".utf8)) == .unexpectedByte(0x3B, expected: "',' or ']'"))
        #expect(reason(of: Array("[1".utf8)) == .unexpectedEnd)
    }

    @Test
    func aRejectionNamesOffsetLineAndColumn() throws {
        let found = try #require(rejection(of: Array("{\n  \"é\": 1,\n  \"ü\": x\n}".utf8)))
        #expect(found.position.line == 3)
        #expect(found.position.column == 8)
        #expect(found.position.offset == 21)
        #expect(found.description == "line 3, column 8: Here stands 'x' where a value belongs.")
    }

    @Test
    func aDuplicateKeyIsReportedWhereItStandsTheSecondTime() throws {
        let found = try #require(rejection(of: Array("{\"a\":1,\n\"b\":2,\n\"a\":3}".utf8)))
        #expect(found.position.line == 3)
        #expect(found.position.column == 1)
    }

    @Test
    func aDuplicateAmongManyKeysIsFound() {
        var text = "{" + (0..<500).map { "\"key\($0)\":\($0)" }.joined(separator: ",")
        #expect(throws: Never.self) { try JSONParser.parse(text: text + "}") }
        text += ",\"key77\":0}"
        #expect(reason(of: Array(text.utf8)) == .duplicateKey("key77"))
    }

    @Test
    func nestingIsAcceptedUpToTheLimitAndRefusedBeyond() {
        let limits = JSONLimits(maximumDepth: 5)
        #expect(throws: Never.self) { try JSONParser.parse(text: "[[[[[]]]]]", limits: limits) }
        #expect(reason(of: Array("[[[[[[]]]]]]".utf8), limits) == .tooDeep(limit: 5))
        #expect(reason(of: Array("[{\"a\":[{\"a\":[{}]}]}]".utf8), limits) == .tooDeep(limit: 5))
        #expect(throws: Never.self) { try JSONParser.parse(text: "[[[[[]],[[]]]]]", limits: limits) }
    }

    @Test
    func theDepthLimitItselfIsBounded() {
        let limits = JSONLimits(maximumBytes: .max, maximumDepth: .max)
        let deep = [UInt8](repeating: 0x5B, count: 100_000)
        #expect(reason(of: deep, limits) == .tooDeep(limit: 512))
    }

    @Test
    func lengthIsAcceptedUpToTheLimitAndRefusedBeyond() {
        let limits = JSONLimits(maximumBytes: 4)
        #expect(throws: Never.self) { try JSONParser.parse(text: "1234", limits: limits) }
        #expect(reason(of: Array("12345".utf8), limits) == .tooLarge(limit: 4, got: 5))
    }

    @Test
    func positionsOfKeysAndValuesAreKnown() throws {
        let text = "{\n  \"name\": \"x\",\n  \"list\": [1,\n    {\"deep\": true}]\n}"
        let document = try JSONParser.parseWithPositions(Array(text.utf8))
        #expect(document.position(of: [])?.line == 1)
        #expect(document.keyPosition(of: ["name"])?.column == 3)
        #expect(document.position(of: ["name"])?.column == 11)
        #expect(document.position(of: ["list", 1, "deep"])?.line == 4)
        #expect(document.position(of: ["list", 1, "deep"])?.column == 14)
        #expect(document.keyPosition(of: ["list", 1]) == nil)
        #expect(document.position(of: ["list", 2]) == nil)
        #expect(document.nearestPosition(to: ["list", 1, "gone", "more"]).column == 5)
        #expect(document[["list", 1, "deep"]] == true)
        #expect(JSONPath(["list", 1, "deep"]).description == "list[1].deep")
    }
}

func rejection(of bytes: [UInt8], _ limits: JSONLimits = .standard) -> JSONRejection? {
    do throws(JSONRejection) {
        _ = try JSONParser.parse(bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}

func reason(of bytes: [UInt8], _ limits: JSONLimits = .standard) -> JSONRejection.Reason? {
    rejection(of: bytes, limits)?.reason
}
