import Synchronization
import Testing
import Transport

// Sends numbered lines from a cursor on and ends after the tenth.
@Sendable private func counting(_ request: HTTPRequest, _ responder: HTTPResponder) {
    let start = request.queryValue("cursor").flatMap { Int($0) } ?? 0
    let stream = responder.openStream()
    onThread {
        for number in start..<10 { stream.send(Array("{\"n\":\(number)}".utf8)) }
        stream.close()
    }
}

private let handshake = """
    GET /v1/stream?cursor=7 HTTP/1.1\r
    Host: localhost\r
    Upgrade: websocket\r
    Connection: keep-alive, Upgrade\r
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
    Sec-WebSocket-Version: 13\r
    \r

    """

struct EventStreamTests {
    @Test
    func linesArriveInOrderAndTheStreamEnds() throws {
        try withServer(handler: counting) { _, url throws in
            var lines: [String] = []
            let response = try HTTPClient().stream(url: url) { line in
                lines.append(String(decoding: line, as: UTF8.self))
                return true
            }
            #expect(response.status == 200 && response.contentType == "application/x-ndjson")
            #expect(lines == (0..<10).map { "{\"n\":\($0)}" })
        }
    }

    @Test
    func aReaderStopsAndResumesAfterTheLastLine() throws {
        try withServer(handler: counting) { _, url throws in
            let client = HTTPClient()
            var lines: [String] = []
            try client.stream(url: url) { line in
                lines.append(String(decoding: line, as: UTF8.self))
                return lines.count < 4
            }
            try client.stream(url: url + "?cursor=\(lines.count)") { line in
                lines.append(String(decoding: line, as: UTF8.self))
                return true
            }
            #expect(lines == (0..<10).map { "{\"n\":\($0)}" })
        }
    }

    @Test
    func aConnectionServesRequestsAfterAStream() throws {
        try withServer(handler: counting) { server, _ throws in
            let client = RawClient(port: server.port ?? 0)
            for _ in 0..<2 {
                client.send("GET /?cursor=9 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                var text = ""
                while let line = client.readLine(), line != "0" { text += line + "\n" }
                #expect(text.contains("transfer-encoding: chunked"))
                #expect(text.contains("{\"n\":9}\n"))
                #expect(client.readLine() == "")
            }
        }
    }

    @Test
    func anHTTP10ClientReadsPlainLinesToTheEnd() throws {
        try withServer(handler: counting) { server, _ throws in
            let client = RawClient(port: server.port ?? 0)
            client.send("GET /?cursor=8 HTTP/1.0\r\n\r\n")
            #expect(client.readToEnd().hasSuffix("\r\n\r\n{\"n\":8}\n{\"n\":9}\n"))
        }
    }

    @Test
    func aWebSocketGetsTheSameLinesAsTextFrames() throws {
        try withServer(handler: counting) { server, _ throws in
            let client = RawClient(port: server.port ?? 0)
            client.send(handshake)
            var head: [String] = []
            while let line = client.readLine(), !line.isEmpty { head.append(line.lowercased()) }
            #expect(head.first?.contains("101") == true)
            #expect(head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="))
            for number in 7..<10 {
                let frame = try #require(client.readFrame())
                #expect(frame.opcode == 1)
                #expect(String(decoding: frame.payload, as: UTF8.self) == "{\"n\":\(number)}")
            }
            let close = try #require(client.readFrame())
            #expect(close.opcode == 8 && Array(close.payload.prefix(2)) == [3, 232])
        }
    }

    @Test
    func aWebSocketOnAnOrdinaryPathGetsTheAnswerAndACode() throws {
        try withServer(handler: { _, responder in responder.respond(.text(404, "nothing here")) }) {
            server, _ throws in
            let client = RawClient(port: server.port ?? 0)
            client.send(handshake)
            while let line = client.readLine(), !line.isEmpty {}
            #expect(client.readFrame().map { String(decoding: $0.payload, as: UTF8.self) } == "nothing here")
            let close = try #require(client.readFrame())
            #expect(close.opcode == 8 && close.payload.prefix(2).reduce(0) { $0 << 8 | Int($1) } == 4404)
        }
    }

    @Test
    func aWebSocketFromAForeignPageIsRefused() throws {
        try withServer(handler: counting) { server, _ throws in
            let client = RawClient(port: server.port ?? 0)
            client.send(
                handshake.replacing(
                    "Upgrade: websocket", with: "Origin: http://evil.example\r\nUpgrade: websocket"))
            #expect(client.readLine() == "HTTP/1.1 403 Forbidden")
        }
    }

    @Test(arguments: [false, true])
    func aClientThatLeavesClosesItsStream(asWebSocket: Bool) throws {
        let streams = Box<EventStream>()
        let closed = Turnstile()
        try withServer(handler: { _, responder in streams.put(responder.openStream { closed.raise() }) }) {
            server, _ throws in
            let stream: EventStream
            do {
                let client = RawClient(port: server.port ?? 0)
                client.send(asWebSocket ? handshake : "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                while let line = client.readLine(), !line.isEmpty {}
                stream = streams.take()
                stream.send([0x31])
            }
            while stream.send([0x32]) {}
            closed.wait()
            #expect(!stream.isOpen)
        }
    }

    @Test(arguments: [false, true])
    func aClientThatReadsTooSlowlyGetsAnUnbrokenBeginningAndIsToldWhy(asWebSocket: Bool) throws {
        let streams = Box<EventStream>()
        try withServer(handler: { _, responder in streams.put(responder.openStream()) }) { server, _ throws in
            let client = RawClient(port: server.port ?? 0, receiveBuffer: 4096)
            client.send(asWebSocket ? handshake : "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            while let line = client.readLine(), !line.isEmpty {}
            let stream = streams.take()
            let padding = String(repeating: "x", count: 20_000)
            var sent = 0
            while stream.send(Array("{\"n\":\(sent),\"p\":\"\(padding)\"}".utf8)) { sent += 1 }
            var lines: [String] = []
            if asWebSocket {
                while let frame = client.readFrame(), frame.opcode == 1 {
                    lines.append(String(decoding: frame.payload, as: UTF8.self))
                }
            } else {
                while let line = client.readLine(), line != "0" {
                    if line.hasPrefix("{") { lines.append(line) }
                }
            }
            #expect(lines.last?.hasPrefix("{\"error\":\"SLOW_CONSUMER\"") == true)
            #expect(lines.count == sent + 1)
            for (number, line) in lines.dropLast().enumerated() {
                #expect(line.hasPrefix("{\"n\":\(number),"))
            }
        }
    }

    @Test
    func oneLineReachesManySubscribers() throws {
        let streams = Box<EventStream>()
        try withServer(handler: { _, responder in streams.put(responder.openStream()) }) { server, _ throws in
            let clients = (0..<100).map { _ in RawClient(port: server.port ?? 0) }
            for client in clients { client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") }
            let open = clients.map { _ in streams.take() }
            let line = Array("{\"height\":1}".utf8)
            for stream in open { #expect(stream.send(line)) }
            for client in clients {
                while let line = client.readLine(), !line.isEmpty {}
                #expect(client.readLine() == "d" && client.readLine() == "{\"height\":1}")
            }
            for stream in open { stream.close() }
        }
    }

    @Test
    func aSecondUseOfAResponderGivesAClosedStream() throws {
        let isOpen = Box<Bool>()
        try withServer(
            handler: { _, responder in
                responder.respond(.text(200, "first"))
                isOpen.put(responder.openStream().isOpen)
            }
        ) { _, url throws in
            #expect(try HTTPClient().send(url: url).text == "first")
            #expect(!isOpen.take())
        }
    }
}
