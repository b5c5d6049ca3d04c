internal import Glibc
internal import JSON
internal import Primitives
internal import Synchronization

/// `etm devnet up`: in the foreground until Ctrl-C, or in a process of its own.
enum DevnetUp {
    static func run(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> Outcome {
        let start = Clock.monotonic
        let plan = try plan(invocation, session)
        try refuseSecond(plan, session)
        if invocation.has("detach") { return try DevnetDetached.run(plan, invocation, session) }
        let isChild = session.environment[DevnetDetached.marker] != nil
        do throws(CommandFailure) {
            return try serve(plan, session, start: start, isChild: isChild)
        } catch {
            if isChild { DevnetDetached.report(Envelope.failure(error)) }
            throw error
        }
    }

    private static func serve(
        _ plan: DevnetPlan, _ session: Session, start: UInt64, isChild: Bool
    ) throws(CommandFailure) -> Outcome {
        let directory = session.home.devnet(plan.name)
        let host = try DevnetHost(plan)
        let stop = StopSignal()
        Interruption.onSignal { stop.raise() }
        session.terminal.spin("starting \(plan.validators) validators")
        try host.start()
        defer { host.stop() }
        try directory.write(
            DevnetRecord(
                process: Processes.current, port: plan.port, url: plan.url, seed: plan.seed,
                startedAt: Clock.now.milliseconds))
        let node = NodeClient(url: plan.url, connection: TransportConnection(), terminal: session.terminal)
        let data = try DevnetBanner.data(
            of: plan, readyAfter: Clock.monotonic - start, node: node, pid: getpid())
        if isChild { DevnetDetached.report(Envelope.success(data)) }
        let banner = Outcome(data: data, lines: DevnetBanner(data).lines)
        session.terminal.finish(banner)
        session.terminal.notes(["Ctrl-C stops it"])
        stop.wait { host.hasStopped }
        return .printed
    }

    private static func plan(_ invocation: Invocation, _ session: Session) throws(CommandFailure) -> DevnetPlan {
        let name = invocation.text("name") ?? session.settings.profile
        try DevnetDirectory.checkName(name)
        let directory = session.home.devnet(name)
        let kept = try directory.record()?.seed
        let seed = invocation.text("seed").flatMap { UInt64($0) }
        if let kept, let seed, kept != seed {
            throw CommandFailure(
                "SEED_DIFFERS", "devnet \"\(name)\" was made with seed \(kept), not \(seed)",
                hint: "etm devnet reset --name \(name), or another --name", exit: .conflict)
        }
        return DevnetPlan(
            name: name, validators: Int(invocation.integer("validators", default: 4)),
            accounts: Int(invocation.integer("accounts", default: 10)),
            balance: try (AmountText(invocation.text("balance") ?? "10000"))?.amount() ?? .zero,
            seed: seed ?? kept ?? 42, mining: invocation.text("mine") ?? "interval",
            blockTime: invocation.duration("block-time") ?? .seconds(3),
            port: UInt16(clamping: invocation.integer("port", default: 4096)), directory: directory.path,
            workerPath: try WorkerProgram.path(session.environment))
    }

    /// Refuses when this devnet runs already, or when something else holds the port, and says who.
    static func refuseSecond(_ plan: DevnetPlan, _ session: Session) throws(CommandFailure) {
        if let record = try session.home.devnet(plan.name).record(), record.isRunning {
            throw CommandFailure(
                "ALREADY_RUNNING", "devnet \"\(plan.name)\" runs already: process \(record.process), \(record.url)",
                hint: "etm devnet status --name \(plan.name), or stop it: etm devnet down --name \(plan.name)",
                exit: .conflict, facts: holderFacts(plan.name, record.process, plan.directory))
        }
        guard let holder = PortHolder.holder(of: plan.port) else { return }
        throw portInUse(plan, holder, session)
    }

    private static func portInUse(
        _ plan: DevnetPlan, _ holder: PortHolder.Holder, _ session: Session
    ) -> CommandFailure {
        for devnet in session.home.devnets {
            guard let record = (try? devnet.record()) ?? nil, record.isRunning, record.port == plan.port else { continue }
            return CommandFailure(
                "PORT_IN_USE",
                "port \(plan.port) is held by devnet \"\(devnet.name)\": process \(record.process), \(devnet.path)",
                hint: "etm devnet up --port \(plan.port + 1), or: etm devnet down --name \(devnet.name)",
                exit: .conflict, facts: holderFacts(devnet.name, record.process, devnet.path))
        }
        let who =
            holder.number.map { "process \($0) (\(holder.name ?? "unknown"))" } ?? "a process of another user"
        return CommandFailure(
            "PORT_IN_USE", "port \(plan.port) is held by \(who)", hint: "etm devnet up --port \(plan.port + 1)",
            exit: .conflict, facts: holderFacts(holder.name, holder.number, nil))
    }

    private static func holderFacts(_ name: String?, _ pid: Int32?, _ directory: String?) -> JSONObject {
        var holder = JSONObject()
        holder["name"] = name.map { .string($0) } ?? .null
        holder["pid"] = pid.map { JSONValue(Int($0)) } ?? .null
        holder["directory"] = directory.map { .string($0) } ?? .null
        var facts = JSONObject()
        facts["holder"] = .object(holder)
        return facts
    }
}

/// Raised by Ctrl-C; waited for by the thread that holds the devnet.
final class StopSignal: Sendable {
    private let isRaised = Atomic<Bool>(false)

    func raise() { isRaised.store(true, ordering: .releasing) }

    /// Returns when it is raised, or when `hasEnded` says that there is nothing left to wait for.
    func wait(orUntil hasEnded: () -> Bool) {
        while !isRaised.load(ordering: .acquiring), !hasEnded() { Clock.pause(milliseconds: 50) }
    }
}

/// The program that runs DApps in processes of their own.
enum WorkerProgram {
    static let name = "etm-dapp-worker"

    /// Beside this program, in `../libexec/etm`, or where ETM_DAPP_WORKER says.
    static func path(_ environment: Environment) throws(CommandFailure) -> String {
        let folder = Files.directory(of: environment.executable)
        let places = [
            environment["ETM_DAPP_WORKER"], "\(folder)/\(name)", "\(folder)/../libexec/etm/\(name)",
        ]
        for place in places.compactMap({ $0 }) where Files.isExecutable(place) { return place }
        throw CommandFailure(
            "NO_WORKER", "\(name) is not beside \(environment.executable)",
            hint: "ETM_DAPP_WORKER=/path/to/\(name) etm …", exit: .environment)
    }
}
