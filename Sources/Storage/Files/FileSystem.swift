internal import Glibc

/// The few file operations that a database needs besides SQLite's own.
enum FileSystem {
    /// Bytes in a file, or nil when it does not exist.
    static func size(_ path: String) throws(StorageFailure) -> Int? {
        var status = stat()
        if unsafe stat(path, &status) == 0 { return status.st_size }
        guard errno == ENOENT else { throw .system(operation: "examine it", file: path, code: errno) }
        return nil
    }

    /// Creates an empty file that only its owner may use.
    static func createPrivate(_ path: String) throws(StorageFailure) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(operation: "create it", file: path, code: errno) }
        close(descriptor)
    }

    /// Removes a file if it exists.
    static func remove(_ path: String) throws(StorageFailure) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw .system(operation: "remove it", file: path, code: errno)
        }
    }

    /// Renames a complete file and makes the new name durable.
    static func publish(_ path: String, as name: String) throws(StorageFailure) {
        guard unsafe rename(path, name) == 0 else {
            throw .system(operation: "rename it", file: path, code: errno)
        }
        let directory = name.lastIndex(of: "/").map { String(name[...$0]) } ?? "."
        let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(operation: "open its directory", file: name, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw .system(operation: "synchronise its directory", file: name, code: errno)
        }
    }

    /// Reads up to `count` bytes from `offset`; fewer at the end of the file.
    static func read(_ path: String, from offset: Int, count: Int) throws(StorageFailure) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(operation: "open it", file: path, code: errno) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = unsafe bytes.withUnsafeMutableBytes { raw in
                unsafe pread(
                    descriptor, raw.baseAddress.map { unsafe $0 + filled }, count - filled, offset + filled)
            }
            guard got >= 0 else { throw .system(operation: "read it", file: path, code: errno) }
            if got == 0 { break }
            filled += got
        }
        return Array(bytes[..<filled])
    }
}
