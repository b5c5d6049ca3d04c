internal import Glibc
internal import JSON
internal import Primitives

/// `etm devnet up --detach`: this program again, in a session of its own, that reports once it is ready.
enum DevnetDetached {
    /// The descriptor on which the background process reports.
    static let descriptor: Int32 = 3
    /// The variable that tells the background process that it is one.
    static let marker = "ETM_DEVNET_IN_BACKGROUND"

    static func run(
        _ plan: DevnetPlan, _ invocation: Invocation, _ session: Session
    ) throws(CommandFailure) -> Outcome {
        let directory = session.home.devnet(plan.name)
        try Files.makeDirectory(directory.path, mode: 0o700)
        guard let pipe = Pipe() else { throw SystemFailure("open", "a pipe").failure }
        session.terminal.spin("starting devnet \"\(plan.name)\" in the background")
        var variables = session.environment.variables
        variables[marker] = "1"
        let child = try Processes.startDetached(
            session.environment.executable, arguments(plan, session), environment: variables,
            log: directory.logPath, pipe: pipe.writeEnd)
        let process = Processes.identity(of: child)
        Interruption.onSignal {
            if let process { Processes.signal(process, SIGTERM) }
            Interruption.end()
        }
        close(pipe.writeEnd)
        defer { close(pipe.readEnd) }
        guard let bytes = Descriptor.readAll(pipe.readEnd, most: 4_194_304), !bytes.isEmpty else {
            let code = Processes.collect(child, waiting: true) ?? -1
            throw CommandFailure(
                "DEVNET_FAILED", "the devnet ended with \(code) before it was ready",
                hint: "etm devnet logs --name \(plan.name)", exit: .environment)
        }
        let data = try Envelope.open(bytes)
        return Outcome(
            data: data, lines: DevnetBanner(data).lines,
            notes: ["runs in the background; stop it with  etm devnet down\(nameFlag(plan.name))"])
    }

    /// Tells the waiting parent how it went and lets it go.
    static func report(_ envelope: JSONValue) {
        Descriptor.write(JSONWriter.compact(envelope), to: descriptor)
        close(descriptor)
    }

    static func nameFlag(_ name: String) -> String { name == "default" ? "" : " --name \(name)" }

    private static func arguments(_ plan: DevnetPlan, _ session: Session) -> [String] {
        [
            "devnet", "up", "--home", session.settings.home, "--name", plan.name,
            "--validators", "\(plan.validators)", "--accounts", "\(plan.accounts)",
            "--balance", plan.balance.plainDecimal, "--seed", "\(plan.seed)", "--mine", plan.mining,
            "--block-time", DurationText.format(plan.blockTime), "--port", "\(plan.port)", "--no-input",
            "--work-bits", "\(plan.workBits)", "--leader", plan.leader,
        ]
            + (plan.seats.map {
                ["--seats", "\($0)", "--unbonding", DurationText.format(plan.unbonding)]
            } ?? [])
    }
}

extension Amount {
    /// The exact decimal without thousands separators, as `--amount` takes it.
    var plainDecimal: String { formatted().filter { $0 != "," } }
}
