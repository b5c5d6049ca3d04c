internal import Glibc

/// The JavaScript parser acorn, as Debian's package node-acorn installs it.
enum Parser {
    static let path = "/usr/share/nodejs/acorn/dist/acorn.js"
    private static let mostBytes = 4 << 20

    /// Its source text; its hash is part of the engine fingerprint.
    static func load() throws(EngineFault) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw EngineFault(text: "\(path) is missing: install the Debian package node-acorn")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= mostBytes {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            guard count > 0 else { throw EngineFault(text: "cannot read \(path): error \(errno)") }
            bytes += chunk.prefix(count)
        }
        throw EngineFault(text: "\(path) is too large")
    }
}
