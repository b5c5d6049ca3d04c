internal import Glibc

/// An exclusive claim on a database, held through a lock file next to it until release or process end.
///
/// `flock` belongs to the open file, so a second claim fails in the same process too, and the kernel
/// drops the claim of a killed process. The file stays: removing it would race with the next claim.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// Claims `file`; fails at once when it is claimed.
    init(claiming file: String) throws(StorageFailure) {
        let path = file + ".lock"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .system(operation: "create its lock file", file: file, code: errno)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = FileLock.holder(descriptor)
            close(descriptor)
            throw .locked(file: file, holder: holder)
        }
        let line = Array("\(getpid())\n".utf8)
        // The process id only serves the message of whoever comes second.
        if ftruncate(descriptor, 0) == 0 { unsafe _ = pwrite(descriptor, line, line.count, 0) }
    }

    deinit { close(descriptor) }

    private static func holder(_ descriptor: Int32) -> Int32? {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = unsafe pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: buffer[..<count].prefix { $0 != 0x0a }, as: UTF8.self))
    }
}
