internal import Glibc

/// The JavaScript parser acorn, as Debian's package node-acorn installs it.
enum Parser {
    static let path = "/usr/share/nodejs/acorn/dist/acorn.js"

    /// Its source text; its hash is part of the engine fingerprint.
    static func load() throws(EngineFault) -> String {
        let bytes = try File.read(path, most: 4 << 20) { code in
            code == ENOENT
                ? EngineFault(text: "\(path) is missing: install the Debian package node-acorn")
                : EngineFault(text: "cannot read \(path): error \(code)")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Files that the worker reads before its sandbox closes.
enum File {
    /// All bytes of a file; `fault` tells what an error number means, EFBIG for a file above `most` bytes.
    static func read(
        _ path: String, most: Int, fault: (Int32) -> EngineFault
    ) throws(EngineFault) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault(errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= most {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0 else { throw fault(errno) }
            bytes += chunk.prefix(count)
        }
        throw fault(EFBIG)
    }
}
