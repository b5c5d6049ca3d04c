import API
import JSON
import Ledger
import Primitives
import Testing
import Transport

/// Holes of the original's interface (`docs/security.md`), each shown closed from outside.
struct SecurityListTests {
    /// Hole 11: parameters reached the database as text of its language.
    @Test
    func textsOfADatabaseLanguageAreOnlyWrongValues() throws {
        let node = try LiveNode()
        let hostile = [
            "1%27%20OR%20%271%27%3D%271", "1%3B%20DROP%20TABLE%20blocks", "%27%3B--",
            "1%20UNION%20SELECT%201",
            "..%2F..%2Fetc%2Fpasswd", "%F0%9F%92%A9",
        ]
        let before = try node.get("/v1/blocks/latest").data
        for text in hostile {
            for path in [
                "/v1/blocks/\(text)", "/v1/transactions/\(text)", "/v1/transactions/\(text)/trace",
                "/v1/accounts/\(text)", "/v1/proof/\(text)", "/v1/chains/\(text)/blocks",
                "/v1/transactions?sender=\(text)", "/v1/blocks?before=\(text)", "/v1/blocks?limit=\(text)",
                "/v1/chains/hello/deposits/\(text)", "/v1/rounds/\(text)",
                "/v1/chains/hello/logs?after=\(text)",
            ] {
                let answer = try node.get(path)
                #expect([400, 404, 409, 422].contains(answer.status), "\(path)")
                #expect(answer.body["ok"] == false)
            }
        }
        #expect(try node.get("/v1/blocks/latest").data == before)
    }

    /// Hole 12: anybody could tell a node to propose, vote, forward or settle through its interface.
    @Test
    func nothingThatConsensusDoesCanBeAskedForOverHTTP() throws {
        let node = try LiveNode(isDevnet: false)
        for path in [
            "/api/dapps/x/message", "/peer/dapp/message", "/peer/commonBlock", "/vote/forward", "/peer/votes",
            "/v1/propose", "/v1/vote", "/v1/blocks", "/v1/chains/hello/message", "/v1/chains/hello/anchor",
        ] {
            let answer = try node.post(path, ["topic": "propose", "message": [:]])
            #expect([404, 405].contains(answer.status), "\(path)")
        }
        // What may be handed over at all: signed transactions, and on a development network its controls.
        let document = try JSONParser.parse(try node.send(.get, "/v1/openapi.json").body)
        let paths = try #require(document["paths"]?.object)
        let posts = paths.members.filter { $0.value["post"] != nil }.map(\.key)
        let allowed = ["/transactions", "/transactions/historical", "/simulate", "/start", "/stop"]
        for path in posts where !path.hasPrefix("/v1/devnet/") {
            #expect(allowed.contains { path.hasSuffix($0) }, "\(path)")
        }
        for path in posts where path.hasPrefix("/v1/devnet/") {
            #expect(try node.post(path, [:]).status >= 400, "\(path)")
        }
    }
}
