internal import CWebSockets

// From the mailbox to the sockets.
extension Reactor {
    // Takes what other threads, or the handler just now, have posted. The connection being served right now is
    // written to by its own callback, every other one when its socket is writable.
    func deliver(answering current: Connection?) {
        for message in mailbox.drain() {
            switch message {
            case .answered(let exchange, let response):
                guard let connection = exchanges[exchange] else { continue }
                prepare(connection, response)
                wake(connection, unless: current)
            case .dropped(let exchange):
                guard let connection = exchanges[exchange] else { continue }
                prepare(connection, handler.refuse(.unanswered))
                wake(connection, unless: current)
            case .streamed(let exchange, let contentType, let stream):
                open(stream, contentType, exchange, unless: current)
            case .ready(let exchange):
                guard let connection = exchanges[exchange] else { continue }
                wake(connection, unless: current)
            case .stop: stop()
            case .abort: isAborted = true
            }
        }
    }

    private func open(
        _ stream: EventStream, _ contentType: String, _ exchange: UInt64, unless current: Connection?
    ) {
        guard let connection = exchanges[exchange] else {
            stream.abandon()
            return
        }
        connection.phase = .streaming(stream)
        connection.isStreamEnded = false
        if !connection.isWebSocket {
            connection.closesAfterAnswer = connection.closesAfterAnswer || !connection.isChunked
            startOutgoing(connection)
            ResponseHead.encodeStream(
                contentType: contentType, isChunked: connection.isChunked, into: &connection.outgoing)
            // A HEAD request gets the head and nothing of what would follow.
            if connection.isHead { stream.close() }
        }
        if isStopping { stream.close() }
        wake(connection, unless: current)
    }

    private func stop() {
        isStopping = true
        for connection in exchanges.values {
            if case .streaming(let stream) = connection.phase { stream.close() }
        }
    }

    private func prepare(_ connection: Connection, _ response: HTTPResponse) {
        connection.phase = .answering
        if connection.isWebSocket {
            connection.frames = response.body.isEmpty ? [] : [response.body]
            connection.nextFrame = 0
            connection.closeCode = response.status < 300 ? 1000 : 4000 + UInt32(clamping: response.status)
            return
        }
        startOutgoing(connection)
        connection.outgoing.reserveCapacity(Connection.headroom + 256 + response.body.count)
        ResponseHead.encode(response, closes: connection.closesAfterAnswer, into: &connection.outgoing)
        if !connection.isHead && response.status != 204 && response.status != 304 {
            connection.outgoing.append(contentsOf: response.body)
        }
    }

    private func startOutgoing(_ connection: Connection) {
        connection.outgoing = [UInt8](repeating: 0, count: Connection.headroom)
        connection.written = 0
    }

    private func wake(_ connection: Connection, unless current: Connection?) {
        if connection === current && !connection.isWebSocket { return }
        resumeReading(connection)
        unsafe lws_callback_on_writable(connection.socket)
    }

    // While the handler thinks, nothing is read: the library would spin on a pipelined request or a half-closed
    // socket. While something is to be written it must read, because it writes to no paused socket.
    func pauseReading(_ connection: Connection) {
        guard !connection.isReadingPaused else { return }
        connection.isReadingPaused = true
        unsafe lws_rx_flow_control(connection.socket, 0)
    }

    func resumeReading(_ connection: Connection) {
        guard connection.isReadingPaused else { return }
        connection.isReadingPaused = false
        unsafe lws_rx_flow_control(connection.socket, 1)
    }

    // Whether bytes that came with an earlier request still wait inside the library.
    //
    // Version 4.1.6 mistakes such bytes for the body of the request it parses from them, and may then loop for
    // ever, so requests with a body are refused in this state. The library tells only whether any connection
    // is in it; pausing the others, which is rarely needed, leaves the one in question.
    func hasUnreadRequest(_ connection: Connection) -> Bool {
        guard libraryHoldsBytes(of: connection) else { return false }
        let others = connections.values.filter { $0 !== connection && !$0.isReadingPaused }
        for other in others { pauseReading(other) }
        defer { for other in others { resumeReading(other) } }
        return libraryHoldsBytes(of: connection)
    }

    private func libraryHoldsBytes(of connection: Connection) -> Bool {
        unsafe lws_service_adjust_timeout(lws_get_context(connection.socket), 1, 0) == 0
    }

    // Closes the connection when this much time passes without another call; nil for never.
    func setTime(_ connection: Connection, _ limit: Duration?) {
        let reason = limit == nil ? NO_PENDING_TIMEOUT : PENDING_TIMEOUT_HTTP_CONTENT
        unsafe lws_set_timeout(connection.socket, reason, Int32(limit?.wholeSeconds ?? 0))
    }
}

// Answers the server gives by itself.
extension Reactor {
    // Answers and closes. With `discards` the body that is on its way is read and thrown away first, because
    // closing a socket with unread bytes destroys the answer before the client has read it.
    func refuse(_ connection: Connection, _ refusal: HTTPRefusal, discards: Bool = false) -> Int32 {
        connection.closesAfterAnswer = true
        prepare(connection, handler.refuse(refusal))
        guard writeSlice(connection), !connection.hasOutgoing, discards else { return -1 }
        connection.phase = .refused
        connection.written = 0
        setTime(connection, configuration.transferTime)
        return 0
    }

    // RFC 9110 section 10.1.1: the client waits for this before it sends its body.
    func sendContinue(_ connection: Connection) -> Int32 {
        startOutgoing(connection)
        connection.outgoing.append(contentsOf: "HTTP/1.1 100 Continue\r\n\r\n".utf8)
        return writeSlice(connection) ? 0 : -1
    }
}
