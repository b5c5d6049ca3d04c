internal import Glibc

/// Files and folders by path; every failure names the path.
enum Files {
    /// Reads a whole file of at most `most` bytes; nil when it does not exist.
    static func read(_ path: String, most: Int = 16_777_216) throws(CommandFailure) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw SystemFailure("read", path).failure
        }
        defer { close(descriptor) }
        if isDirectory(path) { throw SystemFailure("read", path, number: EISDIR).failure }
        guard let bytes = Descriptor.readAll(descriptor, most: most) else {
            throw CommandFailure(
                "FILE_FAILURE", "cannot read \(path): it has more than \(most) bytes or cannot be read",
                hint: "ls -l \(path)", exit: .environment)
        }
        return bytes
    }

    /// Writes beside the target, flushes, then renames: the file is either the old one or the new one.
    static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o644) throws(CommandFailure) {
        let beside = "\(path).\(getpid()).new"
        try create(bytes, at: beside, mode: mode)
        guard unsafe rename(beside, path) == 0 else {
            let failure = SystemFailure("write", path).failure
            unsafe unlink(beside)
            throw failure
        }
    }

    /// Writes a file that must not exist yet.
    static func create(_ bytes: [UInt8], at path: String, mode: UInt32) throws(CommandFailure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else {
            if errno == EEXIST {
                throw CommandFailure(
                    "FILE_EXISTS", "\(path) exists already", hint: "choose another file", exit: .conflict)
            }
            throw SystemFailure("create", path).failure
        }
        // The mode given to open is cut by the umask, which may be too strict or, for secrets, irrelevant.
        let isWritten =
            fchmod(descriptor, mode_t(mode)) == 0 && Descriptor.write(bytes, to: descriptor)
            && fsync(descriptor) == 0
        let number = errno
        close(descriptor)
        guard isWritten else {
            unsafe unlink(path)
            throw SystemFailure("write", path, number: number).failure
        }
    }

    /// Makes a folder and the missing ones above it.
    static func makeDirectory(_ path: String, mode: UInt32 = 0o755) throws(CommandFailure) {
        if isDirectory(path) { return }
        let parent = directory(of: path)
        if parent != path, !parent.isEmpty { try makeDirectory(parent) }
        let code = unsafe mkdir(path, mode_t(mode))
        guard code == 0 || errno == EEXIST else { throw SystemFailure("create", path).failure }
    }

    /// The names in a folder in byte order; empty when it does not exist.
    static func list(_ path: String) -> [String] {
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Whether anything has this path.
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Whether the path is a folder.
    static func isDirectory(_ path: String) -> Bool {
        status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
    }

    /// Whether the path may be run.
    static func isExecutable(_ path: String) -> Bool {
        guard !isDirectory(path) else { return false }
        return unsafe access(path, X_OK) == 0
    }

    /// The permission bits; nil when there is no such path.
    static func mode(of path: String) -> UInt32? { status(path).map { $0.st_mode & 0o7777 } }

    /// The size in bytes; nil when there is no such path.
    static func size(of path: String) -> Int? { status(path).map { Int($0.st_size) } }

    /// When the file's contents last changed, in nanoseconds since the epoch; nil when there is none.
    static func changed(_ path: String) -> UInt64? {
        status(path).map { UInt64($0.st_mtim.tv_sec) * 1_000_000_000 + UInt64($0.st_mtim.tv_nsec) }
    }

    /// Removes a file; false when it did not exist.
    @discardableResult
    static func remove(_ path: String) throws(CommandFailure) -> Bool {
        if unsafe unlink(path) == 0 { return true }
        guard errno == ENOENT else { throw SystemFailure("remove", path).failure }
        return false
    }

    /// Removes a folder and all in it; symbolic links are removed, never followed.
    static func removeTree(_ path: String) throws(CommandFailure) {
        for name in list(path) {
            let inner = "\(path)/\(name)"
            if isRealDirectory(inner) { try removeTree(inner) } else { try remove(inner) }
        }
        let code = unsafe rmdir(path)
        guard code == 0 || errno == ENOENT else { throw SystemFailure("remove", path).failure }
    }

    /// Holds a file for this process until it ends, however it ends; false when another process holds it.
    static func hold(_ path: String) throws(CommandFailure) -> Bool {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemFailure("open", path).failure }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        close(descriptor)
        return false
    }

    /// The path up to its last "/", or "." when it has none.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The target of a symbolic link; nil when it is none.
    static func linkTarget(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe buffer.withUnsafeMutableBytes { raw in
            guard let base = unsafe raw.bindMemory(to: CChar.self).baseAddress else { return -1 }
            return unsafe readlink(path, base, raw.count)
        }
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }

    /// The path as seen from the root, made from the current folder without resolving links.
    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        let here = currentDirectory
        return path == "." ? here : "\(here)/\(path)"
    }

    /// The folder that relative paths start from.
    static var currentDirectory: String { linkTarget("/proc/self/cwd") ?? "/" }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }

    private static func isRealDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
