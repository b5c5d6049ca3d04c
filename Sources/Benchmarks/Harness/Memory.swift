internal import Glibc

/// Memory of processes, in bytes, from /proc.
enum Memory {
    /// What this process holds in RAM now, freed but not returned memory included.
    static var resident: Double { resident(of: getpid()) ?? 0 }

    /// What a process holds in RAM; nil when there is no such process.
    static func resident(of process: Int32) -> Double? { kilobytes("VmRSS:", "/proc/\(process)/status") }

    /// The same with each shared page divided among those who share it.
    static func proportional(of process: Int32) -> Double? {
        kilobytes("Pss:", "/proc/\(process)/smaps_rollup")
    }

    private static func kilobytes(_ key: String, _ path: String) -> Double? {
        TextFile.fields(of: key, in: path)?.first.flatMap { Double(String($0)) }.map { $0 * 1024 }
    }
}
