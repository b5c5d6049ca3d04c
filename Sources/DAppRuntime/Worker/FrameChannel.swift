internal import CLinux
internal import Glibc
package import Primitives

/// Why a frame could not be exchanged.
package enum ChannelFailure: Error, Equatable, Sendable {
    /// The other side closed its end.
    case closed
    /// A system call failed with this number.
    case system(Int32)
    /// The frame is longer than the protocol allows.
    case oversized(bytes: Int)
    /// The bytes are not a message.
    case malformed(CodecRejection)
    /// `interrupted` said stop while waiting.
    case interrupted
}

/// Length-framed messages over one end of a socket pair: 4 bytes of big-endian length, then the message.
package struct FrameChannel: ~Copyable {
    private let descriptor: Int32
    private var pending: [UInt8] = []

    /// Takes over an open descriptor and closes it at the end of its life.
    package init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Sends one message whole.
    package func send(_ message: some Canonical) throws(ChannelFailure) {
        var writer = ByteWriter(capacity: 256)
        writer.write(UInt32(0))
        writer.write(message)
        let size = writer.bytes.count - 4
        guard size <= WorkerProtocol.mostFrameBytes else { throw .oversized(bytes: size) }
        for index in 0..<4 { writer.bytes[index] = UInt8(truncatingIfNeeded: size >> (24 - 8 * index)) }
        try sendAll(writer.bytes)
    }

    /// Receives one message; while nothing arrives, `interrupted` is asked every `patience` milliseconds.
    package mutating func receive<Message: Canonical>(
        _ type: Message.Type = Message.self, patience: Int32 = -1, interrupted: () -> Bool = { false }
    ) throws(ChannelFailure) -> Message {
        let header = try receive(count: 4, patience: patience, interrupted: interrupted)
        let size = header.reduce(0) { $0 << 8 | Int($1) }
        guard size <= WorkerProtocol.mostFrameBytes else { throw .oversized(bytes: size) }
        let body = try receive(count: size, patience: patience, interrupted: interrupted)
        do {
            return try Message(decoding: body)
        } catch {
            throw .malformed(error)
        }
    }

    private func sendAll(_ bytes: [UInt8]) throws(ChannelFailure) {
        var offset = 0
        while offset < bytes.count {
            let sent = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.send(
                    descriptor, raw.baseAddress.map { unsafe $0 + offset }, raw.count - offset,
                    Int32(MSG_NOSIGNAL))
            }
            if sent > 0 {
                offset += sent
            } else if errno == EPIPE || errno == ECONNRESET {
                throw .closed
            } else if errno != EINTR {
                throw .system(errno)
            }
        }
    }

    private mutating func receive(
        count: Int, patience: Int32, interrupted: () -> Bool
    ) throws(ChannelFailure) -> [UInt8] {
        while pending.count < count {
            if patience >= 0 { try awaitInput(patience, interrupted) }
            try readSome(atLeast: count - pending.count)
        }
        let result = Array(pending.prefix(count))
        pending.removeFirst(count)
        return result
    }

    private func awaitInput(_ patience: Int32, _ interrupted: () -> Bool) throws(ChannelFailure) {
        while true {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&entry, 1, patience)
            if ready > 0 { return }
            if ready < 0, errno != EINTR { throw .system(errno) }
            if interrupted() { throw .interrupted }
        }
    }

    private mutating func readSome(atLeast wanted: Int) throws(ChannelFailure) {
        let room = max(wanted, 65_536)
        var got = 0
        var failure: Int32 = 0
        let chunk = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            got = unsafe read(descriptor, buffer.baseAddress, room)
            failure = errno
            count = max(0, got)
        }
        if got == 0 { throw .closed }
        if got < 0, failure == ECONNRESET { throw .closed }
        if got < 0, failure != EINTR { throw .system(failure) }
        if pending.isEmpty { pending = chunk } else { pending += chunk }
    }
}
