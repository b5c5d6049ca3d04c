import Synchronization
import Testing
import Transport

struct HTTPLifecycleTests {
    @Test
    func aPortInUseIsATypedFailure() throws {
        try withServer(handler: echo) { server, url throws in
            var configuration = HTTPServerConfiguration()
            configuration.port = server.port ?? 0
            let second = HTTPServer(configuration: configuration, handler: ClosureHandler(body: echo))
            let expected = TransportFailure(
                .addressInUse, attempted: "listen on 127.0.0.1:\(configuration.port)")
            #expect(throws: expected) { try second.start() }
            #expect(second.port == nil)
            #expect(try HTTPClient().send(url: url).status == 200)
        }
    }

    @Test
    func aForeignAddressIsATypedFailure() {
        for host in ["192.0.2.1", "nonsense"] {
            var configuration = HTTPServerConfiguration()
            configuration.host = host
            let server = HTTPServer(configuration: configuration, handler: ClosureHandler(body: echo))
            #expect(throws: TransportFailure(.addressUnavailable, attempted: "listen on \(host):0")) {
                try server.start()
            }
        }
    }

    @Test
    func aPortIsFreeAgainAfterStop() throws {
        var configuration = HTTPServerConfiguration()
        for _ in 0..<3 {
            try withServer(configuration, handler: echo) { server, url throws in
                configuration.port = server.port ?? 0
                #expect(try HTTPClient().send(url: url).status == 200)
            }
        }
    }

    @Test
    func aServerStartsOnlyOnce() throws {
        let server = HTTPServer(handler: ClosureHandler(body: echo))
        server.stop()
        try server.start()
        #expect(throws: TransportFailure.self) { try server.start() }
        server.stop()
        server.stop()
        #expect(throws: TransportFailure.self) { try server.start() }
    }

    @Test
    func stopWaitsForAnAnswerUnderWay() throws {
        let waiting = Box<HTTPResponder>()
        let answer = Box<String>()
        try withServer(handler: { _, responder in waiting.put(responder) }) { server, url throws in
            onThread { answer.put((try? HTTPClient().send(url: url).text) ?? "failed") }
            let responder = waiting.take()
            let stopped = Turnstile()
            onThread {
                server.stop()
                stopped.raise()
            }
            responder.respond(.text(200, "just in time"))
            stopped.wait()
        }
        #expect(answer.take() == "just in time")
    }

    @Test
    func stopDoesNotWaitForEverForAnAnswer() throws {
        var configuration = HTTPServerConfiguration()
        configuration.stopTime = .milliseconds(50)
        let waiting = Box<HTTPResponder>()
        let answer = Box<TransportFailure.Code?>()
        var responder: HTTPResponder?
        try withServer(configuration, handler: { _, responder in waiting.put(responder) }) {
            server, url throws in
            onThread {
                do throws(TransportFailure) {
                    _ = try HTTPClient().send(url: url)
                    answer.put(nil)
                } catch {
                    answer.put(error.code)
                }
            }
            responder = waiting.take()
            server.stop()
        }
        #expect(answer.take() == .disconnected)
        #expect(responder?.respond(.text(200, "too late")) == true)
    }

    @Test
    func stopEndsOpenStreams() throws {
        let streams = Box<EventStream>()
        let closed = Turnstile()
        try withServer(
            handler: { _, responder in streams.put(responder.openStream { closed.raise() }) }
        ) { server, url throws in
            let lines = Box<[String]>()
            onThread {
                var got: [String] = []
                _ = try? HTTPClient().stream(url: url) { line in
                    got.append(String(decoding: line, as: UTF8.self))
                    return true
                }
                lines.put(got)
            }
            let stream = streams.take()
            #expect(stream.send(Array("last words".utf8)))
            server.stop()
            #expect(lines.take() == ["last words"])
            closed.wait()
            #expect(!stream.send([]))
        }
    }

    @Test
    func connectionsBeyondTheBoundAreClosed() throws {
        var configuration = HTTPServerConfiguration()
        configuration.maximumConnections = 2
        try withServer(configuration, handler: echo) { server, _ throws in
            let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
            var clients = (0..<2).map { _ in RawClient(port: server.port ?? 0) }
            for client in clients {
                client.send(request)
                #expect(client.readAnswer() != nil)
            }
            let third = RawClient(port: server.port ?? 0)
            third.send(request)
            #expect(third.readAnswer() == nil)
            clients[0].finishSending()
            #expect(clients[0].readToEnd().isEmpty)
            clients[0] = RawClient(port: server.port ?? 0)
            clients[0].send(request)
            #expect(clients[0].readAnswer() != nil)
        }
    }

    @Test
    func anIdleConnectionIsClosed() throws {
        var configuration = HTTPServerConfiguration()
        configuration.idleTime = .seconds(1)
        try withServer(configuration, handler: echo) { server, _ throws in
            let client = RawClient(port: server.port ?? 0)
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(client.readAnswer() != nil)
            #expect(client.readToEnd().isEmpty)
        }
    }

    @Test
    func anUnfinishedRequestIsClosed() throws {
        var configuration = HTTPServerConfiguration()
        configuration.transferTime = .seconds(1)
        try withServer(configuration, handler: echo) { server, _ throws in
            let head = RawClient(port: server.port ?? 0)
            head.send("GET / HTT")
            let body = RawClient(port: server.port ?? 0)
            body.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc")
            #expect(head.readToEnd().isEmpty)
            #expect(body.readToEnd().isEmpty)
        }
    }
}
