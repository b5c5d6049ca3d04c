internal import Glibc

/// A new empty folder beside the working directory's build products, for files of one measurement.
///
/// It lies on the disk that the project lies on: a RAM disk would make every fsync free.
struct ScratchFolder {
    let path: String

    /// Makes the folder with mode 0700.
    init() throws {
        unsafe mkdir(".build", 0o755)
        path = ".build/bench-\(getpid())-\(UInt64(Clock.wall * 1e9))"
        guard unsafe mkdir(path, 0o700) == 0 else {
            throw BenchmarkFailure("cannot make the folder \(path), errno \(errno)")
        }
    }

    /// Removes the folder and all in it.
    func remove() { ScratchFolder.remove(path) }

    private static func remove(_ path: String) {
        if let folder = unsafe opendir(path) {
            while let entry = unsafe readdir(folder) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
                    unsafe String(cString: UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))
                }
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
            unsafe closedir(folder)
        }
        unsafe Glibc.remove(path)
    }
}
