import Synchronization
import Testing
import Transport

private func code(_ body: () throws(TransportFailure) -> Void) -> TransportFailure.Code? {
    do throws(TransportFailure) {
        try body()
        return nil
    } catch {
        return error.code
    }
}

struct HTTPClientTests {
    @Test
    func nobodyListeningIsRefused() throws {
        var port: UInt16 = 0
        try withServer(handler: echo) { server, _ in port = server.port ?? 0 }
        #expect(
            code { () throws(TransportFailure) in _ = try HTTPClient().send(url: "http://127.0.0.1:\(port)/")
            } == .refused)
    }

    @Test(arguments: [
        "", "nonsense", "file:///etc/passwd", "ftp://127.0.0.1/", "http://", "gopher://127.0.0.1:1/",
    ])
    func onlyWebAddressesAreAsked(url: String) {
        let code = code { () throws(TransportFailure) in
            _ = try HTTPClient().send(url: url, timeout: .seconds(5))
        }
        #expect(code == .invalidURL || (url == "nonsense" && code == .unresolved))
    }

    @Test
    func anAnswerIsAcceptedUpToTheBoundAndRefusedBeyond() throws {
        try withServer(
            handler: { request, responder in
                let count = request.queryValue("n").flatMap { Int($0) } ?? 0
                responder.respond(HTTPResponse(status: 200, body: [UInt8](repeating: 1, count: count)))
            }
        ) { _, url throws in
            let client = HTTPClient(maximumAnswerBytes: 1000)
            #expect(try client.send(url: url + "?n=1000").body.count == 1000)
            let code = code { () throws(TransportFailure) in _ = try client.send(url: url + "?n=1001") }
            #expect(code == .tooLarge(limit: 1000))
            #expect(try client.send(url: url + "?n=10").body.count == 10)
        }
    }

    @Test
    func aLateAnswerIsATimeOut() throws {
        let waiting = Box<HTTPResponder>()
        try withServer(handler: { _, responder in waiting.put(responder) }) { _, url throws in
            let code = code { () throws(TransportFailure) in
                _ = try HTTPClient().send(url: url, timeout: .milliseconds(100))
            }
            #expect(code == .timedOut)
            waiting.take().respond(.text(200, ""))
        }
    }

    @Test
    func aStreamIsInterruptedFromAnotherThread() throws {
        let streams = Box<EventStream>()
        try withServer(handler: { _, responder in streams.put(responder.openStream()) }) { _, url throws in
            let interruption = HTTPClient.Interruption()
            let result = Box<TransportFailure.Code?>()
            onThread {
                result.put(
                    code { () throws(TransportFailure) in
                        try HTTPClient().stream(url: url, interruption: interruption) { _ in true }
                    })
            }
            let stream = streams.take()
            interruption.interrupt()
            #expect(result.take() == .interrupted)
            stream.close()
        }
    }

    @Test
    func anErrorInsteadOfAStreamIsReturnedWhole() throws {
        try withServer(handler: { _, responder in responder.respond(.text(410, "one\ntwo\n")) }) {
            _, url throws in
            let response = try HTTPClient().stream(url: url) { _ in
                Issue.record("no line was expected")
                return true
            }
            #expect(response.status == 410 && response.text == "one\ntwo\n")
        }
    }

    @Test
    func bodiesAreSentAsTheyAre() throws {
        let body = [[UInt8]](repeating: Array(0...250), count: 1200).flatMap { $0 }
        try withServer(
            handler: { request, responder in responder.respond(HTTPResponse(status: 200, body: request.body))
            }
        ) { _, url throws in
            let client = HTTPClient()
            #expect(try client.send(method: .put, url: url, body: body).body == body)
            #expect(try client.send(method: .post, url: url).body.isEmpty)
            #expect(try client.send(method: .delete, url: url, body: [0]).body == [0])
        }
    }
}
