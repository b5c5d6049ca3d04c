internal import CWebSockets

// From the library's callbacks to the handler. Every function returns what the library wants: 0 to go on,
// -1 to close the socket.
extension Reactor {
    func take(
        _ socket: OpaquePointer, _ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?,
        _ length: Int
    ) -> Int32 {
        switch reason {
        case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
            return isStopping || connections.count >= configuration.maximumConnections ? -1 : 0
        case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
            unsafe connections[Connection.key(socket)] = Connection(socket: socket)
            return 0
        case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
            deliver(answering: nil)
            return 0
        default:
            guard let connection = unsafe connections[Connection.key(socket)] else { return 0 }
            return unsafe take(connection, reason, input, length)
        }
    }

    private func take(
        _ connection: Connection, _ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?,
        _ length: Int
    ) -> Int32 {
        switch reason {
        case LWS_CALLBACK_HTTP: return begin(connection)
        case LWS_CALLBACK_HTTP_BODY: return unsafe receive(connection, input, length)
        case LWS_CALLBACK_HTTP_BODY_COMPLETION: return complete(connection)
        case LWS_CALLBACK_HTTP_WRITEABLE: return write(connection)
        case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
            let name = unsafe input.map { unsafe String(cString: $0.assumingMemoryBound(to: CChar.self)) }
            return confirmUpgrade(connection, to: name ?? "")
        case LWS_CALLBACK_ESTABLISHED: return establish(connection)
        case LWS_CALLBACK_SERVER_WRITEABLE: return writeFrames(connection)
        case LWS_CALLBACK_CLOSED, LWS_CALLBACK_CLOSED_HTTP, LWS_CALLBACK_WSI_DESTROY:
            forget(connection)
            return 0
        default: return 0
        }
    }

    // The client is gone: whatever is answered from now on reaches nobody.
    func forget(_ connection: Connection) {
        unsafe connections[Connection.key(connection.socket)] = nil
        release(connection)
    }

    // Ends the exchange on a connection, if there is one.
    func release(_ connection: Connection) {
        if connection.exchange != 0 { exchanges[connection.exchange] = nil }
        connection.exchange = 0
        let phase = connection.phase
        connection.phase = .resting
        if case .streaming(let stream) = phase { stream.abandon() }
    }

    private func begin(_ connection: Connection) -> Int32 {
        let head: RequestHead
        switch unsafe heads.read(connection.socket) {
        case .failure(let refusal): return refuse(connection, refusal)
        case .success(let read): head = read
        }
        connection.isHead = head.request.method == .head
        connection.isChunked = head.isVersion11
        connection.closesAfterAnswer = !head.keepsAlive || isStopping
        let length = head.contentLength ?? 0
        if head.libraryAwaitsBody && hasUnreadRequest(connection) { return refuse(connection, .pipelined) }
        if isStopping { return refuse(connection, .stopping, discards: length > 0) }
        if head.hasTransferEncoding {
            return refuse(connection, .lengthRequired, discards: head.hasBodyByNature)
        }
        guard length <= configuration.maximumBodyBytes else {
            return refuse(connection, .bodyTooLarge, discards: true)
        }
        // The library would wait for such a body and take the next request for it.
        if head.hasBodyByNature && head.contentLength == nil { connection.closesAfterAnswer = true }
        guard length > 0 else { return handle(connection, head.request) }
        connection.phase = .receiving(head.request, expected: length)
        return head.expectsContinue ? sendContinue(connection) : 0
    }

    private func receive(_ connection: Connection, _ input: UnsafeMutableRawPointer?, _ length: Int) -> Int32
    {
        guard let input = unsafe input, length > 0 else { return 0 }
        switch connection.phase {
        case .receiving(var request, let expected):
            // Without this the array in the phase would be copied by the append.
            connection.phase = .resting
            if request.body.isEmpty { request.body.reserveCapacity(expected) }
            unsafe request.body.append(contentsOf: UnsafeRawBufferPointer(start: input, count: length))
            connection.phase = .receiving(request, expected: expected)
            return 0
        case .refused:
            connection.written += length
            return connection.written > Reactor.maximumDiscard ? -1 : 0
        case .resting, .waiting, .answering, .streaming: return 0
        }
    }

    private func complete(_ connection: Connection) -> Int32 {
        switch connection.phase {
        case .receiving(let request, let expected):
            guard request.body.count == expected else { return -1 }
            return handle(connection, request)
        case .refused: return -1
        case .resting, .waiting, .answering, .streaming: return 0
        }
    }

    private func confirmUpgrade(_ connection: Connection, to name: String) -> Int32 {
        let head: RequestHead
        switch unsafe heads.read(connection.socket) {
        case .failure(let refusal): return refuse(connection, refusal)
        case .success(let read): head = read
        }
        guard name.lowercased() == "websocket", head.request.method == .get, head.isVersion11,
            head.request.header("sec-websocket-version") == "13",
            head.request.header("sec-websocket-protocol") == nil
        else { return refuse(connection, .upgradeUnknown) }
        guard !isStopping else { return refuse(connection, .stopping) }
        connection.upgrade = head.request
        return 0
    }

    private func establish(_ connection: Connection) -> Int32 {
        guard var request = connection.upgrade else { return -1 }
        connection.upgrade = nil
        connection.isWebSocket = true
        request.isWebSocket = true
        return handle(connection, request)
    }

    private func handle(_ connection: Connection, _ request: HTTPRequest) -> Int32 {
        lastExchange += 1
        connection.exchange = lastExchange
        connection.phase = .waiting
        exchanges[lastExchange] = connection
        handler.handle(request, HTTPResponder(exchange: lastExchange, mailbox: mailbox))
        deliver(answering: connection)
        if connection.isWebSocket { return 0 }
        if case .waiting = connection.phase {
            pauseReading(connection)
            setTime(connection, nil)
            return 0
        }
        return write(connection)
    }

    // How much of a refused body is read so that the client gets to see the answer.
    private static let maximumDiscard = 64 << 20
}
