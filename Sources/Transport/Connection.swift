internal import CWebSockets

// One client's socket as the reactor sees it. Only the reactor thread touches it.
@safe final class Connection {
    enum Phase {
        // Between requests, or reading the head of one.
        case resting
        // Reading a body of known length.
        case receiving(HTTPRequest, expected: Int)
        // A refused request whose body is thrown away until the client has read the answer.
        case refused
        // The handler has the request.
        case waiting
        // An answer is being written.
        case answering
        // Lines are being written as they come.
        case streaming(EventStream)
    }

    let socket: OpaquePointer
    var phase = Phase.resting
    var isWebSocket = false

    // Zero while no request is being answered.
    var exchange: UInt64 = 0
    // The request of a WebSocket between its handshake and its first frame.
    var upgrade: HTTPRequest?

    var isHead = false
    var isChunked = true
    var closesAfterAnswer = false
    var isReadingPaused = false

    // Bytes under way: the first `headroom` belong to the library, `written` counts from behind them.
    var outgoing: [UInt8] = []
    var written = 0
    // The close frame of a WebSocket that has sent its last text frame.
    var closeCode: UInt32?
    // The last chunk has been queued: nothing follows what is in `outgoing`.
    var isStreamEnded = false
    // Lines of a WebSocket stream, each a frame, and the next of them.
    var frames: [[UInt8]] = []
    var nextFrame = 0

    init(socket: OpaquePointer) {
        unsafe self.socket = socket
    }

    // What the reactor finds this connection by.
    static func key(_ socket: OpaquePointer) -> UInt {
        UInt(bitPattern: socket)
    }

    var hasOutgoing: Bool {
        outgoing.count > Connection.headroom + written
    }

    // What the library may overwrite in front of every payload.
    static let headroom = Int(cwebsockets_headroom)
}
