internal import Glibc

/// Which process started which, from /proc.
enum ProcessTable {
    /// A process and all its living descendants.
    static func family(of root: Int32) -> [Int32] {
        let parents = numbers().compactMap { process in parent(of: process).map { (process, $0) } }
        var family = [root]
        var next = 0
        while next < family.count {
            family += parents.filter { $0.1 == family[next] }.map(\.0)
            next += 1
        }
        return family
    }

    private static func parent(of process: Int32) -> Int32? {
        TextFile.fields(of: "PPid:", in: "/proc/\(process)/status")?.first.flatMap { Int32($0) }
    }

    private static func numbers() -> [Int32] { ScratchFolder.names(in: "/proc").compactMap { Int32($0) } }
}
