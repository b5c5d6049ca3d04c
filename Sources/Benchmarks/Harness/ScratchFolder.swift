internal import Glibc

/// A new empty folder beside the working directory's build products, for files of one measurement.
///
/// It lies on the disk that the project lies on: a RAM disk would make every fsync free.
struct ScratchFolder {
    let path: String

    /// The path from the root of the file system.
    var absolutePath: String { (try? ScratchFolder.absolute(path)) ?? path }

    /// Makes the folder with mode 0700.
    init() throws {
        unsafe mkdir(".build", 0o755)
        path = ".build/bench-\(getpid())-\(UInt64(Clock.wall * 1e9))"
        guard unsafe mkdir(path, 0o700) == 0 else {
            throw BenchmarkFailure("cannot make the folder \(path), errno \(errno)")
        }
    }

    /// Writes a new file into the folder and returns its path.
    func write(_ bytes: [UInt8], as name: String) throws -> String {
        let place = path + "/" + name
        let file = unsafe open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw BenchmarkFailure("cannot make \(place), errno \(errno)") }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw BenchmarkFailure("cannot write \(place), errno \(errno)") }
            rest = rest.dropFirst(count)
        }
        return place
    }

    /// Removes the folder and all in it.
    func remove() { ScratchFolder.remove(path) }

    private static func remove(_ path: String) {
        for name in names(in: path) { remove(path + "/" + name) }
        unsafe Glibc.remove(path)
    }

    /// The names in a folder, without "." and ".."; none when it is no folder.
    static func names(in path: String) -> [String] {
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
                unsafe String(cString: UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// A path from the root of the file system.
    static func absolute(_ path: String) throws -> String {
        guard let resolved = unsafe realpath(path, nil) else {
            throw BenchmarkFailure("\(path) is not there, errno \(errno)")
        }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
