import Testing
import Transport

struct HTTPRefusalTests {
    static let cases: [(String, String)] = [
        ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "403"),
        ("GET / HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n\r\n", "403"),
        ("GET / HTTP/1.1\r\nHost: localhost:80:90\r\n\r\n", "403"),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n", "403"),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n", "403"),
        ("GET / HTTP/1.1\r\nHost: localhost:1\r\nOrigin: http://localhost:2\r\n\r\n", "403"),
        ("GET / HTTP/1.1\r\nHost: localhost:1\r\nOrigin: http://localhost:1\r\n\r\n", "200"),
        ("GET / HTTP/1.1\r\nHost: LOCALHOST:1\r\n\r\n", "200"),
        (
            "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            "411"
        ),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "411"),
        ("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n", "200"),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", "200"),
        ("PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", "200"),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", "400"),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n", "400"),
        ("GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "403"),
        ("GET /?a=%4 HTTP/1.1\r\nHost: localhost\r\n\r\n", "403"),
        ("GET /%FF HTTP/1.1\r\nHost: localhost\r\n\r\n", "400"),
        ("GET /?a=%C3%28 HTTP/1.1\r\nHost: localhost\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n", "400"),
        ("BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", "403"),
    ]

    @Test(arguments: cases)
    func aRequestIsAnsweredWithItsStatus(request: String, status: String) throws {
        try withServer(handler: echo) { server, _ throws in
            let client = RawClient(port: server.port ?? 0)
            client.send(request)
            #expect(client.readLine()?.split(separator: " ").dropFirst().first.map(String.init) == status)
        }
    }

    @Test(arguments: [
        "", "\r\n\r\n", "GET\r\n\r\n", "\0\0\0\0\0\0", "GET / HTTP/1.1\r\n: x\r\n\r\n",
        "GET http://x/ HTTP/1.1\r\n\r\n",
        "GET /%00 HTTP/1.1\r\n\r\n", "CONNECT x:1 HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\0\u{1}",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ])
    func garbageLeavesTheServerServing(garbage: String) throws {
        try withServer(handler: echo) { server, url throws in
            let client = RawClient(port: server.port ?? 0)
            client.send(garbage)
            client.finishSending()
            _ = client.readToEnd()
            #expect(try HTTPClient().send(url: url).status == 200)
        }
    }

    @Test
    func aPathIsAcceptedUpToTheBoundAndRefusedBeyond() throws {
        var configuration = HTTPServerConfiguration()
        configuration.maximumPathBytes = 100
        try withServer(configuration, handler: echo) { _, url throws in
            let client = HTTPClient()
            #expect(try client.send(url: url + "/" + String(repeating: "a", count: 99)).status == 200)
            #expect(try client.send(url: url + "/" + String(repeating: "a", count: 100)).status == 414)
            #expect(try client.send(url: url + "/?" + String(repeating: "a", count: 97)).status == 200)
            #expect(try client.send(url: url + "/?" + String(repeating: "a", count: 98)).status == 414)
        }
    }

    @Test
    func headersBeyondTheBoundAreRefused() throws {
        var configuration = HTTPServerConfiguration()
        configuration.maximumHeaderBytes = 500
        try withServer(configuration, handler: echo) { _, url throws in
            let client = HTTPClient()
            let short = HTTPHeader("authorization", String(repeating: "a", count: 300))
            let long = HTTPHeader("authorization", String(repeating: "a", count: 500))
            #expect(try client.send(url: url, headers: [short]).status == 200)
            #expect(try client.send(url: url, headers: [long]).status == 431)
            let huge = HTTPHeader("authorization", String(repeating: "a", count: 100_000))
            #expect(throws: TransportFailure.self) { try client.send(url: url, headers: [huge]) }
            #expect(try client.send(url: url).status == 200)
        }
    }

    @Test
    func extraHeadersAreHandedOverWhenAskedFor() throws {
        var configuration = HTTPServerConfiguration()
        configuration.extraHeaders = ["x-etm-key"]
        try withServer(
            configuration,
            handler: { request, responder in
                responder.respond(.text(200, request.header("x-etm-key") ?? "none"))
            }
        ) { _, url throws in
            #expect(try HTTPClient().send(url: url, headers: [.init("X-Etm-Key", "seven")]).text == "seven")
            #expect(try HTTPClient().send(url: url).text == "none")
        }
    }

    @Test
    func aHeaderValueCannotBeginAnotherHeader() throws {
        try withServer(
            handler: { _, responder in
                let headers = [HTTPHeader("x-a\r\nx-b: 1", "1\r\nx-c: 2\r\n\r\nbody")]
                responder.respond(HTTPResponse(status: 200, headers: headers))
            }
        ) { _, url throws in
            let response = try HTTPClient().send(url: url)
            #expect(response.header("x-c") == nil && response.header("x-b") == nil && response.body.isEmpty)
        }
    }
}
