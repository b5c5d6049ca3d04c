import Synchronization
import Testing
import Transport

struct HTTPServerTests {
    @Test
    func answersARequest() throws {
        try withServer(handler: echo) { _, url throws in
            let response = try HTTPClient().send(url: url + "/v1/status?a=1&b=%C3%A9%26x&c")
            #expect(response.status == 200)
            #expect(response.text == "GET /v1/status [a=1|b=é&x|c=] 0")
            #expect(response.header("content-type") == "text/plain; charset=utf-8")
            #expect(response.header("server") == nil)
        }
    }

    @Test
    func keepsAConnectionForManyRequests() throws {
        try withServer(handler: echo) { server, _ throws in
            let client = RawClient(port: server.port ?? 0)
            for number in 0..<50 {
                client.send("GET /\(number) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(client.readAnswer()?.body == "GET /\(number) [] 0")
            }
        }
    }

    @Test(arguments: [false, true])
    func answersPipelinedRequestsInOrder(later: Bool) throws {
        let handler: @Sendable (HTTPRequest, HTTPResponder) -> Void = { request, responder in
            if later { onThread { echo(request, responder) } } else { echo(request, responder) }
        }
        try withServer(handler: handler) { server, _ throws in
            let client = RawClient(port: server.port ?? 0)
            let text = (0..<200).map { "GET /\($0) HTTP/1.1\r\nHost: localhost\r\n\r\n" }.joined()
            client.send(text)
            for number in 0..<200 { #expect(client.readAnswer()?.body == "GET /\(number) [] 0") }
        }
    }

    @Test(arguments: ["Content-Length: 3", "X: 3"], [false, true])
    func refusesABodyBehindAnUnansweredRequest(length: String, later: Bool) throws {
        let handler: @Sendable (HTTPRequest, HTTPResponder) -> Void = { request, responder in
            if later { onThread { echo(request, responder) } } else { echo(request, responder) }
        }
        try withServer(handler: handler) { server, url throws in
            let idle = RawClient(port: server.port ?? 0)
            idle.send("GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\nGET /2 HTTP/1.1\r\n")
            let client = RawClient(port: server.port ?? 0)
            let request = "POST /p HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
            client.send(request + request.replacing("Content-Length: 3", with: length) + request)
            #expect(client.readAnswer()?.body == "POST /p [] 3")
            #expect(client.readAnswer()?.body.contains("HTTP_PIPELINED") == true)
            #expect(client.readAnswer() == nil)
            #expect(try HTTPClient().send(method: .post, url: url, body: [1]).text == "POST / [] 1")
            #expect(idle.readAnswer()?.body == "GET /1 [] 0")
            idle.send("Host: localhost\r\n\r\n")
            #expect(idle.readAnswer()?.body == "GET /2 [] 0")
        }
    }

    @Test
    func acceptsABodyAtTheBoundAndRefusesTheNextByte() throws {
        var configuration = HTTPServerConfiguration()
        configuration.maximumBodyBytes = 100_000
        try withServer(configuration, handler: echo) { _, url throws in
            let client = HTTPClient()
            let fits = try client.send(method: .post, url: url, body: [UInt8](repeating: 7, count: 100_000))
            #expect(fits.text == "POST / [] 100000")
            let tooLong = try client.send(
                method: .post, url: url, body: [UInt8](repeating: 7, count: 100_001))
            #expect(tooLong.status == 413)
            let farTooLong = try client.send(
                method: .post, url: url, body: [UInt8](repeating: 7, count: 8_000_000))
            #expect(farTooLong.status == 413)
            #expect(farTooLong.text.contains("HTTP_BODY_TOO_LARGE"))
            #expect(try client.send(url: url + "/after").text == "GET /after [] 0")
        }
    }

    @Test
    func aLargeAnswerArrivesWhole() throws {
        let body = [[UInt8]](repeating: Array(0...250), count: 20_000).flatMap { $0 }
        try withServer(handler: { _, responder in responder.respond(HTTPResponse(status: 200, body: body)) })
        {
            _, url throws in
            let response = try HTTPClient().send(url: url)
            #expect(response.body == body)
        }
    }

    @Test
    func aHeadRequestGetsTheLengthWithoutTheBody() throws {
        try withServer(handler: echo) { server, url throws in
            let client = RawClient(port: server.port ?? 0)
            client.send(
                "HEAD /x HTTP/1.1\r\nHost: localhost\r\n\r\nGET /y HTTP/1.1\r\nHost: localhost\r\n\r\n")
            var head: [String] = []
            while let line = client.readLine(), !line.isEmpty { head.append(line) }
            #expect(head.contains("content-length: 12"))
            #expect(client.readAnswer()?.body == "GET /y [] 0")
            let response = try HTTPClient().send(method: .head, url: url + "/x")
            #expect(response.body.isEmpty)
        }
    }

    @Test(arguments: HTTPMethod.allCases)
    func everyMethodReachesTheHandler(method: HTTPMethod) throws {
        try withServer(
            handler: { request, responder in
                responder.respond(
                    HTTPResponse(status: 204, headers: [.init("x-method", request.method.rawValue)]))
            }
        ) { _, url throws in
            let response = try HTTPClient().send(method: method, url: url)
            #expect(response.status == 204 && response.header("x-method") == method.rawValue)
            #expect(response.header("content-length") == nil)
        }
    }

    @Test
    func aSlowClientIsServedByteByByte() throws {
        try withServer(handler: echo) { server, _ throws in
            let client = RawClient(port: server.port ?? 0)
            for byte in Array(
                "POST /slow?x=%41 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello".utf8)
            {
                client.send([byte])
            }
            #expect(client.readAnswer()?.body == "POST /slow [x=A] 5")
        }
    }

    @Test
    func anAnswerMayComeFromAnotherThreadAtAnyTime() throws {
        let waiting = Box<HTTPResponder>()
        try withServer(handler: { _, responder in waiting.put(responder) }) { server, _ throws in
            let clients = (0..<10).map { _ in RawClient(port: server.port ?? 0) }
            for client in clients { client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") }
            let responders = clients.map { _ in waiting.take() }
            let done = Turnstile()
            onThread {
                for responder in responders.reversed() {
                    #expect(responder.respond(.text(200, "later")))
                    #expect(!responder.respond(.text(200, "again")))
                }
                done.raise()
            }
            for client in clients { #expect(client.readAnswer()?.body == "later") }
            done.wait()
        }
    }

    @Test
    func aForgottenRequestIsAnswered500() throws {
        try withServer(handler: { _, _ in }) { _, url throws in
            let response = try HTTPClient().send(url: url)
            #expect(response.status == 500)
            #expect(response.text.contains("HTTP_UNANSWERED"))
        }
    }

    @Test
    func anAnswerToAClientThatLeftIsDropped() throws {
        let waiting = Box<HTTPResponder>()
        try withServer(handler: { _, responder in waiting.put(responder) }) { server, url throws in
            do {
                let client = RawClient(port: server.port ?? 0)
                client.send("GET /gone HTTP/1.1\r\nHost: localhost\r\n\r\n")
            }
            let gone = waiting.take()
            gone.respond(.text(200, "nobody hears this"))
            let answer = Box<String>()
            onThread { answer.put((try? HTTPClient().send(url: url + "/next").text) ?? "failed") }
            waiting.take().respond(.text(200, "next"))
            #expect(answer.take() == "next")
        }
    }

    @Test
    func manyClientsAreServedAtOnce() throws {
        try withServer(handler: echo) { _, url throws in
            let results = Box<Bool>()
            for thread in 0..<16 {
                onThread {
                    let client = HTTPClient()
                    let fine = (0..<100).allSatisfy { number in
                        let text = try? client.send(url: "\(url)/\(thread)/\(number)").text
                        return text == "GET /\(thread)/\(number) [] 0"
                    }
                    results.put(fine)
                }
            }
            for _ in 0..<16 { #expect(results.take()) }
        }
    }

    @Test
    func anHTTP10ClientIsServedAndClosed() throws {
        try withServer(handler: echo) { server, _ throws in
            let client = RawClient(port: server.port ?? 0)
            client.send("GET /old HTTP/1.0\r\n\r\n")
            #expect(client.readToEnd().hasSuffix("\r\n\r\nGET /old [] 0"))
        }
    }

    @Test
    func aClientThatWaitsForLeaveToSendGetsIt() throws {
        try withServer(handler: echo) { server, _ throws in
            let client = RawClient(port: server.port ?? 0)
            client.send(
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            #expect(client.readLine() == "HTTP/1.1 100 Continue")
            #expect(client.readLine() == "")
            client.send("ok")
            #expect(client.readAnswer()?.body == "POST / [] 2")
        }
    }
}
