internal import API
internal import Crypto
internal import Dispatch
internal import JSON
internal import Ledger
public import Primitives
internal import Synchronization
internal import Transport

/// A whole network of validators in one process, with real consensus between them and one interface.
///
/// The validators share nothing but an in-memory link that carries the same encoded messages as a wire:
/// each has its own database, its own replicas and its own DApp workers.
public final class Devnet: Sendable {
    /// What a started network tells its user.
    public struct Summary: Sendable {
        /// A funded account with a public test key.
        public struct Account: Sendable {
            /// Its name.
            public let name: String
            /// Its address.
            public let address: String
            /// What it holds now.
            public let balance: Amount
        }

        /// The interface's address without a trailing slash, such as "http://127.0.0.1:4096".
        public let url: String
        /// The main chain's id.
        public let chain: ChainID
        /// The seed of all keys.
        public let seed: UInt64
        /// How many validators there are.
        public let validators: Int
        /// How blocks come about.
        public let mining: Mining
        /// The last final height.
        public let height: Height
        /// The funded accounts.
        public let accounts: [Account]
    }

    private let plan: DevnetPlan
    private let files: DevnetFiles
    private let services: [NodeService]
    private let hub: EventHub
    private let server: HTTPServer
    private let stopped = DispatchSemaphore(value: 0)
    private let isStopping = Mutex(false)

    /// Prepares the network; nothing runs yet.
    ///
    /// Log lines go to `log`, from any thread.
    public init(_ options: DevnetOptions, log: @escaping @Sendable (String) -> Void) throws(DevnetFailure) {
        let files = DevnetFiles(directory: options.directory)
        let time = try files.genesisTime() ?? SystemClock.now()
        let plan = try DevnetPlan(options, genesisTime: time)
        try files.check(plan)
        try files.write(plan)
        let hub = EventHub()
        let services = try Devnet.services(plan, files, hub, log)
        self.plan = plan
        self.files = files
        self.hub = hub
        self.services = services
        let stop = Stopper()
        let node = LocalNode(services[0], of: services, plan: plan, onStop: { stop.fire() })
        var configuration = HTTPServerConfiguration()
        configuration.host = options.host
        configuration.port = options.port
        configuration.onLog = log
        let handler = APIHandler(
            node: node, events: hub, reading: BackgroundLane("interface reads", most: 256),
            control: BackgroundLane("interface control", most: 16))
        server = HTTPServer(configuration: configuration, handler: handler)
        stop.attach { [stopped] in stopped.signal() }
    }

    private static func services(
        _ plan: DevnetPlan, _ files: DevnetFiles, _ hub: EventHub, _ log: @escaping @Sendable (String) -> Void
    ) throws(DevnetFailure) -> [NodeService] {
        let network = LocalNetwork()
        // One clock for all: time travel moves the whole network at once.
        let clock = NodeClock(isAdjustable: true)
        var services: [NodeService] = []
        for (index, validator) in plan.validators.enumerated() {
            let isFirst = index == 0
            let announce: @Sendable (ChainHost, FinalBlock) -> Void = { host, block in
                if isFirst { hub.post(BlockEvents.events(of: block, chain: host.configuration.spec.name)) }
            }
            let settings = NodeSettings(
                identity: NodeIdentity(name: validator.name, key: validator.key.publicKey),
                key: validator.key,
                directory: try files.makeDirectory(of: validator.name), workerPath: plan.options.workerPath,
                link: network, clock: clock, followsAllChains: isFirst, onSideFinal: announce,
                onLifecycle: { host, state in
                    if isFirst { hub.post([.lifecycle(of: host.configuration.spec.name, state)]) }
                }, log: log)
            services.append(
                NodeService(
                    settings, spec: plan.spec, onion: plan.onions[index], mining: plan.options.mining,
                    onMainFinal: announce))
        }
        return services
    }

    /// Starts everything; returns once the chain makes blocks and every address answers.
    public func start() throws(DevnetFailure) {
        do throws(TransportFailure) {
            try server.start()
        } catch {
            throw .port(host: plan.options.host, port: plan.options.port, reason: error.portReason)
        }
        for service in services { service.start() }
        try awaitReadiness()
    }

    // Blocks are awaited when they come by themselves; otherwise a running replica is enough.
    private func awaitReadiness() throws(DevnetFailure) {
        let deadline = SystemClock.now().advanced(by: plan.options.blockTime.times(10).atLeast(.seconds(30)))
        let before = services.map { $0.main.snapshot.finalHeader.height }
        while true {
            let snapshots = services.map { $0.main.snapshot }
            for (service, snapshot) in zip(services, snapshots) {
                if case .failed(let reason) = snapshot.lifecycle {
                    stop()
                    throw .chain(name: "main of \(service.main.configuration.node.name)", reason: reason)
                }
            }
            let isMoving = zip(before, snapshots).allSatisfy { $1.finalHeader.height > $0 }
            let isRunning = snapshots.allSatisfy { $0.lifecycle == .running }
            if isRunning, isMoving || plan.options.mining != .interval { return }
            guard SystemClock.now() < deadline else {
                stop()
                throw .chain(name: "main", reason: "no final block in time")
            }
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(5))
        }
    }

    /// What the network's user needs to know.
    public var summary: Summary {
        let main = services[0].main.snapshot
        return Summary(
            url: "http://\(plan.options.host):\(server.port ?? plan.options.port)", chain: plan.spec.id,
            seed: plan.options.seed, validators: plan.validators.count, mining: plan.options.mining,
            height: main.finalHeader.height,
            accounts: plan.accounts.map { account in
                Summary.Account(
                    name: account.name, address: account.key.address.description,
                    balance: Bank.balance(of: account.key.address, in: main.state))
            })
    }

    /// Waits until somebody asks the network to stop through its interface, or until `interrupt` is called.
    public func waitUntilAskedToStop() { stopped.wait() }

    /// Makes `waitUntilAskedToStop` return.
    public func interrupt() { stopped.signal() }

    /// Stops everything in reverse order; every database is closed when it returns.
    public func stop() {
        let isFirst = isStopping.withLock { stopping in
            defer { stopping = true }
            return !stopping
        }
        guard isFirst else { return }
        server.stop()
        DispatchQueue.concurrentPerform(iterations: services.count) { services[$0].stop() }
    }
}

/// Hands a stop order to a network that is made after its interface.
private final class Stopper: Sendable {
    private let action = Mutex<(@Sendable () -> Void)?>(nil)

    func attach(_ new: @escaping @Sendable () -> Void) { action.withLock { $0 = new } }

    func fire() { action.withLock { $0 }?() }
}

extension Instant.Span {
    fileprivate func atLeast(_ other: Instant.Span) -> Instant.Span { max(self, other) }
}

extension TransportFailure {
    /// Why the port cannot be listened on, in a few words.
    fileprivate var portReason: String {
        switch code {
        case .addressInUse: "another program listens there"
        case .addressUnavailable: "the address is not one of this machine"
        case .notPermitted: "the system does not permit it"
        default: description
        }
    }
}

extension NodeEvent {
    /// A chain started, stopped or failed.
    static func lifecycle(of chain: String, _ state: ChainLifecycle) -> NodeEvent {
        NodeEvent(kind: "chain", chain: chain, body: ["state": .string(state.word)])
    }
}
