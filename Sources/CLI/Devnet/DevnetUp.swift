internal import Glibc
internal import JSON
internal import Ledger
internal import Primitives

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
        try Files.makeDirectory(directory.path, mode: 0o700)
        guard try Files.hold("\(directory.path)/LOCK") else {
            throw CommandFailure(
                "ALREADY_RUNNING", "devnet \"\(plan.name)\" is being started or stopped by another process",
                hint: "etm devnet wait\(DevnetDetached.nameFlag(plan.name))", exit: .conflict)
        }
        let host = try DevnetHost(plan, log: log(session, isChild: isChild))
        session.terminal.spin("starting \(plan.validators) validators")
        // An interruption before this point ends the program at once: what is on disk survives that.
        try host.start(plan)
        defer { stop(host) }
        Interruption.onSignal(host.interrupt)
        try directory.write(
            DevnetRecord(
                process: Processes.current, port: plan.port, url: plan.url, seed: plan.seed,
                startedAt: Clock.now.milliseconds))
        let node = NodeClient(url: plan.url, connection: TransportConnection(), terminal: session.terminal)
        try awaitChains(node, session)
        let data = try DevnetBanner.data(
            of: plan, readyAfter: Clock.monotonic - start, node: node, pid: getpid())
        if isChild { DevnetDetached.report(Envelope.success(data)) }
        session.terminal.finish(Outcome(data: data, lines: DevnetBanner(data).lines))
        session.terminal.notes(["Ctrl-C stops it"])
        host.wait()
        session.terminal.notes(["stopping"])
        return .printed
    }

    // Side chains of an earlier run come up after the main chain; a command that follows should find them.
    private static func awaitChains(_ node: NodeClient, _ session: Session) throws(CommandFailure) {
        let start = Clock.monotonic
        while Clock.monotonic - start < 15_000 {
            let chains = try node.get("/v1/status")["chains"]?.array ?? []
            guard chains.contains(where: { $0["state"]?.string == "starting" }) else { return }
            session.terminal.spin("starting side chains")
            Clock.pause(milliseconds: 50)
        }
    }

    // Two seconds are enough for an orderly end; after that the databases are left as a crash leaves them, whole.
    private static func stop(_ host: DevnetHost) {
        _ = Thread.start {
            Clock.pause(milliseconds: 2_000)
            _exit(ExitCode.interrupted.rawValue)
        }
        host.stop()
    }

    // In the background everything goes to the log; in the foreground only what was asked for.
    private static func log(_ session: Session, isChild: Bool) -> @Sendable (String) -> Void {
        let isWanted = isChild || (session.terminal.manner.verbosity > 0 && !session.terminal.manner.isJSON)
        return { line in
            guard isWanted else { return }
            Descriptor.write(Array("\(Clock.text(Clock.now))  \(line)\n".utf8), to: Descriptor.error)
        }
    }

    // What is not said stays as it was at the first start: a network's nature cannot change.
    private static func plan(_ invocation: Invocation, _ session: Session) throws(CommandFailure)
        -> DevnetPlan
    {
        let name = invocation.text("name") ?? session.settings.profile
        try DevnetDirectory.checkName(name)
        let directory = session.home.devnet(name)
        let kept = try directory.network()
        let time = kept?["blockTime"]?.uint64.map { Instant.Span(milliseconds: $0) }
        let seats = invocation.text("seats").flatMap { UInt64($0) } ?? kept?["seats"]?.uint64
        if seats == nil, invocation.has("unbonding") {
            throw .usage(
                "MISSING_FLAG", "--unbonding is about released locks, which need elections",
                hint: "etm devnet up --seats 3 --unbonding 1d")
        }
        let unbonding = kept?["unbonding"]?.uint64.map { Instant.Span(milliseconds: $0) }
        let balance =
            kept?["balance"]?.string.flatMap { UInt64($0) }.map { Amount(units: $0) } ?? .etm(10_000)
        return DevnetPlan(
            name: name,
            validators: Int(invocation.integer("validators", default: kept?["validators"]?.uint64 ?? 4)),
            accounts: Int(invocation.integer("accounts", default: kept?["accounts"]?.uint64 ?? 10)),
            balance: try invocation.text("balance").flatMap { AmountText($0) }?.amount() ?? balance,
            seed: invocation.integer("seed", default: kept?["seed"]?.uint64 ?? 42),
            mining: invocation.text("mine") ?? kept?["mining"]?.string ?? "interval",
            blockTime: invocation.duration("block-time") ?? time ?? .seconds(3),
            seats: seats.map { UInt16(clamping: $0) },
            unbonding: invocation.duration("unbonding") ?? unbonding ?? .seconds(86_400),
            workBits: UInt8(
                clamping: invocation.integer(
                    "work-bits", default: kept?["workBits"]?.uint64 ?? standardBits(seats))),
            leader: invocation.text("leader") ?? kept?["leader"]?.string ?? LeaderRule.chaos.name,
            port: UInt16(
                clamping: invocation.integer("port", default: UInt64(try directory.record()?.port ?? 4096))),
            directory: directory.path, workerPath: try WorkerProgram.path(session.environment))
    }

    // Where members are elected as on the main chain, blocks prove as much work as there.
    private static func standardBits(_ seats: UInt64?) -> UInt64 {
        seats == nil ? 0 : UInt64(LightWork.standardBits)
    }

    /// Refuses when this devnet runs already, or when something else holds the port, and says who.
    static func refuseSecond(_ plan: DevnetPlan, _ session: Session) throws(CommandFailure) {
        if let record = try session.home.devnet(plan.name).record(), record.isRunning {
            throw CommandFailure(
                "ALREADY_RUNNING",
                "devnet \"\(plan.name)\" runs already: process \(record.process), \(record.url)",
                hint:
                    "etm devnet status --name \(plan.name), or stop it: etm devnet down --name \(plan.name)",
                exit: .conflict, facts: holderFacts(plan.name, record.process, plan.directory))
        }
        guard let holder = lastingHolder(of: plan.port) else { return }
        throw portInUse(plan, holder, session)
    }

    // A process that was just killed holds its port for a moment, and nobody can be named for it.
    private static func lastingHolder(of port: UInt16) -> PortHolder.Holder? {
        let start = Clock.monotonic
        while let holder = PortHolder.holder(of: port) {
            guard holder.number == nil, Clock.monotonic - start < 1_000 else { return holder }
            Clock.pause(milliseconds: 20)
        }
        return nil
    }

    private static func portInUse(
        _ plan: DevnetPlan, _ holder: PortHolder.Holder, _ session: Session
    ) -> CommandFailure {
        for devnet in session.home.devnets {
            guard let record = (try? devnet.record()) ?? nil, record.isRunning, record.port == plan.port
            else { continue }
            return CommandFailure(
                "PORT_IN_USE",
                "port \(plan.port) is held by devnet \"\(devnet.name)\": process \(record.process), \(devnet.path)",
                hint: "etm devnet up --port \(plan.port + 1), or: etm devnet down --name \(devnet.name)",
                exit: .conflict, facts: holderFacts(devnet.name, record.process, devnet.path))
        }
        let who =
            holder.number.map { "process \($0) (\(holder.name ?? "unknown"))" } ?? "a process of another user"
        return CommandFailure(
            "PORT_IN_USE", "port \(plan.port) is held by \(who)",
            hint: "etm devnet up --port \(plan.port + 1)",
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
