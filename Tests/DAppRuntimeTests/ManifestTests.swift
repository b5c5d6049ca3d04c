import DAppRuntime
import Primitives
import Testing

@Suite struct ManifestTests {
    static let full = """
        {
          "name": "guess", "description": "A game.", "category": "Games", "tags": "game,chance",
          "token": { "symbol": "GLD", "decimals": 2, "supply": "1000.50" },
          "fees": { "currency": "GLD", "minimum": "0.01", "gasPrice": "3" },
          "blocks": { "interval": "500ms", "maxTransactions": 10000, "maxBytes": 2048, "gas": 100000 },
          "consensus": "solo", "leader": "roundRobin", "heartbeat": "1h",
          "validators": ["\(String(repeating: "ab", count: 32))"]
        }
        """

    private func parse(_ text: String) throws(ManifestRejection) -> DAppManifest {
        try DAppManifest.parse(Array(text.utf8))
    }

    @Test func everyFieldIsRead() throws {
        let manifest = try parse(Self.full)
        #expect(manifest.name == "guess")
        #expect(manifest.category == .games)
        #expect(manifest.token?.supply == Amount(units: 100_050))
        #expect(manifest.fees.minimum == Amount(units: 1))
        #expect(manifest.fees.gasPrice == Amount(units: 3))
        #expect(manifest.blocks.interval.milliseconds == 500)
        #expect(manifest.consensus == .solo)
        #expect(manifest.leader == .roundRobin)
        #expect(manifest.heartbeat.milliseconds == 3_600_000)
        #expect(manifest.validators.count == 1)
    }

    @Test func everyFieldButTheNameHasADefault() throws {
        let manifest = try parse(#"{"name":"ab"}"#)
        #expect(manifest.category == .common)
        #expect(manifest.token == nil)
        #expect(manifest.fees.currency == "ETM")
        #expect(manifest.blocks.interval == .seconds(1))
        #expect(manifest.blocks.gas == 50_000_000)
        #expect(manifest.consensus == .bft)
        #expect(manifest.leader == .chaos)
        #expect(manifest.heartbeat == .seconds(600))
    }

    @Test(arguments: [
        #""name": "a""#, #""name": "Abc""#, #""name": "1ab""#, #""name": "\#(String(repeating: "a", count: 33))""#,
        #""name": "ab", "category": 0"#, #""name": "ab", "category": 10"#, #""name": "ab", "category": "Fun""#,
        #""name": "ab", "description": "\#(String(repeating: "x", count: 161))""#, #""name": "ab", "tags": 1"#,
        #""name": "ab", "blocks": {"interval": "199ms"}"#, #""name": "ab", "blocks": {"interval": "61s"}"#,
        #""name": "ab", "blocks": {"interval": 1}"#, #""name": "ab", "blocks": {"maxTransactions": 0}"#,
        #""name": "ab", "blocks": {"maxTransactions": 10001}"#, #""name": "ab", "fees": {"minimum": 1}"#,
        #""name": "ab", "fees": {"minimum": "-1"}"#, #""name": "ab", "fees": {"currency": "GLD"}"#,
        #""name": "ab", "token": {"symbol": "ETM", "supply": "1"}"#, #""name": "ab", "token": {"symbol": "AB", "supply": "1"}"#,
        #""name": "ab", "token": {"symbol": "ABC"}"#, #""name": "ab", "token": {"symbol": "ABC", "supply": "1", "decimals": 19}"#,
        #""name": "ab", "consensus": "pow""#, #""name": "ab", "leader": "me""#, #""name": "ab", "validators": []"#,
        #""name": "ab", "validators": ["00"]"#, #""name": "ab", "heartbeat": "25h""#, #""name": "ab", "color": "red""#,
        #""name": "ab", "blocks": {"speed": 1}"#,
    ])
    func aWrongFieldIsRefusedWithItsLine(fields: String) throws {
        let found = #expect(throws: ManifestRejection.self) { try parse("{\n\(fields)\n}") }
        let first = try #require(found?.diagnostics.first)
        #expect(first.file == "etm.dapp.json")
        #expect(first.line == 2)
        #expect(first.column > 0)
    }

    @Test(arguments: [
        #""name": "ab""#, #""name": "\#(String(repeating: "a", count: 32))""#, #""name": "ab", "category": 9"#,
        #""name": "ab", "description": "\#(String(repeating: "x", count: 160))""#, #""name": "ab", "blocks": {"interval": "200ms"}"#,
        #""name": "ab", "blocks": {"interval": "60s"}"#, #""name": "ab", "blocks": {"maxTransactions": 10000}"#,
        #""name": "ab", "fees": {"minimum": "0"}"#, #""name": "ab", "token": {"symbol": "ABCDEF", "supply": "0", "decimals": 18}"#,
        #""name": "ab", "heartbeat": "24h""#,
    ])
    func aBoundaryValueIsAccepted(fields: String) throws {
        _ = try parse("{\n\(fields)\n}")
    }

    @Test func everyMistakeIsReportedInOrder() throws {
        let text = "{\n\"nam\": \"ab\",\n\"blocks\": {\"gas\": 1},\n\"leader\": 3\n}"
        let found = #expect(throws: ManifestRejection.self) { try parse(text) }
        #expect(found?.diagnostics.map(\.code) == ["missing", "unknown-field", "range", "choice"])
        #expect(found?.diagnostics.map(\.line) == [1, 2, 3, 4])
    }

    @Test func brokenJSONIsPlaced() throws {
        let found = #expect(throws: ManifestRejection.self) { try parse("{\n \"name\": }") }
        #expect(found?.diagnostics.first?.line == 2)
        #expect(found?.diagnostics.first?.column == 10)
    }
}
