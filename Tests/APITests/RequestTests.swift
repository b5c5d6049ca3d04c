import API
import JSON
import Ledger
import Primitives
import Testing
import Transport

struct RequestTests {
    @Test
    func unknownPathsAndMethodsAreToldApart() throws {
        let node = try LiveNode()
        for path in ["/", "/v1", "/v2/status", "/v1/status/x", "/v1/chains/main/nothing", "/v1/blocks/1/2"] {
            let answer = try node.get(path)
            #expect(answer.status == 404 && answer.code == "NOT_FOUND", "\(path)")
        }
        func allowed(_ method: HTTPMethod, _ path: String) throws -> String? {
            let response = try node.send(method, path)
            #expect(response.status == 405)
            return response.header("allow")
        }
        #expect(try allowed(.post, "/v1/status") == "GET, HEAD")
        #expect(try allowed(.get, "/v1/simulate") == "POST")
        #expect(try allowed(.delete, "/v1/transactions") == "GET, HEAD, POST")
        #expect(try allowed(.put, "/v1/chains/main/transactions") == "GET, HEAD, POST")
    }

    @Test
    func headAnswersLikeGetWithoutABody() throws {
        let node = try LiveNode()
        for path in ["/healthz", "/v1/status", "/v1/blocks/latest", "/v1/blocks/77"] {
            let (head, get) = (try node.send(.head, path), try node.send(.get, path))
            #expect(head.status == get.status && head.body.isEmpty, "\(path)")
            #expect(head.header("content-length") == "\(get.body.count)", "\(path)")
        }
    }

    @Test
    func queriesTakeOnlyWhatTheyKnowAndOnlyOnce() throws {
        let node = try LiveNode()
        for path in [
            "/v1/status?x=1", "/v1/blocks?limt=5", "/v1/blocks?limit=5&limit=6", "/v1/blocks/1?limit=1",
            "/v1/chains/hello/logs?From=1",
        ] {
            let answer = try node.get(path)
            #expect(answer.status == 400 && answer.code == "BAD_REQUEST", "\(path)")
        }
    }

    @Test
    func bodiesAreStrictJSONObjectsOfKnownMembers() throws {
        let node = try LiveNode()
        for text in ["{", "{\"count\":1,\"count\":2}", "{\"count\":01}", "{\"count\":1}x", "\u{FEFF}{}"] {
            let answer = try node.post("/v1/devnet/mine", bytes: Array(text.utf8))
            #expect(answer.status == 400 && answer.code == "MALFORMED", "\(text)")
        }
        let deep = String(repeating: "[", count: 100_000)
        #expect(try node.post("/v1/simulate", bytes: Array(deep.utf8)).code == "MALFORMED")
        for text in ["[]", "5", "{\"count\":1,\"more\":2}"] {
            let answer = try node.post("/v1/devnet/mine", bytes: Array(text.utf8))
            #expect(answer.status == 400 && answer.code == "BAD_REQUEST", "\(text)")
        }
        #expect(try node.post("/v1/chains/hello/stop", ["force": true]).status == 400)
    }

    @Test
    func anOversizedBodyIsRefusedWithTheSameEnvelope() throws {
        let node = try LiveNode()
        let answer = try node.post("/v1/transactions", bytes: [UInt8](repeating: 0x20, count: (1 << 20) + 1))
        #expect(answer.status == 413 && answer.code == "HTTP_BODY_TOO_LARGE")
    }

    @Test
    func everyRouteIsDescribedAndEveryDescriptionAnswers() throws {
        let node = try LiveNode()
        let response = try node.send(.get, "/v1/openapi.json")
        let document = try JSONParser.parse(response.body)
        #expect(document["openapi"] == "3.1.0" && document["info"]?["version"] == "0.0.7")
        let paths = try #require(document["paths"]?.object)
        #expect(paths.count > 30)
        for path in paths.members {
            let concrete = path.key.replacing("{chain}", with: "hello").replacing(
                "{id}", with: "\(TransactionID.zero)"
            )
            .replacing("{block}", with: "0").replacing("{address}", with: "\(Address.zero)")
            .replacing("{key}", with: "00").replacing("{model}", with: "Name").replacing("{path}", with: "a")
            for operation in path.value.object?.members ?? [] {
                #expect(operation.value["summary"]?.string?.isEmpty == false)
                let names = path.key.matches(of: /\{(\w+)\}/).map { String($0.1) }
                let described = operation.value["parameters"]?.array ?? []
                let inPath = described.filter { $0["in"] == "path" }.compactMap { $0["name"]?.string }
                #expect(inPath == names, "\(path.key)")
                guard path.key != "/v1/stream", path.key != "/v1/openapi.json" else { continue }
                let method = try #require(HTTPMethod(rawValue: operation.key.uppercased()))
                let answer = try Answer(node.send(method, concrete))
                #expect(
                    answer.status != 405 && answer.error["message"]?.string?.hasPrefix("there is no") != true)
            }
        }
    }
}
