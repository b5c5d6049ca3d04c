internal import Glibc

/// How busy all cores were so far, from /proc/stat.
struct MachineLoad {
    /// Seconds of all cores together, idle or not.
    let capacity: Double
    /// Seconds in which a core did something.
    let busy: Double

    /// Reads the counters now; nil where the system has none.
    static func now() -> MachineLoad? {
        guard let fields = TextFile.fields(of: "cpu ", in: "/proc/stat") else { return nil }
        let ticks = fields.prefix(8).compactMap { Double(String($0)) }
        let perSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        guard ticks.count == 8, perSecond > 0 else { return nil }
        let capacity = ticks.reduce(0, +)
        return MachineLoad(capacity: capacity / perSecond, busy: (capacity - ticks[3] - ticks[4]) / perSecond)
    }

    /// The share of the machine that others than `own` seconds used since `start`.
    func foreignShare(since start: MachineLoad, own: Double) -> Double {
        let span = capacity - start.capacity
        return span > 0 ? max(0, busy - start.busy - own) / span : 0
    }
}
