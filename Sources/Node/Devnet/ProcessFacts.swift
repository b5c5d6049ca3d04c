internal import Glibc

/// What the operating system says about this process.
enum ProcessFacts {
    static var identifier: Int32 { getpid() }
}
