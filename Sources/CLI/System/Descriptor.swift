internal import CLinux
internal import Glibc

/// Two ends of a pipe that no child inherits unless it is told to.
struct Pipe {
    let readEnd: Int32
    let writeEnd: Int32

    /// Nil when the system has no descriptors left.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        for end in ends { _ = clinux_set_close_on_exec(end) }
        readEnd = ends[0]
        writeEnd = ends[1]
    }
}

/// Reading and writing whole buffers on open descriptors, through interruptions.
enum Descriptor {
    static let input: Int32 = 0
    static let output: Int32 = 1
    static let error: Int32 = 2

    /// Writes everything; false when the other end is gone.
    @discardableResult
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.write(descriptor, raw.baseAddress.map { unsafe $0 + start }, bytes.count - start)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            start += count
        }
        return true
    }

    /// Reads at most `most` bytes in one call; empty at the end, nil on an error.
    static func readSome(_ descriptor: Int32, most: Int = 65_536) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: most)
        while true {
            let count = unsafe read(descriptor, &buffer, most)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            return Array(buffer.prefix(count))
        }
    }

    /// Reads to the end; nil on an error or beyond `most` bytes.
    static func readAll(_ descriptor: Int32, most: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while true {
            guard let part = readSome(descriptor) else { return nil }
            if part.isEmpty { return bytes }
            bytes += part
            guard bytes.count <= most else { return nil }
        }
    }

    /// Reads one line without its end, byte by byte so that nothing behind it is taken; nil beyond `most` bytes.
    static func readLine(_ descriptor: Int32, most: Int) -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            guard let byte = readSome(descriptor, most: 1) else { return nil }
            if byte.isEmpty { return line }
            if byte == [0x0A] { return line.last == 0x0D ? line.dropLast() : line }
            guard line.count < most else { return nil }
            line += byte
        }
    }

    /// Whether a person is at the other end.
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }
}
