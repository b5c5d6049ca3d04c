internal import Glibc
public import Primitives

/// Keeps one DApp's worker alive and gives it work; used from one thread at a time.
///
/// A worker holds no state of its own, so a dead one is replaced and the same delivery runs again with the same
/// result. After a second death in a row the failure is reported and the next call starts afresh.
public struct DAppWorkerSupervisor: ~Copyable {
    private let executable: String
    private let bundle: DAppBundle
    private let context: DAppContext
    private let guards: WorkerGuards
    private let purpose: DAppWorkerProcess.Purpose
    private var worker: DAppWorkerProcess?
    private var deliveries = 0
    private var residentBytes: UInt64 = 0

    /// What the loaded bundle offers; nil before the first start.
    public private(set) var report: CheckReport?

    /// Remembers what to run; the process starts with the first call that needs it.
    public init(
        executable: String, bundle: DAppBundle, context: DAppContext, guards: WorkerGuards = .standard
    ) {
        self.init(
            executable: executable, bundle: bundle, context: context, guards: guards, purpose: .chain)
    }

    /// As above, and may count what tests reach; counts are lost with a worker that is replaced.
    package init(
        executable: String, bundle: DAppBundle, context: DAppContext, guards: WorkerGuards,
        purpose: DAppWorkerProcess.Purpose
    ) {
        self.executable = executable
        self.bundle = bundle
        self.context = context
        self.guards = guards
        self.purpose = purpose
    }

    /// Process number of the running worker, or nil.
    public private(set) var processID: Int32?

    /// Starts the worker now and returns what the bundle offers.
    public mutating func start() throws(WorkerFailure) -> CheckReport {
        if worker != nil, let report { return report }
        var fresh = try DAppWorkerProcess(executable: executable, purpose: purpose)
        let deadline = Deadline(inMilliseconds: guards.wallClockMilliseconds)
        _ = try Self.receiveReady(&fresh, deadline, guards)
        try fresh.send(.load(bundle, context))
        guard case .report(let report) = try fresh.receive(before: deadline, guards: guards) else {
            throw .protocolBroken
        }
        guard report.diagnostics.isEmpty else { throw .bundleRefused(report.diagnostics) }
        processID = fresh.processID
        worker = consume fresh
        self.report = report
        deliveries = 0
        return report
    }

    /// Executes a delivery on the state that `reader` shows.
    public mutating func execute(
        _ delivery: Delivery, reader: some DAppStateReader
    ) throws(WorkerFailure) -> DeliveryOutcome {
        let known = reader.likelyKeys(for: delivery).prefix(WorkerProtocol.mostKeys)
            .map { RecordWrite(key: $0, value: reader.value(forKey: $0)) }
        let answer = try converse(.execute(delivery, known: known), reader: reader)
        guard case .outcome(let outcome) = answer, outcome.results.count == delivery.calls.count else {
            stop()
            throw .protocolBroken
        }
        deliveries += 1
        recycleIfWorn()
        return outcome
    }

    /// Answers a read-only query on the state that `reader` shows.
    public mutating func query(
        _ query: Query, reader: some DAppStateReader
    ) throws(WorkerFailure) -> QueryAnswer {
        guard case .answer(let answer) = try converse(.query(query), reader: reader) else {
            stop()
            throw .protocolBroken
        }
        return answer
    }

    /// How often each site of the running worker's covered code was reached.
    package mutating func coverage() throws(WorkerFailure) -> [CoverageSite] {
        guard var running = worker.take() else { return [] }
        try running.send(.coverage)
        let deadline = Deadline(inMilliseconds: guards.wallClockMilliseconds)
        guard case .coverage(let sites) = try running.receive(before: deadline, guards: guards) else {
            stop()
            throw .protocolBroken
        }
        worker = consume running
        return sites
    }

    /// Ends the worker; a later call starts a fresh one.
    public mutating func stop() {
        worker = nil
        processID = nil
    }

    /// Checks a bundle in a worker of its own, which never runs a call.
    public static func check(
        _ bundle: DAppBundle, executable: String, guards: WorkerGuards = .standard
    ) throws(WorkerFailure) -> CheckReport {
        var fresh = try DAppWorkerProcess(executable: executable)
        let deadline = Deadline(inMilliseconds: guards.wallClockMilliseconds)
        _ = try receiveReady(&fresh, deadline, guards)
        try fresh.send(.check(bundle))
        guard case .report(let report) = try fresh.receive(before: deadline, guards: guards) else {
            throw .protocolBroken
        }
        return report
    }

    /// The engine fingerprint of the worker program on this machine.
    public static func engineFingerprint(
        executable: String, guards: WorkerGuards = .standard
    ) throws(WorkerFailure) -> Digest {
        var fresh = try DAppWorkerProcess(executable: executable)
        return try receiveReady(&fresh, Deadline(inMilliseconds: guards.wallClockMilliseconds), guards)
    }

    private static func receiveReady(
        _ process: inout DAppWorkerProcess, _ deadline: Deadline, _ guards: WorkerGuards
    ) throws(WorkerFailure) -> Digest {
        guard case .ready(let fingerprint) = try process.receive(before: deadline, guards: guards) else {
            throw .protocolBroken
        }
        return fingerprint
    }

    /// Sends a request and serves the worker's reads until it answers; a dead worker is replaced once.
    private mutating func converse(
        _ request: HostMessage, reader: some DAppStateReader
    ) throws(WorkerFailure) -> WorkerMessage {
        do {
            return try attempt(request, reader: reader)
        } catch .ended, .tooSlow, .tooLarge, .protocolBroken {
            stop()
        }
        do {
            return try attempt(request, reader: reader)
        } catch {
            stop()
            throw error
        }
    }

    private mutating func attempt(
        _ request: HostMessage, reader: some DAppStateReader
    ) throws(WorkerFailure) -> WorkerMessage {
        _ = try start()
        guard var running = worker.take() else { throw .protocolBroken }
        let deadline = Deadline(inMilliseconds: guards.wallClockMilliseconds)
        try running.send(request)
        while true {
            let message = try running.receive(before: deadline, guards: guards)
            switch message {
            case .fetch(let wanted):
                try running.send(.values(Self.answer(wanted, reader)))
            case .scan(let wanted):
                try running.send(.page(Self.answer(wanted, reader)))
            default:
                residentBytes = running.residentBytes
                worker = consume running
                return message
            }
        }
    }

    private static func answer(_ wanted: FetchRequest, _ reader: some DAppStateReader) -> FetchAnswer {
        FetchAnswer(
            values: wanted.keys.map { reader.value(forKey: $0) },
            balances: wanted.balances.map { reader.balance(of: $0.address, asset: $0.asset) })
    }

    private static func answer(_ wanted: ScanRequest, _ reader: some DAppStateReader) -> [RecordWrite] {
        let limit = min(Int(wanted.limit), WorkerProtocol.mostKeys)
        return reader.scan(prefix: wanted.prefix, after: wanted.after, limit: limit)
            .map { RecordWrite(key: $0.key, value: $0.value) }
    }

    private mutating func recycleIfWorn() {
        if deliveries >= guards.recycleAfterDeliveries || residentBytes > guards.recycleAboveBytes { stop() }
    }
}
