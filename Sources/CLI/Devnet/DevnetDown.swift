internal import Glibc
internal import JSON
internal import Primitives

/// `etm devnet down`: asks over the interface, then by signal, and believes only the process table.
enum DevnetDown {
    static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let directory = try DevnetActions.directory(invocation, session)
        guard let record = try directory.record(), record.isRunning else {
            return Outcome(
                data: ["name": .string(directory.name), "stopped": false],
                lines: ["devnet \"\(directory.name)\" is not running"])
        }
        let family = [record.identity] + Processes.descendants(of: record.process)
        let node = NodeClient(url: record.url, connection: TransportConnection(), terminal: session.terminal)
        // A node that does not answer any more is stopped by signal all the same.
        _ = try? node.post("/v1/devnet/stop")
        let how = end(family, session)
        guard !family.contains(where: Processes.isRunning) else {
            throw CommandFailure(
                "STILL_RUNNING", "process \(record.process) does not end", hint: "kill -9 \(record.process)",
                exit: .timedOut)
        }
        return Outcome(
            data: [
                "name": .string(directory.name), "stopped": true, "pid": JSONValue(Int(record.process)),
                "how": .string(how),
            ],
            lines: ["stopped devnet \"\(directory.name)\" (process \(record.process)); its state is kept"],
            notes: ["Next  etm devnet up\(DevnetDetached.nameFlag(directory.name))"])
    }

    private static func end(_ family: [Processes.Identity], _ session: Session) -> String {
        if waitForEnd(of: family, milliseconds: 3_000, session) { return "asked" }
        for process in family { Processes.signal(process, SIGTERM) }
        if waitForEnd(of: family, milliseconds: 3_000, session) { return "terminated" }
        for process in family { Processes.signal(process, SIGKILL) }
        _ = waitForEnd(of: family, milliseconds: 3_000, session)
        return "killed"
    }

    private static func waitForEnd(
        of family: [Processes.Identity], milliseconds: UInt64, _ session: Session
    ) -> Bool {
        let start = Clock.monotonic
        while family.contains(where: Processes.isRunning) {
            guard Clock.monotonic - start < milliseconds else { return false }
            session.terminal.spin("stopping")
            Clock.pause(milliseconds: 20)
        }
        return true
    }
}
