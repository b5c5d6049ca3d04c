internal import CWebSockets

// Bytes to sockets, never more than the socket takes at once.
extension Reactor {
    private static let sliceBytes = 64 << 10

    // The socket of an HTTP exchange is writable.
    func write(_ connection: Connection) -> Int32 {
        if connection.hasOutgoing { return writeOutgoing(connection) }
        guard case .streaming(let stream) = connection.phase else { return 0 }
        guard !connection.isStreamEnded else { return finish(connection) }
        let (lines, isLast) = stream.take()
        if lines.isEmpty && !isLast {
            // Idle: until lines come nothing needs to be read or timed.
            setTime(connection, nil)
            pauseReading(connection)
            return 0
        }
        refill(connection, lines, isLast)
        return connection.hasOutgoing ? writeOutgoing(connection) : finish(connection)
    }

    private func refill(_ connection: Connection, _ lines: [[UInt8]], _ isLast: Bool) {
        connection.outgoing.removeLast(connection.outgoing.count - Connection.headroom)
        connection.written = 0
        connection.isStreamEnded = isLast
        guard !connection.isHead else { return }
        if connection.isChunked {
            if !lines.isEmpty { ResponseHead.encodeChunk(lines, into: &connection.outgoing) }
            if isLast { connection.outgoing.append(contentsOf: ResponseHead.lastChunk) }
        } else {
            ResponseHead.encodeLines(lines, into: &connection.outgoing)
        }
    }

    private func writeOutgoing(_ connection: Connection) -> Int32 {
        guard writeSlice(connection) else { return -1 }
        if connection.hasOutgoing {
            // The library would spin on the bytes it holds until the client reads again.
            if unsafe lws_send_pipe_choked(connection.socket) != 0 && hasUnreadRequest(connection) {
                return -1
            }
            setTime(connection, configuration.transferTime)
            unsafe lws_callback_on_writable(connection.socket)
            return 0
        }
        if case .streaming = connection.phase {
            unsafe lws_callback_on_writable(connection.socket)
            return 0
        }
        return finish(connection)
    }

    // False when the socket is broken. The library keeps what the socket does not take of one slice.
    func writeSlice(_ connection: Connection) -> Bool {
        let count = min(
            connection.outgoing.count - Connection.headroom - connection.written, Reactor.sliceBytes)
        guard count > 0 else { return true }
        let start = Connection.headroom + connection.written
        // Taken out of the connection because the library may call back while it writes.
        var bytes: [UInt8] = []
        swap(&bytes, &connection.outgoing)
        let sent = unsafe bytes.withUnsafeMutableBufferPointer { buffer -> Int32 in
            guard let base = buffer.baseAddress else { return -1 }
            return unsafe lws_write(connection.socket, base + start, count, LWS_WRITE_HTTP)
        }
        swap(&bytes, &connection.outgoing)
        connection.written += count
        return sent >= Int32(count)
    }

    // The answer is written: on to the next request, or close.
    private func finish(_ connection: Connection) -> Int32 {
        release(connection)
        connection.outgoing = []
        connection.written = 0
        if connection.closesAfterAnswer { return -1 }
        resumeReading(connection)
        return unsafe lws_http_transaction_completed(connection.socket) == 0 ? 0 : -1
    }
}

extension Reactor {
    // The socket of a WebSocket is writable.
    func writeFrames(_ connection: Connection) -> Int32 {
        if connection.nextFrame == connection.frames.count { refillFrames(connection) }
        while connection.nextFrame < connection.frames.count {
            guard writeFrame(connection, connection.frames[connection.nextFrame]) else { return -1 }
            connection.nextFrame += 1
            guard unsafe lws_send_pipe_choked(connection.socket) == 0 else { break }
        }
        guard connection.nextFrame == connection.frames.count else {
            setTime(connection, configuration.transferTime)
            unsafe lws_callback_on_writable(connection.socket)
            return 0
        }
        setTime(connection, nil)
        guard let code = connection.closeCode else { return 0 }
        unsafe lws_close_reason(connection.socket, lws_close_status(rawValue: code), nil, 0)
        release(connection)
        return -1
    }

    private func refillFrames(_ connection: Connection) {
        guard connection.closeCode == nil, case .streaming(let stream) = connection.phase else { return }
        let (lines, isLast) = stream.take()
        connection.frames = lines
        connection.nextFrame = 0
        if isLast { connection.closeCode = 1000 }
    }

    private func writeFrame(_ connection: Connection, _ line: [UInt8]) -> Bool {
        var bytes = [UInt8](repeating: 0, count: Connection.headroom)
        bytes.append(contentsOf: line)
        let sent = unsafe bytes.withUnsafeMutableBufferPointer { buffer -> Int32 in
            guard let base = buffer.baseAddress else { return -1 }
            return unsafe lws_write(connection.socket, base + Connection.headroom, line.count, LWS_WRITE_TEXT)
        }
        return sent >= Int32(line.count)
    }
}
